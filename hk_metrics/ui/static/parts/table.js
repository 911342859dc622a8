import { act, work } from "../client/document.js";
import { follow, h, why } from "../client/dom.js";
import { isNumber, show } from "../client/format.js";

const loading = globalThis.hkMetrics.load("datatables.js").then((module) =>
  module.default ?? module.ITable
);
const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escaped = (text) => text.replace(/[&<>"']/g, (c) => ESCAPES[c]);

// Sorting takes the number, everything people see takes its text; DataTables gets markup-free text.
const render = (unit, digits) => (value, type) => {
  if (type === "sort" || type === "type") return isNumber(unit) ? value ?? -Infinity : value ?? "";
  return escaped(show(value, unit, digits));
};

// A column of large amounts reads better in whole rupees; the exact one is a hover away.
const digitsOf = (
  rows,
  n,
  unit,
) => (unit === "money" ? (rows.some((row) => Math.abs(row[n] ?? 0) >= 1000) ? 0 : 2) : undefined);

// A "figure" is a number that is already text, e.g. because its column has several units.
const toRight = (unit) => isNumber(unit) || unit === "figure";

function head({ label, unit, explain }) {
  return h(
    "th",
    { scope: "col", className: toRight(unit) ? "hk-num" : "" },
    h(
      "span",
      { className: "hk-th" },
      h("button", { type: "button", className: "hk-sort", title: "Sort" }, label || " "),
      why(label, explain) ?? "",
    ),
  );
}

function tag(cell, tone) {
  if (!tone) return;
  cell.replaceChildren(h("span", { className: "hk-band", dataset: { tone } }, cell.textContent));
}

function options(table, pick) {
  return {
    data: table.rows,
    columns: table.columns.map(({ unit, tones }, n) => ({
      data: n,
      render: render(unit, digitsOf(table.rows, n, unit)),
      className: toRight(unit) ? "hk-num" : "hk-text",
      orderSequence: isNumber(unit) ? ["desc", "asc"] : ["asc", "desc"],
      type: isNumber(unit) ? "num" : "string",
      createdCell: tones
        ? (cell, value) => tag(cell, tones[value])
        : unit === "money"
        ? (cell, value) => {
          cell.title = show(value, unit, 2);
        }
        : undefined,
    })),
    order: table.order ?? [],
    ordering: { handler: false, indicators: false },
    pageLength: table.length ?? 12,
    lengthChange: false,
    deferRender: true,
    autoWidth: false,
    paging: table.rows.length > (table.length ?? 12),
    info: table.rows.length > (table.length ?? 12),
    layout: { topStart: null, topEnd: null, bottomStart: "info", bottomEnd: "paging" },
    language: {
      info: "_START_ to _END_ of _TOTAL_",
      infoFiltered: "(of _MAX_)",
      infoEmpty: "None",
      zeroRecords: "Nothing in this view.",
      emptyTable: "Nothing in this view.",
    },
    createdRow: (row, _values, index) => {
      if (!table.pick) return;
      row.classList.add("hk-pick");
      const cell = row.cells[0];
      cell.replaceChildren(
        h("button", {
          type: "button",
          className: "hk-cell-link",
          title: "Narrow the page to this",
          onclick: () => pick(table.keys[index]),
        }, cell.textContent),
      );
    },
  };
}

export default {
  shows: true,
  async render({ model, el }) {
    el.classList.add("hk-panel", "hk-table");
    if (model.get("wrap")) el.classList.add("hk-wrap");
    const DataTable = await loading;
    const title = h("h2", { className: "hk-panel-title" });
    const search = h("input", {
      type: "search",
      className: "hk-input hk-table-search",
      placeholder: "Search",
    });
    const tool = (label, format, name) =>
      h("button", {
        type: "button",
        className: "hk-tool hk-tool-text",
        "aria-label": label,
        title: label,
        onclick: () => work(model, { event: "export", format }),
      }, name);
    const paper = tool("Download as PDF", "pdf", "PDF");
    const tools = h(
      "div",
      { className: "hk-tools" },
      paper,
      tool("Download as CSV", "csv", "CSV"),
      tool("Download as XLSX", "xlsx", "XLSX"),
    );
    const place = h("div", { className: "hk-table-place", tabIndex: 0 });
    const note = h("p", { className: "hk-note" });
    el.append(h("div", { className: "hk-panel-head" }, title, search, tools), place, note);

    let shape = "";
    let grid = null;
    const pick = (value) =>
      act(el, model, { event: "pick", dimension: model.get("table").pick, value });
    const rebuild = (table) => {
      grid?.destroy();
      const node = h(
        "table",
        { className: "hk-grid-table" },
        h("caption", { className: "hk-offscreen" }, table.title),
        h("thead", {}, h("tr", {}, table.columns.map(head))),
        h("tbody", {}),
      );
      place.replaceChildren(node);
      grid = new DataTable(node, options(table, pick));
      node.querySelectorAll("thead .hk-sort").forEach((button, n) =>
        grid.order.listener(button, n)
      );
      place.querySelector("nav")?.setAttribute("aria-label", `Pages of ${table.title}`);
      search.oninput = () => grid.search(search.value).draw();
      if (search.value) grid.search(search.value).draw();
    };
    const draw = () => {
      const table = model.get("table");
      if (!table.columns) return;
      title.replaceChildren(
        table.title ?? "",
        table.subtitle ? h("small", {}, table.subtitle) : "",
      );
      search.setAttribute("aria-label", `Search ${table.title}`);
      paper.hidden = !table.paper;
      search.hidden = !table.search && table.rows.length <= 12;
      place.setAttribute("aria-label", table.title);
      note.textContent = table.note ?? "";
      note.hidden = !table.note;
      const fits = JSON.stringify([
        table.columns,
        table.pick,
        table.rows.length > (table.length ?? 12),
      ]);
      const order = grid && fits === shape ? grid.order() : null;
      shape = fits;
      rebuild(order ? { ...table, order } : table);
      performance.mark("hk-table");
    };
    const stop = follow(model, ["table"], draw);
    return () => {
      stop();
      grid?.destroy();
    };
  },
};
