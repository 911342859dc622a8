// The page's own front end for the widgets that it is made of. JupyterLab's, which Voilà brings,
// knows every kind, but takes a second longer to load: it is there for all other kinds.
import { models } from "./models.js";
import { drawable, view } from "./views.js";

const PATIENCE = 40;
const VIEW = "application/vnd.jupyter.widget-view+json";
const parsed = new Promise((done) => {
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", done);
  else done();
});

const address = ({ baseUrl, kernelId }) => {
  const url = new URL(`${baseUrl}api/kernels/${kernelId}/channels`, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  return url.href;
};

// Who closes the page ends the session.
function leaving({ baseUrl, kernelId }) {
  const form = new FormData();
  form.append("_xsrf", /(?:^|; )_xsrf=([^;]*)/.exec(document.cookie)?.[1] ?? "");
  const leave = () => navigator.sendBeacon(`${baseUrl}voila/api/shutdown/${kernelId}`, form);
  addEventListener("pagehide", leave);
  addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
  return () => removeEventListener("pagehide", leave);
}

// Shows the outputs of the notebook; calls `others` where one is of a kind not known here.
export function start(config, others) {
  const stay = leaving(config);
  const way = models(address(config), async (known) => {
    await parsed;
    const outputs = [...document.querySelectorAll(".hk-output")].map((
      el,
    ) => [el, JSON.parse(el.textContent).data?.[VIEW]?.model_id]);
    // The page may be here before the word of its last widget.
    for (let n = 0; n < PATIENCE && outputs.some(([, id]) => id && !known.has(id)); n += 1) {
      await new Promise((done) => setTimeout(done, 50));
    }
    if (!outputs.every(([, id]) => known.has(id)) || ![...known.values()].every(drawable)) {
      way.end();
      stay();
      others();
      return;
    }
    outputs.forEach(([el, id]) => el.replaceChildren(view(known, id).el));
    globalThis.hkMetrics.hangUp = way.end;
  });
}
