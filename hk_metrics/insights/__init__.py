"""What changed and why, in sentences that carry their numbers; no widgets, no figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hk_metrics import formatting
from hk_metrics.insights import change, channels, gaps, people
from hk_metrics.insights.facts import Facts, gather
from hk_metrics.insights.insight import Evidence, Insight
from hk_metrics.view import Comparison, View

__all__ = ["Evidence", "Insight", "insights"]

_MOST = 8
# Each with the metrics that it cannot do without.
SENTENCES: dict[Callable[[Facts], Insight | None], tuple[str, ...]] = {
    gaps.lacking: (),
    change.revenue: ("revenue",),
    change.returned: ("roas",),
    people.profitable: ("roi",),
    people.losses: ("profit",),
    people.idle: ("spend", "orders"),
    channels.campaigns: ("roas",),
    channels.reach: ("reach", "revenue"),
    channels.sources: ("orders",),
    people.concentration: ("revenue",),
    change.peak: ("revenue",),
}


def insights(view: View, compare: Comparison | None = "previous_period") -> list[Insight]:
    """Return what is worth knowing about a view, the most important first.

    Parameters
    ----------
    view
        Any filters; nothing is said about rows that they leave out.
    compare
        The period to compare with; None for none.

    Returns
    -------
    list of Insight
        At most 8; fewer where the data says little, none for an empty view. What the data does
        not hold at all is said first, and nothing is concluded from it.

    Notes
    -----
    These are descriptions, not causes: "HKVitals brought most of the rise" says where the
    difference lies, not why. What the posts caused is a matter of lift.

    Examples
    --------
    >>> import hk_metrics as hk
    >>> data, _ = hk.simulate(seed=7, influencers=12, days=60, events=500)
    >>> all(i.text.endswith(".") for i in insights(data.view()))
    True
    """
    facts = gather(view, compare)
    total = facts.total("revenue"), facts.total("spend"), facts.total("reach")
    if not any(formatting.is_known(v) and v for v in total):
        return []
    whole = View(view.ledger)
    found = (s(facts) for s, needs in SENTENCES.items() if not whole.gaps(needs))
    return [_qualified(view, insight) for insight in found if insight][:_MOST]


def _qualified(view: View, insight: Insight) -> Insight:
    by = insight.evidence.by
    if by not in view.dimensions or not view.is_estimated(insight.metric, by):
        return insight
    split = f"{by.removesuffix('_id').replace('_', ' ')} is estimated"
    return replace(insight, text=f"{insight.text.removesuffix('.')} (the split by {split}).")
