import { change } from "../client/document.js";
import { follow, h, redraw } from "../client/dom.js";

export default {
  render({ model, el }) {
    el.classList.add("hk-choice");
    const set = (value) => {
      if (value === model.get("value")) return;
      change(el, model, { value });
    };
    const select = () =>
      h(
        "select",
        {
          className: "hk-input",
          "aria-label": model.get("label"),
          onchange: (e) => set(e.target.value),
        },
        model.get("options").map(([value, label]) =>
          h("option", { value, selected: value === model.get("value") }, label)
        ),
      );
    const segment = () =>
      h(
        "div",
        { className: "hk-segment", role: "group", "aria-label": model.get("label") },
        model.get("options").map(([value, label]) =>
          h("button", {
            type: "button",
            "aria-pressed": String(value === model.get("value")),
            onclick: () => set(value),
          }, label)
        ),
      );
    // One of the tabs is reached by Tab, the others from it by the arrows, Home and End.
    const beside = (event) => {
      const all = [...event.currentTarget.children];
      const at = all.indexOf(document.activeElement);
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      const next = all.at(to % all.length);
      next.focus();
      next.click();
    };
    const tabs = () =>
      h(
        "div",
        {
          className: "hk-tabs",
          role: "tablist",
          "aria-label": model.get("label"),
          onkeydown: beside,
        },
        model.get("options").map(([value, label]) => {
          const front = value === model.get("value");
          return h("button", {
            type: "button",
            role: "tab",
            "aria-selected": String(front),
            tabIndex: front ? 0 : -1,
            onclick: () => set(value),
          }, label);
        }),
      );
    const named = (control) => [
      h("span", { className: "hk-label", "aria-hidden": "true" }, model.get("label")),
      control,
    ];
    const drawn = {
      segment: () => named(segment()),
      select: () => named(select()),
      tabs: () => [tabs()],
    };
    return follow(
      model,
      ["label", "options", "value", "kind"],
      () => redraw(el, ...drawn[model.get("kind")]()),
    );
  },
};
