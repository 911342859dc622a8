// Building elements. Text always goes in as text: nothing from the data becomes markup.
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "dataset") Object.assign(element.dataset, value);
    else if (name in element && !name.includes("-") && name !== "list" && name !== "role") {
      element[name] = value;
    } else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(
    ...children.flat().filter((child) => child !== null && child !== undefined && child !== false),
  );
  return element;
}

// Money that a line could be broken in: a sign before it, or a unit behind it.
const MONEY = String.raw`(?:[A-Z]{2,3}[ \u00a0]|[A-Z]{0,3}\p{Sc})\d[\d.,]*`;
const UNIT = String.raw`[ \u00a0](?:Cr|L|K|M|B)\b`;
const AMOUNT = new RegExp(`([-+]${MONEY}(?:${UNIT})?|${MONEY}${UNIT})`, "u");

/**
 * Return text as parts that keep amounts of money in one line, sign and unit and all.
 * @param {string} text @returns {(string | HTMLElement)[]}
 */
export const unbroken = (text) =>
  String(text ?? "").split(AMOUNT).map((part, n) =>
    n % 2 ? h("span", { className: "hk-amount" }, part) : part
  );

/**
 * Return an element of the page by a selector.
 * @param {string} selector @param {ParentNode} within @returns {HTMLElement | null}
 */
export const find = (selector, within = document) => within.querySelector(selector);

const NS = "http://www.w3.org/2000/svg";
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const PATHS = {
  menu: "M4 7h16M4 12h16M4 17h10",
  share: "M12 15V4m0 0L8 8m4-4 4 4M5 13v6h14v-6",
  download: "M12 4v11m0 0 4-4m-4 4-4-4M5 19h14",
  sun: "M12 4V2m0 20v-2m8-8h2M2 12h2m13.7-5.7 1.4-1.4M4.9 19.1l1.4-1.4m0-11.4L4.9 4.9m14.2 14.2" +
    "-1.4-1.4M16 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0z",
  columns: "M4 5h16v14H4zM9.3 5v14M14.7 5v14",
  table: "M4 5h16v14H4zM4 10h16M10 5v14",
  chart: "M5 20V10m5 10V4m5 16v-7m5 7V8",
  star: "M12 4l2.4 5 5.6.7-4.1 3.8 1.1 5.5-5-2.8-5 2.8 1.1-5.5L4 9.7 9.6 9z",
  close: "M6 6l12 12M18 6 6 18",
  filter: "M4 6h16M7 12h10M10 18h4",
  check: "M5 13l4 4L19 7",
  bookmark: "M7 4h10v16l-5-4-5 4z",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20a7.5 7.5 0 0 1 15 0",
};
export const icon = (name) =>
  svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, svg("path", { d: PATHS[name] }));

let tip = null;
export const hideTip = () => {
  tip?.remove();
  tip = null;
  document.querySelectorAll(".hk-why[aria-expanded]").forEach((b) =>
    b.setAttribute("aria-expanded", "false")
  );
};
function showTip(button, explain) {
  hideTip();
  tip = h(
    "div",
    { className: "hk-tip", role: "tooltip", id: "hk-tip" },
    explain.title && h("b", {}, explain.title),
    explain.formula && h("code", {}, explain.formula),
    ...(explain.lines ?? []).map((line) => h("p", {}, line)),
  );
  (button.closest(".hk-app") ?? document.body).append(tip);
  const [at, size] = [button.getBoundingClientRect(), tip.getBoundingClientRect()];
  const left = Math.min(Math.max(12, at.left - 20), innerWidth - size.width - 12);
  const below = at.bottom + 8 + size.height < innerHeight;
  Object.assign(tip.style, {
    left: `${left}px`,
    top: `${below ? at.bottom + 8 : Math.max(8, at.top - size.height - 8)}px`,
  });
  button.setAttribute("aria-expanded", "true");
  button.setAttribute("aria-describedby", "hk-tip");
}
// A "?" that explains the thing beside it: by pointer, by keyboard, by touch.
export function why(label, explain) {
  if (!explain) return null;
  const button = h("button", {
    type: "button",
    className: "hk-why",
    "aria-label": `What is ${label}?`,
    "aria-expanded": "false",
  }, "?");
  const show = () => showTip(button, explain);
  button.addEventListener("mouseenter", show);
  button.addEventListener("focus", show);
  button.addEventListener("click", (event) => {
    event.stopPropagation();
    show();
  });
  button.addEventListener("mouseleave", hideTip);
  button.addEventListener("blur", hideTip);
  button.addEventListener("keydown", (event) => event.key === "Escape" && hideTip());
  return button;
}

// The head of a panel: its title, and what stands beside it.
export const panelHead = (title, ...beside) =>
  h(
    "div",
    { className: "hk-panel-head" },
    h("h2", { className: "hk-panel-title" }, title),
    ...beside,
  );

// Replace what is in an element; who had the focus on one of its parts keeps it there.
export function redraw(element, ...children) {
  const had = element.contains(document.activeElement) ? document.activeElement : null;
  const says = (part) => part.ariaLabel ?? part.textContent;
  element.replaceChildren(...children);
  if (!had) return;
  const again = [...element.querySelectorAll(had.tagName)].find((part) => says(part) === says(had));
  (again ?? element.querySelector("button, input, select, a"))?.focus();
}

// Draw now, and again whenever one of the traits changes; several changes at once draw once.
export function follow(model, names, draw) {
  let due = false;
  const later = () => {
    if (due) return;
    due = true;
    queueMicrotask(() => {
      due = false;
      draw();
    });
  };
  names.forEach((name) => model.on(`change:${name}`, later));
  draw();
  return () => names.forEach((name) => model.off(`change:${name}`, later));
}
