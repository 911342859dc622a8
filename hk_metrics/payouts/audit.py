"""What does not add up in payouts: doubts to look into, with the money they concern."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import polars as pl

from hk_metrics.interchange import to_pandas
from hk_metrics.payouts.payments import kept, scoped
from hk_metrics.payouts.scope import NAMES, TIMES
from hk_metrics.payouts.units import TOLERANCE

if TYPE_CHECKING:
    import pandas as pd

    from hk_metrics.dataset import Dataset
    from hk_metrics.view import View

COLUMNS = ("kind", "influencer_id", "amount", "paid", "expected", "units", "basis")
_NOTHING = (pl.col("posts") == 0) & (pl.col("orders") == 0)
KINDS: Mapping[str, str] = {
    "rate": "Rate × units is not what was paid",
    "orders": "Orders paid are not orders tracked",
    "idle": "Paid without any activity",
    "unpaid": "Activity without pay",
    "twice": "Paid twice",
}


def audit(data: Dataset, view: View | None = None) -> pd.DataFrame:
    """Return what does not add up in the payouts of a view, most money first.

    Parameters
    ----------
    data
        A dataset.
    view
        A view of it; everything where absent.

    Returns
    -------
    pandas.DataFrame
        One row per doubt: ``kind`` (one of `KINDS`), ``influencer_id``, ``amount`` (money in
        doubt), ``paid`` and ``expected`` (money, or orders for the kind ``orders``), ``units``
        and ``basis`` where they apply.

    Notes
    -----
    A doubt, not a verdict: the total paid is trusted everywhere else. ``rate``: paid differs from
    rate × units by more than 1 %; where several payments go to one influencer for posts, any
    whole number of that influencer's posts will do, and of one without a post in the data nothing
    is known. ``unpaid`` carries the revenue that looks free. What the data does not hold at all
    (payouts, posts, orders) is no doubt about anybody.
    """
    frame = kept(data, view) if view is not None else data.tables["payouts"]
    paid = scoped(data, frame)
    found = [check(paid) for check in _CHECKS]
    if "spend" not in data.ledger.absent:
        found.append(_unpaid(data, view))
    table = pl.concat([f.select(COLUMNS) for f in found])
    return table.sort("amount", descending=True, nulls_last=True).pipe(to_pandas)


def _named(frame: pl.DataFrame) -> list[str]:
    return [c for c in (*NAMES, *TIMES) if c in frame.columns]


def _doubt(frame: pl.DataFrame, kind: str, **columns: pl.Expr) -> pl.DataFrame:
    """Give rows the columns of a doubt."""
    empty = {"expected": pl.lit(None, pl.Float64), "units": pl.lit(None, pl.Float64)}
    return frame.select(
        pl.lit(kind).alias("kind"), "influencer_id", "basis",
        *(e.cast(pl.Float64).alias(n) for n, e in {**empty, **columns}.items()),
    )  # fmt: skip


def rates(paid: pl.DataFrame) -> pl.DataFrame:
    """Return the payments that rate × units does not explain."""
    amount, several = pl.col("paid"), pl.len().over("influencer_id", "basis") > 1
    number = amount / pl.col("rate")
    whole = (number - number.round()).abs() <= TOLERANCE * number
    some = (pl.col("basis") == "post") & several & whole & (number <= pl.col("posts") + TOLERANCE)
    # Several commissions without a period share one revenue: none can be checked alone.
    shared = (pl.col("basis") == "commission") & pl.struct(
        "influencer_id", *_named(paid)
    ).is_duplicated()
    unposted = (pl.col("basis") == "post") & (pl.col("units") == 0)
    rows = paid.filter(
        (pl.col("difference").abs() > TOLERANCE * amount.abs() + 0.5)
        & ~some.fill_null(False) & ~shared & ~_NOTHING & ~unposted
    )  # fmt: skip
    return _doubt(
        rows, "rate", amount=pl.col("difference").abs(), paid=amount,
        expected=pl.col("expected"), units=pl.col("units"),
    )  # fmt: skip


def orders(paid: pl.DataFrame) -> pl.DataFrame:
    """Return who is paid for another number of orders than was tracked in the same scope."""
    counted = paid.filter((pl.col("basis") == "order") & pl.col("orders_paid").is_not_null())
    scope = counted.group_by("influencer_id", *_named(counted), maintain_order=True).agg(
        pl.col("orders_paid", "paid").sum(), pl.col("orders", "basis").first()
    )
    off = pl.col("orders_paid") - pl.col("orders")
    rows = scope.filter(off.abs() > 1e-6)
    price = pl.when(pl.col("orders_paid") > 0).then(pl.col("paid") / pl.col("orders_paid"))
    return _doubt(
        rows, "orders", amount=(off.abs() * price), paid=pl.col("orders_paid"),
        expected=pl.col("orders"), units=off,
    )  # fmt: skip


def _idle(paid: pl.DataFrame) -> pl.DataFrame:
    """Return payments without a post or an order in their scope."""
    rows = paid.filter(_NOTHING & (pl.col("paid") > 0))
    return _doubt(rows, "idle", amount=pl.col("paid"), paid=pl.col("paid"))


def _twice(paid: pl.DataFrame) -> pl.DataFrame:
    """Return payments equal to an earlier one in who, what for, how much and when."""
    when = [c for c in ("payment_date",) if c in paid.columns]
    same = ["influencer_id", "basis", "rate", "paid", *_named(paid), *when]
    rows = paid.filter((pl.int_range(pl.len()).over(same) > 0) & (pl.col("paid") > 0))
    return _doubt(rows, "twice", amount=pl.col("paid"), paid=pl.col("paid"))


def _unpaid(data: Dataset, view: View | None) -> pl.DataFrame:
    """Return influencers with posts or orders, and no payment at all."""
    sums = (view or data.view()).by("influencer_id", ["revenue", "orders", "posts"])
    active = pl.DataFrame(
        {
            "influencer_id": [str(i) for i in sums.index],
            **{c: sums[c].fillna(0.0).to_numpy() for c in sums},
        },
        schema_overrides={"influencer_id": pl.String},
    )
    known = data.tables["influencers"]["id"].implode()
    rows = active.filter(
        (pl.col("orders") > 0) | (pl.col("posts") > 0),
        pl.col("influencer_id").is_in(known),
        ~pl.col("influencer_id").is_in(data.tables["payouts"]["influencer_id"].implode()),
    ).with_columns(basis=pl.lit(None, pl.String))
    return _doubt(
        rows, "unpaid", amount=pl.col("revenue"), paid=pl.lit(0.0), units=pl.col("orders")
    )


_CHECKS: tuple[Callable[[pl.DataFrame], pl.DataFrame], ...] = (rates, orders, _idle, _twice)
