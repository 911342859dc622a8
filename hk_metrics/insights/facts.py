"""All numbers that the sentences need: one pass over the view, one over the period before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hk_metrics import formatting
from hk_metrics.view import Comparison, Query, View
from hk_metrics.view.filters import NONE

if TYPE_CHECKING:
    import pandas as pd

    from hk_metrics.settings import Settings

_MONEY = ("revenue", "spend", "roas", "profit")
CORE = ("revenue", "orders", "spend", "reach")
_QUERIES: Mapping[str, Query] = {
    "total": Query(("revenue", "orders", "spend", "roas", "reach", "posts")),
    "brand": Query((*_MONEY, "posts"), by=("brand",)),
    "campaign": Query((*_MONEY, "posts"), by=("campaign",)),
    "source": Query(("orders", "revenue"), by=("source",)),
    "platform": Query(("reach", "orders", "revenue"), by=("platform",)),
    "influencer_id": Query((*_MONEY, "orders", "roi", "posts"), by=("influencer_id",)),
    "code": Query(("orders", "revenue"), by=("influencer_id", "source")),
    "fee": Query(("spend",), by=("influencer_id", "basis")),
    "day": Query(("revenue", "spend"), freq="D"),
}
# What is asked of the period before, too.
_EARLIER = ("total", "brand", "campaign", "influencer_id", "source", "code", "fee", "day")


@dataclass(frozen=True)
class Facts:
    """All numbers that the sentences need, from one pass over the view and one over before.

    ``gaps`` says what the data does not hold at all.
    """

    view: View
    now: Mapping[str, pd.DataFrame]
    then: Mapping[str, pd.DataFrame]
    before: str
    settings: Settings
    gaps: str

    def total(self, metric: str) -> float:
        """Return a total of the view."""
        return float(self.now["total"][metric].iloc[0])

    def total_before(self, metric: str) -> float:
        """Return a total of the period before; NaN if it cannot be compared."""
        known = "total" in self.then
        return float(self.then["total"][metric].iloc[0]) if known else float("nan")

    def money(self, amount: float) -> str:
        """Return an amount as text."""
        return formatting.compact_money(amount, self.settings)

    def count(self, number: float) -> str:
        """Return a count as text."""
        return formatting.compact_count(number, self.settings)

    def share(self, fraction: float) -> str:
        """Return a fraction as text."""
        return formatting.percent(fraction, self.settings)

    def moved(self, amount: float) -> str:
        """Return a change of an amount as text."""
        return formatting.moved_money(amount, self.settings)

    def called(self, dimension: str, value: str) -> str:
        """Return what a value is called: influencers by their names, where there are any."""
        if dimension != "influencer_id" or "name" not in self.view.dimensions:
            return value
        names = View(self.view.ledger).where(influencer_id=value).by("name", metrics="orders").index
        return str(names[0]) if len(names) and names[0] != NONE else value

    def named(self, dimension: str) -> pd.DataFrame:
        """Return a breakdown without the rows that have no value."""
        frame = self.now.get(dimension)
        if frame is None:
            frame = self.now["total"].head(0)
        return frame[frame.index != NONE]


def gather(view: View, compare: Comparison | None) -> Facts:
    """Compute what the sentences need about a view and the one before."""
    there, dated = {*view.dimensions}, view.period is not None
    queries = {
        k: q for k, q in _QUERIES.items() if there.issuperset(q.by) and (dated or not q.freq)
    }
    now = view.collect(queries)
    earlier = _comparable(view, compare)
    settings, lacking = view.ledger.settings, View(view.ledger).gaps(CORE)
    if earlier is None or earlier.period is None:
        return Facts(view, now, {}, "", settings, lacking)
    then = earlier.collect({k: q for k, q in queries.items() if k in _EARLIER})
    known = float(then["total"]["revenue"].iloc[0]) > 0
    period = formatting.period(*earlier.period)
    return Facts(view, now, then if known else {}, period, settings, lacking)


def _comparable(view: View, compare: Comparison | None) -> View | None:
    """The view before, if the data has all its days: half a month is no month to compare with."""
    earlier = view.before(compare) if compare else None
    data = view.ledger.period
    if earlier is None or earlier.period is None or data is None:
        return None
    return earlier if earlier.period[0] >= data[0] else None
