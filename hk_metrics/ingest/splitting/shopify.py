"""A Shopify order export: order fields stand only on the first of several line rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hk_metrics.ingest.headers.names import plain
from hk_metrics.ingest.log import Log
from hk_metrics.ingest.raw import ROW, RawTable
from hk_metrics.ingest.splitting.codes import creditors
from hk_metrics.ingest.splitting.utm import referral, tagged
from hk_metrics.ingest.values.numbers import parse_number
from hk_metrics.quality import finding
from hk_metrics.wording import counted

if TYPE_CHECKING:
    import polars as pl

    from hk_metrics.settings import Settings

_NEEDED = frozenset({"name", "lineitemname", "total", "createdat"})
_FIELDS = ("name", "email", "total", "discountcode", "discountamount", "createdat",
          "refundedamount", "vendor", "lineitemname", "lineitemprice", "lineitemquantity",
          "customerid")  # fmt: skip
_OF_A_LINE = ("vendor", "lineitemname", "lineitemprice", "lineitemquantity")
_AMOUNTS = ("refundedamount", "lineitemprice", "lineitemquantity", "discountamount")
_REFERRAL = "__referral"
# Whether an order counts is told from these as it is of any other file of orders.
KEPT = frozenset({"currency", "financialstatus", "cancelledat"})


def is_shopify(headers: Sequence[str]) -> bool:
    """Whether the headers are those of Shopify's order export.

    >>> is_shopify(["Name", "Email", "Total", "Created at", "Lineitem name"])
    True
    """
    return {plain(h) for h in headers} >= _NEEDED


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
    Revenue is the order's total. What was refunded is negative revenue in a table of its own, as
    it happened later: a copy of the order in another export is no copy of its refund. An order of
    several products is counted under the dearest, and is of that one's brand. Source and campaign
    are what the notes or the first link say; else an order with a discount code came by it, and
    one without is organic.
    """
    import polars as pl

    given = {plain(h): h for h in raw.headers if plain(h) in _FIELDS}
    kept = [h for h in raw.headers if plain(h) in KEPT]
    texts = pl.col(*given.values(), *kept).cast(pl.String).str.strip_chars()
    frame = raw.frame.with_columns(texts, referral(raw.headers).alias(_REFERRAL))
    lines = frame.select(
        ROW, _REFERRAL, *kept, *(pl.col(h).alias(n) for n, h in given.items())
    ).with_columns(pl.lit(None, pl.String).alias(n) for n in _FIELDS if n not in given)
    numbers = {n: parse_number(lines[n], settings.currency).values.fill_null(0.0) for n in _AMOUNTS}
    orders = _orders(lines.with_columns(**numbers), kept)
    _tell(raw, orders, log)
    named = creditors(orders["discountcode"], others, raw.file, given.get("discountcode", ""), log)
    orders = orders.hstack(tagged(orders[_REFERRAL])).with_columns(named.alias("influencer_id"))
    sold = _sold(orders, kept)
    refunds = _refunds(sold, orders["refundedamount"])
    tables = [RawTable(raw.file, raw.name, sold, raw.findings, table="tracking_data")]
    if refunds.height:
        tables.append(RawTable(f"{raw.file} › refunds", raw.name, refunds, table="tracking_data"))
    return tables


def _orders(lines: pl.DataFrame, kept: Sequence[str]) -> pl.DataFrame:
    """One row per order: its fields from the first line that has them, its dearest product."""
    import polars as pl

    value = pl.col("lineitemprice") * pl.col("lineitemquantity")
    once = [f for f in _FIELDS if f not in ("name", *_OF_A_LINE, *_AMOUNTS)]
    fields = [_REFERRAL, *kept, *once]
    dearest = pl.col("lineitemname", "vendor").sort_by(value, descending=True, maintain_order=True)
    return (
        lines.filter(pl.col("name").is_not_null() & (pl.col("name") != ""))
        .with_columns(pl.col(*fields, "vendor").replace("", None))
        .group_by("name", maintain_order=True)
        .agg(
            pl.col(ROW).first(),
            *(pl.col(f).drop_nulls().first() for f in fields),
            pl.col("refundedamount").max(),
            pl.col("discountamount").max(),
            dearest.first(),
            pl.len().alias("lines"),
        )
    )


def _sold(orders: pl.DataFrame, kept: Sequence[str]) -> pl.DataFrame:
    import polars as pl

    by_code = pl.when(pl.col("discountcode").is_not_null()).then(pl.lit("PromoCode"))
    # The source "Organic" would take an order from the influencer whose code it names.
    credited = pl.col("influencer_id").is_not_null()
    tag = pl.when(~(credited & (pl.col("source").str.to_lowercase() == "organic")))
    return orders.select(
        ROW, pl.coalesce(tag.then(pl.col("source")), by_code, pl.lit("Organic")).alias("source"),
        "campaign", "influencer_id",
        pl.coalesce("email", "customerid").alias("user_id"),
        pl.col("lineitemname").alias("product"), pl.col("createdat").alias("date"),
        pl.lit(1).alias("orders"), pl.col("total").alias("revenue"),
        pl.col("vendor").alias("brand"), pl.col("name").alias("tracking_id"),
        pl.col("discountamount").alias("discount"), *kept,
    )  # fmt: skip


def _refunds(sold: pl.DataFrame, back: pl.Series) -> pl.DataFrame:
    import polars as pl

    return sold.filter(back > 0).with_columns(
        orders=pl.lit(0), revenue=-back.filter(back > 0), discount=pl.lit(0.0),
        tracking_id=pl.col("tracking_id") + " refund",
    )  # fmt: skip


def _tell(raw: RawTable, orders: pl.DataFrame, log: Log) -> None:
    several = int((orders["lines"] > 1).sum())
    log.findings.append(
        finding("shopify", lines=counted(raw.frame.height, "line"), count=orders.height,
                orders=counted(orders.height, "order"), file=raw.file)
    )  # fmt: skip
    if several:
        log.findings.append(
            finding("shopify_lines", orders=counted(several, "order"), file=raw.file, count=several)
        )
