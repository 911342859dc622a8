import { change } from "../client/document.js";
import { follow, h, redraw } from "../client/dom.js";

export default {
  render({ model, el }) {
    el.classList.add("hk-choice");
    const set = (at, text) => {
      const next = [...model.get("value")];
      next[at] = text === "" ? null : Number(text);
      change(el, model, { value: next });
    };
    const end = (at, word) =>
      h("input", {
        type: "number",
        step: "any",
        min: 0,
        className: "hk-input hk-short",
        placeholder: word,
        "aria-label": `${model.get("label")} ${word}`,
        value: model.get("value")[at] ?? "",
        onchange: (event) => set(at, event.target.value),
      });
    return follow(
      model,
      ["label", "value"],
      () =>
        redraw(
          el,
          h("span", { className: "hk-label", "aria-hidden": "true" }, model.get("label")),
          end(0, "from"),
          end(1, "to"),
        ),
    );
  },
};
