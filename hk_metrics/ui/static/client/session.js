// The page around the widgets: skeleton, busy bar, and whether the session still lives.
import "./theme.js";

const hk = (globalThis.hkMetrics ??= {});
const PULSE = 4000;
const WARN_SECONDS = 120;
const LOST = 2;

hk.ready = () => {
  document.getElementById("hk-skeleton")?.remove();
  document.body.classList.remove("hk-waiting");
  performance.mark("hk-ready");
};

let waiting = null;
const bar = () =>
  document.querySelector(".hk-busybar") ??
    (document.querySelector(".hk-app") ?? document.body).appendChild(
      Object.assign(document.createElement("div"), {
        className: "hk-busybar",
        role: "progressbar",
        ariaLabel: "Working",
      }),
    );
hk.busy = () => {
  document.documentElement.dataset.hkBusy = "true";
  waiting ??= setTimeout(() => bar().classList.add("hk-on"), 300);
};
hk.settled = () => {
  clearTimeout(waiting);
  waiting = null;
  delete document.documentElement.dataset.hkBusy;
  document.querySelector(".hk-busybar")?.classList.remove("hk-on");
};

const banner = () =>
  document.getElementById("hk-banner") ?? document.body.appendChild(
    Object.assign(document.createElement("div"), { id: "hk-banner", role: "alert", hidden: true }),
  );
const hush = () => {
  banner().hidden = true;
};
hk.say = (text, action, act) => {
  const place = banner();
  if (place.dataset.ended) return;
  place.replaceChildren(Object.assign(document.createElement("span"), { textContent: text }));
  if (action) {
    const button = Object.assign(document.createElement("button"), {
      textContent: action,
      type: "button",
    });
    button.onclick = () => {
      hush();
      act();
    };
    place.append(button);
  }
  place.hidden = false;
};

const ended = () => {
  hk.say("This session has ended. Reload: your view is kept.", "Reload", () => location.reload());
  banner().dataset.ended = "true";
  hk.settled();
  hk.hangUp?.();
  clearInterval(timer);
};

let misses = 0;
async function feelPulse() {
  const config = JSON.parse(document.getElementById("jupyter-config-data")?.textContent ?? "{}");
  if (!config.kernelId) return;
  try {
    const answer = await fetch(`${hk.base}hk/pulse/${config.kernelId}`, { cache: "no-store" });
    const { alive, seconds_left: left } = await answer.json();
    if (misses >= LOST) hush();
    misses = 0;
    if (!alive) ended();
    else if (left !== null && left < WARN_SECONDS) {
      hk.say(
        `Without use, this session ends in ${Math.max(1, Math.round(left / 60))} min.`,
        "Keep it",
        () => hk.touch?.(),
      );
    }
  } catch {
    misses += 1;
    if (misses === LOST) {
      hk.say(
        "The server does not answer. Trying again; your view is kept.",
        "Reload",
        () => location.reload(),
      );
    }
  }
}
const timer = hk.base ? setInterval(feelPulse, PULSE) : null;
