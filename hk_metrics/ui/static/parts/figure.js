import { act, shows, work } from "../client/document.js";
import { follow, h, icon, why } from "../client/dom.js";
import { isNumber, show } from "../client/format.js";
import { inTurn, onPoint, plot as plotted, watch } from "../client/plotting.js";

const ROWS = 400;

export function plainTable({ columns, rows }, caption) {
  const cell = (tag, value, unit) => h(tag, {}, show(value, unit));
  return h(
    "table",
    {},
    h("caption", { className: "hk-offscreen" }, caption),
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        columns.map((c) =>
          h("th", { scope: "col", className: isNumber(c.unit) ? "hk-num" : "" }, c.label)
        ),
      ),
    ),
    h(
      "tbody",
      {},
      rows.slice(0, ROWS).map((row) =>
        h("tr", {}, row.map((value, n) => cell(n ? "td" : "th", value, columns[n].unit)))
      ),
    ),
  );
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
    const swap = h("button", {
      type: "button",
      className: "hk-tool",
      "aria-label": "Show as table",
      title: "Show as table",
      "aria-pressed": "false",
      onclick: () => toggle(),
    }, icon("table"));
    const take = (format) =>
      h("button", {
        type: "button",
        className: "hk-tool hk-tool-text",
        "aria-label": `Download as ${format.toUpperCase()}`,
        onclick: () => {
          work(model, { event: "export", format });
        },
      }, format.toUpperCase());
    const tools = h("div", { className: "hk-tools" }, swap);
    el.append(h("div", { className: "hk-panel-head" }, title, tools), plot, plain, note);

    const box = { width: 0, height: 0 };
    let asTable = false;
    let listening = false;
    let pending = true;
    let pictured = null;
    const draw = () => {
      if (asTable || !el.isConnected) return;
      if (!box.width) Object.assign(box, { width: plot.clientWidth, height: plot.clientHeight });
      if (!box.width) return; // out of sight; its size tells when it is there
      const { empty: nothing } = model.get("words");
      empty.hidden = !nothing;
      empty.textContent = nothing ?? "";
      stage.style.visibility = nothing ? "hidden" : "";
      plotted(stage, model.get("figure"), box);
      if (!listening) listen();
      stage.dataset.drawn = String(Number(stage.dataset.drawn ?? 0) + 1);
      pending = false;
      pictured = model.get("figure");
      shows(el, model.get("shown"));
      performance.mark("hk-figure");
    };
    const later = () => {
      pending = true;
      if (asTable) shows(el, model.get("shown"));
      else inTurn(el, draw, model.get("whole"));
    };
    const listen = () => {
      listening = true;
      onPoint(stage, (point) => {
        const { dimension, value } = point.data.meta ?? {};
        const picked = value ?? (Array.isArray(point.customdata) ? point.customdata[0] : null);
        if (dimension && picked !== null) {
          act(el, model, { event: "pick", dimension, value: picked });
        }
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
      const { title: text = "", subtitle, note: below, table = { columns: [], rows: [] } } = model
        .get("words");
      title.replaceChildren(text, subtitle ? h("small", {}, subtitle) : "");
      const explain = model.get("explain");
      tools.replaceChildren(
        ...[
          why(text, explain?.lines || explain?.formula ? explain : null),
          ...(asTable ? [take("csv"), take("xlsx")] : []),
          swap,
        ].filter(Boolean),
      );
      note.textContent = below ?? "";
      note.hidden = !below;
      plot.setAttribute(
        "aria-label",
        `${text}. ${table.rows.length} values; the button shows them as a table.`,
      );
      plot.style.minHeight = `${model.get("height")}px`;
      if (asTable) {
        plain.style.maxHeight = `${model.get("height")}px`;
        plain.replaceChildren(
          table.rows.length
            ? plainTable(table, text)
            : h("p", { className: "hk-note" }, model.get("words").empty || "Nothing in this view."),
        );
      }
    };
    const unwatch = watch(el);
    const sized = new ResizeObserver(([{ contentRect: { width, height } }]) => {
      const [w, t] = [Math.floor(width), Math.floor(height)];
      // Chromium makes the window one pixel wide for a moment when it captures a whole page.
      if (innerWidth > 1 && w && (w !== box.width || t !== box.height)) {
        Object.assign(box, { width: w, height: t });
        later();
      }
    });
    sized.observe(plot);
    addEventListener("hk-theme", later);
    const stop = follow(model, ["figure", "words", "height", "explain"], () => {
      words();
      later();
    });
    // The same picture may be right for another state, too.
    const still = () =>
      queueMicrotask(() => {
        if (pending && !asTable) return;
        if (asTable || model.get("figure") === pictured) shows(el, model.get("shown"));
        else later();
      });
    model.on("change:shown", still);
    return () => {
      stop();
      model.off("change:shown", still);
      unwatch();
      sized.disconnect();
      removeEventListener("hk-theme", later);
    };
  },
};
