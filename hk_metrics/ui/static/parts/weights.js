import { change } from "../client/document.js";
import { follow, h, redraw } from "../client/dom.js";

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
          "aria-label": label,
          min: 0,
          max: 100,
          step: 1,
          value,
          oninput: (e) => {
            shown.textContent = e.target.value;
          },
          onchange: (e) => set(key, e.target.value),
        }),
      );
    };
    const summary = h("summary", {});
    const sliders = h("div", { className: "hk-weights-open" });
    el.replaceChildren(h("details", {}, summary, sliders));
    return follow(model, ["label", "parts", "value"], () => {
      const value = model.get("value");
      const parts = model.get("parts").map(([key, label]) => `${label} ${value[key]}`);
      summary.replaceChildren(
        h("span", { className: "hk-label" }, model.get("label")),
        " ",
        h("span", { className: "hk-weights-now" }, parts.join(" · ")),
      );
      redraw(sliders, ...model.get("parts").map(slider));
    });
  },
};
