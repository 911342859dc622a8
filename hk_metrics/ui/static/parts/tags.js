import { act } from "../client/document.js";
import { follow, h, redraw } from "../client/dom.js";

const LONGEST = 40;
let lists = 0;

// A field for a tag, which offers those that are known.
export function tagField(label, placeholder) {
  const known = h("datalist", { id: `hk-tags-${lists += 1}` });
  const field = h("input", {
    className: "hk-input hk-tag-field",
    maxLength: LONGEST,
    placeholder,
    autocomplete: "off",
    "aria-label": label,
  });
  field.setAttribute("list", known.id);
  const offer = (tags) => known.replaceChildren(...tags.map((value) => h("option", { value })));
  return { field, known, offer };
}

export default {
  render({ model, el }) {
    el.classList.add("hk-strip");
    const { field, known, offer } = tagField("Add a tag", "Add a tag");
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
          "aria-label": `Remove the tag ${tag}`,
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
      offer(model.get("known"));
      form.hidden = !model.get("may");
    });
  },
};
