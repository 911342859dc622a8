import { act } from "../client/document.js";
import { follow, h, redraw } from "../client/dom.js";

const LONGEST = 40;
let lists = 0;

export default {
  render({ model, el }) {
    el.classList.add("hk-strip");
    const known = h("datalist", { id: `hk-tags-${lists += 1}` });
    const field = h("input", {
      className: "hk-input hk-tag-field",
      maxLength: LONGEST,
      placeholder: "Add a tag",
      autocomplete: "off",
      "aria-label": "Add a tag",
    });
    field.setAttribute("list", known.id);
    const submit = (event) => {
      event.preventDefault();
      if (!field.value.trim()) return;
      act(el, model, { event: "tag", tag: field.value });
      field.value = "";
    };
    const form = h(
      "form",
      { className: "hk-save", onsubmit: submit },
      field,
      known,
      h("button", { type: "submit", className: "hk-button" }, "Tag"),
    );
    const chips = h("span", { className: "hk-strip" });
    const chip = (tag) =>
      h(
        "span",
        { className: "hk-chip" },
        h("span", {}, tag),
        model.get("may") && h("button", {
          type: "button",
          "aria-label": `Take the tag ${tag} away`,
          onclick: () => act(el, model, { event: "untag", tag }),
        }, "×"),
      );
    el.append(h("span", { className: "hk-label" }, "Tags"), chips, form);
    return follow(model, ["tags", "known", "may"], () => {
      const tags = model.get("tags");
      redraw(
        chips,
        ...(tags.length ? tags.map(chip) : [h("span", { className: "hk-lead" }, "none")]),
      );
      known.replaceChildren(...model.get("known").map((value) => h("option", { value })));
      form.hidden = !model.get("may");
    });
  },
};
