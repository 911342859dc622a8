"""The same post, order or payment in several files, with other numbers in each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING

from hk_metrics.ingest.checking.copies import OWN_IDS, with_keys
from hk_metrics.ingest.checking.rejection import without
from hk_metrics.ingest.log import Log
from hk_metrics.ingest.problems import join_problems
from hk_metrics.ingest.raw import FILE, ROW
from hk_metrics.ingest.sheet import Sheet
from hk_metrics.payouts.scope import TIMES

if TYPE_CHECKING:
    import polars as pl

# What only grows: of two exports of a post, the one that says more of it is the newer; so of what
# was repaid of an order.
_GROWING = {"posts": ("reach", True), "tracking_data": ("revenue", False)}
# What may differ between two versions of a row that has no id of its own.
_CHANGING: Mapping[str, tuple[str, ...]] = {
    "posts": ("reach", "likes", "comments", "impressions", "video_views", "shares", "saves",
              "clicks"),
    "tracking_data": ("orders", "revenue", "discount", "returned", "clicks"),
    "payouts": ("rate", "orders", "posts", "total_payout", "commission_rate", "status",
                "payment_date"),
}  # fmt: skip
# What a row without an id must say to be told from others of its kind.
_TELLING: Mapping[str, tuple[str, ...]] = {
    "posts": ("influencer_id", "date"),
    "tracking_data": ("influencer_id", "user_id", "date"),
    "payouts": ("influencer_id", "basis"),
}
# Names of files that say "the same, later": report (2).csv, payouts_v2.csv, orders final.csv.
_VERSION = re.compile(
    r"(?i)[\s_\-.]*(\(\d+\)|v\d+|copy|final|new|old|updated?|corrected|revised|backup|latest)$"
)
_MOST_OWN = 0.5


def report_updates(name: str, table: pl.DataFrame, sheets: Sequence[Sheet], log: Log) -> None:
    """Note the rows that another file has too, with other numbers: one of them counts.

    A row is known by its id where no file has one twice (``updated_row``; of posts, whose counts
    only grow, ``later_count``). Without ids, two files
    are versions of each other (``other_version``) where they tell their rows apart and at least
    half of the one's are the other's, but for the numbers; of payouts that name no day, period or
    campaign, where the names of the files say so, too.
    """
    mine = [s for s in sheets if s.table == name]
    if len(mine) < 2 or name == "influencers":
        return
    copies = join_problems(log.problems.get(name, ()))
    table = with_keys(table)
    changed = "later_count" if name == "posts" else "updated_row"
    for column in (c for c in OWN_IDS.get(name, ()) if c in table.columns):
        given = table.filter(table[column].is_not_null())
        if not given.select(FILE, column).is_duplicated().any():
            again = _again(name, without(given, copies), ["influencer_id", column])
            log.add_problems(name, _problems(again, column, changed))
    shared = [c for c in table.columns if all(c in s.frame.columns for s in mine)]
    key = [c for c in shared if c not in (ROW, FILE, *_CHANGING.get(name, ()))]
    if name in _TELLING and set(_TELLING[name]) <= set(key):
        if name == "payouts" and not _are_placed(table, key):
            table = table.filter(table[FILE].is_in(_versions([s.raw.file for s in mine])))
        again = _again(name, without(_versioned(table, key), copies), key)
        log.add_problems(name, _problems(again, "influencer_id", "other_version"))


def _again(name: str, table: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """Return the rows whose key a newer row has, or where no age shows a row before them."""
    rows = _newest_first(name, table.filter(table.select(key).hash_rows().is_duplicated()))
    return rows.filter(~rows.select(key).hash_rows().is_first_distinct())


def _newest_first(name: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Put the row first that says more of what only grows; else the first file counts."""
    import polars as pl

    if name not in _GROWING:
        return rows
    column, more = _GROWING[name]
    size = pl.col(column) if more else pl.col(column).clip(upper_bound=0)
    return rows.sort(size, descending=more, nulls_last=True, maintain_order=True)


def _problems(rows: pl.DataFrame, column: str, code: str) -> pl.DataFrame:
    import polars as pl

    return rows.select(
        pl.col(FILE).alias("file"), pl.col(ROW).alias("row"), pl.lit("").alias("column"),
        pl.col(column).cast(pl.String).alias("value"), pl.lit(code).alias("code"),
    )  # fmt: skip


def _versioned(table: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """Return the rows of the files that are versions of each other."""
    files = table.partition_by(FILE, maintain_order=True)
    keys = [file.select(key).hash_rows() for file in files]
    apart = [i for i, own in enumerate(keys) if own.is_unique().all()]
    pairs = [(i, j) for i in apart for j in apart if i < j and _are_versions(keys[i], keys[j])]
    chosen = sorted({i for pair in pairs for i in pair})
    return table.filter(table[FILE].is_in([files[i][FILE][0] for i in chosen]))


def _are_versions(one: pl.Series, other: pl.Series) -> bool:
    shared = one.is_in(other.implode()).sum()
    return shared >= _MOST_OWN * min(len(one), len(other))


def _are_placed(payouts: pl.DataFrame, key: Sequence[str]) -> bool:
    """Whether payouts name what they pay for: a day, a period or a campaign."""
    return any(c in key and payouts[c].null_count() < payouts.height
               for c in (*TIMES, "campaign"))  # fmt: skip


def _versions(files: Sequence[str]) -> list[str]:
    """Return the files whose names differ in their ending or a word for "version" only."""
    stems: dict[str, list[str]] = {}
    for file in files:
        stem = PurePath(file.split(" › ")[0]).stem.lower()
        stems.setdefault(_VERSION.sub("", stem), []).append(file)
    return [file for same in stems.values() if len(same) > 1 for file in same]
