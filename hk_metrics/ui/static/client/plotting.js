// All that is known of plotly.js here: how it is loaded, dressed for the theme, and when it draws.
import { h } from "./dom.js";
import { show } from "./format.js";

const CONFIG = {
  displayModeBar: false,
  responsive: false,
  doubleClick: false,
  showTips: false,
  locale: "en",
};

// Most charts are drawn by a light bundle; one with a trace of a rare kind brings all of it.
const scripts = new Map(); // name → when it is loaded
async function fetchScript(name) {
  const src = await globalThis.hkMetrics.address(name);
  return new Promise((resolve, reject) => {
    document.head.append(h("script", { src, onload: resolve, onerror: reject }));
  });
}
function loaded(name) {
  if (!scripts.has(name)) scripts.set(name, fetchScript(name));
  return scripts.get(name);
}
const plotly = (whole = false) => loaded(whole ? "plotly-whole.js" : "plotly.js");
plotly();

// The page's colours are read once for each theme: every reading makes the browser lay out again.
let inks = null;
const NAMES = [
  "--accent",
  "--muted",
  "--ink",
  "--surface",
  "--raised",
  "--line-strong",
  "--good",
  "--fair",
  "--poor",
  "--grid",
  "--axis",
];
function theme() {
  if (inks) return inks;
  const style = getComputedStyle(document.querySelector(".hk-app") ?? document.body);
  inks = Object.fromEntries(
    NAMES.map((name) => [`var(${name})`, style.getPropertyValue(name).trim()]),
  );
  inks.font = style.getPropertyValue("--font").trim();
  return inks;
}
addEventListener("hk-theme", () => {
  inks = null;
});

const PLAIN = new Set(["x", "y", "text", "customdata", "ticktext", "tickvals", "width", "range"]);
function themed(value, ink) {
  if (typeof value === "string") return ink[value] ?? value;
  if (Array.isArray(value)) {
    return typeof value[0] === "number" ? value : value.map((item) => themed(item, ink));
  }
  if (value && typeof value === "object") {
    return Object.fromEntries(
      Object.entries(value).map(([k, v]) => [k, PLAIN.has(k) ? v : themed(v, ink)]),
    );
  }
  return value;
}

// What hovering says is written here, where it costs the session nothing.
function worded(trace) {
  const unit = trace.meta?.unit;
  return unit && Array.isArray(trace.customdata)
    ? { ...trace, customdata: trace.customdata.map((v) => show(v, unit)) }
    : trace;
}

function axisDressed(given, ink) {
  const line = ink["var(--grid)"];
  const colour = ink["var(--axis)"];
  const title = given?.title && { title: { ...given.title, font: { size: 12, color: colour } } };
  return {
    gridcolor: line,
    linecolor: line,
    tickcolor: line,
    tickfont: { color: colour, size: 11.5 },
    ...given,
    ...title,
  };
}

function dressed(layout, ink, box) {
  const axes = Object.entries({ xaxis: undefined, yaxis: undefined, ...layout })
    .filter(([name]) => /^[xy]axis\d*$/.test(name))
    .map(([name, axis]) => [name, axisDressed(axis, ink)]);
  return {
    ...layout,
    ...Object.fromEntries(axes),
    ...box,
    autosize: false,
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    dragmode: false,
    font: { family: ink.font, size: 12, color: ink["var(--ink)"] },
    hoverlabel: {
      bgcolor: ink["var(--raised)"],
      bordercolor: ink["var(--line-strong)"],
      font: { color: ink["var(--ink)"], size: 12.5 },
      align: "left",
    },
    legend: { ...layout.legend, font: { color: ink["var(--axis)"], size: 12 } },
  };
}

/** Draw a figure (traces and layout) into an element of a width and height. */
export function plot(stage, { data = [], layout = {} }, box) {
  const ink = theme();
  const traces = data.map((trace) => worded(themed(trace, ink)));
  return globalThis.Plotly.react(stage, traces, dressed(themed(layout, ink), ink, box), CONFIG);
}

/** Call with the point that is clicked on. */
export function onPoint(stage, act) {
  stage.on("plotly_click", ({ points: [point] }) => act(point));
}

// Figures in sight are drawn first, the others right after: the page is whole without scrolling.
// One a turn, so that clicks and keys are answered between them.
const due = new Map(); // element → { draw, whole }
const seen = new WeakSet();
let running = false;
const pause = () =>
  globalThis.scheduler?.yield?.() ?? new Promise((resolve) => setTimeout(resolve));
const idle = () =>
  new Promise((resolve) =>
    globalThis.requestIdleCallback ? requestIdleCallback(resolve, { timeout: 60 }) : pause()
      .then(resolve)
  );

const sight = new IntersectionObserver(
  (entries) =>
    entries.forEach(({ target, isIntersecting }) =>
      isIntersecting ? seen.add(target) : seen.delete(target)
    ),
  { rootMargin: "120px" },
);

function next() {
  const waiting = [...due.keys()];
  return waiting.find((el) => seen.has(el)) ?? waiting[0];
}

function drawn(el) {
  const { draw } = due.get(el);
  due.delete(el);
  try {
    draw();
  } catch (error) {
    reportError(error);
  }
}

async function run() {
  if (running) return;
  running = true;
  await plotly();
  while (due.size) {
    await (seen.has(next()) ? pause() : idle());
    const el = next();
    if (due.get(el)?.whole) await plotly(true);
    if (due.has(el)) drawn(el);
  }
  running = false;
}

/**
 * Draw in an element when its turn comes; a later call takes the place of one that waits.
 * `whole` says that the light bundle cannot draw it.
 */
export function inTurn(el, draw, whole = false) {
  due.set(el, { draw, whole });
  run();
}

/** Let an element that is in sight go first; returns what ends that. */
export function watch(el) {
  sight.observe(el);
  return () => {
    sight.unobserve(el);
    due.delete(el);
  };
}

// On paper nothing waits for its turn, and a chart is as wide as its panel.
const pictures = () => document.querySelectorAll(".hk-stage .main-svg");
addEventListener("beforeprint", () => {
  if (globalThis.Plotly) [...due.keys()].forEach(drawn);
  pictures().forEach((svg) => {
    svg.setAttribute("viewBox", `0 0 ${svg.getAttribute("width")} ${svg.getAttribute("height")}`);
  });
});
addEventListener("afterprint", () => pictures().forEach((svg) => svg.removeAttribute("viewBox")));
