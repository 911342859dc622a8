"""From a ledger, and the shop's daily sales where there are any, to one unit's days and posts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from hk_metrics.errors import ParameterError
from hk_metrics.incrementality.series import Activity, Series
from hk_metrics.incrementality.totals import (
    missing_days,
    no_column,
    no_row,
    only_tracked,
    short,
)
from hk_metrics.view.filters import condition

if TYPE_CHECKING:
    import pandas as pd

    from hk_metrics.view import View

Array = NDArray[np.float64]
Days = NDArray[np.datetime64]

# Filters that choose a part of the shop; all others choose a part of its influencer activity.
OF_THE_SHOP = ("brand", "product")


@dataclass(frozen=True, eq=False)
class Shop:
    """What lift is estimated from.

    Parameters
    ----------
    view
        The asked part of the ledger, with its filters.
    sales
        The `daily_sales` table; None where there is none.
    events
        Promotions and holidays: name → their days (dates or ISO text).
    """

    view: View
    sales: Any = None
    events: Mapping[str, Iterable[Any]] = field(default_factory=dict)

    def series(self, part: Mapping[str, tuple[Any, ...]], outcome: str) -> Series:
        """Return the days of a part of the shop.

        Parameters
        ----------
        part
            Filters on the dimensions of `OF_THE_SHOP`.
        outcome
            ``revenue`` (money per day) or ``orders`` (per day).
        """
        rows = self._orders(part, outcome)
        organic = rows["organic"].to_numpy(dtype=bool)
        days, values = _day(rows["date"]), rows[outcome].to_numpy(dtype=np.float64)
        sold, gap = self._sold(part, outcome)
        first, last = _span(sold[0] if sold else days)
        size = int((last - first).astype(int)) + 1
        tracked = _daily(days[~organic], values[~organic], first, size)
        untracked = _daily(days[organic], values[organic], first, size)
        total = _daily(*sold, first, size) if sold else tracked + untracked
        gap = gap or (short(total, tracked) if sold else only_tracked(untracked))
        return Series(
            first, total, tracked, self._controls(first, size), self._asked(first, size), gap
        )

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
            .to_pandas()
        )

    def _orders(self, part: Mapping[str, tuple[Any, ...]], outcome: str) -> pd.DataFrame:
        conditions = [condition(n, v) for n, v in part.items()]
        return (
            self.view.ledger.rows.filter(nw.col("kind") == "order", *conditions)
            .group_by("date", "organic")
            .agg(nw.col(outcome).sum())
            .collect()
            .to_pandas()
        )

    def _sold(
        self, part: Mapping[str, tuple[Any, ...]], outcome: str
    ) -> tuple[tuple[Days, Array] | None, str]:
        """Return days and values of daily sales, and why they are not the total, if so."""
        if self.sales is None or not len(self.sales):
            return None, ""
        sales = nw.from_native(self.sales, eager_only=True)
        missing = [n for n in part if n not in sales.columns]
        if missing:
            return None, no_column(" and ".join(missing))
        gap = missing_days(_day(sales["date"].to_numpy()))
        kept = sales
        for name, values in part.items():
            kept = kept.filter(condition(name, values))
        if not len(kept):
            return None, no_row()
        sold = np.nan_to_num(kept[outcome].cast(nw.Float64).to_numpy())
        return (_day(kept["date"].to_numpy()), sold), gap

    def _controls(self, first: np.datetime64, size: int) -> Array:
        columns = np.zeros((size, len(self.events)))
        for n, days in enumerate(self.events.values()):
            index = (days_of(days) - first).astype(int)
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


def _day(values: Any) -> Days:
    return np.asarray(values, dtype="datetime64[D]")


def days_of(values: Any) -> Days:
    """Return one day or several, given as dates or ISO text.

    >>> days_of("2025-03-01")
    array(['2025-03-01'], dtype='datetime64[D]')
    """
    import pandas as pd

    several = [values] if isinstance(values, str) or not isinstance(values, Iterable) else [*values]
    try:
        return _day(pd.DatetimeIndex(several).to_numpy())
    except (TypeError, ValueError):
        raise ParameterError(f"{values!r} is not a day; write it like '2025-03-31'") from None


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
