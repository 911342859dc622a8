import { act } from "../client/document.js";
import { follow, h, panelHead, redraw } from "../client/dom.js";

const LONGEST = 200;

export default {
  shows: true,
  render({ model, el }) {
    el.classList.add("hk-panel");
    let key = ""; // of the note that is written anew
    const day = h("input", {
      type: "date",
      className: "hk-input",
      "aria-label": "Day of the note",
    });
    const text = h("input", {
      className: "hk-input",
      maxLength: LONGEST,
      placeholder: "What happened, e.g. price rise",
      autocomplete: "off",
      "aria-label": "What happened",
    });
    const brand = h("select", { className: "hk-input", "aria-label": "Brand of the note" });
    const pin = h("button", { type: "submit", className: "hk-button hk-strong" }, "Pin note");
    const cancel = h("button", {
      type: "button",
      className: "hk-button",
      onclick: () => write({ key: "", day: day.value, text: "", brand: "" }),
    }, "Cancel");
    const write = (note) => {
      key = note.key;
      day.value = note.day;
      text.value = note.text;
      brand.value = note.brand;
      pin.textContent = key ? "Save note" : "Pin note";
      cancel.hidden = !key;
    };
    const submit = (event) => {
      event.preventDefault();
      if (!text.value.trim() || !day.value) return;
      text.focus();
      act(el, model, {
        event: "pin",
        key,
        day: day.value,
        text: text.value,
        brand: brand.value,
      });
      write({ key: "", day: day.value, text: "", brand: "" });
    };
    const form = h(
      "form",
      { className: "hk-note-form", onsubmit: submit },
      day,
      text,
      brand,
      pin,
      cancel,
    );
    const tools = (note) => [
      h("button", {
        type: "button",
        className: "hk-link",
        "aria-label": `Edit: ${note.text}`,
        onclick: () => {
          write(note);
          text.focus();
        },
      }, "Edit"),
      h("button", {
        type: "button",
        className: "hk-link",
        "aria-label": `Delete: ${note.text}`,
        onclick: () => act(el, model, { event: "unpin", key: note.key }),
      }, "Delete"),
    ];
    const line = (note, may) =>
      h(
        "li",
        {},
        h("b", { className: "hk-note-number" }, note.number),
        h(
          "span",
          {},
          note.words,
          note.by ? h("small", { className: "hk-label" }, ` ${note.by}`) : "",
        ),
        ...(may ? tools(note) : []),
      );
    const list = h("ul", { className: "hk-list hk-note-list" });
    el.append(panelHead("Notes on days"), list, form);
    const options = () =>
      [["", "All brands"], ...model.get("brands").map((name) => [name, name])].map((
        [value, label],
      ) => h("option", { value }, label));
    const draw = () => {
      const may = model.get("may");
      const chosen = brand.value;
      brand.replaceChildren(...options());
      brand.value = chosen;
      form.hidden = !may;
      cancel.hidden = !key;
      if (!day.value) day.value = model.get("day");
      redraw(list, ...model.get("notes").map((note) => line(note, may)));
    };
    return follow(model, ["notes", "brands", "may", "day"], draw);
  },
};
