"""A selection: the rows of a ledger that filters keep, and what can be said of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import narwhals as nw

from hk_metrics.errors import InsufficientDataError, ParameterError, UnknownNameError
from hk_metrics.ledger import Ledger
from hk_metrics.ledger.costs import COSTS, PAYOUTS, SpendMeans
from hk_metrics.ledger.events import Frame
from hk_metrics.metrics import METRICS
from hk_metrics.team import DayNote, Team
from hk_metrics.team.notes import about
from hk_metrics.view import availability, typed
from hk_metrics.view.comparison import Comparison, compared
from hk_metrics.view.filters import checked, condition
from hk_metrics.view.lifted import Estimate
from hk_metrics.wording import sentences

if TYPE_CHECKING:
    pass


@dataclass(frozen=True, eq=False)
class Selection:
    """The rows of a ledger that a set of filters keeps, and what can be said of them.

    Parameters
    ----------
    ledger
        Where the rows come from.
    filters
        Dimension → selected values (None is the missing value); ``date`` and numeric attributes
        → (first, last), both inclusive.
    estimate
        Where incremental revenue and ROAS come from (`hk_metrics.view.lifted`); None for the
        baseline share of the settings.
    team
        Notes and tags of those who use the data.
    """

    ledger: Ledger
    filters: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    estimate: Estimate | None = None
    team: Team = field(default_factory=Team)

    # -- choosing ---------------------------------------------------------------------------

    def where(self, *given: Any, **filters: Any) -> Self:
        """Return this selection narrowed further; a filter given again replaces the one before.

        Parameters
        ----------
        given
            Filters as a dict, if not by name.
        filters
            ``date=(first, last)`` with ISO text, dates or None for open ends, or a period in words
            (``2025-06``, ``2025-Q2``, ``last_month``; `hk_metrics.view.period.days`); any other
            dimension a value or a list of values, None for rows that have none; ``tag`` the
            influencers that have one of the team's tags. A filter of None (not in a list) is no
            filter.

        Raises
        ------
        UnknownNameError
            For a dimension or a value that the data does not have.
        ParameterError
            For a date that is not one, or a period that ends before it begins.
        """
        kept = dict(self.filters)
        for name, value in (typed.filters(given) | filters).items():
            kept.pop(name, None)
            if value is not None:
                kept[name] = checked(self.ledger, name, value, self.team.tags)
        return replace(self, filters=kept)

    @property
    def dimensions(self) -> list[str]:
        """Dimensions to filter and break down by, besides ``date``."""
        return self.ledger.dimensions

    def values(self, name: str) -> list[str | None]:
        """Return the values of a dimension in the whole ledger, the most frequent first.

        None stands for rows that have none, shown as "(none)".
        """
        if name not in self.dimensions:
            raise UnknownNameError.of("dimension", name, self.dimensions)
        return self.ledger.values(name)

    def spending(self, means: SpendMeans) -> Self:
        """Return this selection with spend as payouts alone, or with all costs beside them.

        Parameters
        ----------
        means
            ``payouts`` or ``all_costs``.

        Raises
        ------
        UnknownNameError
            For another word.
        """
        if means not in (known := ("payouts", "all_costs")):
            raise UnknownNameError.of("meaning of spend", str(means), known)
        return replace(self, ledger=self.ledger.spending(means))

    def at_margin(self, margin: float | None) -> Self:
        """Return this selection with another margin of what has none of its own.

        Parameters
        ----------
        margin
            Share of revenue kept before spend (fraction above 0, at most 1); None for none.

        Raises
        ------
        ParameterError
            For a share that is none.
        """
        if margin is not None and not (isinstance(margin, (int, float)) and 0 < margin <= 1):
            raise ParameterError(
                f"margin={margin!r}: give the share of revenue that is kept, above 0 and at most "
                "1, e.g. 0.35"
            )
        return replace(self, ledger=self.ledger.at_margin(margin))

    # -- rows -------------------------------------------------------------------------------

    @cached_property
    def rows(self) -> Frame:
        """The ledger rows of this view."""
        return self.ledger.rows.filter(*self._conditions())

    @cached_property
    def events(self) -> Frame:
        """The order rows of this view at full grain, with ``user_id`` and ``first_order``."""
        return self.ledger.events.filter(*self._conditions())

    def _conditions(self, *, undated: bool = False) -> list[nw.Expr]:
        """Return the filters as conditions; with ``undated`` the date must be missing instead."""
        conditions = [] if "organic" in self.filters else [~nw.col("organic")]
        for name, values in self.filters.items():
            missing = undated and name == "date"
            conditions.append(nw.col("date").is_null() if missing else condition(name, values))
        return conditions

    # -- what can be said -------------------------------------------------------------------

    def unavailable(self, metric: str, by: Sequence[str] = ()) -> str | None:
        """Return why a metric cannot be told for a breakdown in this view; None if it can."""
        return availability.reason(metric, self.ledger, {*by, *self.filters})

    def is_estimated(self, metric: str, dimension: str) -> bool:
        """Return whether a metric's split by a dimension was estimated rather than observed."""
        return availability.is_estimated(metric, dimension, self.ledger)

    def gaps(self, metrics: Sequence[str], by: Sequence[str] = ()) -> str:
        """Return why some of the metrics cannot be told in this view, in sentences; else ""."""
        return sentences({m: r for m in metrics if (r := self.unavailable(m, by))}, metrics)

    def require(self, *metrics: str) -> None:
        """Refuse to go on without metrics.

        Raises
        ------
        InsufficientDataError
            If one cannot be told in this view.
        """
        if lacking := self.gaps(metrics):
            raise InsufficientDataError(lacking)

    @property
    def metrics(self) -> list[str]:
        """Names of the metrics that this data has the columns of; `unavailable` says which it
        cannot tell for all that."""
        return [name for name in METRICS if availability.is_offered(name, self.ledger)]

    @property
    def undated_spend(self) -> float:
        """Spend (money) that a date filter leaves out because no activity dates it; else 0."""
        return self._undated["spend"]

    @cached_property
    def _undated(self) -> dict[str, float]:
        """Measure → what a date filter leaves out of it, since nothing dates it."""
        return self._dateless if "date" in self.filters else dict.fromkeys(self._dateless, 0.0)

    @cached_property
    def _dateless(self) -> dict[str, float]:
        """Measure → what of it nothing dates: it is in no day, whether days are chosen or not."""
        measures = ["spend", "revenue"]
        if COSTS in self.ledger.columns and self.ledger.settings.spend_means == "payouts":
            measures.append(COSTS)
        rows = self.ledger.undated.filter(*self._conditions(undated=True))
        sums = rows.select(nw.col(*measures).sum()).collect()
        return {m: float(sums[m].item() or 0.0) for m in measures}

    @property
    def notes(self) -> list[str]:
        """What a reader of this view must know, as sentences."""
        return [*self.left_out, *self._meaning_of_spend, *self._unpriced]

    @cached_property
    def _unpriced(self) -> list[str]:
        """How much of the revenue no margin is known of, where some have one."""
        if "revenue_without_margin" not in self.metrics or self.unavailable("revenue"):
            return []
        names = ("revenue", "revenue_without_margin")
        sums = self.rows.select(nw.col(*names).sum()).collect()
        revenue, unknown = (float(sums[n].item() or 0.0) for n in names)
        if not revenue > 0 or not unknown > 0:
            return []
        from hk_metrics.formatting import percent

        share = percent(min(unknown / revenue, 1.0))
        return [f"No margin is known of {share} of the revenue: it is before the cost of goods."]

    @cached_property
    def _meaning_of_spend(self) -> list[str]:
        """What spend means, where there are costs beside the payouts."""
        from hk_metrics.formatting import money

        settings = self.ledger.settings
        if COSTS not in self.ledger.columns:
            return []
        sums = self.rows.select(nw.col(PAYOUTS, COSTS).sum()).collect()
        paid, beside = (money(float(sums[m].item() or 0.0), settings) for m in (PAYOUTS, COSTS))
        if settings.spend_means == "all_costs":
            return [f"Spend is all costs: {paid} of payouts and {beside} of other costs."]
        return [f"Spend is payouts alone; {beside} of other costs are not in it."]

    @property
    def left_out(self) -> list[str]:
        """What a choice of days leaves out, as sentences."""
        if not any(self._undated.values()):
            return []
        from hk_metrics.formatting import money

        parts = [f"{money(v, self.ledger.settings)} of {m}" for m, v in self._undated.items() if v]
        be = "is" if len(parts) == 1 else "are"
        return [f"{' and '.join(parts)} {be} undated and left out of this period."]

    @cached_property
    def period(self) -> tuple[date, date] | None:
        """First and last day of the view: its date filter, else the data's; None without dates."""
        first, last = self.filters.get("date", (None, None))
        if first is None or last is None:
            span = self.ledger.period
            if span is None:
                return None
            first, last = first or span[0], last or span[1]
        return first, last

    @property
    def pinned(self) -> tuple[DayNote, ...]:
        """The team's notes on days of the view, of its brands and of all; the earliest first."""
        return about(self.team.notes, self.period, self.filters.get("brand", ()))

    def before(self, to: Comparison = "previous_period") -> Self | None:
        """Return this view over the period that it is compared with; None without dates."""
        return self.where(date=compared(self.period, to)) if self.period else None

    def lacking(self, to: Comparison = "previous_period") -> str:
        """Return what is missing of the period to compare with, as a sentence; "" for nothing."""
        from hk_metrics.formatting import period

        other, data = self.before(to), self.ledger.period
        if other is None or other.period is None or data is None:
            return "There is nothing to compare with: the data has no dates."
        (first, last), begin = other.period, data[0]
        if last < begin:
            return f"There is nothing to compare with: the data begins on {period(begin, begin)}."
        if first < begin:
            return (
                f"The comparison with {period(first, last)} is not whole: the data begins on "
                f"{period(begin, begin)}."
            )
        return ""
