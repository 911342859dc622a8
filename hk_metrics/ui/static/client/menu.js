import { h, icon } from "./dom.js";

// A button that opens a small panel; Escape, a click elsewhere or a choice closes it. What it holds
// is made as it opens, and when `model` is given, again as its `trait` changes, unless somebody
// is typing in it.
export function menu(label, name, fill, model, trait) {
  const panel = h("div", { className: "hk-menu-panel", hidden: true });
  const close = (focus) => {
    panel.hidden = true;
    button.setAttribute("aria-expanded", "false");
    if (focus) button.focus();
  };
  const button = h("button", {
    type: "button",
    className: "hk-button hk-icon",
    "aria-label": label,
    title: label,
    "aria-expanded": "false",
    onclick: () => {
      const opening = panel.hidden;
      document.querySelectorAll(".hk-menu-panel").forEach((other) =>
        other.toggleAttribute("hidden", true)
      );
      if (!opening) return close(true);
      panel.replaceChildren(...fill(close));
      panel.hidden = false;
      button.setAttribute("aria-expanded", "true");
      panel.querySelector("button, input, a")?.focus();
    },
  }, icon(name));
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close(true);
  });
  document.addEventListener("pointerdown", (event) => {
    if (!panel.hidden && !wrap.contains(event.target)) close(false);
  });
  model?.on(`change:${trait}`, () => {
    const typed = [...panel.querySelectorAll("input")].some((input) => input.value);
    if (panel.hidden || typed) return;
    const had = panel.contains(document.activeElement);
    panel.replaceChildren(...fill(close));
    if (had) panel.querySelector("button, input, a")?.focus();
  });
  const wrap = h("div", { className: "hk-menu-wrap" }, button, panel);
  return wrap;
}

export const entry = (label, hint, act) =>
  h(
    "button",
    { type: "button", className: "hk-item", onclick: act },
    h("b", {}, label),
    hint && h("small", {}, hint),
  );
