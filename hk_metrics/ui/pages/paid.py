"""Whom a page of payouts is about: the view, narrowed by amount and by name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from hk_metrics.ui.memory import remembered
from hk_metrics.ui.parts.controls import bounds
from hk_metrics.ui.parts.panels import PanelAnswers
from hk_metrics.view import Query, View
from hk_metrics.view.filters import NONE

if TYPE_CHECKING:
    import pandas as pd

    from hk_metrics.dataset import Dataset

MEASURES = ("spend", "revenue", "roas", "orders", "posts", "reach", "cpo", "cpm_reach", "cpe")
_SPLITS = ("basis", "platform", "category")


@dataclass(frozen=True, eq=False)
class Paid:
    """The influencers who were paid, and their payments.

    Parameters
    ----------
    data, view
        The dataset, and the part of its ledger that filters and the page's own choices keep.
    frames
        Totals and breakdowns of the view by name; "" for the totals.
    people
        One row per influencer with spend: `MEASURES`.
    """

    data: Dataset
    view: View
    frames: dict[str, pd.DataFrame]
    people: pd.DataFrame

    @property
    def totals(self) -> pd.Series[float]:
        """Totals of the view."""
        return self.frames[""].iloc[0]

    @property
    def average(self) -> float:
        """Spend per influencer paid (money); NaN where nobody was."""
        return float(self.people["spend"].mean()) if len(self.people) else float("nan")

    def by(self, dimension: str) -> pd.DataFrame:
        """Return the metrics by a dimension."""
        return self.frames[dimension]

    @cached_property
    def payments(self) -> pd.DataFrame:
        """One row per payment; see `hk_metrics.payouts.payments.payments`."""
        from hk_metrics.payouts.payments import payments

        rows = payments(self.data, self.view)
        return rows[rows["influencer_id"].isin(self._ids)]

    @cached_property
    def doubts(self) -> pd.DataFrame:
        """What does not add up; see `hk_metrics.payouts.audit.audit`."""
        from hk_metrics.payouts.audit import audit

        return audit(self.data, self.view)

    @property
    def _ids(self) -> list[str]:
        return [str(i) for i in self.people.index]


def paid(answers: PanelAnswers) -> Paid:
    """Return whom the page is about, worked out once per change."""
    state = answers.state
    span = bounds(state, "paid")
    name = state.option("payee", "").strip().lower()
    return remembered(answers.view, "paid", lambda: _paid(answers, name, *span), name, span)


def _paid(answers: PanelAnswers, name: str, low: float | None, high: float | None) -> Paid:
    view = answers.view
    people = view.by("influencer_id", MEASURES)
    people = people[(people["spend"] > 0) & (people.index != NONE)]
    narrowed = people[_named(people, name, answers) & _within(people["spend"], low, high)]
    if len(narrowed) < len(people):
        view = view.where(influencer_id=[str(i) for i in narrowed.index])
    dims = [d for d in _SPLITS if d in view.dimensions]
    queries = {"": Query(MEASURES), **{d: Query(MEASURES, (d,)) for d in dims}}
    return Paid(answers.dataset, view, view.collect(queries), narrowed)


def _named(people: pd.DataFrame, name: str, answers: PanelAnswers) -> pd.Series[bool]:
    import pandas as pd

    names = answers.catalog.names
    kept = [name in names.get(str(i), str(i)).lower() for i in people.index]
    return pd.Series(kept, index=people.index, dtype=bool)


def _within(spend: pd.Series[float], low: float | None, high: float | None) -> pd.Series[bool]:
    return spend.between(
        float("-inf") if low is None else low, float("inf") if high is None else high
    )
