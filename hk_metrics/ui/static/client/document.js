// The page as one document: each part carries the id of the state that it shows, and is empty
// where that is not the state chosen. Nothing of an older state stays in sight beside a newer one.
const hk = (globalThis.hkMetrics ??= {});

/**
 * The dashboard that an element is part of.
 * @typedef {HTMLElement & { hkWish?: number, hkFocus?: Focus }} App
 * @typedef {{ part: Element, tag: string, says: string }} Focus
 * @typedef {import("./models.js").Model} Model
 */

/** @param {Element} el @returns {App | null} */
export const appOf = (el) => el.closest(".hk-app");

const says = (/** @type {Element} */ part) => part.ariaLabel ?? part.textContent ?? "";

// What is empty takes no focus: who had it gets it back.
function keepFocus(/** @type {App} */ app) {
  const had = document.activeElement;
  const part = had?.closest("[data-state]");
  if (had && part && app.contains(part)) app.hkFocus = { part, tag: had.tagName, says: says(had) };
}

function giveFocus(/** @type {App} */ app) {
  if (!app.hkFocus || document.activeElement !== document.body) return;
  const { part, tag, says: words } = app.hkFocus;
  const again = [...part.querySelectorAll(tag)].find((one) => says(one) === words);
  if (!again?.checkVisibility({ visibilityProperty: true })) return;
  app.hkFocus = undefined;
  /** @type {HTMLElement} */ (again).focus();
}

/** Begin a change: all that shows the state before is empty from now on. */
function begin(/** @type {Element} */ el) {
  hk.busy?.();
  const app = appOf(el);
  if (!app) return 0;
  keepFocus(app);
  app.classList.add("hk-changing");
  return (app.hkWish = (app.hkWish ?? 0) + 1);
}

/**
 * Choose something that changes what the page shows.
 * @param {Element} el @param {Model} model @param {Record<string, unknown>} traits
 */
export function change(el, model, traits) {
  const wish = begin(el);
  for (const [name, value] of Object.entries({ ...traits, wish })) model.set(name, value);
  model.save_changes();
}

/**
 * Ask for something that may change what the page shows.
 * @param {Element} el @param {Model} model @param {Record<string, unknown>} message
 */
export function act(el, model, message) {
  model.send({ ...message, wish: begin(el) });
}

/** Ask for something that leaves the page as it is. */
export function work(/** @type {Model} */ model, /** @type {Record<string, unknown>} */ message) {
  hk.busy?.();
  model.send(message);
}

function weigh(/** @type {HTMLElement} */ part, /** @type {App} */ app) {
  part.classList.toggle("hk-stale", part.dataset.state !== app.dataset.state);
}

/** Say which state a part shows now. */
export function shows(/** @type {HTMLElement} */ part, /** @type {string} */ state) {
  part.dataset.state = state;
  const app = appOf(part);
  if (!app) return;
  weigh(part, app);
  giveFocus(app);
}

/** Say which state is the page's, and up to which wish the session has answered. */
export function settle(
  /** @type {Element} */ el,
  /** @type {string} */ state,
  answered = Infinity,
) {
  const app = appOf(el);
  if (!app) return false;
  app.dataset.state = state;
  /** @type {NodeListOf<HTMLElement>} */ (app.querySelectorAll("[data-state]"))
    .forEach((part) => weigh(part, app));
  if (answered < (app.hkWish ?? 0)) return false;
  app.classList.remove("hk-changing");
  giveFocus(app);
  return true;
}
