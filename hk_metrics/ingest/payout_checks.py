"""Payouts against what was tracked: what does not add up is listed, the total is trusted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hk_metrics.formatting import counted
from hk_metrics.ingest.activity import units_of
from hk_metrics.ingest.facts import Facts
from hk_metrics.ingest.payouts import TOLERANCE
from hk_metrics.ingest.raw import FILE, ROW
from hk_metrics.quality import Finding

if TYPE_CHECKING:
    import polars as pl


def unpaid_influencers(facts: Facts) -> Iterator[Finding]:
    """Influencers without any payout cost nothing here."""
    import polars as pl

    payouts = facts.tables["payouts"]
    if payouts.is_empty():
        return
    unpaid = facts.orders.filter(~pl.col("influencer_id").is_in(payouts["influencer_id"].implode()))
    if unpaid.height:
        yield Finding(
            "warning", "unpaid",
            f"{counted(unpaid.height, 'influencer')} with orders but no payout: they look free",
            "add their payouts, or read ROAS with care", table="payouts", count=unpaid.height,
            value=str(unpaid["influencer_id"].min()),
        )  # fmt: skip


def payout_arithmetic(facts: Facts) -> Iterator[Finding]:
    """Payouts whose rate times units is not what was paid; the total is trusted."""
    import polars as pl

    payouts = facts.tables["payouts"].filter(pl.col("rate").is_not_null())
    if payouts.is_empty():
        return
    posts = facts.tables["posts"].with_columns(posts=pl.lit(1.0))
    revenue = pl.lit(0.0)
    if (payouts["basis"] == "commission").any():
        revenue = pl.lit(units_of(payouts, facts.credited, "revenue")["revenue"])
    several = pl.len().over("influencer_id", "basis") > 1
    units = (
        pl.when(pl.col("basis") == "post").then(units_of(payouts, posts, "posts")["posts"])
        .when(pl.col("basis") == "order").then(pl.col("orders").cast(pl.Float64))
        .when(pl.col("basis") == "commission").then(revenue)
    )  # fmt: skip
    paid, rate = pl.col("total_payout"), pl.col("rate")
    nth = paid / rate
    # Of several payouts for posts, each may pay for some of them: any whole number will do.
    some_posts = (
        (pl.col("basis") == "post") & several & (nth >= 1 - TOLERANCE) & (nth <= units + TOLERANCE)
        & ((nth - nth.round()).abs() <= TOLERANCE * nth)
    )  # fmt: skip
    expected = rate * units
    differs = ((expected - paid).abs() > TOLERANCE * paid.abs()) & ~some_posts
    shared = (pl.col("basis") == "commission") & several
    rows = payouts.with_columns(expected=expected, units=units).filter(differs & ~shared)
    if rows.height:
        one = rows.row(0, named=True)
        yield placed(
            rows, "payouts", "total_payout", "payout_arithmetic",
            f"{counted(rows.height, 'payout')} other than rate times units: {one['influencer_id']} "
            f"was paid {one['total_payout']:,.2f} for {one['units']:,g} "
            f"({one['basis']}) at {one['rate']:,g}, which would be {one['expected']:,.2f}",
            "the total is what counts; check the rate",
        )  # fmt: skip


def payout_orders(facts: Facts) -> Iterator[Finding]:
    """Influencers paid for another number of orders than was tracked."""
    import polars as pl

    paid = (
        facts.tables["payouts"].filter(pl.col("orders").is_not_null() & (pl.col("basis") != "post"))
        .group_by("influencer_id", maintain_order=True)
        .agg(pl.col("orders").sum(), pl.col(FILE).first(), pl.col(ROW).first())
    )  # fmt: skip
    rows = (
        paid.join(facts.orders, on="influencer_id", how="left", maintain_order="left")
        .with_columns(pl.col("tracked").fill_null(0))
        .filter((pl.col("orders") - pl.col("tracked")).abs() > TOLERANCE * pl.col("tracked"))
    )
    if rows.height and facts.orders.height:
        one = rows.row(0, named=True)
        yield placed(
            rows, "payouts", "orders", "payout_orders",
            f"{counted(rows.height, 'influencer')} paid for other orders than were tracked: "
            f"{one['influencer_id']} for {one['orders']:,g}, tracked {one['tracked']:,g}",
            "check the period of both files; tracked orders are what is counted",
        )  # fmt: skip


def placed(
    rows: pl.DataFrame, table: str, column: str, code: str, message: str, fix: str
) -> Finding:
    """A warning placed at the first of the rows."""
    value = rows[column][0]
    return Finding(
        "warning", code, message, fix, file=rows[FILE][0], table=table, row=rows[ROW][0],
        column=column, value="" if value is None else str(value), count=rows.height,
    )  # fmt: skip
