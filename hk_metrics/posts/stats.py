"""What engaging posts have in common: day and hour, hashtags, length of the caption."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from hk_metrics.interchange import to_pandas, to_polars
from hk_metrics.posts.feed import DISCLOSURE, ratio

if TYPE_CHECKING:
    import pandas as pd

_SUMS = ("reach", "engagements", "orders", "revenue")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_LENGTHS = ((0, "under 60"), (60, "60 to 99"), (100, "100 to 149"), (150, "150 to 299"),
           (300, "300 and more"))  # fmt: skip


def by_time(feed: pd.DataFrame) -> pd.DataFrame:
    """Return posts by weekday and hour: sums, and the engagement rate (fraction).

    Parameters
    ----------
    feed
        The result of `hk_metrics.posts.feed.posts`.

    Returns
    -------
    pandas.DataFrame
        One row per weekday (0 is Monday) and hour that has posts: ``posts``, ``reach``,
        ``engagements``, ``orders``, ``revenue``, ``engagement_rate``. ``attrs["has_hours"]`` is
        False where every post is at midnight: then no time of day was recorded.
    """
    frame = to_polars(feed).filter(pl.col("date").is_not_null())
    hour = pl.col("date").dt.hour()
    table = (
        frame.group_by((pl.col("date").dt.weekday() - 1).alias("weekday"), hour.alias("hour"))
        .agg(pl.len().alias("posts"), *_sums())
        .with_columns(ratio("engagements", "reach").alias("engagement_rate"))
        .sort("weekday", "hour")
        .pipe(to_pandas)
    )
    table.attrs["has_hours"] = bool((table["hour"] > 0).any())
    return table


def by_weekday(times: pd.DataFrame) -> pd.DataFrame:
    """Return posts by weekday, Monday first.

    Parameters
    ----------
    times
        The result of `by_time`.

    Returns
    -------
    pandas.DataFrame
        Index ``weekday`` (its name); sums and ``engagement_rate`` (fraction).
    """
    sums = times.groupby("weekday")[["posts", *_SUMS]].sum(min_count=1)
    sums["engagement_rate"] = sums["engagements"] / sums["reach"].where(sums["reach"] > 0)
    named = sums.set_axis([WEEKDAYS[int(d)] for d in sums.index])
    return named.rename_axis("weekday")


def by_hashtag(feed: pd.DataFrame, least: int = 3) -> pd.DataFrame:
    """Return posts by hashtag with its engagement rate (fraction), most used first.

    Parameters
    ----------
    feed
        The result of `hk_metrics.posts.feed.posts`.
    least
        Posts below which a hashtag is left out.

    Notes
    -----
    A post counts for each of its hashtags. Disclosures (#ad …) are left out: they are law, not
    craft. What goes with engagement need not cause it.
    """
    tags = pl.col("caption").str.extract_all(r"#[\w\u0900-\u0dff]+").list.unique()
    table = (
        to_polars(feed)
        .with_columns(tags.alias("hashtag"))
        .explode("hashtag")
        .filter(pl.col("hashtag").is_not_null() & ~pl.col("hashtag").str.contains(DISCLOSURE))
        .group_by("hashtag")
    )
    return _compared(table, "hashtag", least)


def by_length(feed: pd.DataFrame) -> pd.DataFrame:
    """Return posts by the length of their caption (characters), with the engagement rate."""
    size = pl.col("caption").str.len_chars()
    label = pl.lit(_LENGTHS[0][1])
    for start, name in _LENGTHS[1:]:
        label = pl.when(size >= start).then(pl.lit(name)).otherwise(label)
    groups = to_polars(feed).filter(size > 0).with_columns(label.alias("length"))
    table = _compared(groups.group_by("length"), "length", 1)
    return table.reindex([name for _, name in _LENGTHS if name in table.index]).rename_axis(
        "length"
    )


def _sums() -> list[pl.Expr]:
    """Return the sums of posts; null where none of them is known."""
    return [pl.when(pl.col(c).count() > 0).then(pl.col(c).sum()).alias(c) for c in _SUMS]


def _compared(groups: object, key: str, least: int) -> pd.DataFrame:
    table: pl.DataFrame = (
        groups.agg(pl.len().alias("posts"), *_sums())  # type: ignore[attr-defined]
        .filter(pl.col("posts") >= least)
        .with_columns(ratio("engagements", "reach").alias("engagement_rate"))
        .sort("posts", key, descending=[True, False])
    )
    return table.pipe(to_pandas).set_index(key)
