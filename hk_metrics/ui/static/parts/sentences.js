import { act } from "../client/document.js";
import { follow, h, panelHead, redraw, unbroken, why } from "../client/dom.js";

export default {
  shows: true,
  render({ model, el }) {
    el.classList.add("hk-panel");
    const line = ({ text, tone, link, event, more, title }) =>
      h(
        "li",
        {},
        h("i", { className: "hk-dot", dataset: { tone } }),
        h(
          "span",
          title ? { title } : {},
          unbroken(text),
          link ? " " : "",
          link && h("button", {
            type: "button",
            className: "hk-link",
            onclick: () => act(el, model, { event: "follow", ...event }),
          }, link),
          ...(more ?? []).flatMap(([label, also]) => [
            " ",
            h("button", {
              type: "button",
              className: "hk-link",
              onclick: () => act(el, model, { event: "follow", ...event, ...also }),
            }, label),
          ]),
        ),
      );
    return follow(model, ["title", "lines", "explain", "look"], () => {
      el.dataset.look = model.get("look");
      const [title, explain] = [model.get("title"), model.get("explain")];
      redraw(
        el,
        panelHead(title, why(title, explain?.lines ? explain : null) ?? ""),
        h("ul", { className: "hk-list" }, model.get("lines").map(line)),
      );
    });
  },
};
