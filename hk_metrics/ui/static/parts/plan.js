import { work } from "../client/document.js";
import { follow, h } from "../client/dom.js";

const TONES = { certain: "good", likely: "fair", extra: "", ignored: "" };

function fileHead(model, file, tables) {
  const options = [["", "Leave this file out"], ...tables].map(([value, label]) =>
    h("option", { value, selected: value === (file.table ?? "") }, label)
  );
  return h(
    "div",
    { className: "hk-plan-head" },
    h("b", {}, file.file),
    h("span", { className: "hk-label" }, `${file.rows} rows, taken for`),
    h("select", {
      className: "hk-input",
      "aria-label": `What ${file.file} holds`,
      onchange: (e) => work(model, { event: "table", file: file.file, table: e.target.value }),
    }, options),
  );
}

function columnRow(model, file, { header, column, state }, names) {
  const known = names.some(([value]) => value === column);
  const options = [
    ["", "Leave out"],
    ...(known || !column ? names : [[column, `${column} (kept as it is)`], ...names]),
  ];
  return h(
    "tr",
    {},
    h("th", { scope: "row" }, header),
    h(
      "td",
      {},
      h(
        "select",
        {
          className: "hk-input",
          "aria-label": `What ${header} means`,
          onchange: (e) =>
            work(model, { event: "column", file: file.file, header, column: e.target.value }),
        },
        options.map(([value, label]) =>
          h("option", { value, selected: value === (column ?? "") }, label)
        ),
      ),
    ),
    h(
      "td",
      {},
      state && h("span", { className: "hk-band", dataset: { tone: TONES[state] } }, state),
    ),
  );
}

function fileBlock(model, file, plan) {
  const names = plan.columns[file.table] ?? [];
  const doubtful = file.columns.some((c) => c.state === "likely") || file.missing.length;
  return h(
    "section",
    { className: "hk-plan-file" },
    fileHead(model, file, plan.tables),
    file.missing.length
      ? h("p", { className: "hk-plan-missing" }, `No column gives ${file.missing.join(", ")}.`)
      : null,
    file.table && h(
      "details",
      { open: doubtful },
      h(
        "summary",
        {},
        `${file.columns.filter((c) => c.column).length} of ${file.columns.length} columns used`,
      ),
      h(
        "table",
        { className: "hk-plan-columns" },
        h(
          "thead",
          {},
          h("tr", {}, ["In the file", "Means", ""].map((text) => h("th", { scope: "col" }, text))),
        ),
        h("tbody", {}, file.columns.map((c) => columnRow(model, file, c, names))),
      ),
    ),
  );
}

function questionBlock(model, { number, text, choices, chosen }) {
  const one = ([value, label]) =>
    h(
      "label",
      { className: "hk-option" },
      h("input", {
        type: "radio",
        name: `hk-question-${number}`,
        checked: value === chosen,
        onchange: () => work(model, { event: "answer", number, choice: value }),
      }),
      h("span", {}, label),
    );
  return h("fieldset", { className: "hk-question" }, h("legend", {}, text), choices.map(one));
}

export default {
  render({ model, el }) {
    el.classList.add("hk-panel");
    return follow(model, ["plan"], () => {
      const plan = model.get("plan");
      if (!plan.files) return;
      el.replaceChildren(
        h(
          "div",
          { className: "hk-panel-head" },
          h(
            "h2",
            { className: "hk-panel-title" },
            "What your files are taken for",
            h("small", {}, "Change what is wrong; nothing is stored until you say so."),
          ),
        ),
        plan.questions.length
          ? h(
            "div",
            { className: "hk-questions" },
            h("h3", {}, `${plan.questions.length} to decide`),
            plan.questions.map((q) => questionBlock(model, q)),
          )
          : "",
        ...plan.files.map((file) => fileBlock(model, file, plan)),
      );
    });
  },
};
