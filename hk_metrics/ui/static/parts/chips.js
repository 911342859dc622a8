import { act } from "../client/document.js";
import { follow, h, redraw } from "../client/dom.js";

const NOISE = 4;

export default {
  render({ model, el }) {
    el.classList.add("hk-strip");
    const send = (message) => act(el, model, message);
    const chip = ({ dimension, value, text }) =>
      h(
        "span",
        { className: "hk-chip", dataset: { dimension } },
        h("span", { title: text }, text),
        h("button", {
          type: "button",
          "aria-label": `Remove ${text}`,
          onclick: () => send({ event: "remove", dimension, value }),
        }, "×"),
      );
    const draw = () => {
      const { chips, lead, notes } = {
        chips: model.get("chips"),
        lead: model.get("lead"),
        notes: model.get("notes"),
      };
      redraw(
        el,
        h("span", { className: "hk-lead" }, lead),
        ...chips.map(chip),
        chips.length
          ? h("button", {
            type: "button",
            className: "hk-link",
            onclick: () => send({ event: "reset" }),
          }, "Reset all")
          : "",
        ...notes.slice(0, NOISE).map((note) =>
          h(
            "span",
            { className: "hk-callout", dataset: { tone: note.tone } },
            note.text,
            note.action
              ? h("button", {
                type: "button",
                className: "hk-link",
                onclick: () => send({ event: note.event }),
              }, note.action)
              : null,
          )
        ),
      );
    };
    return follow(model, ["chips", "lead", "notes"], draw);
  },
};
