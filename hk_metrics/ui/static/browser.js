// What only the browser can do for the session: its address, downloads, messages.
const hk = (globalThis.hkMetrics ??= {});

function save(name, type, buffer) {
  const url = URL.createObjectURL(new Blob([buffer], { type }));
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

export default {
  initialize({ model }) {
    hk.locale = model.get("locale");
    hk.touch = () => model.send({ event: "touch" });
    let mine = model.get("query");
    const address = (query) => `${location.pathname}${query ? `?${query}` : ""}${location.hash}`;
    const written = () => {
      const query = model.get("query");
      if (query === mine) return;
      mine = query;
      if (document.body.dataset.voila) history.pushState({ query }, "", address(query));
    };
    model.on("change:query", written);
    model.on("change:locale", () => { hk.locale = model.get("locale"); });
    // What computes waits until the rest is on the screen.
    const painted = () => requestAnimationFrame(() => setTimeout(() => model.send({ event: "painted" }), 0));
    const shown = setInterval(() => {
      if (document.body.classList.contains("hk-waiting")) return;
      clearInterval(shown);
      painted();
    }, 40);
    model.on("change:settled", () => { hk.settled?.(); painted(); });
    model.on("change:message", () => {
      const { text, action = "OK", event } = model.get("message");
      if (text) hk.say?.(text, action, () => { if (event) model.send({ event }); });
    });
    model.on("msg:custom", (message, buffers) => {
      if (message.event === "download") save(message.name, message.type, buffers[0]);
    });
    const tell = (query) => {
      hk.busy?.();
      model.send({ event: "address", query });
    };
    const back = () => {
      mine = location.search.slice(1);
      tell(mine);
    };
    hk.visit = (query) => {
      mine = query;
      if (document.body.dataset.voila) history.pushState({ query }, "", address(query));
      tell(query);
    };
    addEventListener("popstate", back);
    return () => removeEventListener("popstate", back);
  },
  render({ el }) { el.style.display = "none"; },
};
