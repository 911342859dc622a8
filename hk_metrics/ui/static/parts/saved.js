import { h } from "../client/dom.js";
import { entry, menu } from "../client/menu.js";

const KEY = "hk-views";
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

// Views are kept in this browser, by name; a link to one is what Share copies.
export function savedViews(open) {
  return menu("Saved views", "bookmark", (close) => {
    const views = read();
    const name = h("input", {
      className: "hk-input",
      placeholder: "Name this view",
      "aria-label": "Name this view",
      maxLength: 60,
    });
    const save = (event) => {
      event.preventDefault();
      const text = name.value.trim();
      if (!text) return;
      const kept = write([
        { name: text, query: location.search.slice(1) },
        ...read().filter((view) => view.name !== text),
      ]);
      globalThis.hkMetrics.say?.(
        kept
          ? `Saved as “${text}” in this browser.`
          : "This browser keeps nothing; share a link instead.",
        "OK",
        () => {},
      );
      close(true);
    };
    const line = (view) =>
      h(
        "div",
        { className: "hk-saved" },
        entry(view.name, "", () => {
          close(false);
          open(view.query);
        }),
        h("button", {
          type: "button",
          className: "hk-tool",
          "aria-label": `Forget ${view.name}`,
          onclick: () => {
            write(read().filter((other) => other.name !== view.name));
            close(true);
          },
        }, "×"),
      );
    return [
      h(
        "form",
        { className: "hk-save", onsubmit: save },
        name,
        h("button", { type: "submit", className: "hk-button hk-strong" }, "Save"),
      ),
      ...views.map(line),
      views.length
        ? ""
        : h("p", { className: "hk-note hk-tight" }, "Nothing saved yet in this browser."),
    ];
  });
}
