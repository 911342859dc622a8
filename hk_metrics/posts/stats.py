"""What good posts have in common: day and hour, hashtags, length of the caption."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from hk_metrics.interchange import to_pandas, to_polars
from hk_metrics.posts.compared import RATES, Rate, compared
from hk_metrics.posts.feed import DISCLOSURE

if TYPE_CHECKING:
    import pandas as pd

    Feed = pd.DataFrame | pl.DataFrame

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_LENGTHS = ((0, "under 60"), (60, "60 to 99"), (100, "100 to 149"), (150, "150 to 299"),
           (300, "300 and more"))  # fmt: skip
_ENGAGEMENT = RATES["engagement_rate"]


def groups(feed: Feed, rate: Rate = _ENGAGEMENT) -> dict[str, pd.DataFrame]:
    """Return posts by ``weekday``, ``hour``, ``hashtag`` and ``length``, each as by itself."""
    posts = _polars(feed)
    return {"weekday": by_weekday(posts, rate), "hour": by_time(posts, rate),
            "hashtag": by_hashtag(posts, rate=rate), "length": by_length(posts, rate)}  # fmt: skip


def by_time(feed: Feed, rate: Rate = _ENGAGEMENT) -> pd.DataFrame:
    """Return posts by weekday and hour.

    Parameters
    ----------
    feed
        The result of `hk_metrics.posts.feed.posts`.
    rate
        What they are compared by; posts whose rate is not known are left out.

    Returns
    -------
    pandas.DataFrame
        One row per ``weekday`` (0 is Monday) and ``hour`` that has posts, with the columns of
        `hk_metrics.posts.compared.compared`: ``posts``, ``estimate``, ``lower``, ``upper``,
        ``rest``, ``stands_out``. ``attrs["has_hours"]`` is False where every post is at midnight:
        then no time of day was recorded.
    """
    dated = _polars(feed).filter(pl.col("date").is_not_null())
    timed = dated.with_columns(
        (pl.col("date").dt.weekday() - 1).alias("weekday"), pl.col("date").dt.hour().alias("hour")
    )
    table = compared(dated, timed, ["weekday", "hour"], rate).sort("weekday", "hour")
    result = to_pandas(table)
    result.attrs["has_hours"] = bool((timed["hour"] > 0).any())
    return result


def by_weekday(feed: Feed, rate: Rate = _ENGAGEMENT) -> pd.DataFrame:
    """Return posts by weekday (index, its name), Monday first; columns as of `by_time`."""
    dated = _polars(feed).filter(pl.col("date").is_not_null())
    timed = dated.with_columns((pl.col("date").dt.weekday() - 1).alias("weekday"))
    table = to_pandas(compared(dated, timed, ["weekday"], rate).sort("weekday"))
    named = table.set_index("weekday")
    return named.set_axis([WEEKDAYS[int(d)] for d in named.index]).rename_axis("weekday")


def by_hashtag(feed: Feed, least: int = 3, rate: Rate = _ENGAGEMENT) -> pd.DataFrame:
    """Return posts by hashtag (index), most used first; columns as of `by_time`.

    Parameters
    ----------
    feed
        The result of `hk_metrics.posts.feed.posts`.
    least
        Posts below which a hashtag is left out.
    rate
        What they are compared by.

    Notes
    -----
    A post counts for each of its hashtags. Disclosures (#ad …) are left out: they are law, not
    craft. What goes with engagement or revenue need not cause it.
    """
    tags = pl.col("caption").str.extract_all(r"#[\w\u0900-\u0dff]+").list.unique()
    every = _polars(feed)
    tagged = every.with_columns(tags.alias("hashtag")).drop("caption").explode("hashtag")
    used = tagged.group_by("hashtag").len().filter(pl.col("len") >= least)
    used = used.filter(~pl.col("hashtag").str.contains(DISCLOSURE))
    tagged = tagged.join(used, on="hashtag", how="semi")
    return _indexed(compared(every, tagged, ["hashtag"], rate), "hashtag")


def by_length(feed: Feed, rate: Rate = _ENGAGEMENT) -> pd.DataFrame:
    """Return posts by the length of their caption (characters); columns as of `by_time`."""
    size = pl.col("caption").str.len_chars()
    label = pl.lit(_LENGTHS[0][1])
    for start, name in _LENGTHS[1:]:
        label = pl.when(size >= start).then(pl.lit(name)).otherwise(label)
    written = _polars(feed).filter(size > 0)
    measured = written.with_columns(label.alias("length"))
    table = _indexed(compared(written, measured, ["length"], rate), "length")
    order = [name for _, name in _LENGTHS if name in table.index]
    return table.reindex(order).rename_axis("length")


def _polars(feed: Feed) -> pl.DataFrame:
    return feed if isinstance(feed, pl.DataFrame) else to_polars(feed)


def _indexed(table: Any, key: str) -> pd.DataFrame:
    result: pd.DataFrame = to_pandas(table).set_index(key)
    return result
