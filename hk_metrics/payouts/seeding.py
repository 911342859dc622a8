"""Gifts, one by one: who posted after one, who may still, and what a seeded post cost."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

import polars as pl

from hk_metrics.interchange import to_pandas
from hk_metrics.payouts.payments import kept

if TYPE_CHECKING:
    import pandas as pd

    from hk_metrics.dataset import Dataset
    from hk_metrics.view import View

STATES = {"posted": "Posted", "waiting": "Sent lately", "silent": "No post"}
_COLUMNS: dict[str, Any] = {
    "influencer_id": pl.String, "date": pl.Datetime("us"), "item": pl.String,
    "campaign": pl.String, "brand": pl.String, "amount": pl.Float64, "market_value": pl.Float64,
}  # fmt: skip


def seeding(
    data: Dataset, view: View | None = None, days: int = 30, today: date | None = None
) -> pd.DataFrame:
    """Return the gifts of a view with the posts that followed each (money).

    Parameters
    ----------
    data
        A dataset. Costs of an influencer that are products or have a market value are gifts.
    view
        A view of it; all gifts where absent.
    days
        How long after a gift a post is still its post, and an influencer not yet silent (days).
    today
        The day to count from; the last day of the data where absent.

    Returns
    -------
    pandas.DataFrame
        One row per gift, the latest first: ``influencer_id``, ``date`` sent, ``item``,
        ``campaign``, ``brand``, ``cost`` and ``market_value`` (money), ``posts``, ``first_post``,
        ``days_since`` the gift, ``state``: ``posted``, ``waiting`` (sent at most ``days`` ago) or
        ``silent``. ``attrs``: ``gifted``, ``posted``, ``waiting``, ``posts`` (counts),
        ``posted_rate`` (posted ÷ those whose time is over or who posted), ``cost`` and
        ``cost_per_post`` (money).

    Notes
    -----
    A post belongs to the latest gift before it that names neither another campaign nor another
    brand. A gift without a day is followed by any post, and is never waiting.
    """
    gifts = _gifts(data, view)
    end = datetime.combine(today, time.min) if today else _last_day(data)
    followed = _followed(gifts, data.tables["posts"], days)
    since = (pl.lit(end) - pl.col("date").dt.truncate("1d")).dt.total_days()
    state = (
        pl.when(pl.col("posts") > 0).then(pl.lit("posted"))
        .when(pl.col("days_since") <= days).then(pl.lit("waiting"))
        .otherwise(pl.lit("silent"))
    )  # fmt: skip
    gifted = (
        gifts.join(followed, on="gift", how="left", maintain_order="left")
        .with_columns(pl.col("posts").fill_null(0), days_since=since)
        .with_columns(state=state)
        .sort("date", descending=True, nulls_last=True, maintain_order=True)
        .drop("gift")
        .rename({"amount": "cost"})
    )
    frame: pd.DataFrame = to_pandas(gifted)
    frame.attrs.update(_summary(gifted))
    return frame


def has_gifts(data: Dataset) -> bool:
    """Return whether a dataset has gifts."""
    return "costs" in data.tables and _gifts(data, None).height > 0


def _gifts(data: Dataset, view: View | None) -> pl.DataFrame:
    if "costs" not in data.tables:
        return pl.DataFrame(schema={"gift": pl.UInt32, **_COLUMNS})
    costs = kept(data, view, "costs") if view is not None else data.tables["costs"]
    lacking = [pl.lit(None, t).alias(n) for n, t in _COLUMNS.items() if n not in costs.columns]
    costs = costs.with_columns(lacking)
    if "period_start" in costs.columns:
        costs = costs.with_columns(pl.coalesce("date", "period_start").alias("date"))
    sent = (pl.col("cost_kind") == "product") | (pl.col("market_value") > 0)
    gifts = costs.filter(sent.fill_null(False), pl.col("influencer_id").is_not_null())
    return (
        gifts.select(*_COLUMNS).with_columns(pl.col("amount").fill_null(0.0)).with_row_index("gift")
    )


def _last_day(data: Dataset) -> datetime:
    period = data.ledger.period
    return datetime.combine(period[1] if period else date.today(), time.min)


def _followed(gifts: pl.DataFrame, posts: pl.DataFrame, days: int) -> pl.DataFrame:
    """Return the gifts with posts: ``posts``, their number, and ``first_post``."""
    lacking = [pl.lit(None, pl.String).alias(n) for n in ("campaign", "brand")
               if n not in posts.columns]  # fmt: skip
    posted = posts.with_columns(lacking).select(
        "influencer_id", pl.col("date").dt.truncate("1d").alias("day"),
        pl.col("campaign").alias("of_campaign"), pl.col("brand").alias("of_brand"),
    ).with_row_index("post")  # fmt: skip
    sent = pl.col("date").dt.truncate("1d")
    agree = [(pl.col(n) == pl.col(f"of_{n}")).fill_null(True) for n in ("campaign", "brand")]
    in_time = (pl.col("day") >= sent) & (pl.col("day") <= sent.dt.offset_by(f"{days}d"))
    return (
        posted.join(gifts, on="influencer_id")
        .filter(in_time | sent.is_null(), *agree)
        .sort("date", nulls_last=False)
        .unique("post", keep="last", maintain_order=True)
        .group_by("gift")
        .agg(posts=pl.len(), first_post=pl.col("day").min())
    )


def _summary(gifts: pl.DataFrame) -> dict[str, float]:
    count = {state: gifts.filter(pl.col("state") == state).height for state in STATES}
    cost, posts = float(gifts["cost"].sum()), int(gifts["posts"].sum())
    over = count["posted"] + count["silent"]
    nan = float("nan")
    return {
        "gifted": gifts.height, "posted": count["posted"], "waiting": count["waiting"],
        "posts": posts, "posted_rate": count["posted"] / over if over else nan, "cost": cost,
        "cost_per_post": cost / posts if posts else nan,
        "market_value": float(gifts["market_value"].sum()),
    }  # fmt: skip
