import { change } from "../client/document.js";
import { follow, h } from "../client/dom.js";

export default {
  render({ model, el }) {
    el.classList.add("hk-weights");
    const set = (key, value) => {
      change(el, model, { value: { ...model.get("value"), [key]: Number(value) } });
    };
    const slider = ([key, label]) => {
      const value = model.get("value")[key];
      const shown = h("output", {}, value);
      return h(
        "label",
        { className: "hk-weight" },
        h("span", {}, label, " ", shown),
        h("input", {
          type: "range",
          min: 0,
          max: 100,
          step: 5,
          value,
          oninput: (e) => {
            shown.textContent = e.target.value;
          },
          onchange: (e) => set(key, e.target.value),
        }),
      );
    };
    return follow(model, ["label", "parts", "value"], () => {
      const focused = [...el.querySelectorAll("input")].indexOf(document.activeElement);
      el.replaceChildren(
        h("span", { className: "hk-label" }, model.get("label")),
        ...model.get("parts").map(slider),
      );
      el.querySelectorAll("input")[focused]?.focus();
    });
  },
};
