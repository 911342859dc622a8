"""A Shopify order export: order fields stand only on the first of several line rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hk_metrics.formatting import counted
from hk_metrics.ingest.codes import owned, owners
from hk_metrics.ingest.log import Log
from hk_metrics.ingest.names import plain
from hk_metrics.ingest.numbers import parse_number
from hk_metrics.ingest.raw import ROW, RawTable
from hk_metrics.quality import Finding

if TYPE_CHECKING:
    import polars as pl

    from hk_metrics.settings import Settings

NEEDED = frozenset({"name", "lineitemname", "total", "createdat"})
FIELDS = ("name", "email", "financialstatus", "currency", "total", "discountcode",
          "discountamount", "createdat", "refundedamount", "vendor", "lineitemname",
          "lineitemprice", "lineitemquantity", "customerid")  # fmt: skip


def is_shopify(headers: Sequence[str]) -> bool:
    """Whether the headers are those of Shopify's order export.

    >>> is_shopify(["Name", "Email", "Total", "Created at", "Lineitem name"])
    True
    """
    return {plain(h) for h in headers} >= NEEDED


def read_shopify(
    raw: RawTable, others: Sequence[RawTable], settings: Settings, log: Log
) -> list[RawTable]:
    """Turn the line rows of orders to tracked events, one per order.

    Parameters
    ----------
    raw
        The export.
    others
        The other files of the import; of influencers with a column of promo codes each gets the
        orders that used theirs, and the orders of other codes are organic.
    settings, log
        Currency; notes.

    Notes
    -----
    Revenue is the order's total; what was refunded is a row of its own with negative revenue. An
    order of several products is counted under the dearest. An order without a discount code is
    organic; void orders are left out.
    """
    import polars as pl

    given = {plain(h): h for h in raw.headers if plain(h) in FIELDS}
    lines = raw.frame.select(
        ROW, *(pl.col(h).cast(pl.String).str.strip_chars().alias(n) for n, h in given.items())
    ).with_columns(
        pl.lit(None, pl.String).alias(n) for n in FIELDS if n not in given
    )  # fmt: skip
    numbers = {
        n: parse_number(lines[n], settings.currency).values.fill_null(0.0)
        for n in ("refundedamount", "lineitemprice", "lineitemquantity", "discountamount")
    }
    lines = lines.with_columns(**numbers)
    orders = _orders(lines)
    void = orders.filter(pl.col("financialstatus").str.to_lowercase() == "voided")
    orders = orders.filter(pl.col("financialstatus").str.to_lowercase().ne_missing("voided"))
    code = pl.col("discountcode").str.split(",").list.first().str.strip_chars()
    orders = orders.with_columns(code.alias("code"))
    found = owners(orders["code"], others)
    named = owned(orders["code"], found) if found else orders["code"]
    orders = orders.with_columns(named.alias("influencer_id"))
    _tell(raw, orders, void, log)
    return [RawTable(raw.file, raw.name, _events(orders), raw.findings, table="tracking_data")]


def _orders(lines: pl.DataFrame) -> pl.DataFrame:
    """One row per order: its fields from the first line that has them, its dearest product."""
    import polars as pl

    value = pl.col("lineitemprice") * pl.col("lineitemquantity")
    fields = [f for f in FIELDS if not f.startswith("lineitem") and f not in (
        "name", "refundedamount", "discountamount")]  # fmt: skip
    return (
        lines.filter(pl.col("name").is_not_null() & (pl.col("name") != ""))
        .with_columns(pl.col(f).replace("", None) for f in fields)
        .group_by("name", maintain_order=True)
        .agg(
            pl.col(ROW).first(),
            *(pl.col(f).drop_nulls().first() for f in fields),
            pl.col("refundedamount").max(),
            pl.col("discountamount").max(),
            pl.col("lineitemname").sort_by(value, descending=True).first(),
            pl.len().alias("lines"),
        )
    )


def _events(orders: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    sold = orders.select(
        ROW,
        pl.when(pl.col("code").is_null()).then(pl.lit("Organic")).otherwise(pl.lit("PromoCode"))
        .alias("source"),
        pl.lit(None, pl.String).alias("campaign"), "influencer_id",
        pl.coalesce("email", "customerid").alias("user_id"),
        pl.col("lineitemname").alias("product"), pl.col("createdat").alias("date"),
        pl.lit(1).alias("orders"), pl.col("total").alias("revenue"),
        pl.col("vendor").alias("brand"), pl.col("name").alias("tracking_id"),
        pl.col("discountamount").alias("discount"),
    )  # fmt: skip
    back = orders["refundedamount"]
    refunds = sold.filter(back > 0).with_columns(
        orders=pl.lit(0), revenue=-back.filter(back > 0), discount=pl.lit(0.0),
        tracking_id=pl.col("tracking_id") + " refund",
    )  # fmt: skip
    typed = refunds.with_columns(pl.col("revenue").cast(pl.String))
    return pl.concat([sold, typed], how="vertical_relaxed")


def _tell(raw: RawTable, orders: pl.DataFrame, void: pl.DataFrame, log: Log) -> None:
    several = int((orders["lines"] > 1).sum())
    message = (
        f"a Shopify export: {counted(raw.frame.height, 'line')} of "
        f"{counted(orders.height, 'order')}; revenue "
        "is 'Total', refunds are rows of their own, the discount code names the influencer"
    )
    log.findings.append(Finding("note", "shopify", message, file=raw.file, count=orders.height))
    if several:
        message = f"{counted(several, 'order')} of several products, counted under the dearest"
        log.findings.append(Finding("note", "shopify_lines", message, file=raw.file, count=several))
    if void.height:
        message = f"{counted(void.height, 'void order')} left out"
        log.findings.append(
            Finding("warning", "void_orders", message, file=raw.file,
                    row=void[ROW][0], count=void.height)
        )  # fmt: skip
