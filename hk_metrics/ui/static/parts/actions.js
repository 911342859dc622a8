import { work } from "../client/document.js";
import { follow, h, redraw } from "../client/dom.js";

export default {
  render({ model, el }) {
    el.classList.add("hk-actions-line");
    return follow(
      model,
      ["label", "buttons"],
      () =>
        redraw(
          el,
          model.get("label") ? h("span", { className: "hk-label" }, model.get("label")) : "",
          ...model.get("buttons").map(({ key, label, strong, disabled, title }) =>
            h("button", {
              type: "button",
              className: `hk-button${strong ? " hk-strong" : ""}`,
              disabled,
              title,
              onclick: () => work(model, { event: "act", key }),
            }, label)
          ),
        ),
    );
  },
};
