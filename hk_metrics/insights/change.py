"""What changed: revenue, return on spend, and the day that stood out."""

from __future__ import annotations

from datetime import date

from hk_metrics import formatting
from hk_metrics.insights.facts import Facts
from hk_metrics.insights.insight import Evidence, Insight
from hk_metrics.insights.why import verdict

_PEAK = 2.0  # times a usual day


def revenue(facts: Facts) -> Insight | None:
    """Say how revenue or spend moved, by how much, and what moved it."""
    revenue, spend, orders = (facts.total(m) for m in ("revenue", "spend", "orders"))
    if not revenue > 0:
        return None
    evidence = Evidence("date", ("revenue", "spend"))
    if not facts.then:
        back = f": {facts.money(revenue / spend)} for each rupee paid" if spend > 0 else ""
        back = back if facts.settings.currency == "INR" else ""
        known = formatting.is_known(orders), formatting.is_known(spend)
        what = f"{facts.count(orders)} orders" if known[0] else "Tracked sales"
        cost = f" on {facts.money(spend)} of spend{back}" if known[1] and spend else ""
        return Insight(f"{what} brought {facts.money(revenue)}{cost}.", "revenue", evidence)
    return verdict(facts)


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
