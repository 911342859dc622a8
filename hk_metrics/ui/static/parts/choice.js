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
    return follow(
      model,
      ["label", "options", "value", "kind"],
      () =>
        redraw(
          el,
          h("span", { className: "hk-label", "aria-hidden": "true" }, model.get("label")),
          model.get("kind") === "select" ? select() : segment(),
        ),
    );
  },
};
