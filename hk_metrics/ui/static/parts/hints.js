// What helps a first visit: shown until it is put away, and in this browser never again.
import { find, follow, h, panelHead, redraw } from "../client/dom.js";

const KEY = "hk-hints";
const DONE = "seen";
const seen = () => {
  try {
    return localStorage.getItem(KEY) === DONE;
  } catch {
    return false;
  }
};
const keep = () => {
  try {
    localStorage.setItem(KEY, DONE);
  } catch {
    // A browser that keeps nothing shows them again at the next visit.
  }
};
// What was seen before this page opened: a page that is drawn again still shows them.
const known = seen();
let away = known;

export default {
  render({ model, el }) {
    el.classList.add("hk-panel", "hk-hints");
    el.hidden = away;
    const put = () => {
      away = true;
      el.hidden = true;
      find(".hk-app:not(#hk-skeleton) .hk-main")?.focus();
    };
    if (!away) keep();
    return follow(model, ["title", "hints"], () =>
      redraw(
        el,
        panelHead(
          model.get("title"),
          h("button", { type: "button", className: "hk-link", onclick: put }, "Got it"),
        ),
        h("ol", { className: "hk-hint-list" }, model.get("hints").map((hint) => h("li", {}, hint))),
      ));
  },
};
