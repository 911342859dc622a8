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

function themed(value, style) {
  if (typeof value === "string") return value.startsWith("var(--") ? style.getPropertyValue(value.slice(4, -1)).trim() : value;
  if (Array.isArray(value)) return typeof value[0] === "number" ? value : value.map((item) => themed(item, style));
  if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, themed(v, style)]));
  return value;
}

function dressed(layout, style, box) {
  const colour = (name) => style.getPropertyValue(name).trim();
  const axis = (given) => ({ gridcolor: colour("--grid"), linecolor: colour("--grid"), tickcolor: colour("--grid"),
    tickfont: { color: colour("--axis"), size: 11.5 }, ...given, ...(given?.title ? { title: { ...given.title, font: { size: 12, color: colour("--axis") } } } : {}) });
  const axes = Object.fromEntries(Object.entries(layout).filter(([k]) => /^[xy]axis\d*$/.test(k)).map(([k, v]) => [k, axis(v)]));
  return {
    ...layout, xaxis: axis(layout.xaxis), yaxis: axis(layout.yaxis), ...axes, width: box.width, height: box.height, autosize: false,
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", dragmode: false,
    font: { family: getComputedStyle(document.body.querySelector(".hk-app")).fontFamily, size: 12, color: colour("--ink") },
    hoverlabel: { bgcolor: colour("--raised"), bordercolor: colour("--line-strong"), font: { color: colour("--ink"), size: 12.5 }, align: "left" },
    legend: { ...layout.legend, font: { color: colour("--axis"), size: 12 } },
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
    el.classList.add("hk-panel");
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

    let visible = false;
    let stale = true;
    let asTable = false;
    const draw = async () => {
      const Plotly = await plotly();
      if (!stale || !visible || !el.isConnected) return;
      stale = false;
      const { empty: nothing } = model.get("words");
      const style = getComputedStyle(document.documentElement);
      const box = { width: plot.clientWidth, height: plot.clientHeight };
      if (!box.width) { stale = true; return; }
      empty.hidden = !nothing;
      empty.textContent = nothing ?? "";
      stage.style.visibility = nothing ? "hidden" : "";
      const first = !stage.hasListener;
      await Plotly.react(stage, themed(model.get("_widget_data") ?? [], style), dressed(themed(model.get("_widget_layout") ?? {}, style), style, box), CONFIG);
      if (first) listen();
      stage.dataset.drawn = String(Number(stage.dataset.drawn ?? 0) + 1);
      performance.mark("hk-figure");
    };
    const later = () => { stale = true; if (visible && !asTable) draw(); };
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
        plain.replaceChildren(plainTable(table, text));
      }
    };
    el.hkSeen = (seen) => { visible = seen; if (seen && stale && !asTable) draw(); };
    sight.observe(el);
    let size = "";
    const sized = new ResizeObserver(() => {
      const now = `${plot.clientWidth}×${plot.clientHeight}`;
      if (plot.clientWidth && now !== size) { size = now; later(); }
    });
    sized.observe(plot);
    addEventListener("hk-theme", later);
    const stop = follow(model, ["_widget_data", "_widget_layout", "words", "height", "explain"], () => { words(); later(); });
    return () => { stop(); sight.unobserve(el); sized.disconnect(); removeEventListener("hk-theme", later); };
  },
};
