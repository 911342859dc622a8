"""Where it came from: campaigns, platforms, sources."""

from __future__ import annotations

from hk_metrics import formatting
from hk_metrics.insights.facts import Facts
from hk_metrics.insights.insight import Evidence, Insight

_NOTEWORTHY_SHARE = 0.05  # of spend or of reach: below it a value is not worth a sentence
_NOTEWORTHY_GAP = 0.05


def campaigns(facts: Facts) -> Insight | None:
    """Name the best and the weakest campaign."""
    named = facts.named("campaign")
    known = (
        named[named["spend"] > _NOTEWORTHY_SHARE * named["spend"].sum()] if len(named) else named
    )
    if len(known) < 2:
        return None
    order = known["roas"].sort_values(ascending=False)
    best, worst = str(order.index[0]), str(order.index[-1])
    high, low = (formatting.times(float(order[name])) for name in (best, worst))
    if high == low or not known["revenue"].sum() > 0:
        return None
    text = f"{best} returned {high} and {worst} {low}, the best and the weakest campaign by ROAS."
    return Insight(text, "roas", Evidence("campaign", ("roas", "revenue", "spend"), (best, worst)))


def sources(facts: Facts) -> Insight | None:
    """Say how orders came."""
    orders = facts.named("source")
    if len(orders) < 2 or not orders["orders"].sum() > 0:
        return None
    shares = (orders["orders"] / orders["orders"].sum()).sort_values(ascending=False)
    shown = [f"{name} ({facts.share(float(share))})" for name, share in shares.head(3).items()]
    listed = f"{', '.join(shown[:-1])} and {shown[-1]}"
    mostly = "mostly " if len(shares) > 3 else ""
    evidence = Evidence("source", ("orders", "revenue"))
    return Insight(f"Orders came {mostly}through {listed}.", "orders", evidence)


def reach(facts: Facts) -> Insight | None:
    """Name the platform whose share of reach and of revenue differ most."""
    known = facts.named("platform")
    known = known[["reach", "revenue"]].dropna() if "reach" in known else known.head(0)
    if len(known) < 2 or not (known.sum() > 0).all():
        return None
    shares = known / known.sum()
    gap = (shares["reach"] - shares["revenue"]).where(shares["reach"] > _NOTEWORTHY_SHARE)
    if not gap.abs().max() >= _NOTEWORTHY_GAP:
        return None
    name = str(gap.abs().idxmax())
    reach, revenue = (float(shares[m][name]) for m in ("reach", "revenue"))
    evidence = Evidence("platform", ("reach", "revenue"), (name,))
    if not revenue:
        people = facts.count(float(known["reach"][name]))
        text = f"{name} reached {people} people, and no tracked order came through it."
        return Insight(text, "reach", evidence, "poor")
    text = (
        f"{name} has {facts.share(reach)} of the reach and {facts.share(revenue)} of the revenue."
    )
    return Insight(text, "reach", evidence, "poor" if reach > revenue else "good")
