import { follow, h } from "./dom.js";
import { toggleDrawer } from "./header.js";

const PRESETS = [["all", "All dates"], ["last_7", "Last 7 days"], ["last_28", "Last 28 days"], ["last_90", "Last 90 days"],
  ["this_month", "This month"], ["last_month", "Last month"], ["custom", "Custom"]];
const COMPARE = [["previous_period", "Previous period"], ["previous_year", "Same period a year before"], ["none", "No comparison"]];

function push(model, changes) {
  globalThis.hkMetrics.busy?.();
  for (const [name, value] of Object.entries(changes)) model.set(name, value);
  model.save_changes();
}

const options = (pairs, chosen) => pairs.map(([value, label]) => h("option", { value, selected: value === chosen }, label));

function dates(model) {
  const period = model.get("period");
  const [min, max] = model.get("span");
  const custom = (key) => (event) => {
    const shown = { first: period.shown?.[0] ?? min, last: period.shown?.[1] ?? max };
    push(model, { period: { ...shown, preset: "custom", [key]: event.target.value || null } });
  };
  const day = (key, label, value) => h("input", { type: "date", className: "hk-input", "aria-label": label, value: value ?? "", min, max, onchange: custom(key) });
  return h("div", { className: "hk-field" },
    h("label", { htmlFor: "hk-period" }, "Period"),
    h("select", { id: "hk-period", className: "hk-input", onchange: (e) => push(model, { period: e.target.value === "custom"
      ? { preset: "custom", first: period.shown?.[0] ?? min, last: period.shown?.[1] ?? max } : { preset: e.target.value } }) }, options(PRESETS, period.preset)),
    h("div", { className: "hk-pair" }, day("first", "First day", period.shown?.[0] ?? min), day("last", "Last day", period.shown?.[1] ?? max)));
}

function compare(model) {
  return h("div", { className: "hk-field" }, h("label", { htmlFor: "hk-compare" }, "Compare to"),
    h("select", { id: "hk-compare", className: "hk-input", onchange: (e) => push(model, { compare: e.target.value }) }, options(COMPARE, model.get("compare"))));
}

function followers(model) {
  const range = model.get("followers");
  if (!range.max) return null;
  const [low, high] = range.chosen ?? [null, null];
  const set = (at) => (event) => {
    const next = [low, high];
    next[at] = event.target.value === "" ? null : Number(event.target.value);
    push(model, { followers: { ...range, chosen: next } });
  };
  const bound = (at, label, value) => h("input", { type: "number", min: 0, step: "any", className: "hk-input", "aria-label": label, placeholder: at ? "to" : "from", value: value ?? "", onchange: set(at) });
  return h("div", { className: "hk-field" }, h("span", { className: "hk-label" }, "Followers"),
    h("div", { className: "hk-pair" }, bound(0, "Followers from", low), bound(1, "Followers to", high)));
}

const same = (a, b) => (a ?? null) === (b ?? null);

function facet(model, { name, label, values }, memory) {
  const chosen = model.get("selection")[name] ?? [];
  const list = h("div", { className: "hk-options", role: "group", "aria-label": label });
  const toggle = (value) => {
    const now = model.get("selection")[name] ?? [];
    const next = now.some((v) => same(v, value)) ? now.filter((v) => !same(v, value)) : [...now, value];
    const selection = { ...model.get("selection"), [name]: next };
    if (!next.length) delete selection[name];
    push(model, { selection });
  };
  const fill = () => {
    const wanted = (memory.search[name] ?? "").toLowerCase();
    const hits = values.filter(([, text]) => text.toLowerCase().includes(wanted));
    list.replaceChildren(...hits.slice(0, 200).map(([value, text, count, colour]) => h("label", { className: "hk-option" },
      h("input", { type: "checkbox", "aria-label": text, checked: chosen.some((v) => same(v, value)), onchange: () => toggle(value) }),
      colour && h("i", { className: "hk-swatch", style: `background:${colour}` }), h("span", { title: text }, text), h("small", {}, count))),
    ...(hits.length > 200 ? [h("small", { className: "hk-label" }, `${hits.length - 200} more: search above`)] : []));
  };
  fill();
  const search = values.length > 8 && h("input", { type: "search", className: "hk-input", placeholder: "Search", "aria-label": `Search ${label}`, value: memory.search[name] ?? "",
    oninput: (event) => { memory.search[name] = event.target.value; fill(); } });
  return h("details", { className: "hk-facet", open: memory.open.has(name), dataset: { facet: name },
    ontoggle: (event) => { event.target.open ? memory.open.add(name) : memory.open.delete(name); } },
    h("summary", {}, label, chosen.length ? h("span", { className: "hk-count" }, chosen.length) : null), search, list);
}

export default {
  render({ model, el }) {
    el.classList.add("hk-rail");
    el.setAttribute("role", "search");
    el.setAttribute("aria-label", "Filters");
    const memory = { open: new Set(["brand", "campaign"]), search: {} };
    const draw = () => {
      const focused = el.contains(document.activeElement) ? path(el, document.activeElement) : null;
      const scroll = [...el.querySelectorAll(".hk-options")].map((list) => list.scrollTop);
      el.replaceChildren(
        h("div", { className: "hk-rail-head" }, h("h2", { className: "hk-rail-title" }, "Filters"),
          h("button", { type: "button", className: "hk-link", onclick: () => { globalThis.hkMetrics.busy?.(); model.send({ event: "reset" }); } }, "Reset"),
          h("button", { type: "button", className: "hk-button hk-done", onclick: () => toggleDrawer(false) }, "Done")),
        dates(model), compare(model),
        ...model.get("facets").map((f) => facet(model, f, memory)),
        followers(model) ?? "");
      el.querySelectorAll(".hk-options").forEach((list, at) => { list.scrollTop = scroll[at] ?? 0; });
      if (focused) at(el, focused)?.focus({ preventScroll: true });
    };
    el.addEventListener("keydown", (event) => event.key === "Escape" && el.classList.contains("hk-open") && toggleDrawer(false));
    const scrim = h("div", { className: "hk-scrim", onclick: () => toggleDrawer(false) });
    queueMicrotask(() => el.after(scrim));
    return follow(model, ["facets", "selection", "period", "span", "compare", "followers"], draw);
  },
};

// Keyboard focus stays where it was when the rail is drawn again.
function path(root, node) {
  const steps = [];
  for (let n = node; n !== root; n = n.parentElement) steps.unshift([...n.parentElement.children].indexOf(n));
  return steps;
}
const at = (root, steps) => steps.reduce((node, step) => node?.children[step], root);
