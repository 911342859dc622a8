"""From a ledger, and the shop's daily sales where there are any, to one unit's days and posts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from hk_metrics.incrementality.sales import MEASURES, Rhythm, rhythm, twice
from hk_metrics.incrementality.series import Activity, Series
from hk_metrics.incrementality.totals import (
    in_step,
    no_column,
    no_row,
    only_tracked,
    short,
    spread_evenly,
)
from hk_metrics.interchange import to_pandas
from hk_metrics.view.filters import condition

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

    from hk_metrics.view import View

Array = NDArray[np.float64]
Days = NDArray[np.datetime64]

# Filters that choose a part of the shop; all others choose a part of its influencer activity.
OF_THE_SHOP = ("brand", "product")


@dataclass(frozen=True, eq=False)
class Sold:
    """Total sales of a part of the shop, day by day.

    Parameters
    ----------
    first
        First day.
    values
        Measure → value per day; totals of longer periods are spread over their days.
    starts
        First day of each such period, counted from ``first``; empty for totals of days.
    """

    first: np.datetime64
    values: Mapping[str, Array]
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, rows: pl.DataFrame, every: Rhythm) -> Sold:
        """Return the sales of some rows of a table with the given rhythm."""
        days = _day(rows["date"].to_numpy())
        if every.name == "day":
            first, last = _span(days)
            size = int((last - first).astype(int)) + 1
            return cls(
                first,
                {m: _daily(days, rows[m].to_numpy(), first, size) for m in MEASURES},
                np.empty(0, dtype=np.int64),
            )
        first, count = every.starts[0], len(every.starts)
        place = np.searchsorted(every.starts, days, side="right") - 1
        length = np.diff(np.append(every.starts, every.end)).astype(np.int64)
        sums = {m: np.bincount(place, rows[m].to_numpy(), count) for m in MEASURES}
        spread = {m: np.repeat(v / length, length) for m, v in sums.items()}
        return cls(first, spread, (every.starts - first).astype(np.int64))

    @property
    def span(self) -> tuple[np.datetime64, np.datetime64]:
        """First and last day."""
        return self.first, self.first + len(self.values["orders"]) - 1

    def doubt(self, tracked: Mapping[str, Array], outcome: str) -> str:
        """Return why these are no total of the shop day by day; empty where they may be."""
        whole = short(self.values[outcome], tracked[outcome])
        if whole or self.starts.size:
            return whole
        copies = (in_step(self.values[m], tracked[m]) for m in MEASURES)
        spread = spread_evenly(self.values["orders"], self.values["revenue"])
        return spread or next(filter(None, copies), "")


@dataclass(frozen=True, eq=False)
class Shop:
    """What lift is estimated from.

    Parameters
    ----------
    view
        The asked part of the ledger, with its filters.
    sales
        The `daily_sales` table (`hk_metrics.incrementality.sales`); None where there is none.
    events
        Promotions and holidays: name → their days.
    """

    view: View
    sales: pl.DataFrame | None = None
    events: Mapping[str, Days] = field(default_factory=dict)

    def series(self, part: Mapping[str, tuple[Any, ...]], outcome: str) -> Series:
        """Return the days of a part of the shop.

        Parameters
        ----------
        part
            Filters on the dimensions of `OF_THE_SHOP`.
        outcome
            ``revenue`` (money per day) or ``orders`` (per day).
        """
        rows = self._orders(part)
        organic, days = rows["organic"].to_numpy(dtype=bool), _day(rows["date"])
        sold, gap = self._sold(part)
        first, last = sold.span if sold else _span(days)
        size = int((last - first).astype(int)) + 1

        def by_day(kept: NDArray[np.bool_], measure: str) -> Array:
            values = rows[measure].to_numpy(dtype=np.float64)
            return _daily(days[kept], values[kept], first, size)

        tracked = {m: by_day(~organic, m) for m in MEASURES}
        untracked = by_day(organic, outcome)
        total = sold.values[outcome] if sold else tracked[outcome] + untracked
        gap = gap or (sold.doubt(tracked, outcome) if sold else only_tracked(untracked))
        return Series(
            first, total, tracked[outcome], self._controls(first, size), self._asked(first, size),
            gap, sold.starts if sold else np.empty(0, dtype=np.int64),
        )  # fmt: skip

    def activity(self, part: Mapping[str, tuple[Any, ...]], first: np.datetime64) -> Activity:
        """Return the posts for a part of the shop, and the tracked orders by influencer and day.

        Posts have no product, so a filter on it leaves them all.
        """
        posts = self._rows(part, "post", ["reach"], skip=("product",))
        orders = self._rows(part, "order", ["orders"])
        orders = orders[~orders["organic"].to_numpy(dtype=bool)]
        names = np.concatenate([_ids(posts), _ids(orders)])
        known, codes = np.unique(names, return_inverse=True)
        return Activity(
            influencers=len(known),
            day=_since(first, posts["date"]),
            influencer=codes[: len(posts)],
            reach=posts["reach"].to_numpy(dtype=np.float64),
            order_day=_since(first, orders["date"]),
            order_influencer=codes[len(posts) :],
            orders=np.maximum(orders["orders"].to_numpy(dtype=np.float64), 0.0),
        )

    def _rows(
        self,
        part: Mapping[str, tuple[Any, ...]],
        kind: str,
        measures: list[str],
        skip: tuple[str, ...] = (),
    ) -> pd.DataFrame:
        """Return the ledger's rows of a kind for a part, one per day and influencer."""
        conditions = [condition(n, v) for n, v in part.items() if n not in skip]
        keys = ["date", "influencer_id", "organic"]
        return (
            self.view.ledger.rows.filter(nw.col("kind") == kind, *conditions)
            .group_by(keys)
            .agg(nw.col(m).sum() for m in measures)
            .collect()
            .pipe(to_pandas)
        )

    def _orders(self, part: Mapping[str, tuple[Any, ...]]) -> pd.DataFrame:
        conditions = [condition(n, v) for n, v in part.items()]
        return (
            self.view.ledger.rows.filter(nw.col("kind") == "order", *conditions)
            .group_by("date", "organic")
            .agg(nw.col(*MEASURES).sum())
            .collect()
            .pipe(to_pandas)
        )

    def _sold(self, part: Mapping[str, tuple[Any, ...]]) -> tuple[Sold | None, str]:
        """Return total sales of a part, and why they are not the total, if so."""
        if self.sales is None or not len(self.sales):
            return None, ""
        missing = [n for n in part if n not in self.sales.columns]
        if missing:
            return None, no_column(" and ".join(missing))
        kept = selected(self.sales, part)
        if not len(kept):
            return None, no_row()
        every = rhythm(_day(self.sales["date"].to_numpy()))
        return Sold.of(kept, every), twice(self.sales) or every.missing

    def _controls(self, first: np.datetime64, size: int) -> Array:
        columns = np.zeros((size, len(self.events)))
        for n, days in enumerate(self.events.values()):
            index = (days - first).astype(int)
            columns[index[(index >= 0) & (index < size)], n] = 1.0
        return columns

    def _asked(self, first: np.datetime64, size: int) -> NDArray[np.bool_]:
        low, high = self.view.filters.get("date", (None, None))
        days = first + np.arange(size)
        asked = np.ones(size, dtype=bool)
        if low is not None:
            asked &= days >= np.datetime64(low, "D")
        if high is not None:
            asked &= days <= np.datetime64(high, "D")
        return asked


def selected(sales: pl.DataFrame, part: Mapping[str, tuple[Any, ...]]) -> pl.DataFrame:
    """Return the rows of daily sales of a part of the shop."""
    kept = nw.from_native(sales, eager_only=True)
    for name, values in part.items():
        kept = kept.filter(condition(name, values))
    return kept.to_native()


def _day(values: Any) -> Days:
    return np.asarray(values, dtype="datetime64[D]")


def _since(first: np.datetime64, values: Any) -> NDArray[np.int64]:
    return (_day(values) - first).astype(np.int64)


def _ids(rows: pd.DataFrame) -> NDArray[np.str_]:
    return rows["influencer_id"].to_numpy(dtype=str)


def _span(days: Days) -> tuple[np.datetime64, np.datetime64]:
    if not len(days):
        return np.datetime64("1970-01-01", "D"), np.datetime64("1970-01-01", "D")
    return days.min(), days.max()


def _daily(days: Days, values: Array, first: np.datetime64, size: int) -> Array:
    index = (days - first).astype(int)
    inside = (index >= 0) & (index < size)
    return np.bincount(index[inside], values[inside], size).astype(np.float64)
