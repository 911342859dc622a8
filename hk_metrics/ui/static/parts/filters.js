import { act, change } from "../client/document.js";
import { follow, h } from "../client/dom.js";
import { toggleDrawer } from "./header.js";

const MOST = 200;
const OPEN = ["brand", "campaign"];

const options = (pairs) => pairs.map(([value, label]) => h("option", { value }, label));
// A part of the rail: its element, and how it takes up the model's state without being built again.
const part = (element, update) => ({ element, update });

function dates(el, model) {
  const shown = () => model.get("period").shown ?? [];
  const ends = () => ({
    first: shown()[0] ?? model.get("span")[0],
    last: shown()[1] ?? model.get("span")[1],
  });
  const day = (key, label) =>
    h("input", {
      type: "date",
      className: "hk-input",
      "aria-label": label,
      onchange: (event) =>
        change(el, model, {
          period: { ...ends(), preset: "custom", [key]: event.target.value || null },
        }),
    });
  const [first, last] = [day("first", "First day"), day("last", "Last day")];
  const preset = h("select", {
    id: "hk-period",
    className: "hk-input",
    onchange: () =>
      change(el, model, {
        period: preset.value === "custom"
          ? { ...ends(), preset: "custom" }
          : { preset: preset.value },
      }),
  }, options(model.get("choices").period));
  return part(
    h(
      "div",
      { className: "hk-field" },
      h("label", { htmlFor: "hk-period" }, "Period"),
      preset,
      h("div", { className: "hk-pair" }, first, last),
    ),
    () => {
      const [min, max] = model.get("span");
      Object.assign(first, { min, max, value: ends().first ?? "" });
      Object.assign(last, { min, max, value: ends().last ?? "" });
      preset.value = model.get("period").preset ?? "all";
    },
  );
}

function compare(el, model) {
  const select = h("select", {
    id: "hk-compare",
    className: "hk-input",
    onchange: () => change(el, model, { compare: select.value }),
  }, options(model.get("choices").compare));
  return part(
    h(
      "div",
      { className: "hk-field" },
      h("label", { htmlFor: "hk-compare" }, "Compare to"),
      select,
    ),
    () => {
      select.value = model.get("compare");
    },
  );
}

function followers(el, model) {
  const set = (at) => (event) => {
    const chosen = [...(model.get("followers").chosen ?? [null, null])];
    chosen[at] = event.target.value === "" ? null : Number(event.target.value);
    change(el, model, { followers: { ...model.get("followers"), chosen } });
  };
  const bound = (at, label) =>
    h("input", {
      type: "number",
      min: 0,
      step: "any",
      className: "hk-input",
      "aria-label": label,
      placeholder: at ? "to" : "from",
      onchange: set(at),
    });
  const pair = [bound(0, "Followers from"), bound(1, "Followers to")];
  const element = h(
    "div",
    { className: "hk-field" },
    h("span", { className: "hk-label" }, "Followers"),
    h("div", { className: "hk-pair" }, pair),
  );
  return part(element, () => {
    const { max, chosen } = model.get("followers");
    element.hidden = !max;
    pair.forEach((input, at) => {
      input.value = chosen?.[at] ?? "";
    });
  });
}

const same = (a, b) => (a ?? null) === (b ?? null);

function facet(el, model, { name, label, values }) {
  const chosen = () => model.get("selection")[name] ?? [];
  const has = (value) => chosen().some((v) => same(v, value));
  const list = h("div", { className: "hk-options", role: "group", "aria-label": label });
  const count = h("span", { className: "hk-count", hidden: true });
  let boxes = [];
  let wanted = "";
  const toggle = (value) => {
    const next = has(value) ? chosen().filter((v) => !same(v, value)) : [...chosen(), value];
    const selection = { ...model.get("selection"), [name]: next };
    if (!next.length) delete selection[name];
    change(el, model, { selection });
  };
  const option = ([value, text, orders, colour]) => {
    const box = h("input", {
      type: "checkbox",
      "aria-label": text,
      checked: has(value),
      onchange: () => toggle(value),
    });
    boxes.push([box, value]);
    return h(
      "label",
      { className: "hk-option" },
      box,
      colour && h("i", { className: "hk-swatch", style: `background:${colour}` }),
      h("span", { title: text }, text),
      h("small", {}, orders),
    );
  };
  const fill = () => {
    boxes = [];
    const hits = values.filter(([, text]) => text.toLowerCase().includes(wanted));
    const rest = hits.length > MOST
      ? [h("small", { className: "hk-label" }, `${hits.length - MOST} more: search above`)]
      : [];
    list.replaceChildren(...hits.slice(0, MOST).map(option), ...rest);
  };
  const search = values.length > 8 &&
    h("input", {
      type: "search",
      className: "hk-input",
      placeholder: "Search",
      "aria-label": `Search ${label}`,
      oninput: (event) => {
        wanted = event.target.value.toLowerCase();
        fill();
      },
    });
  // A closed list has no elements yet: there may be thousands of influencers.
  const details = h(
    "details",
    {
      className: "hk-facet",
      open: OPEN.includes(name),
      dataset: { facet: name },
      ontoggle: () => {
        if (details.open && !boxes.length) fill();
      },
    },
    h("summary", {}, label, count),
    search,
    list,
  );
  if (details.open) fill();
  return part(details, () => {
    boxes.forEach(([box, value]) => {
      box.checked = has(value);
    });
    count.hidden = !chosen().length;
    count.textContent = chosen().length;
  });
}

export default {
  render({ model, el }) {
    el.classList.add("hk-rail");
    el.setAttribute("role", "search");
    el.setAttribute("aria-label", "Filters");
    let parts = [];
    const build = () => {
      parts = [
        dates(el, model),
        compare(el, model),
        ...model.get("facets").map((f) => facet(el, model, f)),
        followers(el, model),
      ];
      el.replaceChildren(
        h(
          "div",
          { className: "hk-rail-head" },
          h("h2", { className: "hk-rail-title" }, "Filters"),
          h("button", {
            type: "button",
            className: "hk-link",
            onclick: () => act(el, model, { event: "reset" }),
          }, "Reset"),
          h("button", {
            type: "button",
            className: "hk-button hk-done",
            onclick: () => toggleDrawer(false),
          }, "Done"),
        ),
        ...parts.map((p) => p.element),
      );
      update();
    };
    const update = () => parts.forEach((p) => p.update());
    el.addEventListener(
      "keydown",
      (event) => event.key === "Escape" && el.classList.contains("hk-open") && toggleDrawer(false),
    );
    const scrim = h("div", { className: "hk-scrim", onclick: () => toggleDrawer(false) });
    queueMicrotask(() => el.after(scrim));
    const stops = [
      follow(model, ["facets"], build),
      follow(model, ["selection", "period", "span", "compare", "followers"], update),
    ];
    return () => stops.forEach((stop) => stop());
  },
};
