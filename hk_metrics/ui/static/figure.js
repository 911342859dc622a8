import { follow, h, icon, why } from "./dom.js";
import { isNumber, show } from "./format.js";

const ROWS = 400;
const CONFIG = { displayModeBar: false, responsive: false, doubleClick: false, showTips: false, locale: "en" };

let loading = null;
const plotly = () => (loading ??= globalThis.Plotly ? Promise.resolve(globalThis.Plotly) : new Promise((resolve, reject) => {
  const script = h("script", { src: globalThis.hkMetrics.url("plotly.js"), onload: () => resolve(globalThis.Plotly), onerror: reject });
  document.head.append(script);
}));
plotly();

// Figures in sight are drawn first, one after another; the rest when they come into sight.
const sight = new IntersectionObserver((entries) => entries.forEach((entry) => entry.target.hkSeen?.(entry.isIntersecting)), { rootMargin: "120px" });

// One figure a turn, so that clicks and keys are answered between them.
let turn = Promise.resolve();
const pause = () => globalThis.scheduler?.yield?.() ?? new Promise((resolve) => setTimeout(resolve));
const inTurn = (draw) => { turn = turn.then(pause).then(draw).catch(console.error); };

// The page's colours are read once for each theme: every reading makes the browser lay out again.
let inks = null;
const NAMES = ["--accent", "--muted", "--ink", "--surface", "--raised", "--line-strong", "--good", "--fair", "--poor", "--grid", "--axis"];
function theme() {
  if (inks) return inks;
  const style = getComputedStyle(document.documentElement);
  inks = Object.fromEntries(NAMES.map((name) => [`var(${name})`, style.getPropertyValue(name).trim()]));
  inks.font = style.getPropertyValue("--font").trim();
  return inks;
}
addEventListener("hk-theme", () => { inks = null; });

const PLAIN = new Set(["x", "y", "text", "customdata", "ticktext", "tickvals", "width", "range"]);
function themed(value, ink) {
  if (typeof value === "string") return ink[value] ?? value;
  if (Array.isArray(value)) return typeof value[0] === "number" ? value : value.map((item) => themed(item, ink));
  if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, PLAIN.has(k) ? v : themed(v, ink)]));
  return value;
}

// What hovering says is written here, where it costs the session nothing.
function worded(trace) {
  const unit = trace.meta?.unit;
  return unit && Array.isArray(trace.customdata) ? { ...trace, customdata: trace.customdata.map((v) => show(v, unit)) } : trace;
}

function dressed(layout, ink, box) {
  const axis = (given) => ({ gridcolor: ink["var(--grid)"], linecolor: ink["var(--grid)"], tickcolor: ink["var(--grid)"],
    tickfont: { color: ink["var(--axis)"], size: 11.5 }, ...given, ...(given?.title ? { title: { ...given.title, font: { size: 12, color: ink["var(--axis)"] } } } : {}) });
  const axes = Object.fromEntries(Object.entries(layout).filter(([k]) => /^[xy]axis\d*$/.test(k)).map(([k, v]) => [k, axis(v)]));
  return {
    ...layout, xaxis: axis(layout.xaxis), yaxis: axis(layout.yaxis), ...axes, width: box.width, height: box.height, autosize: false,
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", dragmode: false,
    font: { family: ink.font, size: 12, color: ink["var(--ink)"] },
    hoverlabel: { bgcolor: ink["var(--raised)"], bordercolor: ink["var(--line-strong)"], font: { color: ink["var(--ink)"], size: 12.5 }, align: "left" },
    legend: { ...layout.legend, font: { color: ink["var(--axis)"], size: 12 } },
  };
}

export function plainTable({ columns, rows }, caption) {
  const cell = (tag, value, unit) => h(tag, {}, show(value, unit));
  return h("table", {}, h("caption", { className: "hk-offscreen" }, caption),
    h("thead", {}, h("tr", {}, columns.map((c) => h("th", { scope: "col", className: isNumber(c.unit) ? "hk-num" : "" }, c.label)))),
    h("tbody", {}, rows.slice(0, ROWS).map((row) => h("tr", {}, row.map((value, n) => cell(n ? "td" : "th", value, columns[n].unit))))));
}

export default {
  render({ model, el }) {
    el.classList.add("hk-panel", "hk-figure");
    const plot = h("div", { className: "hk-plot", role: "img" });
    const stage = h("div", { className: "hk-stage" });
    const empty = h("div", { className: "hk-empty", hidden: true });
    plot.append(stage, empty);
    const title = h("h2", { className: "hk-panel-title" });
    const note = h("p", { className: "hk-note" });
    const plain = h("div", { className: "hk-plain", tabIndex: 0, hidden: true });
    const swap = h("button", { type: "button", className: "hk-tool", "aria-label": "Show as table", title: "Show as table", "aria-pressed": "false", onclick: () => toggle() }, icon("table"));
    const take = (format) => h("button", { type: "button", className: "hk-tool hk-tool-text", "aria-label": `Download as ${format.toUpperCase()}`, onclick: () => { globalThis.hkMetrics.busy?.(); model.send({ event: "export", format }); } }, format.toUpperCase());
    const tools = h("div", { className: "hk-tools" }, swap);
    el.append(h("div", { className: "hk-panel-head" }, title, tools), plot, plain, note);

    const box = { width: 0, height: 0 };
    let visible = false;
    let stale = true;
    let asTable = false;
    const draw = async () => {
      const Plotly = await plotly();
      if (!stale || !visible || !el.isConnected) return;
      stale = false;
      const { empty: nothing } = model.get("words");
      const ink = theme();
      if (!box.width) Object.assign(box, { width: plot.clientWidth, height: plot.clientHeight });
      if (!box.width) { stale = true; return; }
      empty.hidden = !nothing;
      empty.textContent = nothing ?? "";
      stage.style.visibility = nothing ? "hidden" : "";
      const first = !stage.hasListener;
      const traces = (model.get("_widget_data") ?? []).map((trace) => worded(themed(trace, ink)));
      await Plotly.react(stage, traces, dressed(themed(model.get("_widget_layout") ?? {}, ink), ink, box), CONFIG);
      if (first) listen();
      stage.dataset.drawn = String(Number(stage.dataset.drawn ?? 0) + 1);
      performance.mark("hk-figure");
    };
    const later = () => { stale = true; if (visible && !asTable) inTurn(draw); };
    const listen = () => {
      stage.hasListener = true;
      stage.on("plotly_click", ({ points: [point] }) => {
        const { dimension, value } = point.data.meta ?? {};
        const picked = value ?? (Array.isArray(point.customdata) ? point.customdata[0] : null);
        if (dimension && picked !== null) { globalThis.hkMetrics.busy?.(); model.send({ event: "pick", dimension, value: picked }); }
      });
    };
    const toggle = () => {
      asTable = !asTable;
      swap.setAttribute("aria-pressed", String(asTable));
      plain.hidden = !asTable;
      plot.hidden = asTable;
      words();
      if (!asTable) later();
    };
    const words = () => {
      const { title: text = "", subtitle, note: below, table = { columns: [], rows: [] } } = model.get("words");
      title.replaceChildren(text, subtitle ? h("small", {}, subtitle) : "");
      const explain = model.get("explain");
      tools.replaceChildren(...[why(text, explain?.lines || explain?.formula ? explain : null), ...(asTable ? [take("csv"), take("xlsx")] : []), swap].filter(Boolean));
      note.textContent = below ?? "";
      note.hidden = !below;
      plot.setAttribute("aria-label", `${text}. ${table.rows.length} values; the button shows them as a table.`);
      plot.style.minHeight = `${model.get("height")}px`;
      if (asTable) {
        plain.style.maxHeight = `${model.get("height")}px`;
        plain.replaceChildren(table.rows.length ? plainTable(table, text) : h("p", { className: "hk-note" }, model.get("words").empty || "Nothing in this view."));
      }
    };
    el.hkSeen = (seen) => { visible = seen; if (seen && stale && !asTable) inTurn(draw); };
    sight.observe(el);
    const sized = new ResizeObserver(([{ contentRect: { width, height } }]) => {
      const [w, t] = [Math.floor(width), Math.floor(height)];
      if (w && (w !== box.width || t !== box.height)) { Object.assign(box, { width: w, height: t }); later(); }
    });
    sized.observe(plot);
    addEventListener("hk-theme", later);
    const stop = follow(model, ["_widget_data", "_widget_layout", "words", "height", "explain"], () => { words(); later(); });
    return () => { stop(); sight.unobserve(el); sized.disconnect(); removeEventListener("hk-theme", later); };
  },
};
