"""What is odd but usable: engagement above reach, future dates, sums that do not add up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from hk_metrics.ingest.checking.brands import brands_of_orders
from hk_metrics.ingest.checking.organic import nobodys_orders, organic_influencers
from hk_metrics.ingest.checking.payout_posts import paid_without_posts, payout_posts
from hk_metrics.ingest.checking.payouts import (
    doubtful_basis,
    payout_arithmetic,
    payout_orders,
    placed,
    unpaid_influencers,
)
from hk_metrics.ingest.payouts.dates import unmatched_periods
from hk_metrics.ingest.payouts.facts import Facts
from hk_metrics.ingest.problems import rows_where
from hk_metrics.ingest.raw import FILE, ROW
from hk_metrics.platforms import named_platform, platforms_named
from hk_metrics.quality import Finding, finding
from hk_metrics.schemas import TABLES
from hk_metrics.wording import counted

ENOUGH_ORDERS, FAR_BEYOND = 20, 100

if TYPE_CHECKING:
    import polars as pl

    from hk_metrics.settings import Settings


def odd(
    tables: Mapping[str, pl.DataFrame], settings: Settings, taken: Mapping[str, str]
) -> list[Finding]:
    """Return the warnings and notes about rows that are used all the same.

    Parameters
    ----------
    tables
        The accepted tables.
    settings
        Time zone, brands.
    taken
        Table → a file that was taken for it, whether it has rows that can be used or not.
    """
    facts = Facts(tables, taken)
    found = [finding for check in CHECKS for finding in check(facts)]
    return [*future_dates(facts, settings), *brands_of_orders(facts, settings), *found]


def absent_tables(facts: Facts) -> Iterator[Finding]:
    """Say which tables nothing was found for, and what cannot be shown for that."""
    lacks = {
        "posts": "reach, engagement and cost per post stay empty",
        "tracking_data": "revenue, orders and ROAS stay empty",
        "payouts": "spend, ROAS and cost per order stay empty",
        "influencers": "there are no categories, tiers or follower counts to compare by",
    }
    for name, effect in lacks.items():
        if facts.tables[name].is_empty():
            there, repair = "there are no", f"add a file in which a row is {TABLES[name].row}"
            if name in facts.taken:
                there, repair = "there are no usable", f"repair {facts.taken[name]}: see above"
            yield finding(
                "no_table", there=there, of=name.replace("_", " "), effect=effect, repair=repair,
                table=name, count=0,
            )  # fmt: skip


def absent_columns(facts: Facts) -> Iterator[Finding]:
    """Say of which columns nothing is known, and what cannot be shown for that."""
    lacks = {
        ("tracking_data", "orders"): "orders, average order value and cost per order stay empty",
        ("tracking_data", "revenue"): "revenue, profit and ROAS stay empty",
        ("posts", "reach"): "reach and every rate by reach stay empty",
        ("posts", "likes"): "engagements and engagement rates stay empty",
        ("posts", "comments"): "engagements are likes alone",
    }
    for (name, column), effect in lacks.items():
        table = facts.tables[name]
        if table.height and table[column].null_count() == table.height:
            yield finding(
                "no_values", of=name.replace("_", " "), effect=effect, table=name, column=column,
                count=table.height,
            )  # fmt: skip


def engagement_above_reach(facts: Facts) -> Iterator[Finding]:
    """Posts that more people liked or commented on than saw."""
    import polars as pl

    parts = [
        c for c in ("likes", "comments", "shares", "saves") if c in facts.tables["posts"].columns
    ]
    rows = rows_where(facts.tables["posts"], pl.sum_horizontal(parts) > pl.col("reach"))
    if rows.height:
        yield placed(
            "engagement_above_reach", rows, "posts", "reach", posts=counted(rows.height, "post")
        )  # fmt: skip


def hidden_engagement(facts: Facts) -> Iterator[Finding]:
    """Posts whose likes or comments are not known: they count as none."""
    import polars as pl

    posts = facts.tables["posts"]
    some = [c for c in ("likes", "comments") if posts[c].null_count() < posts.height]
    hidden = pl.any_horizontal(pl.lit(False), pl.col(some).is_null())
    rows = rows_where(facts.tables["posts"], hidden)
    if rows.height:
        yield placed(
            "hidden_engagement", rows, "posts", "likes", posts=counted(rows.height, "post")
        )  # fmt: skip


def future_dates(facts: Facts, settings: Settings) -> Iterator[Finding]:
    """Dates after today, where the company is."""
    import polars as pl

    now = datetime.now(ZoneInfo(settings.timezone)).replace(tzinfo=None)
    for name in ("posts", "tracking_data", "payouts", "daily_sales"):
        if "date" not in facts.tables[name].columns:
            continue
        rows = rows_where(facts.tables[name], pl.col("date") > now)
        if rows.height:
            last = rows.select(pl.col("date").max().dt.strftime("%-d %B %Y")).item()
            yield placed(
                "future_date", rows, name, "date", rows=counted(rows.height, "row"), last=last
            )  # fmt: skip


def revenue_without_orders(facts: Facts) -> Iterator[Finding]:
    """Events that brought money but no order: one of the two cells is wrong."""
    import polars as pl

    odd = (pl.col("orders") == 0) & (pl.col("revenue") > 0)
    rows = rows_where(facts.tables["tracking_data"], odd)
    if rows.height:
        money = float(rows["revenue"].sum())
        yield placed(
            "revenue_without_orders", rows, "tracking_data", "orders", money=money,
            rows=counted(rows.height, "tracked row"), revenue=f"{money:,.2f}",
        )  # fmt: skip


def orders_far_beyond(facts: Facts) -> Iterator[Finding]:
    """Orders of a hundred times the usual value and more: one alone can turn every ROAS."""
    import polars as pl

    bought = facts.tables["tracking_data"].filter(pl.col("orders") > 0, pl.col("revenue") > 0)
    usual = (bought["revenue"] / bought["orders"]).median()
    if bought.height < ENOUGH_ORDERS or not isinstance(usual, float):
        return
    far = (pl.col("orders") > 0) & (pl.col("revenue") > FAR_BEYOND * usual * pl.col("orders"))
    rows = rows_where(facts.tables["tracking_data"], far)
    if rows.height:
        most = float((rows["revenue"] / rows["orders"]).max() or 0.0)  # type: ignore[arg-type]
        yield placed(
            "order_far_beyond", rows, "tracking_data", "revenue",
            money=float(rows["revenue"].sum()), orders=counted(rows.height, "order"),
            times=FAR_BEYOND, usual=f"{usual:,.2f}", most=f"{most:,.2f}",
        )  # fmt: skip


def unused_platforms(facts: Facts) -> Iterator[Finding]:
    """Sources that name a platform nobody posts on: the influencer's own platform counts."""
    import polars as pl

    sources = [s for s in facts.names["source"][1].sort() if named_platform(s)]
    if not sources:
        return
    used = pl.concat(facts.tables[t]["platform"] for t in ("influencers", "posts")).unique()
    in_use = platforms_named(sources, used.drop_nulls())
    strange = [s for s in sources if s not in in_use]
    rows = facts.credited.filter(pl.col("source").is_in(strange))
    if rows.height:
        yield finding(
            "unused_platform", rows=counted(rows.height, "tracked row"),
            sources=", ".join(map(repr, strange[:4])),
            table="tracking_data", column="source", value=strange[0], count=rows.height,
            money=float(rows["revenue"].sum()),
        )  # fmt: skip


def clicks_twice(facts: Facts) -> Iterator[Finding]:
    """Clicks that both posts and tracked rows have: counting both would count them twice."""
    posts, tracking = facts.tables["posts"], facts.tables["tracking_data"]
    if not all("clicks" in t.columns and t["clicks"].count() for t in (posts, tracking)):
        return
    yield finding(
        "clicks_twice", of_posts=posts["clicks"].sum(), of_events=tracking["clicks"].sum(),
        table="tracking_data", column="clicks", count=tracking["clicks"].count(),
    )  # fmt: skip


def refunds(facts: Facts) -> Iterator[Finding]:
    """Negative revenue is a refund."""
    import polars as pl

    rows = rows_where(facts.tables["tracking_data"], pl.col("revenue") < 0)
    if rows.height:
        yield finding(
            "refund", rows=counted(rows.height, "row"),
            file=rows[FILE][0], table="tracking_data", row=rows[ROW][0], column="revenue",
            count=rows.height, money=float(rows["revenue"].sum()),
        )  # fmt: skip


def spellings(facts: Facts) -> Iterator[Finding]:
    """Names that differ only in case or spaces, in one table or between two; left as they are."""
    import polars as pl

    for column, (tables, values) in facts.names.items():
        key = pl.col("value").str.to_lowercase().str.replace_all(r"[\s_\-]+", "")
        groups = values.sort().to_frame("value").group_by(key, maintain_order=True).agg(
            pl.col("value").alias("values")
        )  # fmt: skip
        several = groups.filter(pl.col("values").list.len() > 1)["values"].to_list()
        if several:
            yield finding(
                "spelling_variants", names=counted(len(several), "name"),
                ways=" / ".join(several[0][:3]), table=tables[0], column=column,
                value=several[0][0], count=len(several),
            )  # fmt: skip


CHECKS: tuple[Callable[[Facts], Iterator[Finding]], ...] = (
    absent_tables, absent_columns, engagement_above_reach, hidden_engagement, unmatched_periods,
    payout_arithmetic, doubtful_basis, payout_orders, payout_posts, paid_without_posts,
    unpaid_influencers, spellings, revenue_without_orders,
    orders_far_beyond, organic_influencers, nobodys_orders,
    unused_platforms, clicks_twice, refunds,
)  # fmt: skip
