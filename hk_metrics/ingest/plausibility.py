"""What is odd but usable: engagement above reach, future dates, sums that do not add up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from hk_metrics.ingest.activity import units_of
from hk_metrics.ingest.payouts import TOLERANCE, attributed
from hk_metrics.ingest.raw import FILE, ROW
from hk_metrics.quality import Finding
from hk_metrics.schemas import TABLES

if TYPE_CHECKING:
    import polars as pl

    from hk_metrics.settings import Settings

    Tables = Mapping[str, pl.DataFrame]

NAMES = {
    "influencers": ("category", "platform", "city"),
    "posts": ("platform", "brand", "campaign"),
    "tracking_data": ("source", "campaign", "brand", "product"),
    "payouts": ("campaign", "brand", "platform"),
}


def odd(tables: Tables, settings: Settings) -> list[Finding]:
    """Return the warnings and notes about rows that are used all the same."""
    found = [finding for check in CHECKS for finding in check(tables)]
    return [*future_dates(tables, settings), *found]


def absent_tables(tables: Tables) -> Iterator[Finding]:
    """Say which tables nothing was found for, and what cannot be shown for that."""
    lacks = {
        "posts": "reach, engagement and cost per post stay empty",
        "tracking_data": "revenue, orders and ROAS stay empty",
        "payouts": "spend, ROAS and cost per order stay empty",
        "influencers": "there are no categories, tiers or follower counts to compare by",
    }
    for name, effect in lacks.items():
        if tables[name].is_empty():
            yield Finding(
                "warning", "no_table", f"there are no {name.replace('_', ' ')}: {effect}",
                f"add a file in which a row is {TABLES[name].row}", table=name, count=0,
            )  # fmt: skip


def engagement_above_reach(tables: Tables) -> Iterator[Finding]:
    """Posts that more people liked or commented on than saw."""
    import polars as pl

    parts = [c for c in ("likes", "comments", "shares", "saves") if c in tables["posts"].columns]
    rows = tables["posts"].filter(pl.sum_horizontal(parts) > pl.col("reach"))
    if rows.height:
        yield _at(
            rows, "posts", "reach", "engagement_above_reach",
            f"{rows.height:,} posts have more likes and comments than reach",
            "check whether reach and impressions were mixed up; they are counted as they are",
        )  # fmt: skip


def future_dates(tables: Tables, settings: Settings) -> Iterator[Finding]:
    """Dates after today, where the company is."""
    import polars as pl

    now = datetime.now(ZoneInfo(settings.timezone)).replace(tzinfo=None)
    for name in ("posts", "tracking_data", "payouts", "daily_sales"):
        if "date" not in tables[name].columns:
            continue
        rows = tables[name].filter(pl.col("date") > now)
        if rows.height:
            last = rows.select(pl.col("date").max().dt.strftime("%-d %B %Y")).item()
            yield _at(
                rows, name, "date", "future_date",
                f"{rows.height:,} rows are dated in the future, up to {last}",
                "check the year, and whether day and month were swapped",
            )  # fmt: skip


def organic_orders(tables: Tables) -> Iterator[Finding]:
    """Rows that belong to no influencer: they become the baseline."""
    tracking = tables["tracking_data"]
    kept = attributed(tracking)
    count = tracking.height - kept.height
    if count:
        money = float(tracking["revenue"].sum()) - float(kept["revenue"].sum())
        yield Finding(
            "note", "organic",
            f"{count:,} of {tracking.height:,} tracked rows are organic: they serve as the "
            "baseline and count for no influencer",
            table="tracking_data", column="source", count=count, money=money,
        )  # fmt: skip


def refunds(tables: Tables) -> Iterator[Finding]:
    """Negative revenue is a refund."""
    import polars as pl

    rows = tables["tracking_data"].filter(pl.col("revenue") < 0)
    if rows.height:
        yield Finding(
            "note", "refund", f"{rows.height:,} rows have negative revenue and count as refunds",
            file=rows[FILE][0], table="tracking_data", row=rows[ROW][0], column="revenue",
            count=rows.height, money=float(rows["revenue"].sum()),
        )  # fmt: skip


def unpaid_influencers(tables: Tables) -> Iterator[Finding]:
    """Influencers without any payout cost nothing here."""
    import polars as pl

    payouts, active = tables["payouts"], attributed(tables["tracking_data"])["influencer_id"]
    if payouts.is_empty():
        return
    unpaid = active.unique().to_frame().filter(
        ~pl.col("influencer_id").is_in(payouts["influencer_id"].implode())
    )  # fmt: skip
    if unpaid.height:
        yield Finding(
            "warning", "unpaid",
            f"{unpaid.height:,} influencers have orders but no payout: their orders look free",
            "add their payouts, or read ROAS with care", table="payouts", count=unpaid.height,
            value=str(unpaid["influencer_id"].min()),
        )  # fmt: skip


def payout_arithmetic(tables: Tables) -> Iterator[Finding]:
    """Payouts whose rate times units is not what was paid; the total is trusted."""
    import polars as pl

    payouts = tables["payouts"].filter(pl.col("rate").is_not_null())
    if payouts.is_empty():
        return
    posts = tables["posts"].with_columns(posts=pl.lit(1.0))
    revenue = pl.lit(0.0)
    if (payouts["basis"] == "commission").any():
        events = attributed(tables["tracking_data"])
        revenue = pl.lit(units_of(payouts, events, "revenue"))
    several = pl.len().over("influencer_id", "basis") > 1
    units = (
        pl.when(pl.col("basis") == "post").then(units_of(payouts, posts, "posts"))
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
        yield _at(
            rows, "payouts", "total_payout", "payout_arithmetic",
            f"{rows.height:,} payouts are not rate times units: influencer {one['influencer_id']} "
            f"was paid {one['total_payout']:,.2f} for {one['units']:,g} "
            f"({one['basis']}) at {one['rate']:,g}, which would be {one['expected']:,.2f}",
            "the total is what counts; check the rate",
        )  # fmt: skip


def payout_orders(tables: Tables) -> Iterator[Finding]:
    """Influencers paid for another number of orders than was tracked."""
    import polars as pl

    paid = (
        tables["payouts"].filter(pl.col("orders").is_not_null() & (pl.col("basis") != "post"))
        .group_by("influencer_id", maintain_order=True)
        .agg(pl.col("orders").sum(), pl.col(FILE).first(), pl.col(ROW).first())
    )  # fmt: skip
    tracked = attributed(tables["tracking_data"]).group_by("influencer_id").agg(
        pl.col("orders").sum().alias("tracked")
    )  # fmt: skip
    rows = (
        paid.join(tracked, on="influencer_id", how="left", maintain_order="left")
        .with_columns(pl.col("tracked").fill_null(0))
        .filter(pl.col("orders") != pl.col("tracked"))
    )
    if rows.height and tables["tracking_data"].height:
        one = rows.row(0, named=True)
        yield _at(
            rows, "payouts", "orders", "payout_orders",
            f"{rows.height:,} influencers are paid for another number of orders than was tracked: "
            f"{one['influencer_id']} for {one['orders']:,g}, tracked {one['tracked']:,g}",
            "check the period of both files; tracked orders are what is counted",
        )  # fmt: skip


def spellings(tables: Tables) -> Iterator[Finding]:
    """Names that differ only in case or spaces; they are left as they are."""
    import polars as pl

    for name, columns in NAMES.items():
        for column in columns:
            if column not in tables[name].columns:
                continue
            values = tables[name][column].drop_nulls().unique().sort().to_frame("value")
            key = pl.col("value").str.to_lowercase().str.replace_all(r"[\s_\-]+", "")
            groups = values.group_by(key.alias("key"), maintain_order=True).agg("value")
            several = groups.filter(pl.col("value").list.len() > 1)
            if several.height:
                shown = " / ".join(several["value"][0].to_list()[:3])
                yield Finding(
                    "warning", "spelling_variants",
                    f"{several.height:,} values of {column} are written in several ways, which "
                    f"count apart: {shown}",
                    "write them in one way", table=name, column=column,
                    value=several["value"][0][0], count=several.height,
                )  # fmt: skip


def _at(rows: pl.DataFrame, table: str, column: str, code: str, message: str, fix: str) -> Finding:
    """A warning placed at the first of the rows."""
    value = rows[column][0]
    return Finding(
        "warning", code, message, fix, file=rows[FILE][0], table=table, row=rows[ROW][0],
        column=column, value="" if value is None else str(value), count=rows.height,
    )  # fmt: skip


CHECKS: tuple[Callable[[Tables], Iterator[Finding]], ...] = (
    absent_tables, engagement_above_reach, payout_arithmetic, payout_orders,
    unpaid_influencers, spellings, organic_orders, refunds,
)  # fmt: skip
