"""Who earned it: influencers in profit and in loss, idle ones, and how few bring most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hk_metrics.insights.facts import Facts
from hk_metrics.insights.insight import Evidence, Insight

if TYPE_CHECKING:
    import pandas as pd

_TOP_TENTH = 0.1
_HALF = 0.5
_NOTEWORTHY = 0.01  # of spend: below it the shares of a few days' posts are no verdict on anybody


def ids(rows: pd.DataFrame | pd.Series[float]) -> tuple[str, ...]:
    """Return the influencers of rows, in their order."""
    return tuple(map(str, rows.index))


def profitable(facts: Facts) -> Insight | None:
    """Count the paid influencers who brought more than they cost."""
    paid = facts.named("influencer_id")
    paid = paid[paid["spend"] > 0] if len(paid) else paid
    if len(paid) < 2:
        return None
    winners = paid[paid["roi"] > 0]
    text = f"{len(winners)} of {len(paid)} paid influencers brought more than they cost"
    share = float(winners["spend"].sum() / paid["spend"].sum())
    mean = (
        f"; their mean ROI is {facts.share(float(winners['roi'].mean()))}" if len(winners) else ""
    )
    # Many winners on little money are no good news, and the mean of their ROI says nothing.
    little = f"; they are {facts.share(share)} of the spend"
    evidence = Evidence("influencer_id", ("roi", "revenue", "spend"), ids(winners))
    tone = "good" if len(winners) * 2 > len(paid) and share >= _HALF else "poor"
    return Insight(f"{text}{little if 0 < share < _HALF else mean}.", "roi", evidence, tone)


def losses(facts: Facts) -> Insight | None:
    """Say what the influencers in loss cost."""
    paid = facts.named("influencer_id")
    losing = paid[(paid["spend"] > 0) & (paid["profit"] < 0)] if len(paid) > 1 else paid.head(0)
    if losing.empty:
        return None
    lost = -float(losing["profit"].sum())
    if lost < _NOTEWORTHY * facts.total("spend"):
        return None
    worst = losing["profit"].sort_values().head(3)
    share = -float(worst.sum()) / lost
    some = f"; {len(worst)} of them make up {facts.share(share)} of it" if len(losing) > 3 else ""
    many = f"{len(losing)} influencers" if len(losing) > 1 else "One influencer"
    text = f"{many} brought {facts.money(lost)} less than paid{some}."
    return Insight(
        text, "profit", Evidence("influencer_id", ("profit", "spend"), ids(losing)), "poor"
    )


def concentration(facts: Facts) -> Insight | None:
    """Say how much the best tenth brings."""
    earned = facts.named("influencer_id")
    if len(earned) < 20:
        return None
    revenue = earned["revenue"].sort_values(ascending=False)
    top = max(1, round(_TOP_TENTH * len(revenue)))
    share = float(revenue.head(top).sum() / revenue.sum())
    text = (
        f"The {top} best of {len(revenue)} influencers bring {facts.share(share)} of the revenue."
    )
    evidence = Evidence("influencer_id", ("revenue",), ids(revenue.head(top)))
    return Insight(text, "revenue", evidence)


def idle(facts: Facts) -> Insight | None:
    """Say what was paid to influencers without an order."""
    paid = facts.named("influencer_id")
    idle = paid[(paid["spend"] > 0) & ~(paid["orders"] > 0)] if len(paid) else paid
    amount = float(idle["spend"].sum()) if len(idle) else 0.0
    if not amount or amount < _NOTEWORTHY * facts.total("spend"):
        return None
    spend = facts.money(amount)
    who = f"{len(idle)} influencers were" if len(idle) > 1 else "One influencer was"
    text = f"{who} paid {spend} without a tracked order."
    return Insight(text, "spend", Evidence("influencer_id", ("spend", "orders"), ids(idle)), "poor")
