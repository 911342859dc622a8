// A table: the rows in sight, as the session wrote them; sorted, searched and turned there.
import { act, work } from "../client/document.js";
import { follow, h, redraw, why } from "../client/dom.js";
import { menu } from "../client/menu.js";
import { tagField } from "./tags.js";

const WAIT = 250;
const ARIA = { asc: "ascending", desc: "descending" };

function tool(model, format) {
  const label = `Download as ${format.toUpperCase()}`;
  return h("button", {
    type: "button",
    className: "hk-tool hk-tool-text",
    "aria-label": label,
    title: label,
    onclick: () => work(model, { event: "export", format }),
  }, format.toUpperCase());
}

// The order it has is turned round; a new one begins with what is looked for: the largest, or A.
function nextWay({ key, right }, sort) {
  const first = right ? "desc" : "asc";
  if (sort?.[0] !== key) return first;
  return sort[1] === "asc" ? "desc" : "asc";
}

function head(column, sort, arrange) {
  const { key, label, right, explain } = column;
  const way = sort?.[0] === key ? ARIA[sort[1]] : null;
  const press = () => arrange("sort", `${key}:${nextWay(column, sort)}`);
  return h(
    "th",
    { scope: "col", className: right ? "hk-num" : "", "aria-sort": way },
    h(
      "span",
      { className: "hk-th" },
      h("button", { type: "button", className: "hk-sort", title: "Sort", onclick: press }, label),
      why(label, explain) ?? "",
    ),
  );
}

function cell({ text, exact, tone }, { right }, content = text) {
  const negative = right && /^-/.test(text);
  return h("td", {
    className: `${right ? "hk-num" : "hk-text"}${negative ? " hk-negative" : ""}`,
    title: exact ?? (right ? null : text),
  }, tone ? h("span", { className: "hk-band", dataset: { tone } }, content) : content);
}

function line(row, columns, choose, tick) {
  if (!choose) return h("tr", {}, row.map((value, n) => cell(value, columns[n])));
  const name = h("button", {
    type: "button",
    className: "hk-cell-link",
    title: "Narrow the page to this",
  }, row[0].text);
  const first = tick ? [tick(row[0].text), name] : name;
  const cells = row.map((value, n) => cell(value, columns[n], n ? value.text : first));
  return h("tr", { className: "hk-pick", onclick: choose }, cells);
}

// What can be done with the rows that are ticked; those of other pages of the table stay so.
function choices(el, model, chosen, untick) {
  const place = h("div", { className: "hk-choosing", hidden: true });
  const { field, known, offer } = tagField("Tag of those chosen", "Tag");
  const none = () => {
    field.value = "";
    chosen.clear();
    untick();
  };
  const send = (message) => {
    act(el, model, { event: "chosen", keys: [...chosen], ...message });
    none();
  };
  const button = (label, action, more = {}) =>
    h("button", { type: "button", className: "hk-button", onclick: action, ...more }, label);
  const tell = (how) => field.value.trim() && send({ do: how, tag: field.value });
  const tagging = [
    field,
    known,
    button("Tag", () => tell("tag")),
    button("Remove tag", () => tell("untag")),
  ];
  const draw = () => {
    const { may, fewest, most, tags } = model.get("choosing");
    place.hidden = !chosen.size;
    if (!chosen.size) return;
    offer(tags);
    const right = chosen.size >= fewest && chosen.size <= most;
    redraw(
      place,
      h("span", { role: "status" }, `${chosen.size} chosen`),
      button("Side by side", () => send({ do: "compare" }), {
        className: "hk-button hk-strong",
        disabled: !right,
        title: `${fewest} to ${most} influencers`,
      }),
      ...(may ? tagging : []),
      button("Clear", none),
    );
  };
  return { place, draw };
}

// First and last, and those near where one is.
function stops(at, last) {
  const near = [0, at - 1, at, at + 1, last].filter((n) => n >= 0 && n <= last);
  return [...new Set(near)].sort((a, b) => a - b);
}

function turning({ at, length, found, total, title }, turn) {
  const [here, last] = [Math.floor(at / length), Math.max(0, Math.ceil(found / length) - 1)];
  const of = found < total ? ` (of ${total.toLocaleString("en-IN")})` : "";
  const to = Math.min(at + length, found);
  const words = `${found ? at + 1 : 0} to ${to} of ${found.toLocaleString("en-IN")}${of}`;
  const go = (n, text, label) =>
    h("button", {
      type: "button",
      className: "hk-turn",
      disabled: n < 0 || n > last,
      "aria-label": label ?? `Rows from ${n * length + 1}`,
      "aria-current": n === here && !label ? "page" : null,
      onclick: () => turn(n * length),
    }, text);
  const numbers = stops(here, last).flatMap((n, i, all) => [
    i && n - all[i - 1] > 1 ? h("span", {}, "…") : "",
    go(n, String(n + 1)),
  ]);
  return [
    h("span", { role: "status" }, words),
    h(
      "nav",
      { "aria-label": `Pages of ${title}`, hidden: last === 0 },
      go(here - 1, "‹", "Rows before"),
      ...numbers,
      go(here + 1, "›", "Rows after"),
    ),
  ];
}

// Which columns are in sight.
function picker(model, arrange) {
  return menu("Columns", "columns", () => {
    const { choices } = model.get("table");
    const hidden = () =>
      model.get("table").choices.filter(([, , there]) => !there).map(([key]) => key);
    const set = (key, there) => {
      const others = hidden().filter((one) => one !== key);
      arrange("hide", (there ? others : [...others, key]).join(","));
    };
    return choices.slice(1).map(([key, label, there]) =>
      h(
        "label",
        { className: "hk-option" },
        h("input", {
          type: "checkbox",
          checked: there,
          onchange: (event) => set(key, event.target.checked),
        }),
        h("span", {}, label),
      )
    );
  });
}

// More to the right is told by a shade at that side.
function watchEdges(place) {
  const tell = () => {
    const rest = place.scrollWidth - place.clientWidth - place.scrollLeft;
    place.classList.toggle("hk-more", rest > 2);
    place.classList.toggle("hk-scrolled", place.scrollLeft > 2);
  };
  place.addEventListener("scroll", tell, { passive: true });
  const sized = new ResizeObserver(tell);
  sized.observe(place);
  return { tell, end: () => sized.disconnect() };
}

function searching(model, arrange) {
  let due = 0;
  const send = (value) => {
    clearTimeout(due);
    if (value !== model.get("table").find) arrange("find", value);
  };
  const input = h("input", {
    type: "search",
    className: "hk-input hk-table-search",
    placeholder: "Search",
    oninput: () => {
      clearTimeout(due);
      due = setTimeout(send, WAIT, input.value);
    },
    onchange: () => send(input.value),
  });
  return input;
}

export default {
  shows: true,
  render({ model, el }) {
    el.classList.add("hk-panel", "hk-table");
    if (model.get("wrap")) el.classList.add("hk-wrap");
    const arrange = (name, value) => work(model, { event: "arrange", name, value });
    const title = h("h2", { className: "hk-panel-title" });
    const search = searching(model, arrange);
    const paper = tool(model, "pdf");
    const columns = picker(model, arrange);
    const tools = h(
      "div",
      { className: "hk-tools" },
      columns,
      paper,
      tool(model, "csv"),
      tool(model, "xlsx"),
    );
    const place = h("div", { className: "hk-table-place", tabIndex: 0 });
    const below = h("div", { className: "hk-turning" });
    const note = h("p", { className: "hk-note" });
    const chosen = new Set();
    const bar = choices(el, model, chosen, () => draw());
    el.append(
      h("div", { className: "hk-panel-head" }, title, search, tools),
      bar.place,
      place,
      below,
      note,
    );
    const ticks = (value) => (name) =>
      h("input", {
        type: "checkbox",
        className: "hk-tick",
        checked: chosen.has(value),
        "aria-label": `Choose ${name}`,
        onclick: (event) => event.stopPropagation(),
        onchange: (event) => {
          if (event.target.checked) chosen.add(value);
          else chosen.delete(value);
          bar.draw();
        },
      });
    const edges = watchEdges(place);

    const grid = (table) => {
      const choose = (n) =>
        table.pick
          ? () => act(el, model, { event: "pick", dimension: table.pick, value: table.keys[n] })
          : null;
      const tick = (n) => model.get("choosing").most ? ticks(table.keys[n]) : null;
      const rows = table.rows.map((row, n) => line(row, table.columns, choose(n), tick(n)));
      const words = table.total ? "No row has these words." : "Nothing in this view.";
      const nothing = h("tr", {}, h("td", { colSpan: table.columns.length || 1 }, words));
      return h(
        "table",
        { className: "hk-grid-table" },
        h("caption", { className: "hk-offscreen" }, table.title),
        h("thead", {}, h("tr", {}, table.columns.map((c) => head(c, table.sort, arrange)))),
        h("tbody", {}, rows.length ? rows : nothing),
      );
    };
    const draw = () => {
      const table = model.get("table");
      if (!table.columns) return;
      title.replaceChildren(
        table.title,
        table.subtitle ? h("small", {}, table.subtitle) : "",
      );
      search.setAttribute("aria-label", `Search ${table.title}`);
      search.hidden = table.total <= table.length && !table.find;
      if (document.activeElement !== search) search.value = table.find;
      paper.hidden = !table.paper;
      columns.hidden = table.choices.length < 4;
      place.setAttribute("aria-label", table.title);
      note.textContent = table.note;
      note.hidden = !table.note;
      redraw(place, grid(table));
      bar.draw();
      below.hidden = table.total <= table.length;
      redraw(below, ...turning(table, (at) => work(model, { event: "turn", at })));
      edges.tell();
      performance.mark("hk-table");
    };
    const stop = follow(model, ["table", "choosing"], draw);
    return () => {
      stop();
      edges.end();
    };
  },
};
