import { work } from "../client/document.js";
import { h } from "../client/dom.js";
import { entry, menu } from "../client/menu.js";

const KEY = "hk-views";
const LONGEST = 60;
const read = () => {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "[]");
  } catch {
    return [];
  }
};
const write = (views) => {
  try {
    localStorage.setItem(KEY, JSON.stringify(views));
    return true;
  } catch {
    return false;
  }
};
const say = (text) => globalThis.hkMetrics.say?.(text, "OK", () => {});

const nameField = (label, value = "") =>
  h("input", {
    className: "hk-input",
    placeholder: label,
    "aria-label": label,
    maxLength: LONGEST,
    value,
  });

const tool = (label, text, act) =>
  h("button", { type: "button", className: "hk-tool", "aria-label": label, onclick: act }, text);

// A field and its button; nothing happens while it is empty.
function naming(label, button, value, take) {
  const name = nameField(label, value);
  const submit = (event) => {
    event.preventDefault();
    if (name.value.trim()) take(name.value.trim());
  };
  return h(
    "form",
    { className: "hk-save", onsubmit: submit },
    name,
    h("button", { type: "submit", className: "hk-button hk-strong" }, button),
  );
}

function keep(name) {
  const others = read().filter((view) => view.name !== name);
  const kept = write([{ name, query: location.search.slice(1) }, ...others]);
  say(
    kept
      ? `Saved as “${name}” in this browser.`
      : "This browser keeps nothing; share a link instead.",
  );
}

// One view of the team; whoever may save may rename and delete it, too.
function shared(view, may, open, tell) {
  const choose = entry(view.name, view.by, () => open(view.query));
  choose.setAttribute("aria-label", view.name);
  const line = h("div", { className: "hk-saved" }, choose);
  if (!may) return line;
  const rename = () => {
    const form = naming(
      `New name of ${view.name}`,
      "Rename",
      view.name,
      (name) => tell({ do: "rename", key: view.key, name }),
    );
    line.replaceWith(form);
    form.querySelector("input").select();
  };
  line.append(
    tool(`Rename ${view.name}`, "✎", rename),
    tool(`Delete ${view.name}`, "×", () => tell({ do: "delete", key: view.key })),
  );
  return line;
}

function own(view, open, close) {
  const forget = () => {
    write(read().filter((other) => other.name !== view.name));
    close(true);
  };
  return h(
    "div",
    { className: "hk-saved" },
    entry(view.name, "", () => open(view.query)),
    tool(`Forget ${view.name}`, "×", forget),
  );
}

const heading = (text) => h("p", { className: "hk-note hk-tight" }, text);

// Views by name: the team's are kept with the data, one's own in this browser alone.
export function savedViews(model, visit) {
  return menu(
    "Saved views",
    "bookmark",
    (close) => {
      const { may, views } = model.get("saved");
      const mine = read();
      const open = (query) => {
        close(false);
        visit(query);
      };
      const tell = (message) => {
        close(true);
        work(model, { event: "view", ...message });
      };
      const save = (name) => {
        if (may) return tell({ do: "save", name });
        keep(name);
        close(true);
      };
      return [
        naming("Name this view", "Save", "", save),
        heading(may ? "For everybody who sees this data." : "In this browser alone."),
        ...(views.length ? [heading("Of the team")] : []),
        ...views.map((view) => shared(view, may, open, tell)),
        ...(mine.length ? [heading("In this browser alone")] : []),
        ...mine.map((view) => own(view, open, close)),
        views.length + mine.length ? "" : heading("Nothing saved yet."),
      ];
    },
    model,
    "saved",
  );
}
