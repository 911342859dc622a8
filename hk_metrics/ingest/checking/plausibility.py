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
from hk_metrics.ingest.payouts.accepted import AcceptedTables
from hk_metrics.ingest.payouts.dates import unmatched_periods
from hk_metrics.ingest.problems import rows_where
from hk_metrics.ingest.raw import FILE, ROW
from hk_metrics.platforms import named_platform, platforms_named
from hk_metrics.quality import Finding, finding
from hk_metrics.schemas import TABLES
from hk_metrics.wording import counted

_ENOUGH_ORDERS, _FAR_BEYOND = 20, 100

if TYPE_CHECKING:
    import polars as pl

    from hk_metrics.settings import Settings


def implausible(
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
    accepted = AcceptedTables(tables, taken)
    found = [finding for check in _CHECKS for finding in check(accepted)]
    return [*_future_dates(accepted, settings), *brands_of_orders(accepted, settings), *found]


def _absent_tables(accepted: AcceptedTables) -> Iterator[Finding]:
    """Say which tables nothing was found for, and what cannot be shown for that."""
    lacks = {
        "posts": "reach, engagement and cost per post stay empty",
        "tracking_data": "revenue, orders and ROAS stay empty",
        "payouts": "spend, ROAS and cost per order stay empty",
        "influencers": "there are no categories, tiers or follower counts to compare by",
    }
    for name, effect in lacks.items():
        if accepted.tables[name].is_empty():
            there, repair = "there are no", f"add a file in which a row is {TABLES[name].row}"
            if name in accepted.taken:
                there, repair = "there are no usable", f"repair {accepted.taken[name]}: see above"
            yield finding(
                "no_table", there=there, of=name.replace("_", " "), effect=effect, repair=repair,
                table=name, count=0,
            )  # fmt: skip


def _absent_columns(accepted: AcceptedTables) -> Iterator[Finding]:
    """Say of which columns nothing is known, and what cannot be shown for that."""
    lacks = {
        ("tracking_data", "orders"): "orders, average order value and cost per order stay empty",
        ("tracking_data", "revenue"): "revenue, profit and ROAS stay empty",
        ("posts", "reach"): "reach and every rate by reach stay empty",
        ("posts", "likes"): "engagements and engagement rates stay empty",
        ("posts", "comments"): "engagements are likes alone",
    }
    for (name, column), effect in lacks.items():
        table = accepted.tables[name]
        if table.height and table[column].null_count() == table.height:
            yield finding(
                "no_values", of=name.replace("_", " "), effect=effect, table=name, column=column,
                count=table.height,
            )  # fmt: skip


def _engagement_above_reach(accepted: AcceptedTables) -> Iterator[Finding]:
    """Posts that more people liked or commented on than saw."""
    import polars as pl

    parts = [
        c for c in ("likes", "comments", "shares", "saves") if c in accepted.tables["posts"].columns
    ]
    rows = rows_where(accepted.tables["posts"], pl.sum_horizontal(parts) > pl.col("reach"))
    if rows.height:
        yield placed(
            "engagement_above_reach", rows, "posts", "reach", posts=counted(rows.height, "post")
        )  # fmt: skip


def _hidden_engagement(accepted: AcceptedTables) -> Iterator[Finding]:
    """Posts whose likes or comments are not known: they count as none."""
    import polars as pl

    posts = accepted.tables["posts"]
    some = [c for c in ("likes", "comments") if posts[c].null_count() < posts.height]
    hidden = pl.any_horizontal(pl.lit(False), pl.col(some).is_null())
    rows = rows_where(accepted.tables["posts"], hidden)
    if rows.height:
        yield placed(
            "hidden_engagement", rows, "posts", "likes", posts=counted(rows.height, "post")
        )  # fmt: skip


def _future_dates(accepted: AcceptedTables, settings: Settings) -> Iterator[Finding]:
    """Dates after today, where the company is."""
    import polars as pl

    now = datetime.now(ZoneInfo(settings.timezone)).replace(tzinfo=None)
    for name in ("posts", "tracking_data", "payouts", "daily_sales", "costs"):
        if "date" not in accepted.tables[name].columns:
            continue
        rows = rows_where(accepted.tables[name], pl.col("date") > now)
        if rows.height:
            last = rows.select(pl.col("date").max().dt.strftime("%-d %B %Y")).item()
            yield placed(
                "future_date", rows, name, "date", rows=counted(rows.height, "row"), last=last
            )  # fmt: skip


def _orders_in_one_row(accepted: AcceptedTables) -> Iterator[Finding]:
    """Rows of several orders of a customer: what a repeat customer is in such data."""
    import polars as pl

    events = accepted.tables["tracking_data"]
    if not events["user_id"].count():
        return
    rows = rows_where(events, (pl.col("orders") > 1) & pl.col("user_id").is_not_null())
    if rows.height:
        yield placed(
            "orders_in_one_row", rows, "tracking_data", "orders", rows=counted(rows.height, "row")
        )  # fmt: skip


def _revenue_without_orders(accepted: AcceptedTables) -> Iterator[Finding]:
    """Events that brought money but no order: one of the two cells is wrong."""
    import polars as pl

    no_order = (pl.col("orders") == 0) & (pl.col("revenue") > 0)
    rows = rows_where(accepted.tables["tracking_data"], no_order)
    if rows.height:
        money = float(rows["revenue"].sum())
        yield placed(
            "revenue_without_orders", rows, "tracking_data", "orders", money=money,
            rows=counted(rows.height, "tracked row"), revenue=f"{money:,.2f}",
        )  # fmt: skip


def _orders_far_beyond(accepted: AcceptedTables) -> Iterator[Finding]:
    """Orders of a hundred times the usual value and more: one alone can turn every ROAS."""
    import polars as pl

    bought = accepted.tables["tracking_data"].filter(pl.col("orders") > 0, pl.col("revenue") > 0)
    usual = (bought["revenue"] / bought["orders"]).median()
    if bought.height < _ENOUGH_ORDERS or not isinstance(usual, float):
        return
    far = (pl.col("orders") > 0) & (pl.col("revenue") > _FAR_BEYOND * usual * pl.col("orders"))
    rows = rows_where(accepted.tables["tracking_data"], far)
    if rows.height:
        most = float((rows["revenue"] / rows["orders"]).max() or 0.0)  # type: ignore[arg-type]
        yield placed(
            "order_far_beyond", rows, "tracking_data", "revenue",
            money=float(rows["revenue"].sum()), orders=counted(rows.height, "order"),
            times=_FAR_BEYOND, usual=f"{usual:,.2f}", most=f"{most:,.2f}",
        )  # fmt: skip


def _unused_platforms(accepted: AcceptedTables) -> Iterator[Finding]:
    """Sources that name a platform nobody posts on: the influencer's own platform counts."""
    import polars as pl

    sources = [s for s in accepted.names["source"][1].sort() if named_platform(s)]
    if not sources:
        return
    used = pl.concat(accepted.tables[t]["platform"] for t in ("influencers", "posts")).unique()
    in_use = platforms_named(sources, used.drop_nulls())
    strange = [s for s in sources if s not in in_use]
    rows = accepted.credited.filter(pl.col("source").is_in(strange))
    if rows.height:
        yield finding(
            "unused_platform", rows=counted(rows.height, "tracked row"),
            sources=", ".join(map(repr, strange[:4])),
            table="tracking_data", column="source", value=strange[0], count=rows.height,
            money=float(rows["revenue"].sum()),
        )  # fmt: skip


def _clicks_twice(accepted: AcceptedTables) -> Iterator[Finding]:
    """Clicks that both posts and tracked rows have: counting both would count them twice."""
    posts, tracking = accepted.tables["posts"], accepted.tables["tracking_data"]
    if not all("clicks" in t.columns and t["clicks"].count() for t in (posts, tracking)):
        return
    yield finding(
        "clicks_twice", of_posts=posts["clicks"].sum(), of_events=tracking["clicks"].sum(),
        table="tracking_data", column="clicks", count=tracking["clicks"].count(),
    )  # fmt: skip


def _refunds(accepted: AcceptedTables) -> Iterator[Finding]:
    """Negative revenue is a refund."""
    import polars as pl

    rows = rows_where(accepted.tables["tracking_data"], pl.col("revenue") < 0)
    if rows.height:
        yield finding(
            "refund", rows=counted(rows.height, "row"),
            file=rows[FILE][0], table="tracking_data", row=rows[ROW][0], column="revenue",
            count=rows.height, money=float(rows["revenue"].sum()),
        )  # fmt: skip


def _spellings(accepted: AcceptedTables) -> Iterator[Finding]:
    """Names that differ only in case or spaces, in one table or between two; left as they are."""
    import polars as pl

    for column, (tables, values) in accepted.names.items():
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


_CHECKS: tuple[Callable[[AcceptedTables], Iterator[Finding]], ...] = (
    _absent_tables, _absent_columns, _engagement_above_reach, _hidden_engagement, unmatched_periods,
    payout_arithmetic, doubtful_basis, payout_orders, payout_posts, paid_without_posts,
    unpaid_influencers, _spellings, _orders_in_one_row, _revenue_without_orders,
    _orders_far_beyond, organic_influencers, nobodys_orders,
    _unused_platforms, _clicks_twice, _refunds,
)  # fmt: skip
