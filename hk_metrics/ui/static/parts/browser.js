// What only the browser can do for the session: its address, downloads, messages.
import { act, settle } from "../client/document.js";

const hk = (globalThis.hkMetrics ??= {});
// Elsewhere the address is not the page's: JupyterLab's is the notebook's.
const addressed = () => "voila" in document.body.dataset;
const address = (query) => `${location.pathname}${query ? `?${query}` : ""}${location.hash}`;

function save(name, type, buffer) {
  const url = URL.createObjectURL(new Blob([buffer], { type }));
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function visits(model, el) {
  let mine = model.get("query");
  const write = (query) => {
    mine = query;
    if (addressed()) history.pushState({ query }, "", address(query));
  };
  const back = () => {
    mine = location.search.slice(1);
    act(el, model, { event: "address", query: mine });
  };
  hk.query = () => model.get("query");
  hk.visit = (query) => {
    write(query);
    act(el, model, { event: "address", query });
  };
  model.on("change:query", () => model.get("query") !== mine && write(model.get("query")));
  if (addressed()) addEventListener("popstate", back);
  return () => removeEventListener("popstate", back);
}

export default {
  initialize({ model }) {
    hk.locale = model.get("locale");
    hk.touch = () => model.send({ event: "touch" });
    model.on("change:locale", () => {
      hk.locale = model.get("locale");
    });
    model.on("change:message", () => {
      const { text, action = "OK", event } = model.get("message");
      if (text) hk.say?.(text, action, () => event && model.send({ event }));
    });
    model.on("msg:custom", (message, buffers) => {
      if (message.event === "download") save(message.name, message.type, buffers[0]);
    });
  },
  render({ model, el }) {
    el.style.display = "none";
    // What computes waits until the rest is on the screen.
    const painted = () =>
      requestAnimationFrame(() => setTimeout(() => model.send({ event: "painted" }), 0));
    const settled = () => settle(el, model.get("now"), model.get("answered"));
    const shown = setInterval(() => {
      if (document.body.classList.contains("hk-waiting") || !el.isConnected) return;
      clearInterval(shown);
      settled();
      painted();
    }, 40);
    // The state's name goes before the parts', word that all have theirs after them.
    model.on("change:now", () => settle(el, model.get("now"), -1));
    model.on("change:settled", () => {
      if (settled()) hk.settled?.();
      painted();
    });
    return visits(model, el);
  },
};
