"""Queries: what to compute over the rows of a view, all of it in one pass."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import narwhals as nw

from hk_metrics.ledger.events import Frame
from hk_metrics.metrics import METRICS, Distinct, Ratio, parts
from hk_metrics.settings import Settings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Freq = Literal["D", "W", "M"]
FREQUENCIES: Mapping[str, str] = {"D": "D", "W": "W-MON", "M": "MS"}
# What `users` counts.
_DISTINCT = ("customers", "new_customers", "repeat_customers")
# What people call the frequencies where they break down by them.
PERIODS: Mapping[str, Freq] = {"day": "D", "week": "W", "month": "M"}
ROWS = "_rows"


def listed(names: str | Iterable[str] | None) -> tuple[str, ...]:
    """Return names, of which one may come without its list and none as None.

    >>> listed("roas"), listed(["roas", "spend"]), listed(None)
    (('roas',), ('roas', 'spend'), ())
    """
    return (names,) if isinstance(names, str) else tuple(names or ())


@dataclass(frozen=True, init=False)
class Query:
    """What to compute over a view: metrics, by dimensions or by time.

    Parameters
    ----------
    metrics
        Names; empty for every additive metric that the data has.
    by
        Dimensions; empty for the total.
    freq
        ``D``, ``W`` (weeks from Monday) or ``M`` for a row per period; with ``by``, a row per
        period and value that occur together.

    Examples
    --------
    >>> import hk_metrics as hk
    >>> data, _ = hk.simulate(seed=7, influencers=12, days=30, events=500)
    >>> queries = {"total": hk.Query("roas"), "by day": hk.Query("orders", freq="D")}
    >>> {name: len(frame) for name, frame in data.view().collect(queries).items()}
    {'total': 1, 'by day': 30}
    """

    metrics: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    freq: Freq | None = None

    def __init__(
        self,
        metrics: str | Iterable[str] | None = (),
        by: str | Iterable[str] | None = (),
        freq: Freq | None = None,
    ) -> None:
        object.__setattr__(self, "metrics", listed(metrics))
        object.__setattr__(self, "by", listed(by))
        object.__setattr__(self, "freq", freq)

    @property
    def keys(self) -> list[str]:
        """Columns that make a row of the result."""
        return [*(["date"] if self.freq else []), *self.by]


def counts_users(metric: str) -> bool:
    """Return whether a metric needs distinct users.

    >>> counts_users("cac"), counts_users("roas")
    (True, False)
    """
    return any(isinstance(METRICS[p], Distinct) for p in parts(metric))


def sums(rows: Frame, query: Query, columns: Sequence[str]) -> Frame:
    """Return the sums of ledger columns per group of a query, with the number of rows."""
    return _grouped(rows, query, [nw.col(c).sum() for c in columns] + [nw.len().alias(ROWS)])


def users(events: Frame, query: Query) -> Frame:
    """Return the distinct customers, new and repeat ones, per group of a query."""
    bought = events.filter(nw.col("orders") > 0, ~nw.col("user_id").is_null())
    several = "purchases" in events.collect_schema().names()
    purchases = nw.col("purchases" if several else "orders").sum().alias("purchases")
    per_user = _grouped(bought, query, [purchases, nw.col("first_order").max()], "user_id")
    counts = per_user.with_columns(
        nw.lit(1).alias("customers"),
        nw.col("first_order").cast(nw.Int64).alias("new_customers"),
        # Credit splits a purchase into fractions whose sum may fall a rounding short of 2.
        (nw.col("purchases") > 2 - 1e-9).cast(nw.Int64).alias("repeat_customers"),
    )
    totals = [nw.col(n).sum() for n in _DISTINCT]
    return counts.group_by(query.keys).agg(*totals) if query.keys else counts.select(*totals)


def added(parts: Sequence[Frame], query: Query) -> Frame:
    """Return the counts of `users` over frames that share no user, together."""
    if len(parts) == 1:
        return parts[0]
    whole, totals = nw.concat(list(parts)), [nw.col(n).sum() for n in _DISTINCT]
    return whole.group_by(query.keys).agg(*totals) if query.keys else whole.select(*totals)


def _grouped(rows: Frame, query: Query, aggregates: list[nw.Expr], *more: str) -> Frame:
    if query.freq == "W":
        rows = rows.with_columns(_monday().alias("date"))
    if query.freq == "M":
        rows = rows.with_columns(nw.col("date").dt.truncate("1mo"))
    keys = [*query.keys, *more]
    return rows.group_by(keys).agg(*aggregates) if keys else rows.select(*aggregates)


def _monday() -> nw.Expr:
    day = nw.col("date")
    monday = day
    for back in range(1, 7):
        on_that_day = day.dt.weekday() == back + 1
        monday = nw.when(on_that_day).then(day.dt.offset_by(f"-{back}d")).otherwise(monday)
    return monday


def value(name: str, sums: Mapping[str, Floats], settings: Settings) -> Floats:
    """Return a metric from the sums of the ledger columns that it is made of.

    Parameters
    ----------
    name
        A metric.
    sums
        Column → one value per group: the sums, the distinct counts, and the number of rows.
    settings
        For factors that a company sets (margin, baseline share, rate card).

    Returns
    -------
    array
        One value per group; a ratio is NaN where its denominator is 0.
    """
    import numpy as np

    metric = METRICS[name]
    if isinstance(metric, Ratio):
        top = value(metric.numerator, sums, settings)
        bottom = value(metric.denominator, sums, settings)
        unknown = np.full_like(bottom, np.nan)
        return np.divide(metric.scale * top, bottom, out=unknown, where=bottom != 0)
    if isinstance(metric, Distinct):
        return sums[name]
    total = np.zeros_like(sums[ROWS])
    for column, factor in metric.resolve(settings).items():
        if column in sums:
            total = total + factor * sums[column]
    return total
