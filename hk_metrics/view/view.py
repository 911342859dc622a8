"""A view: the part of the ledger that filters keep, and the numbers over it.

All numbers of one change are computed in one pass (`View.collect`); distinct users, which cost
more than all the rest, only where they are asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, overload

import narwhals as nw

from hk_metrics.errors import InsufficientDataError, ParameterError, UnknownNameError
from hk_metrics.ledger import Ledger
from hk_metrics.ledger.events import Frame
from hk_metrics.metrics import METRICS
from hk_metrics.results.told import Told
from hk_metrics.view import availability, typed
from hk_metrics.view.comparison import Comparison, compared
from hk_metrics.view.filters import NONE, checked, condition
from hk_metrics.view.groups import collect_all, grouped
from hk_metrics.view.lifted import Estimate, with_lift
from hk_metrics.view.output import Output, given_as
from hk_metrics.view.query import (
    FREQUENCIES,
    PERIODS,
    ROWS,
    Freq,
    Query,
    counts_users,
    listed,
    sums,
    users,
)
from hk_metrics.view.query import value as metric_value
from hk_metrics.wording import sentences

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go
    import polars as pl

    from hk_metrics.results.result import Result, Totals

__all__ = ["NONE", "Comparison", "Query", "View"]


@dataclass(frozen=True, eq=False)
class View:
    """The rows of a ledger that a set of filters keeps.

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
    """

    ledger: Ledger
    filters: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    estimate: Estimate | None = None

    def __repr__(self) -> str:
        return typed.view_card(self).text()

    def _repr_html_(self) -> str:
        return typed.view_card(self).html()

    if not TYPE_CHECKING:  # so that a checker still knows what a view has not

        def __getattr__(self, name: str) -> Any:
            raise AttributeError(typed.lacking("View", name))

    def __getitem__(self, name: object) -> Any:
        raise ParameterError(typed.lacking("View", str(name)))

    # -- choosing ---------------------------------------------------------------------------

    def where(self, *given: Any, **filters: Any) -> View:
        """Return this view narrowed further; a filter given again replaces the one before.

        Parameters
        ----------
        given
            Filters as a dict, if not by name.
        filters
            ``date=(first, last)`` with ISO text, dates or None for open ends, or a period in words
            (``2025-06``, ``2025-Q2``, ``last_month``; `hk_metrics.view.period.days`); any other
            dimension a value or a list of values, None for rows that have none. A filter of None
            (not in a list) is no filter.

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
                kept[name] = checked(self.ledger, name, value)
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
        measures = ("spend", "revenue")
        rows = self.ledger.undated.filter(*self._conditions(undated=True))
        sums = rows.select(nw.col(*measures).sum()).collect()
        return {m: float(sums[m].item() or 0.0) for m in measures}

    @property
    def notes(self) -> list[str]:
        """What a reader of this view must know, as sentences."""
        if not any(self._undated.values()):
            return []
        from hk_metrics.formatting import money

        parts = [f"{money(v, self.ledger.settings)} of {m}" for m, v in self._undated.items() if v]
        be = "is" if len(parts) == 1 else "are"
        return [f"{' and '.join(parts)} {be} undated and left out of this period."]

    # -- numbers ----------------------------------------------------------------------------

    def collect(self, queries: Mapping[str, Query]) -> dict[str, pd.DataFrame]:
        """Compute many queries over this view in one pass.

        Parameters
        ----------
        queries
            Key → query.

        Returns
        -------
        dict of DataFrame
            Key → frame, one row per value (index; "(none)" for the missing one), one column per
            metric; one row in all for a query without breakdown. NaN is "cannot be told".
        """
        plans = {key: self._plan(query) for key, query in queries.items()}
        collected = iter(collect_all([frame for plan in plans.values() for frame in plan]))
        return {
            key: self._finish(query, [next(collected) for _ in plans[key]])
            for key, query in queries.items()
        }

    @overload
    def totals(
        self, metrics: str | Sequence[str] = (), *, output: Literal["pandas"] = ...
    ) -> Totals: ...
    @overload
    def totals(
        self, metrics: str | Sequence[str] = (), *, output: Literal["polars"]
    ) -> pl.DataFrame: ...
    def totals(
        self, metrics: str | Sequence[str] = (), *, output: Output = "pandas"
    ) -> Totals | pl.DataFrame:
        """Return the totals of the view.

        Parameters
        ----------
        metrics
            Names; empty for all that the data has, distinct users included.
        output
            ``polars`` gives a Polars frame, the index as columns; attrs stay with pandas.

        Returns
        -------
        Series
            Index = metric names, in their own units (fractions for per cent);
            ``attrs["unavailable"]`` says why some are NaN.
        """
        query = Query(listed(metrics) or tuple(self.metrics))
        found: Totals | pl.DataFrame = given_as(
            self.collect({"totals": query})["totals"].iloc[0].rename("totals"), output,
            self._told("totals"),
        )  # fmt: skip
        return found

    @overload
    def by(
        self,
        dimension: str | Sequence[str],
        *more: str | Sequence[str],
        metrics: str | Sequence[str] = (),
        output: Literal["pandas"] = ...,
    ) -> Result: ...
    @overload
    def by(
        self,
        dimension: str | Sequence[str],
        *more: str | Sequence[str],
        metrics: str | Sequence[str] = (),
        output: Literal["polars"],
    ) -> pl.DataFrame: ...
    def by(
        self,
        dimension: str | Sequence[str],
        *more: str | Sequence[str],
        metrics: str | Sequence[str] = (),
        output: Output = "pandas",
    ) -> Result | pl.DataFrame:
        """Return one row per value of a dimension (or pair of them), one column per metric.

        Parameters
        ----------
        dimension
            One name or several; ``day``, ``week`` and ``month`` break down by time.
        more
            Further dimensions; a list in last place is the metrics.
        metrics
            Names; empty for every additive metric that the data has.
        output
            ``polars`` gives a Polars frame, the index as columns; attrs stay with pandas.

        Returns
        -------
        DataFrame
            Index = the values, largest revenue or first known metric first; ``attrs["estimated"]``
            names the metrics whose split is estimated, ``attrs["unavailable"]`` why others are
            NaN.

        Raises
        ------
        UnknownNameError
            For a dimension or a metric that does not exist.
        ParameterError
            For metrics given twice, or a metric in the place of a dimension.
        """
        dims, names = typed.breakdown(dimension, more, metrics, self.dimensions)
        times = [d for d in dims if d in PERIODS and d not in self.dimensions]
        if times:
            rest = tuple(d for d in dims if d != times[0])
            frame: pd.DataFrame = self.trend(PERIODS[times[0]], names, by=rest)
        else:
            frame = self.collect({"by": Query(names, by=dims)})["by"]
        found: Result | pl.DataFrame = given_as(
            frame, output, self._told("trend" if times else "breakdown")
        )
        return found

    @overload
    def trend(
        self,
        freq: Freq = "D",
        metrics: str | Sequence[str] = (),
        by: str | Sequence[str] = (),
        *,
        output: Literal["pandas"] = ...,
    ) -> Result: ...
    @overload
    def trend(
        self,
        freq: Freq = "D",
        metrics: str | Sequence[str] = (),
        by: str | Sequence[str] = (),
        *,
        output: Literal["polars"],
    ) -> pl.DataFrame: ...
    def trend(
        self,
        freq: Freq = "D",
        metrics: str | Sequence[str] = (),
        by: str | Sequence[str] = (),
        *,
        output: Output = "pandas",
    ) -> Result | pl.DataFrame:
        """Return one row per day (``D``), week from Monday (``W``) or month (``M``).

        Periods without a row are there with 0 for sums and NaN for ratios. Undated spend and
        revenue (money) are in none of them: ``attrs["undated"]`` says how much, by measure. With
        ``by``, one row per period and value that occur together.
        """
        freq = PERIODS.get(freq, freq)
        if freq not in FREQUENCIES:
            raise UnknownNameError.of("frequency", freq, [*FREQUENCIES, *PERIODS])
        query = Query(listed(metrics), by=listed(by), freq=freq)
        frame = self.collect({"trend": query})["trend"]
        found: Result | pl.DataFrame = given_as(frame, output, self._told("trend"))
        return found

    @overload
    def compare(
        self,
        to: Comparison = "previous_period",
        metrics: str | Sequence[str] = (),
        *,
        output: Literal["pandas"] = ...,
    ) -> Result: ...
    @overload
    def compare(
        self,
        to: Comparison = "previous_period",
        metrics: str | Sequence[str] = (),
        *,
        output: Literal["polars"],
    ) -> pl.DataFrame: ...
    def compare(
        self,
        to: Comparison = "previous_period",
        metrics: str | Sequence[str] = (),
        *,
        output: Output = "pandas",
    ) -> Result | pl.DataFrame:
        """Return the totals of this view and of another period, and the change.

        Parameters
        ----------
        to
            ``previous_period`` (for whole months, quarters or years those before, else as many
            days), ``previous_month``, ``previous_quarter``, ``previous_year``, or a first and a
            last day; see `hk_metrics.view.comparison.compared`.
        metrics
            Names; empty for every additive metric that the data has.
        output
            ``polars`` gives a Polars frame, the index as columns; attrs stay with pandas.

        Returns
        -------
        DataFrame
            Index = metrics; columns ``current``, ``previous``, ``change`` (same unit),
            ``change_pct`` (fraction of previous; NaN where that is 0 or missing);
            ``attrs["unavailable"]`` says why some are NaN, ``attrs["note"]`` what is missing of
            the other period; "" for nothing.
        """
        import numpy as np
        import pandas as pd

        names = listed(metrics) or self._additive
        other = self.before(to)
        now = self.totals(names)
        then = other.totals(names) if other else pd.Series(np.nan, index=list(names))
        change = now - then
        result = pd.DataFrame(
            {
                "current": now,
                "previous": then,
                "change": change,
                "change_pct": change / then.abs().where(then != 0),
            }
        ).rename_axis("metric")
        result.attrs = {
            "unavailable": now.attrs["unavailable"],
            "period": self.period,
            "previous_period": other.period if other else None,
            "note": self.lacking(to),
        }
        found: Result | pl.DataFrame = given_as(result, output, self._told("comparison"))
        return found

    @overload
    def drivers(
        self,
        metric: str,
        by: str | Sequence[str] = (),
        compare: Comparison = "previous_period",
        *,
        output: Literal["pandas"] = ...,
    ) -> Result: ...
    @overload
    def drivers(
        self,
        metric: str,
        by: str | Sequence[str] = (),
        compare: Comparison = "previous_period",
        *,
        output: Literal["polars"],
    ) -> pl.DataFrame: ...
    def drivers(
        self,
        metric: str,
        by: str | Sequence[str] = (),
        compare: Comparison = "previous_period",
        *,
        output: Output = "pandas",
    ) -> Result | pl.DataFrame:
        """Return what each part contributed to the change of a metric between two periods.

        Parameters
        ----------
        metric
            One name.
        by
            A dimension or several; or ``chain`` for the factors of a total: posts × reach per
            post × conversion rate × average order value (`hk_metrics.view.chain`).
        compare
            The period before, as of `compare`.
        output
            ``polars`` gives a Polars frame, the index as columns; attrs stay with pandas.

        Returns
        -------
        DataFrame
            Index = the values (or factors), the largest contribution first; columns ``previous``,
            ``current`` and ``contribution`` (unit of the metric); for ratios also
            ``rate_effect`` (its own ratio changed) and ``mix_effect`` (its share of the
            denominator changed, against the average ratio), which add to the contribution.
            Contributions add to the change of the whole, ``attrs["totals"]``; new and ended parts
            included. Users of several parts are in a row of their own, "(several)". Where a ratio
            cannot be told in one period, the parts of its numerator and denominator instead, and
            why in ``attrs["reason"]``. ``attrs["note"]`` says what is missing of a period.

        Raises
        ------
        UnknownNameError
            For a metric, a dimension or a comparison that does not exist.
        InsufficientDataError
            If the metric cannot be told by these parts, or there is no period before.

        Notes
        -----
        Rate and mix are Shapley's values of a ratio's two factors, exact for zeros and losses:
        J. W. Sun, "Changes in energy consumption and energy intensity: a complete decomposition
        model", Energy Economics 20 (1998), 85–100.

        Examples
        --------
        >>> import hk_metrics as hk
        >>> data, _ = hk.simulate(seed=7, influencers=12, days=60, events=500)
        >>> why = data.view(date=("2025-01-31", "2025-02-28")).drivers("revenue", by="platform")
        >>> change = why.attrs["totals"]["current"] - why.attrs["totals"]["previous"]
        >>> bool(abs(why["contribution"].sum() - change) < 1e-6)
        True
        """
        from hk_metrics.view.drivers import drivers

        found: Result | pl.DataFrame = given_as(
            drivers(self, metric, by, compare), output, self._told("amounts", metric)
        )
        return found

    def _told(self, kind: str, metric: str = "") -> Told:
        """Return what its results say of themselves."""
        settings = self.ledger.settings
        if not metric or metric not in METRICS:
            return Told(kind, settings)
        columns = ("previous", "current", "contribution", "rate_effect", "mix_effect")
        units = dict.fromkeys(columns, METRICS[metric].unit)
        title = f"What changed {METRICS[metric].label}"
        return Told(kind, settings, "contribution", units, title=title)

    def plot(
        self, *metrics: str, by: str | Sequence[str] = (), freq: Freq = "D", limit: int = 20
    ) -> go.Figure:
        """Return a figure of metrics of one unit: over time, or by a dimension; in plotly.

        Parameters
        ----------
        metrics
            Names; revenue and spend where none are given.
        by
            A dimension, for bars instead of a line; ``day``, ``week`` and ``month`` are times.
        freq
            ``D``, ``W`` or ``M``, for a line.
        limit
            The most bars.

        Examples
        --------
        >>> import hk_metrics as hk
        >>> data, _ = hk.simulate(seed=7, influencers=12, days=30, events=500)
        >>> data.view().plot("roas", by="platform").layout.title.text
        'ROAS by platform'
        """
        names = metrics or tuple(m for m in ("revenue", "spend") if m in self.metrics)
        frame = self.by(by, metrics=names) if by else self.trend(freq, names)
        return frame.plot(*names, limit=limit)

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

    def before(self, to: Comparison = "previous_period") -> View | None:
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

    # -- one query --------------------------------------------------------------------------

    @cached_property
    def _additive(self) -> tuple[str, ...]:
        return tuple(m for m in self.metrics if not counts_users(m))

    def _plan(self, query: Query) -> list[Frame]:
        """Return the frames to compute: the sums, and the users where they are asked for."""
        for name in query.by:
            if name not in self.dimensions:
                raise UnknownNameError.of("dimension", name, self.dimensions)
        names = query.metrics or self._additive
        needed = {c for m in names for c in availability.columns(m, self.ledger)}
        plan = [sums(self.rows, query, sorted(needed & set(self.ledger.measures)))]
        if any(counts_users(m) for m in names):
            plan.append(users(self.events, query))
        return plan

    def _finish(self, query: Query, frames: list[pl.DataFrame]) -> pd.DataFrame:
        """Turn sums into metrics: ratios, order, and what cannot be told."""
        import numpy as np
        import pandas as pd

        names = query.metrics or self._additive
        first, last = self.filters.get("date", (None, None))
        index, columns = grouped(frames, query, (first, last))
        reasons = {n: r for n in names if (r := self.unavailable(n, query.by))}
        settings = self.ledger.settings
        unknown = np.full(len(index), np.nan)
        values = {n: unknown if n in reasons else metric_value(n, columns, settings) for n in names}
        if not query.keys:
            values = {n: np.where(columns[ROWS] == 0, np.nan, v) for n, v in values.items()}
        if query.by and not query.freq:
            told = [n for n in ("revenue", *names) if n in values and n not in reasons]
            lead = values[told[0] if told else names[0]]
            order = np.argsort(-lead, kind="stable")
            index, values = index[order], {n: v[order] for n, v in values.items()}
        result = pd.DataFrame(values, index=index)
        result.attrs["unavailable"] = reasons
        result.attrs["estimated"] = [
            n for n in names if any(self.is_estimated(n, d) for d in query.by)
        ]
        if query.freq:
            result.attrs["undated"] = {m: v for m, v in self._dateless.items() if v}
        return with_lift(result, query, self, self.estimate) if self.estimate else result
