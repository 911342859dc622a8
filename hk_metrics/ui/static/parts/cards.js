import { follow, h, svg, why } from "../client/dom.js";

function spark(points) {
  const known = points.filter((p) => p !== null);
  if (known.length < 2) return null;
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const place = (
    value,
    n,
  ) => [(n / (points.length - 1)) * 84, 24 - ((value - low) / (high - low || 1)) * 22];
  let path = "";
  let pen = "M";
  points.forEach((value, n) => {
    if (value === null) {
      pen = "M";
      return;
    }
    const [x, y] = place(value, n);
    path += `${pen}${x.toFixed(1)} ${y.toFixed(1)}`;
    pen = "L";
  });
  return svg(
    "svg",
    { viewBox: "0 0 84 26", "aria-hidden": "true", preserveAspectRatio: "none" },
    svg("path", {
      d: path,
      fill: "none",
      stroke: "var(--accent)",
      "stroke-width": "1.6",
      "stroke-linejoin": "round",
      "vector-effect": "non-scaling-stroke",
    }),
  );
}

function card({ key, label, tag, value, exact, range, band, delta, against, points, explain }) {
  return h(
    "section",
    { className: "hk-card", "aria-label": `${label}: ${exact}`, dataset: { card: key } },
    h("div", { className: "hk-card-label" }, h("span", {}, label), why(label, explain)),
    h(
      "div",
      { className: "hk-card-value", title: exact },
      h("span", {}, value),
      band && h("span", { className: "hk-band", dataset: { tone: band.tone } }, band.text),
      tag && h("span", { className: "hk-card-range" }, tag),
      range && h("span", { className: "hk-card-range" }, range),
    ),
    against && (delta || points) && h("div", { className: "hk-card-note" }, against),
    h(
      "div",
      { className: "hk-card-foot" },
      delta
        ? h(
          "span",
          { className: "hk-delta", dataset: { tone: delta.tone }, title: delta.title },
          delta.text,
        )
        : h("span", {}, points ? "" : against),
      points ? spark(points) : "",
    ),
  );
}

export default {
  shows: true,
  render({ model, el }) {
    el.classList.add("hk-cards");
    return follow(model, ["cards"], () => el.replaceChildren(...model.get("cards").map(card)));
  },
};
