"""Payouts against what was tracked: what does not add up is listed, the total is trusted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from hk_metrics.ingest.payouts.accepted import AcceptedTables
from hk_metrics.ingest.raw import FILE, ROW
from hk_metrics.payouts.units import TOLERANCE, close
from hk_metrics.quality import Finding, finding
from hk_metrics.wording import counted

if TYPE_CHECKING:
    import polars as pl


def unpaid_influencers(accepted: AcceptedTables) -> Iterator[Finding]:
    """Influencers without any payout cost nothing here."""
    import polars as pl

    payouts = accepted.tables["payouts"]
    if payouts.is_empty():
        return
    unpaid = accepted.orders.filter(
        ~pl.col("influencer_id").is_in(payouts["influencer_id"].implode())
    )
    if unpaid.height:
        yield finding(
            "unpaid", influencers=counted(unpaid.height, "influencer"), table="payouts",
            count=unpaid.height, value=str(unpaid["influencer_id"].min()),
        )  # fmt: skip


def payout_arithmetic(accepted: AcceptedTables) -> Iterator[Finding]:
    """Payouts whose rate times units is not what was paid; the total is trusted.

    Nothing is said of units that the files have none of at all: a file may be missing.
    """
    import polars as pl

    basis, paid = pl.col("basis"), pl.col("total_payout")
    commissions = (accepted.paid["basis"] == "commission").any()
    sold = accepted.sold["revenue"] if commissions else pl.Series([None], dtype=pl.Float64)
    revenue = pl.lit(sold if sold.count() else None)
    there = pl.when(pl.col("posted") > 0).then("posted")
    units = (
        pl.when(basis == "post").then(pl.coalesce("paid_posts", there))
        .when(basis == "order").then("paid_orders")
        .when((basis == "commission") & (revenue != 0)).then(revenue)
    )  # fmt: skip
    shared = (basis == "commission") & (pl.len().over("influencer_id", "basis") > 1)
    rows = (
        accepted.paid.with_columns(shared=shared, units=units)
        .with_columns(expected=pl.col("rate") * pl.col("units"))
        .filter(~close(pl.col("expected"), paid) & ~pl.col("shared") & ~pl.col("other_basis"))
    )
    if rows.height:
        yield placed(
            "payout_arithmetic", rows, "payouts", "total_payout",
            payouts=counted(rows.height, "payout"), example=_made_of(rows.row(0, named=True)),
        )  # fmt: skip


def _made_of(one: Mapping[str, Any]) -> str:
    """Say of a payout what was paid, and what its rate and units make."""
    if one["basis"] == "commission":
        what = f"{one['rate']:.2%} of {one['units']:,.2f}"
    else:
        what = f"{amount(one['units'], one['basis'])} at {one['rate']:,g} each"
    return (
        f"influencer {one['influencer_id']} was paid {one['total_payout']:,.2f} for {what}, "
        f"which would be {one['expected']:,.2f}"
    )


def doubtful_basis(accepted: AcceptedTables) -> Iterator[Finding]:
    """Payouts that the units of another basis explain, and their own do not."""
    rows = accepted.paid.filter("other_basis")
    if rows.height:
        one = rows.row(0, named=True)
        posts, orders = amount(one["own_posts"], "post"), amount(one["paid_orders"], "order")
        explains, does_not = (orders, posts) if one["basis"] == "post" else (posts, orders)
        yield placed(
            "doubtful_basis", rows, "payouts", "basis", payouts=counted(rows.height, "payout"),
            influencer=one["influencer_id"], paid=one["total_payout"], rate=one["rate"],
            explains=explains, does_not=does_not,
        )  # fmt: skip


def payout_orders(accepted: AcceptedTables) -> Iterator[Finding]:
    """Influencers paid for another number of orders than was tracked."""
    import polars as pl

    paid = (
        accepted.tables["payouts"]
        .filter(pl.col("orders").is_not_null() & (pl.col("basis") != "post"))
        .group_by("influencer_id", maintain_order=True)
        .agg(pl.col("orders").sum(), pl.col(FILE).first(), pl.col(ROW).first())
    )  # fmt: skip
    rows = (
        paid.join(accepted.orders, on="influencer_id", how="left", maintain_order="left")
        .with_columns(pl.col("tracked").fill_null(0))
        .filter((pl.col("orders") - pl.col("tracked")).abs() > TOLERANCE * pl.col("tracked"))
    )
    if rows.height and accepted.credited["orders"].count():
        one = rows.row(0, named=True)
        yield placed(
            "payout_orders", rows, "payouts", "orders",
            influencers=counted(rows.height, "influencer"), influencer=one["influencer_id"],
            paid_for=amount(one["orders"], "order"),
            tracked=f"{one['tracked']:,g} {'was' if one['tracked'] == 1 else 'were'}",
        )  # fmt: skip


def amount(number: float, noun: str) -> str:
    """Return a number of units with their noun.

    >>> amount(1.0, "post"), amount(2.5, "order")
    ('1 post', '2.5 orders')
    """
    return f"{number:,g} {noun}{'' if number == 1 else 's'}"


def placed(
    name: str,
    rows: pl.DataFrame,
    table: str,
    column: str,
    /,
    *,
    count: int | None = None,
    money: float | None = None,
    **words: object,
) -> Finding:
    """A finding of a kind, placed at the first of the rows that it is about."""
    value = rows[column][0]
    return finding(
        name, file=rows[FILE][0], table=table, row=rows[ROW][0], column=column, money=money,
        value="" if value is None else str(value),
        count=rows.height if count is None else count, **words,
    )  # fmt: skip
