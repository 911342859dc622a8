// Numbers as text, by the same rules as hk_metrics/formatting.py.
const hk = (globalThis.hkMetrics ??= {});
hk.locale ??= { grouping: "indian", symbol: "₹" };
const cache = new Map();
function decimal(value, digits, least = digits) {
  const locale = hk.locale.grouping === "indian" ? "en-IN" : "en-US";
  const key = `${locale}${digits}${least}`;
  if (!cache.has(key)) {
    cache.set(
      key,
      new Intl.NumberFormat(locale, {
        maximumFractionDigits: digits,
        minimumFractionDigits: least,
      }),
    );
  }
  return cache.get(key).format(value);
}
const known = (value) => typeof value === "number" && Number.isFinite(value);
const signed = (value, sign, digits) =>
  `${value < 0 && /[1-9]/.test(digits) ? "-" : ""}${sign}${digits}`;

export const units = {
  money: (v, digits = Math.abs(v - Math.round(v)) < 0.005 ? 0 : 2) =>
    signed(v, hk.locale.symbol, decimal(Math.abs(v), digits)),
  count: (v) => signed(v, "", decimal(Math.abs(v), Math.abs(v - Math.round(v)) < 0.05 ? 0 : 1)),
  percent: (v) => {
    const p = Math.abs(v * 100);
    if (p >= 0.95 || p === 0) return signed(v, "", `${decimal(p, 1)}%`);
    return signed(v, "", `${decimal(p, Math.min(6, 2 - Math.floor(Math.log10(p))), 0)}%`);
  },
  chance: (v) => (v > 0.999 ? ">99.9%" : v < 0.001 ? "<0.1%" : `${decimal(100 * v, 1)}%`),
  times: (v) => `${signed(v, "", decimal(Math.abs(v), 2))}×`,
};
export const isNumber = (unit) => unit in units;
export const show = (value, unit, digits) => {
  if (value === null || value === undefined) return "—";
  if (!isNumber(unit)) return String(value);
  return known(value) ? units[unit](value, digits) : "—";
};
