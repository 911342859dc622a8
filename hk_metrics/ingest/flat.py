"""One flat file of sums, a row per influencer (or influencer and campaign), split into tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from hk_metrics.ingest.log import Log
from hk_metrics.ingest.names import SYNONYMS, plain, snake
from hk_metrics.ingest.numbers import parse_number
from hk_metrics.ingest.raw import ROW, RawTable
from hk_metrics.quality import Finding

if TYPE_CHECKING:
    import polars as pl

    from hk_metrics.settings import Settings

_MORE: Mapping[str, tuple[str, ...]] = {
    "posts": ("posts", "post_count", "posts_count", "no_of_posts", "num_posts", "number_of_posts",
              "total_posts", "deliverables"),
    "revenue": ("revenue_generated", "sales_generated", "attributed_revenue", "total_sales"),
    "orders": ("orders_generated", "attributed_orders", "orders_driven"),
    "total_payout": ("investment", "budget_spent", "influencer_cost", "commercials"),
}  # fmt: skip
_FAMILIES = {
    "payouts": ("basis", "rate", "total_payout", "status"),
    "tracking_data": ("revenue", "orders", "source", "product", "discount"),
    "posts": ("reach", "likes", "comments", "impressions", "video_views", "shares", "saves",
              "clicks"),
    "shared": ("campaign", "brand", "date", "period", "period_start", "period_end"),
    "influencers": ("id", "name", "category", "gender", "follower_count", "platform", "tier",
                    "persona", "city"),
}  # fmt: skip
_EVENT_IDS = frozenset({"user_id", "tracking_id"})
MOST_POSTS = 5_000


def flat_columns(headers: Sequence[str]) -> dict[str, str] | None:
    """Return canonical name → header if the headers are those of a flat file, else None.

    A flat file has money earned and money paid in one row, and no id of a user or an event.

    >>> flat_columns(["Influencer", "Followers", "Posts", "Reach", "Revenue", "Orders", "Spend"])[
    ...     "total_payout"]
    'Spend'
    """
    words: dict[str, str] = {}
    for family, names in _FAMILIES.items():
        tables = ("payouts", "tracking_data", "posts") if family == "shared" else (family,)
        for name in names:
            known = [s for t in tables for s in SYNONYMS[t].get(name, ())]
            words |= {plain(s): name for s in (*known, *_MORE.get(name, ()))}
    words |= {plain(s): "posts" for s in _MORE["posts"]}
    found: dict[str, str] = {}
    for header in headers:
        meant = words.get(plain(header))
        if meant and meant not in found:
            found[meant] = header
    events = {plain(s) for n in _EVENT_IDS for s in SYNONYMS["tracking_data"][n]} - {"id"}
    if any(plain(h) in events for h in headers):
        return None
    return found if {"revenue", "total_payout"} <= set(found) and {"id", "name"} & set(found) else (
        None
    )  # fmt: skip


def split_flat(raw: RawTable, settings: Settings, log: Log) -> list[RawTable]:
    """Split a flat file into influencers, payouts, tracked sums and posts.

    Notes
    -----
    Each row's sums become one tracked row and one payout; without a column for it, the payout
    follows the orders. The posts of a row share its reach, likes and comments equally.
    """
    import polars as pl

    found = flat_columns(raw.headers)
    assert found is not None
    key = found.get("id") or found["name"]
    given = raw.frame.with_columns(pl.col(key).cast(pl.String).str.strip_chars().alias("__id"))
    given = given.filter(pl.col("__id").is_not_null() & (pl.col("__id") != ""))
    parts = {
        "influencers": _influencers(given, raw, found),
        "payouts": _columns(given, found, ("payouts", "shared")),
        "tracking_data": _columns(given, found, ("tracking_data", "shared")),
        "posts": _posts(given, found, settings),
    }
    _tell(raw, found, log)
    if "basis" not in found:
        basis = "order" if "orders" in found else "post"
        parts["payouts"] = parts["payouts"].with_columns(pl.lit(basis).alias("basis"))
    if "orders" in found:
        parts["payouts"] = parts["payouts"].with_columns(given[found["orders"]].alias("orders"))
    undated = "date" not in found
    return [
        RawTable(f"{raw.file} › {name}", name, frame, raw.findings if name == "influencers" else (),
                 table=name, undated=undated)
        for name, frame in parts.items()
        if frame.height
    ]  # fmt: skip


def _influencers(given: pl.DataFrame, raw: RawTable, found: Mapping[str, str]) -> pl.DataFrame:
    """One row per influencer, with every column that is not a sum or a name of something else."""
    import polars as pl

    sums = {h for n, h in found.items() if n not in _FAMILIES["influencers"]}
    own = {h: n for n, h in found.items() if n in _FAMILIES["influencers"] and n != "id"}
    derived = {"roas", "roi", "cpo", "aov", "cac", "cpm", "cpe", "engagementrate", "conversionrate"}
    extra = {
        h: snake(h)
        for h in raw.headers
        if h not in sums and h not in own and h != found.get("id") and plain(h) not in derived
    }
    columns = [pl.col(h).alias(n) for h, n in (own | extra).items()]
    return given.unique("__id", keep="first", maintain_order=True).select(
        ROW, pl.col("__id").alias("id"), *columns
    )


def _columns(
    given: pl.DataFrame, found: Mapping[str, str], families: Sequence[str]
) -> pl.DataFrame:
    import polars as pl

    names = [n for f in families for n in _FAMILIES[f] if n in found]
    return given.select(
        ROW, pl.col("__id").alias("influencer_id"), *(pl.col(found[n]).alias(n) for n in names)
    )


def _posts(given: pl.DataFrame, found: Mapping[str, str], settings: Settings) -> pl.DataFrame:
    """Give each row as many posts as it says, its sums shared equally among them."""
    import polars as pl

    sums = [n for n in _FAMILIES["posts"] if n in found]
    if not sums and "posts" not in found:
        return given.select(ROW).clear()
    rows = _columns(given, found, ("posts", "shared"))
    if "platform" in found:
        rows = rows.with_columns(given[found["platform"]].alias("platform"))
    count = pl.lit(1.0)
    if "posts" in found:
        parsed = parse_number(given[found["posts"]], settings.currency, whole=True).values
        rows = rows.with_columns(parsed.alias("__posts"))
        count = pl.col("__posts").fill_null(0).clip(0, MOST_POSTS).round()
    numbers = [parse_number(rows[n], settings.currency, whole=True).values.alias(n) for n in sums]
    missing = [pl.lit(0.0).alias(n) for n in ("reach", "likes", "comments") if n not in sums]
    rows = rows.with_columns(*numbers, *missing).with_columns(__n=count)
    rows = rows.filter(pl.col("__n") > 0)
    shared = [(pl.col(n) / pl.col("__n")).alias(n) for n in sums]
    repeated = rows.with_columns(shared).select(
        pl.exclude("__n", "__posts").repeat_by(pl.col("__n").cast(pl.UInt32))
    )
    return repeated.explode(repeated.columns) if rows.height else rows.select(ROW).clear()


def _tell(raw: RawTable, found: Mapping[str, str], log: Log) -> None:
    used = ", ".join(f"{h!r} as {n}" for n, h in found.items() if h != n)
    dates = "" if "date" in found else " It has no dates: pages that need them stay empty."
    message = f"a flat file of sums, split into influencers, orders, posts and payouts.{dates}"
    log.findings.append(Finding("note", "flat_file", message, file=raw.file))
    if used:
        log.findings.append(Finding("note", "flat_file", f"read {used}", file=raw.file))
    if "posts" not in found and any(n in found for n in _FAMILIES["posts"]):
        message = "the number of posts is not in the file: each row counts as one post"
        fix = "add a column 'posts'"
        log.findings.append(Finding("warning", "flat_posts", message, fix, file=raw.file))
