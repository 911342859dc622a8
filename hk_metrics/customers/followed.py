"""New customers: when each bought first, how long she has been followed, what she bought since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import polars as pl

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Followed:
    """New customers of groups, and every day on which one of them bought or sent back.

    Parameters
    ----------
    labels
        Value of each group; None for customers whose first order has none.
    group, days
        Of each customer: her group (a place in ``labels``), and for how many days after the first
        order the data goes on.
    customer, age, revenue, purchases, left
        Of each day with an order: whose (a place in ``group``), days since the first order, revenue
        (money, net of refunds), purchases, and what is left of the revenue after the cost of goods
        where order rows say it, else the revenue.
    """

    labels: list[object]
    group: Codes
    days: Codes
    customer: Codes
    age: Codes
    revenue: Floats
    purchases: Floats
    left: Floats


def followed(first: pl.LazyFrame, events: pl.LazyFrame) -> Followed:
    """Return the customers whose first order lies in a view, with all that they bought since.

    Parameters
    ----------
    first
        Order rows of the view with ``user_id``, ``date``, ``first_order``, ``orders`` and
        ``group``; a customer counts once for each group that has a part in the first order.
    events
        All order rows: ``user_id``, ``date`` (days), ``orders``, ``revenue`` and, where rows hold
        several orders, ``purchases``, and ``gross_margin`` where it is told by row. What is bought
        later counts whoever is credited with it.
    """
    import polars as pl

    found = (
        first.filter(pl.col("first_order"), pl.col("orders") > 0, pl.col("user_id").is_not_null())
        .select("user_id", "group", pl.col("date").alias("first"))
        .unique(["user_id", "group"], keep="first")
        .collect()
        .sort("group", "user_id")
        .with_row_index("customer")
    )
    last = events.select(pl.col("date").max()).collect().item()
    there = events.collect_schema().names()
    several = "purchases" in there
    left = pl.col("gross_margin" if "gross_margin" in there else "revenue")
    bought = pl.col("purchases" if several else "orders").sum().cast(pl.Float64).alias("purchases")
    daily = (
        events.join(found.lazy().select("user_id").unique(), on="user_id", how="semi")
        .group_by("user_id", "date")
        .agg(pl.col("revenue").sum().cast(pl.Float64), bought, left=left.sum().cast(pl.Float64))
        .collect()
    )
    rows = found.join(daily, on="user_id").with_columns(
        age=(pl.col("date") - pl.col("first")).dt.total_days()
    ).filter(pl.col("age") >= 0).sort("customer", "age")  # fmt: skip
    labels = found["group"].unique(maintain_order=True)
    group = found["group"].rank("dense").cast(pl.Int64) - 1
    # A missing label sorts first and has no rank of its own.
    if labels.null_count():
        group = (group + 1).fill_null(0)
    return Followed(
        labels.to_list(),
        group.to_numpy().astype(np.int64),
        _days(found["first"], last),
        rows["customer"].to_numpy().astype(np.int64),
        rows["age"].to_numpy().astype(np.int64),
        rows["revenue"].to_numpy(),
        rows["purchases"].to_numpy(),
        rows["left"].to_numpy(),
    )


def _days(first: pl.Series, last: object) -> Codes:
    import polars as pl

    if last is None:
        return np.zeros(len(first), dtype=np.int64)
    days = pl.select((pl.lit(last) - first).dt.total_days()).to_series()
    return days.to_numpy().astype(np.int64)
