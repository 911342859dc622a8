"""What changed: revenue, return on spend, and the day that stood out."""

from __future__ import annotations

from datetime import date

from hk_metrics import formatting
from hk_metrics.insights.facts import Facts
from hk_metrics.insights.insight import Evidence, Insight

_PEAK = 2.0  # times a usual day


def revenue(facts: Facts) -> Insight | None:
    """Say how revenue moved, and which brand moved it."""
    revenue, spend, orders = (facts.total(m) for m in ("revenue", "spend", "orders"))
    if not revenue > 0:
        return None
    evidence = Evidence("date", ("revenue", "spend"))
    if not facts.then:
        back = f": {facts.money(revenue / spend)} for each rupee paid" if spend > 0 else ""
        back = back if facts.settings.currency == "INR" else ""
        known = formatting.is_known(orders), formatting.is_known(spend)
        what = f"{facts.count(orders)} orders" if known[0] else "Tracked sales"
        cost = f" on {facts.money(spend)} of spend{back}" if known[1] else ""
        return Insight(f"{what} brought {facts.money(revenue)}{cost}.", "revenue", evidence)
    change = revenue - facts.total_before("revenue")
    ratio = change / facts.total_before("revenue")
    verb = "rose" if ratio > 0.005 else "fell" if ratio < -0.005 else "held"
    by = f" {facts.share(abs(ratio))}" if verb != "held" else ""
    text = f"Revenue {verb}{by} to {facts.money(revenue)} against {facts.before}"
    tone = {"rose": "good", "fell": "poor", "held": ""}[verb]
    return Insight(f"{text}{_mostly(facts, change)}.", "revenue", evidence, tone)


def _mostly(facts: Facts, change: float) -> str:
    """Say which brand moved the total, if one did."""
    if "brand" not in facts.now or "brand" not in facts.then or not change:
        return ""
    now, then = facts.now["brand"]["revenue"], facts.then["brand"]["revenue"]
    moved = now.sub(then, fill_value=0.0)
    if len(moved) < 2:
        return ""
    name = str((moved * (1 if change > 0 else -1)).idxmax())
    part = float(moved[name])
    if part / change < 0.5:
        return ""
    way = "more" if change > 0 else "less"
    return f"; {name} alone brought {facts.money(abs(part))} {way}"


def returned(facts: Facts) -> Insight | None:
    """Say how ROAS moved, and whether revenue or spend did it."""
    now, then = facts.total("roas"), facts.total_before("roas")
    evidence = Evidence("", ("roas", "revenue", "spend"))
    if not (formatting.is_known(now) and formatting.is_known(then)):
        return None
    revenue = facts.total("revenue") / facts.total_before("revenue") - 1
    spend = facts.total("spend") / facts.total_before("spend") - 1
    verb = "held at" if abs(now - then) < 0.005 else "rose to" if now > then else "fell to"
    before = "" if verb == "held at" else f" from {formatting.times(then)}"
    why = f"revenue {formatting.change(revenue)}, spend {formatting.change(spend)}"
    tone = "" if verb == "held at" else "good" if now > then else "poor"
    return Insight(f"ROAS {verb} {formatting.times(now)}{before}: {why}.", "roas", evidence, tone)


def peak(facts: Facts) -> Insight | None:
    """Name the best day, if it stands out."""
    days = facts.now.get("day")
    if days is None or len(days) < 14:
        return None
    best = days.sort_values("revenue").iloc[-1]
    usual, most = float(days["revenue"].median()), float(best["revenue"])
    day = date.fromisoformat(str(best.name)[:10])
    if not usual > 0 or most < _PEAK * usual:
        return None
    ratio = formatting.times(most / usual)
    text = f"{formatting.period(day, day)} was the best day with {facts.money(most)}, {ratio} a "
    return Insight(f"{text}usual one.", "revenue", Evidence("date", ("revenue",), (str(day),)))
