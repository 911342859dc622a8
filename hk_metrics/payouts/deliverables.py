"""What was promised against what was posted: on time, late, missing, double and unplanned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

import polars as pl

from hk_metrics.interchange import to_pandas, to_polars
from hk_metrics.payouts.payments import kept

if TYPE_CHECKING:
    import pandas as pd

    from hk_metrics.dataset import Dataset
    from hk_metrics.view import View

# What a promise and a post may both name; where both do, it must be the same.
_NAMES = ("campaign", "brand", "platform", "format")
STATES = {"on_time": "On time", "late": "Late", "missing": "Missing", "to_come": "To come"}
# How long before it is due a post may be made where no day says when it was agreed.
_EARLY_DAYS = 60
_TEXTS = ("channel", *_NAMES)


@dataclass(frozen=True)
class _Matched:
    """Promises with the number of each row, posts, and which post keeps which promise."""

    promises: pl.DataFrame
    posts: pl.DataFrame
    pairs: pl.DataFrame
    today: datetime


def deliverables(
    data: Dataset, view: View | None = None, today: date | None = None
) -> pd.DataFrame:
    """Return what was promised, with what was posted of it and the money of each part.

    Parameters
    ----------
    data
        A dataset with the table ``deliverables``.
    view
        A view of it: promises of its influencers, campaigns …, due within its days.
    today
        The day to judge from; the last day of the data where absent.

    Returns
    -------
    pandas.DataFrame
        One row per promise, the earliest due first: ``influencer_id``, what it names, ``due_date``,
        ``count`` promised, ``on_time``, ``late``, ``missing`` and ``to_come`` (counts, which add to
        ``count``), ``days_late`` (of the latest post; of what is missing until today), ``fee`` and
        ``fee_on_time`` … ``fee_to_come`` (money, which add to ``fee``).

    Notes
    -----
    A post keeps one promise at most: of its influencer, with no other campaign, brand, platform or
    format, made since the promise was agreed (else at most 60 days before it is due). Promises that
    agree in more of these go first, then the earliest due, which the earliest post keeps. ``fee``
    is for the whole promise and is shared equally by its posts.
    """
    matched = _matched(data, view, today)
    if matched is None:
        return to_pandas(_counted_empty())
    late = pl.col("day") > pl.col("due")
    done = (
        matched.pairs.join(matched.promises.select("promise", "due"), on="promise")
        .group_by("promise")
        .agg(
            on_time=(~late.fill_null(False)).sum(), late=late.fill_null(False).sum(),
            last=pl.col("day").max(),
        )
    )  # fmt: skip
    return to_pandas(_counted(matched, done))


def unpromised(data: Dataset, view: View | None = None) -> pd.DataFrame:
    """Return the posts that keep no promise.

    Parameters
    ----------
    data, view
        As of `deliverables`.

    Returns
    -------
    pandas.DataFrame
        One row per post: ``influencer_id``, ``date``, ``platform``, ``campaign``, ``brand`` and
        ``url`` where there are such columns, ``kind``: ``double`` (more than a promise that it
        fits) or ``unplanned`` (fits none), ``spend`` (money): what the ledger spread on posts of
        the influencer that day, shared equally by them.
    """
    matched = _matched(data, view, None)
    if matched is None:
        return to_pandas(pl.DataFrame(schema={"influencer_id": pl.String, "kind": pl.String}))
    left = matched.posts.join(matched.pairs, on="post", how="anti")
    fits = _candidates(matched.promises, left)["post"].unique()
    kind = pl.when(pl.col("post").is_in(fits.implode())).then(pl.lit("double"))
    spent = _spend_of_days(data)
    columns = [c for c in ("influencer_id", "date", "platform", "campaign", "brand", "url")
               if c in data.tables["posts"].columns]  # fmt: skip
    number = pl.len().over("influencer_id", "day")
    everyone = matched.posts.select("post", number=number)
    found = (
        left.join(everyone, on="post")
        .join(spent, on=["influencer_id", "day"], how="left")
        .with_columns(kind=kind.otherwise(pl.lit("unplanned")))
        .with_columns(spend=pl.col("spend").fill_null(0.0) / pl.col("number"))
        .sort("date")
        .select(*columns, "kind", "spend")
    )
    return to_pandas(found)


def expiring_rights(
    data: Dataset, view: View | None = None, days: int = 14, today: date | None = None
) -> pd.DataFrame:
    """Return the rights to content that end within some days, the first to end first.

    Parameters
    ----------
    data, view, today
        As of `deliverables`.
    days
        How far to look ahead (days).

    Returns
    -------
    pandas.DataFrame
        One row per promise with ``ends_on`` in these days: ``influencer_id``, ``channel`` and what
        else it names, ``ends_on``, ``days_left``.
    """
    promises = _promises(data, view)
    end = _today(data, today)
    left = (pl.col("ends_on").dt.truncate("1d") - pl.lit(end)).dt.total_days()
    there = [c for c in ("influencer_id", *_TEXTS) if c in promises.columns]
    found = promises.with_columns(days_left=left).filter(pl.col("days_left").is_between(0, days))
    return to_pandas(found.sort("ends_on").select(*there, "ends_on", "days_left"))


def planned(data: Dataset, view: View | None = None, today: date | None = None) -> pd.DataFrame:
    """Return the posts that are still to come, by influencer and the day they are due.

    Parameters
    ----------
    data, view, today
        As of `deliverables`.

    Returns
    -------
    pandas.DataFrame
        ``influencer_id``, ``due_date``, ``posts`` (count) and ``fee`` (money) still to come.
    """
    rows = to_polars(deliverables(data, view, today))
    if rows.is_empty():
        return to_pandas(rows)
    found = (
        rows.filter(pl.col("to_come") > 0)
        .group_by("influencer_id", "due_date")
        .agg(posts=pl.col("to_come").sum(), fee=pl.col("fee_to_come").sum())
        .sort("due_date", "influencer_id")
    )
    return to_pandas(found)


def _today(data: Dataset, today: date | None) -> datetime:
    period = data.ledger.period
    return datetime.combine(today or (period[1] if period else date.today()), time.min)


def _promises(data: Dataset, view: View | None) -> pl.DataFrame:
    """Return the promises that a view keeps, with every column there may be."""
    table = data.tables.get("deliverables")
    if table is None:
        return pl.DataFrame(schema={"influencer_id": pl.String, "ends_on": pl.Datetime("us")})
    frame = kept(data, view, "deliverables") if view is not None else table
    types = {
        **dict.fromkeys(_TEXTS, pl.String()), "ends_on": pl.Datetime("us"),
        "agreed_on": pl.Datetime("us"), "fee": pl.Float64(), "count": pl.Int64(),
    }  # fmt: skip
    lacking = [pl.lit(None, t).alias(n) for n, t in types.items() if n not in frame.columns]
    return frame.with_columns(lacking)


def _matched(data: Dataset, view: View | None, today: date | None) -> _Matched | None:
    promises = _promises(data, view)
    if promises.is_empty():
        return None
    promises = promises.with_columns(
        due=pl.col("due_date").dt.truncate("1d"), number=pl.col("count").fill_null(1)
    ).with_row_index("promise")
    posts = _posts(data, promises)
    return _Matched(promises, posts, _pairs(promises, posts), _today(data, today))


def _posts(data: Dataset, promises: pl.DataFrame) -> pl.DataFrame:
    """Return the posts of those who promised something."""
    posts = data.tables["posts"]
    lacking = [pl.lit(None, pl.String).alias(n) for n in _NAMES if n not in posts.columns]
    ours = posts.filter(pl.col("influencer_id").is_in(promises["influencer_id"].implode()))
    return ours.with_columns(*lacking, day=pl.col("date").dt.truncate("1d")).with_row_index("post")


def _candidates(promises: pl.DataFrame, posts: pl.DataFrame) -> pl.DataFrame:
    """Return every promise with every post that may keep it, and in how much they agree."""
    of_post = posts.select(
        "post", "influencer_id", "day", *(pl.col(n).alias(f"of_{n}") for n in _NAMES)
    )
    same = [_plain(pl.col(n)) == _plain(pl.col(f"of_{n}")) for n in _NAMES]
    since = pl.coalesce(
        pl.col("agreed_on").dt.truncate("1d"), pl.col("due").dt.offset_by(f"-{_EARLY_DAYS}d")
    )
    in_time = (pl.col("day") >= since).fill_null(True)
    return (
        promises.select("promise", "influencer_id", "due", "agreed_on", "number", *_NAMES)
        .join(of_post, on="influencer_id")
        .filter(in_time, *(s.fill_null(True) for s in same))
        .with_columns(agreed=pl.sum_horizontal(s.fill_null(False).cast(pl.Int8) for s in same))
    )


def _plain(text: pl.Expr) -> pl.Expr:
    return text.str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]|s$", "")


def _pairs(promises: pl.DataFrame, posts: pl.DataFrame) -> pl.DataFrame:
    """Return ``promise``, ``post`` and ``day`` of the promises that posts keep.

    All pairs stand in one order; in each round those are taken that are first both for their post
    and among their promise's, which is what going down the order one by one would take.
    """
    order = ["agreed", "due", "day", "promise", "post"]
    ranked = _candidates(promises, posts).sort(
        order, descending=[True, False, False, False, False], nulls_last=True
    ).select("promise", "post", "day", "number").with_row_index("rank")  # fmt: skip
    taken = ranked.clear()
    while ranked.height:
        first = ranked.filter(
            (pl.col("rank") == pl.col("rank").min().over("promise"))
            & (pl.col("rank") == pl.col("rank").min().over("post"))
        )
        taken = pl.concat([taken, first])
        full = taken.group_by("promise").agg(pl.len(), pl.col("number").first())
        full = full.filter(pl.col("len") >= pl.col("number"))
        ranked = ranked.join(first, on="post", how="anti", maintain_order="left").join(
            full, on="promise", how="anti", maintain_order="left"
        )
    return taken.select("promise", "post", "day")


def _counted(matched: _Matched, done: pl.DataFrame) -> pl.DataFrame:
    now, due = pl.lit(matched.today), pl.col("due")
    left = pl.col("count") - pl.col("on_time") - pl.col("late")
    over = (due < now).fill_null(False)
    until = pl.when(pl.col("missing") > 0).then(now).when(pl.col("late") > 0).then("last")
    parts = [
        pl.when(pl.col("count") > 0).then(pl.col("fee") * pl.col(s) / pl.col("count"))
        .otherwise(0.0).alias(f"fee_{s}") for s in STATES
    ]  # fmt: skip
    names = [
        n for n in (*_NAMES, "channel") if matched.promises[n].null_count() < len(matched.promises)
    ]
    return (
        matched.promises.join(done, on="promise", how="left", maintain_order="left")
        .with_columns(pl.col("on_time", "late").fill_null(0), count=pl.col("number"))
        .with_columns(
            missing=pl.when(over).then(left).otherwise(0),
            to_come=pl.when(over).then(0).otherwise(left),
        )
        .with_columns(*parts, days_late=(until - due).dt.total_days())
        .sort("due", nulls_last=True, maintain_order=True)
        .select("influencer_id", *names, "due_date", "count", *STATES, "days_late", "fee",
                *(f"fee_{s}" for s in STATES))
    )  # fmt: skip


def _counted_empty() -> pl.DataFrame:
    counts = dict.fromkeys(("count", *STATES, "days_late"), pl.Int64)
    money = dict.fromkeys(("fee", *(f"fee_{s}" for s in STATES)), pl.Float64)
    start: dict[str, Any] = {"influencer_id": pl.String, "due_date": pl.Datetime("us")}
    return pl.DataFrame(schema={**start, **counts, **money})


def _spend_of_days(data: Dataset) -> pl.DataFrame:
    """Return the spend on posts by influencer and day (money)."""
    import narwhals as nw

    rows = data.ledger.rows.filter(nw.col("kind") == "spend")
    sums = rows.group_by("influencer_id", "date").agg(nw.col("spend").sum()).collect().to_native()
    found: pl.DataFrame = sums
    return found.select(
        pl.col("influencer_id").cast(pl.String), pl.col("date").alias("day"), "spend"
    )
