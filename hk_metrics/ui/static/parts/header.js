import { change, work } from "../client/document.js";
import { find, follow, h, icon, redraw } from "../client/dom.js";
import { entry, menu } from "../client/menu.js";
import { account } from "./account.js";
import { savedViews } from "./saved.js";

const go = (el, model, page) => {
  if (page !== model.get("page")) change(el, model, { page });
};

// The first stop of who uses the keyboard: past the header and the filters.
function skip() {
  const go = (event) => {
    event.preventDefault();
    const main = find(".hk-app:not(#hk-skeleton) .hk-main");
    main?.setAttribute("tabindex", "-1");
    main?.focus();
  };
  return h("a", { className: "hk-skip", href: "#", onclick: go }, "Skip to the numbers");
}

function nav(el, model) {
  const link = ({ key, label }) =>
    h("a", {
      href: `?page=${key}`,
      "aria-current": key === model.get("page") ? "page" : null,
      dataset: { page: key },
      onclick: (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        go(el, model, key);
      },
    }, label);
  return model.get("pages").map(link);
}

function about(el, model) {
  const { name, period, sample, tone, findings, told } = model.get("dataset");
  return [
    h(
      "span",
      { className: "hk-tag hk-dataset", title: `${name}, ${period}` },
      sample ? "Sample data" : name,
    ),
    h("button", {
      type: "button",
      className: "hk-tag",
      dataset: { tone },
      title: `Open the quality report${told ? `: ${told}` : ""}`,
      onclick: () => go(el, model, "data"),
    }, findings),
  ];
}

const button = (label, name, act, extra = "") =>
  h("button", {
    type: "button",
    className: `hk-button hk-icon ${extra}`,
    "aria-label": label,
    title: label,
    onclick: act,
  }, icon(name));

function share() {
  const copied = () =>
    globalThis.hkMetrics.say?.("Link copied: it opens exactly this view.", "OK", () => {});
  navigator.clipboard?.writeText(location.href).then(
    copied,
    () => prompt("Copy this link", location.href),
  );
}

function flip() {
  const hk = globalThis.hkMetrics;
  hk.setTheme?.(hk.theme() === "dark" ? "light" : "dark");
}

export function toggleDrawer(open) {
  const rail = find(".hk-app:not(#hk-skeleton) .hk-rail");
  const show = open ?? !rail?.classList.contains("hk-open");
  rail?.classList.toggle("hk-open", show);
  find(".hk-scrim")?.classList.toggle("hk-open", show);
  if (show) find("button, input, summary", rail)?.focus();
  else find(".hk-menu")?.focus();
}

/**
 * Scroll a row so that one of its links is in the middle. `scrollIntoView` would also let the next
 * Tab start from that link, past the way to skip the row.
 * @param {Element} row @param {Element | null} link
 */
function centre(row, link) {
  if (!link) return;
  const [all, one] = [row.getBoundingClientRect(), link.getBoundingClientRect()];
  row.scrollLeft += one.left + one.width / 2 - (all.left + all.width / 2);
}

export default {
  render({ model, el }) {
    el.classList.add("hk-head");
    const saved = savedViews(model, (query) => globalThis.hkMetrics.visit?.(query));
    const take = (kind, close) => () => {
      close(true);
      work(model, { event: "export", kind });
    };
    const exports = menu("Export", "download", (close) => [
      entry("This page as PDF", "Figures and tables on paper", take("pdf", close)),
      entry("Tables of this page", "One XLSX workbook", take("page", close)),
      entry("Everything", "Totals, every breakdown, every day: XLSX", take("everything", close)),
    ]);
    const pages = h("nav", { className: "hk-nav", "aria-label": "Pages" });
    const facts = h("div", { className: "hk-about" });
    const who = h("div", { className: "hk-about" });
    el.append(
      skip(),
      button("Filters", "filter", () => toggleDrawer(), "hk-menu"),
      h(
        "div",
        { className: "hk-brand" },
        h("span", { className: "hk-mark", "aria-hidden": "true" }),
        h("h1", { className: "hk-name" }, "Influencer return"),
      ),
      pages,
      h(
        "div",
        { className: "hk-actions" },
        facts,
        button("Share this view", "share", share),
        saved,
        exports,
        button("Light or dark", "sun", flip),
        who,
      ),
    );
    const stops = [
      follow(model, ["pages", "page"], () => {
        redraw(pages, ...nav(el, model));
        centre(pages, pages.querySelector("[aria-current]"));
      }),
      follow(model, ["dataset"], () => redraw(facts, ...about(el, model))),
      follow(model, ["account"], () => redraw(who, ...account(model.get("account")))),
    ];
    globalThis.hkMetrics.ready?.();
    return () => stops.forEach((stop) => stop());
  },
};
