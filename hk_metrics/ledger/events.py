"""Order rows of the ledger: tracked events with the dimensions that the rules give them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import narwhals as nw

from hk_metrics.schemas import COST_KINDS

Frame = nw.LazyFrame[Any]

BOUGHT_AT = "bought_at"
EARLIER_CUSTOMER = "earlier_customer"
_ORGANIC = "organic"
_MATURING = ("matured_revenue", "open_revenue", "payment_mode", "outcome")


def day(column: str = "date") -> nw.Expr:
    """Return the day of a date-time column, as a date-time at midnight."""
    return nw.col(column).dt.truncate("1d").alias(column)


def materialised(frame: Frame) -> Frame:
    """Compute a frame that is used more than once, where it lies.

    Plans are trees: what is not computed here would be planned, and run, again at every use.
    """
    return frame.collect().lazy()


def in_one_piece(frame: Frame) -> Frame:
    """Return computed rows laid out without gaps, over which groups are summed a tenth faster."""
    whole: Frame = nw.from_native(frame.to_native().collect().rechunk().lazy())
    return whole


def coded_texts(rows: Frame, but: tuple[str, ...] = ()) -> Frame:
    """Give repeated text a number each: groups and filters get faster.

    Users are only ever counted, so of them nothing but the number is kept.
    """
    import polars as pl

    native: pl.LazyFrame = rows.to_native()
    schema = native.collect_schema()
    texts = [n for n, t in schema.items() if t == pl.String and n not in but]
    coded = native.with_columns(pl.col(texts).cast(pl.Categorical))
    users = [pl.col("user_id").to_physical()] if "user_id" in texts else []
    return nw.from_native(coded.with_columns(users))


def events_in(files: Sequence[Path]) -> Frame:
    """Return the order rows that lie in files."""
    import polars as pl

    frame: Frame = nw.from_native(pl.scan_ipc(list(files)))
    return frame


def text_or_null(frame: Frame, *names: str) -> Frame:
    """Add the named text columns as nulls where the frame lacks them."""
    there = frame.collect_schema().names()
    missing = [nw.lit(None, dtype=nw.String).alias(n) for n in names if n not in there]
    return frame.with_columns(*missing) if missing else frame


def profiles(influencers: Frame) -> Frame:
    """Return one row per influencer: ``influencer_id``, ``home_platform`` and every attribute.

    An attribute that shares its name with a column of the ledger gets the prefix ``influencer_``.
    """
    taken = {
        "influencer_id", "kind", "date", "source", "campaign", "brand", "product", "basis",
        "organic", "user_id", "first_order", "posts", "reach", "boosted_reach", "impressions",
        "likes", "comments", "shares", "saves", "video_views", "clicks", "orders", "revenue",
        "spend", "spend_due", "discount", "returned", "post_followers", "payouts", "costs",
        "market_value", "gross_margin", "revenue_without_margin",
        "matured_revenue", "open_revenue", "payment_mode", "outcome",
        *(f"cost_{kind}" for kind in COST_KINDS),
    }  # fmt: skip
    names = influencers.collect_schema().names()
    renamed = {n: f"influencer_{n}" for n in names if n in taken}
    return influencers.rename({**renamed, "id": "influencer_id", "platform": "home_platform"})


def event_platform(platforms: Mapping[str, str]) -> nw.Expr:
    """Return the platform of an event: its source if that names one, else the influencer's.

    Parameters
    ----------
    platforms
        Source → platform of the sources that name one (`Lookups.source_platforms`).
    """
    platform = nw.col("home_platform")
    for spelling in sorted(set(platforms.values())):
        named = nw.col("source").is_in([s for s, p in platforms.items() if p == spelling])
        platform = nw.when(named).then(nw.lit(spelling)).otherwise(platform)
    return platform.alias("platform")


def is_organic() -> nw.Expr:
    """Return whether an event belongs to no influencer."""
    named = (nw.col("source").str.to_lowercase() == _ORGANIC).fill_null(False)
    return (nw.col("influencer_id").is_null() | named).alias("organic")


def orders(
    tracking: Frame,
    profile: Frame,
    platforms: Mapping[str, str],
    *,
    several: bool,
    moments: bool = False,
) -> Frame:
    """Return one row per tracked event with its dimensions, measures and first-order flag.

    Parameters
    ----------
    tracking
        The `tracking_data` table, one row per event, with ``brand``.
    profile
        The result of `profiles`.
    platforms
        Source → platform of the sources that name one (`Lookups.source_platforms`).

    several
        Whether a row may hold several orders of one customer, bought at once or summed up.
    moments
        Whether all orders of a user may not be here, so that ``bought_at`` is needed, too.

    Returns
    -------
    Frame
        Columns ``date``, ``influencer_id``, ``platform``, ``source``, ``campaign``, ``brand``,
        ``product``, ``organic``, ``user_id``, ``first_order``, ``orders``, ``revenue`` and, where
        the data has them, ``discount``, ``returned`` (orders that came back) and ``clicks``; where
        a row may hold several orders also ``purchases``, of which it is one.
    """
    names = tracking.collect_schema().names()
    optional = [
        nw.col(c).cast(nw.Float64).fill_null(0.0)
        for c in ("discount", "clicks", "matured_revenue", "open_revenue")
        if c in names
    ]
    if "returned" in names:
        returned = nw.col("returned").fill_null(False)
        optional.append(
            nw.when(returned).then(nw.col("orders").cast(nw.Float64)).otherwise(0.0)
            .alias("returned")
        )  # fmt: skip
    bought = nw.col("orders") > 0
    if several:
        one = nw.col("purchases") if "purchases" in names else nw.lit(1.0)
        optional.append(nw.when(bought).then(one).otherwise(0.0).alias("purchases"))
        names = [*names, "purchases"]
    when_bought = nw.when(bought).then(nw.col("date"))
    if moments:
        optional.append(when_bought.alias(BOUGHT_AT))
        names = [*names, BOUGHT_AT]
    first = when_bought == when_bought.min().over("user_id")
    if EARLIER_CUSTOMER in names:
        first = first & ~nw.col(EARLIER_CUSTOMER)
    beside = ["discount", "returned", "clicks", "purchases", BOUGHT_AT, *_MATURING]
    beside += [EARLIER_CUSTOMER] if moments else []
    columns = [
        "date", "influencer_id", "source", "campaign", "brand", "product", "organic", "user_id",
        "first_order", "orders", "revenue",
        *(c for c in beside if c in names),
    ]  # fmt: skip
    homes = profile.select("influencer_id", "home_platform")
    return (
        tracking.with_columns(
            is_organic(),
            (first & ~nw.col("user_id").is_null()).fill_null(False).alias("first_order"),
        )
        .with_columns(
            day(),
            nw.when(~nw.col("organic")).then(nw.col("influencer_id")).alias("influencer_id"),
            nw.col("orders", "revenue").cast(nw.Float64).fill_null(0.0),
            *optional,
        )
        .select(columns)
        .join(homes, on="influencer_id", how="left")
        .with_columns(event_platform(platforms))
        .drop("home_platform")
    )  # fmt: skip


def with_earlier(tracking: Frame, customers: Frame | None) -> Frame:
    """Mark the events of customers who had bought before their first order in the data.

    Parameters
    ----------
    tracking
        The `tracking_data` table.
    customers
        The `customers` table; without it nothing is added. One who is listed with the day of that
        first order, or a later one, is new all the same.
    """
    if customers is None:
        return tracking
    listed = customers.filter(~nw.col("user_id").is_null())
    dated = "first_order" in listed.collect_schema().names()
    since = nw.col("first_order") if dated else nw.lit(None, dtype=nw.Datetime("us"))
    known = (
        listed.with_columns(since.alias("__since"), since.is_null().alias("__before"))
        .group_by("user_id")
        .agg(nw.col("__since").min(), nw.col("__before").max())
    )
    bought = nw.when(nw.col("orders") > 0).then(nw.col("date")).otherwise(None)
    own = bought.min().over("user_id").dt.truncate("1d")
    before = nw.col("__before") | (nw.col("__since").dt.truncate("1d") < own)
    return (
        tracking.join(known, on="user_id", how="left")
        .with_columns(before.fill_null(False).alias(EARLIER_CUSTOMER))
        .drop("__since", "__before")
    )


def order_weight(lacking: frozenset[str]) -> nw.Expr:
    """Return what posts and payouts follow: orders; revenue above 0 where none are counted."""
    weight = nw.col("revenue").clip(lower_bound=0.0) if "orders" in lacking else nw.col("orders")
    return weight.alias("order_weight")
