"""Shares of revenue that a file calls otherwise: rates below 1 per order, and rates of 12."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hk_metrics.ingest.log import Log
from hk_metrics.ingest.raw import FILE, ROW
from hk_metrics.payouts.activity import attributed, units_of
from hk_metrics.payouts.units import close
from hk_metrics.quality import Finding, finding
from hk_metrics.wording import counted

if TYPE_CHECKING:
    import polars as pl

# What was paid divided by rate × orders is the value of an order, if the rate is a share of it.
_LEAST_ORDER_VALUE = 10


def settle_commissions(tables: Mapping[str, pl.DataFrame], log: Log) -> pl.DataFrame:
    """Read payouts as commissions where their rates are shares of revenue.

    Parameters
    ----------
    tables
        The accepted tables.
    log
        Notes are added to it.

    Returns
    -------
    DataFrame
        The payouts. Those of basis ``order`` with a rate between 0 and 1 become ``commission``
        where rate × revenue is what was paid within 1 %; the others of the same file do too, for
        a column means one thing, where more of them are shares (by revenue, or paid at least ten
        times rate × orders) than rate × orders within 1 %. Payouts that rate × orders explains
        stay. A commission's rate of 1 or more is per cent.
    """
    import polars as pl

    payouts = tables["payouts"]
    if payouts.is_empty():
        return payouts
    payouts = _as_share(payouts, log)
    may_be = (pl.col("basis") == "order") & pl.col("rate").is_between(0, 1, closed="none")
    if payouts.filter(may_be).is_empty():
        return payouts
    judged = payouts.with_columns(_evidence(payouts, attributed(tables["tracking_data"]), may_be))
    shares = (pl.col("by_revenue") | pl.col("far_above")).sum().over(FILE)
    column = (shares > pl.col("by_orders").sum().over(FILE)) & ~pl.col("by_orders")
    is_share = may_be & (pl.col("by_revenue") | column)
    for (file,), found in judged.filter(is_share).group_by(FILE, maintain_order=True):
        log.findings.append(_read_as_share(str(file), found))
    basis = pl.when(is_share).then(pl.lit("commission")).otherwise("basis")
    return judged.with_columns(basis.alias("basis")).select(payouts.columns)


def _evidence(payouts: pl.DataFrame, events: pl.DataFrame, may_be: pl.Expr) -> list[pl.Expr]:
    """Say of each payout what explains it: its orders, its revenue, or at least not its orders."""
    import polars as pl

    rate, paid = pl.col("rate"), pl.col("total_payout")
    due = rate * pl.col("orders")
    within = units_of(payouts, events, "revenue")["revenue"]
    overall = units_of(payouts.select("influencer_id"), events, "revenue")["revenue"]
    by_revenue = pl.any_horizontal(close(rate * pl.lit(r), paid) for r in (within, overall))
    by_orders = close(due, paid)
    far_above = paid >= _LEAST_ORDER_VALUE * due
    of_payout = {
        "by_orders": by_orders,
        "by_revenue": by_revenue & ~by_orders.fill_null(False),
        "far_above": far_above & (due > 0),
    }
    return [
        (may_be & (paid > 0) & is_so).fill_null(False).alias(n) for n, is_so in of_payout.items()
    ]


def _read_as_share(file: str, found: pl.DataFrame) -> Finding:
    first = found.row(0, named=True)
    paid, by_revenue = found["total_payout"].sum(), int(found["by_revenue"].sum())
    due = (found["rate"] * found["orders"]).sum()
    evidence = [f"{paid:,.2f} was paid"]
    if due:
        evidence.append(f"rate times orders would be {due:,.2f}")
    if by_revenue:
        evidence.append(f"rate times tracked revenue is what {by_revenue} of them got")
    return finding(
        "order_rate_is_share", payouts=counted(found.height, "payout"),
        evidence=", ".join(evidence), influencer=first["influencer_id"], rate=first["rate"],
        paid=first["total_payout"], file=file, table="payouts",
        row=first[ROW], column="basis", value=f"{first['rate']:g}", count=found.height,
        money=float(paid),
    )  # fmt: skip


def _as_share(payouts: pl.DataFrame, log: Log) -> pl.DataFrame:
    """A commission of 12 is 12 per cent: a share cannot exceed the whole."""
    import polars as pl

    for basis, column in (("commission", "rate"), ("hybrid", "commission_rate")):
        if column not in payouts.columns:
            continue
        percent = (pl.col("basis") == basis) & (pl.col(column) >= 1)
        found = payouts.filter(percent)
        if found.height:
            rate = found[column][0]
            log.findings.append(
                finding(
                    "percent_rate",
                    file=found[FILE][0], table="payouts", row=found[ROW][0], column=column,
                    value=f"{rate:g}", count=found.height,
                )
            )  # fmt: skip
        value = pl.when(percent).then(pl.col(column) / 100).otherwise(column)
        payouts = payouts.with_columns(value.alias(column))
    return payouts
