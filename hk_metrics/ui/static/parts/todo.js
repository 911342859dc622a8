import { act } from "../client/document.js";
import { follow, h, panelHead, redraw, unbroken, why } from "../client/dom.js";

const LONGEST = 80;

export default {
  shows: true,
  render({ model, el }) {
    el.classList.add("hk-panel");
    const field = (label, input) =>
      h(
        "label",
        { className: "hk-todo-field" },
        h("span", { className: "hk-label" }, label),
        input,
      );
    const show = ({ text, event }) =>
      event?.page
        ? h("button", {
          type: "button",
          className: "hk-link",
          "aria-label": `Show: ${text}`,
          onclick: () => act(el, model, { event: "follow", ...event }),
        }, "Show")
        : "";
    const controls = ({ key, text, buttons, fields, owner, day }) => {
      const who = h("input", {
        className: "hk-input",
        maxLength: LONGEST,
        value: owner,
        placeholder: "Owner",
        autocomplete: "off",
        "aria-label": `Owner of: ${text}`,
      });
      const when = h("input", {
        type: "date",
        className: "hk-input",
        value: day,
        "aria-label": `Day for: ${text}`,
      });
      const answer = ([label, said]) =>
        h("button", {
          type: "button",
          className: "hk-link",
          "aria-label": `${label}: ${text}`,
          onclick: () =>
            act(el, model, {
              event: "answer",
              key,
              answer: said,
              owner: who.value,
              day: when.value,
            }),
        }, label);
      return h(
        "div",
        { className: "hk-todo-line" },
        ...buttons.map(answer),
        fields && h(
          "details",
          { className: "hk-todo-who", open: Boolean(owner || day) },
          h("summary", { "aria-label": `Owner and day: ${text}` }, "Owner and day"),
          h("div", { className: "hk-todo-line" }, who, field("By", when)),
        ),
      );
    };
    const line = (action) =>
      h(
        "li",
        {},
        h("i", { className: "hk-dot", dataset: { tone: action.tone } }),
        h(
          "div",
          { className: "hk-todo" },
          h(
            "span",
            action.title ? { title: action.title } : {},
            unbroken(action.text),
            " ",
            show(action),
          ),
          controls(action),
        ),
      );
    return follow(model, ["title", "lines", "note", "explain"], () => {
      const [title, explain] = [model.get("title"), model.get("explain")];
      const note = model.get("note");
      redraw(
        el,
        panelHead(title, why(title, explain?.lines ? explain : null) ?? ""),
        h(
          "ul",
          { className: "hk-list" },
          ...model.get("lines").map(line),
          note ? h("li", {}, note) : "",
        ),
      );
    });
  },
};
