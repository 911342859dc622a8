import { change } from "../client/document.js";
import { follow, h } from "../client/dom.js";

const WAIT = 280;
let count = 0;

export default {
  render({ model, el }) {
    el.classList.add("hk-choice", "hk-entry");
    const id = `hk-entry-${(count += 1)}`;
    const label = h("label", { className: "hk-label", htmlFor: id });
    const input = h("input", { id, className: "hk-input", autocomplete: "off" });
    const suffix = h("span", { className: "hk-suffix" });
    el.append(label, input, suffix);
    let due = 0, shown;
    // What came from here; any other value comes from a link or a saved view.
    const typed = new Set();
    const send = () => {
      clearTimeout(due);
      if (input.value === model.get("value")) return;
      typed.add(input.value);
      change(el, model, { value: input.value });
    };
    input.oninput = () => {
      words();
      clearTimeout(due);
      due = setTimeout(send, WAIT);
    };
    input.onchange = send;
    const words = () => {
      suffix.textContent = model.get("kind") === "range"
        ? `${input.value}${model.get("suffix")}`
        : model.get("suffix");
    };
    return follow(
      model,
      ["label", "kind", "value", "low", "high", "step", "suffix", "hint"],
      () => {
        label.textContent = model.get("label");
        input.type = model.get("kind");
        input.placeholder = model.get("hint");
        for (const [name, trait] of [["min", "low"], ["max", "high"], ["step", "step"]]) {
          model.get(trait) === null
            ? input.removeAttribute(name)
            : input.setAttribute(name, model.get(trait));
        }
        const value = model.get("value");
        if (document.activeElement !== input || (value !== shown && !typed.has(value))) {
          clearTimeout(due);
          typed.clear();
          input.value = value;
        }
        shown = value;
        words();
      },
    );
  },
};
