import { act } from "../client/document.js";
import { follow, h } from "../client/dom.js";

export default {
  shows: true,
  render({ model, el }) {
    el.classList.add("hk-panel", "hk-facts");
    return follow(model, ["title", "subtitle", "pairs", "back"], () =>
      el.replaceChildren(
        h(
          "div",
          { className: "hk-panel-head" },
          h(
            "h2",
            { className: "hk-panel-title hk-big" },
            model.get("title"),
            h("small", {}, model.get("subtitle")),
          ),
          model.get("back")
            ? h("button", {
              type: "button",
              className: "hk-button",
              onclick: () => act(el, model, { event: "back" }),
            }, model.get("back"))
            : "",
        ),
        h(
          "dl",
          { className: "hk-pairs" },
          model.get("pairs").map(([label, text]) =>
            h("div", {}, h("dt", {}, label), h("dd", {}, text))
          ),
        ),
      ));
  },
};
