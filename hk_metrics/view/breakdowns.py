"""Numbers of a selection: its totals, breakdowns and series.

All numbers of one change are computed in one pass (`Breakdowns.collect`); distinct users, which
cost more than all the rest, only where they are asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, overload

from hk_metrics.errors import UnknownNameError
from hk_metrics.ledger.absent import ORDER_NUMBERS
from hk_metrics.ledger.events import Frame
from hk_metrics.metrics import METRICS
from hk_metrics.results.output import Output, given_as
from hk_metrics.results.presentation import Presentation
from hk_metrics.view import availability, typed
from hk_metrics.view.groups import collect_all, grouped
from hk_metrics.view.lifted import with_lift
from hk_metrics.view.query import (
    FREQUENCIES,
    PERIODS,
    ROWS,
    Freq,
    Query,
    added,
    counts_users,
    listed,
    sums,
    users,
)
from hk_metrics.view.query import value as metric_value
from hk_metrics.view.selection import Selection

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

    from hk_metrics.results.result import Result, Totals


@dataclass(frozen=True, eq=False)
class Breakdowns(Selection):
    """What is asked of a selection: sums of it, by dimension and by time."""

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

    @cached_property
    def share_kept(self) -> float:
        """The share of the view's revenue that is kept before spend (fraction); see `kept`."""
        settings = self.ledger.settings
        if not settings.margin_by_row or self.unavailable("revenue"):
            return settings.kept
        sums = self.totals(["revenue", "gross_margin"])
        if not sums["revenue"] > 0:
            return settings.kept
        return max(float(sums["gross_margin"] / sums["revenue"]), 0.0)

    def kept(self, by: str) -> pd.Series[float]:
        """Return the share of revenue kept before spend by each value of a dimension (fraction).

        That of all where a value has no revenue to tell it from; 1 where no margin is set.
        """
        import pandas as pd

        settings = self.ledger.settings
        if not settings.margin_by_row or self.unavailable("revenue", [by]):
            values = ["(none)" if v is None else v for v in self.ledger.values(by)]
            return pd.Series(settings.kept, index=values)
        sums = self.by(by, metrics=["revenue", "gross_margin"])
        shares = sums["gross_margin"] / sums["revenue"].where(sums["revenue"] > 0)
        return shares.clip(lower=0.0).fillna(settings.kept)

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
        return given_as(
            self.collect({"totals": query})["totals"].iloc[0].rename("totals"), output,
            self._presentation("totals"),
        )  # fmt: skip

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
        return given_as(frame, output, self._presentation("trend" if times else "breakdown"))

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
        return given_as(frame, output, self._presentation("trend"))

    def _presentation(self, kind: str, metric: str = "") -> Presentation:
        """Return what its results say of themselves."""
        settings = self.ledger.settings
        if not metric or metric not in METRICS:
            return Presentation(kind, settings, notes=self.pinned if kind == "trend" else ())
        columns = ("previous", "current", "contribution", "rate_effect", "mix_effect")
        units = dict.fromkeys(columns, METRICS[metric].unit)
        title = f"What changed {METRICS[metric].label}"
        return Presentation(kind, settings, "contribution", units, title=title)

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
            conditions = self._conditions()
            numbered = ORDER_NUMBERS not in self.ledger.absent
            parts = [
                users(e.filter(*conditions), query, numbered=numbered)
                for e in self.ledger.events_by_user
            ]
            plan.append(added(parts, query))
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
            known = [n for n in ("revenue", *names) if n in values and n not in reasons]
            lead = values[known[0] if known else names[0]]
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
