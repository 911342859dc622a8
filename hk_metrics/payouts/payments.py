"""Payments of a view, one by one: what was paid, for how much, and what the rate explains."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

import narwhals as nw
import polars as pl

from hk_metrics.interchange import to_pandas
from hk_metrics.payouts.activity import attributed, units_of, with_days
from hk_metrics.payouts.scope import FIRST, LAST, NAMES, OPEN, TIMES, days

if TYPE_CHECKING:
    import pandas as pd

    from hk_metrics.dataset import Dataset
    from hk_metrics.view import View

# Filters on these hold for the payment itself; all others for the influencer who is paid.
_NOT_NAMES = ("source", "product", "date", "organic")
# Measure → what it is called among the units of a payment.
_MEASURED = {"posts": "posts", "orders": "tracked", "revenue": "revenue"}
_GIVEN = ("payout_id", "status", "payment_date", *NAMES, *TIMES)


def payments(data: Dataset, view: View | None = None) -> pd.DataFrame:
    """Return the payments of a view with what their rate explains (money).

    Parameters
    ----------
    data
        A dataset.
    view
        A view of it; all payments where absent.

    Returns
    -------
    pandas.DataFrame
        One row per payment, largest first: ``influencer_id``, ``basis``, ``rate``, ``units`` (the
        posts or orders that it says it pays for, else those within the names and dates it gives;
        the revenue within them; NaN where the basis does not say), ``expected`` (rate × units,
        money), ``paid`` (money), ``difference`` (paid − expected), ``posts``, ``orders`` and
        ``revenue`` tracked in its scope (NaN where the data has none of them at all),
        ``orders_paid``, and what the table names: ``campaign``, ``period_start`` …

    Notes
    -----
    ``paid`` is trusted and is what spend is made of; ``expected`` only says whether the rate
    explains it. A payment without date, period, campaign … is of no day and no campaign: it stays
    under a filter on these. ``payment_date`` is when it was paid, and filters nothing.

    Examples
    --------
    >>> import hk_metrics as hk
    >>> data, _ = hk.simulate(seed=7, influencers=12, days=30, events=500)
    >>> bool(abs(payments(data)["paid"].sum() - data.view().totals(["spend"])["spend"]) < 0.01)
    True
    """
    frame = kept(data, view) if view is not None else data.tables["payouts"]
    return scoped(data, frame).sort("paid", descending=True).pipe(to_pandas)


def kept(data: Dataset, view: View, table: str = "payouts") -> pl.DataFrame:
    """Return the rows of a table of what is paid, or given, that a view's filters keep."""
    frame = data.tables[table]
    filters = dict(view.filters)
    first, last = filters.get("date", (None, None))
    # What was promised is of the day that it is due.
    dated = frame.with_columns(date="due_date") if table == "deliverables" else frame
    paid_for = with_days(dated)
    if first is not None:
        paid_for = paid_for.filter((pl.col(LAST) >= first) | pl.col(LAST).is_null())
    if last is not None:
        paid_for = paid_for.filter((pl.col(FIRST) <= last) | pl.col(FIRST).is_null())
    frame = paid_for.select(frame.columns)
    for name in set(NAMES) & set(filters) & set(frame.columns):
        named = pl.col(name)
        frame = frame.filter(named.is_in([v for v in filters[name] if v]) | named.is_null())
    named_here = {n for n in NAMES if n in data.tables[table].columns}
    ours = {n: v for n, v in filters.items() if n not in {*_NOT_NAMES, *named_here}}
    if not ours:
        return frame
    people = replace(view, filters=ours).by("influencer_id", ["spend"]).index
    return frame.filter(pl.col("influencer_id").is_in([str(i) for i in people]))


def scoped(data: Dataset, frame: pl.DataFrame) -> pl.DataFrame:
    """Add to payouts the activity in the scope of each, and what the rate makes of it."""
    posts = data.tables["posts"].with_columns(posts=pl.lit(1.0))
    tracked = attributed(data.tables["tracking_data"]).rename({"orders": "tracked"})
    there = [c for c in _GIVEN if c in frame.columns]
    share, posts_paid = (
        pl.col(c) if c in frame.columns else pl.lit(None) for c in ("commission_rate", "posts")
    )
    return (
        frame.with_columns(
            pl.col("orders").cast(pl.Float64).alias("orders_paid"),
            posts_paid.cast(pl.Float64).alias("posts_paid"),
            share.cast(pl.Float64).alias("share"),
        )
        .with_columns(
            *units_of(frame, posts, "posts"),
            *units_of(frame, tracked, "revenue", "tracked"),
        )
        .with_columns(pl.lit(None, pl.Float64).alias(_MEASURED[m]) for m in _MEASURED
                      if m in data.ledger.absent)
        .with_columns(_units().alias("units"))
        .with_columns(_expected().alias("expected"))
        .select(
            "influencer_id", "basis", pl.col("rate").cast(pl.Float64), "units", "expected",
            pl.col("total_payout").cast(pl.Float64).fill_null(0.0).alias("paid"),
            (pl.col("total_payout") - pl.col("expected")).alias("difference"),
            "posts", pl.col("tracked").alias("orders"), "revenue", "orders_paid", *there,
        )
    )  # fmt: skip


def periods(rows: pd.DataFrame) -> list[tuple[date | None, date | None]]:
    """Return the first and the last day that each of some payments is for; None where open.

    Parameters
    ----------
    rows
        Payments, or payouts, with the columns of days that they have.
    """
    spans = nw.from_native(rows, eager_only=True).with_columns(*days(list(rows.columns)))
    ends = [[_end(day) for day in spans[name].to_list()] for name in (FIRST, LAST)]
    return list(zip(*ends, strict=True))


def _end(day: datetime | None) -> date | None:
    return None if day is None or day != day or day in OPEN else day.date()


def _units() -> pl.Expr:
    basis = pl.col("basis")
    return (
        pl.when(basis == "post").then(pl.coalesce("posts_paid", "posts"))
        .when(basis == "order").then(pl.coalesce("orders_paid", "tracked"))
        .when(basis == "commission").then("revenue")
    )  # fmt: skip


def _expected() -> pl.Expr:
    posts = pl.coalesce("posts_paid", "posts")
    both = pl.col("rate") * posts + pl.col("share") * pl.col("revenue")
    of_units = pl.col("rate") * pl.col("units")
    return pl.when(pl.col("basis") == "hybrid").then(both).otherwise(of_units)
