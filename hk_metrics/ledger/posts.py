"""Post rows of the ledger: which orders followed a post, and the mix that those orders give it."""

from __future__ import annotations

import narwhals as nw

from hk_metrics.ledger.brands import campaign_brand
from hk_metrics.ledger.events import Frame, day, text_or_null
from hk_metrics.settings import Settings

MIX = ("campaign", "source", "product", "brand")
POST_MEASURES = (
    "posts", "post_followers", "reach", "boosted_reach", "impressions", "likes", "comments",
    "shares", "saves", "video_views", "clicks",
)  # fmt: skip


def post_groups(posts: Frame, profile: Frame, settings: Settings) -> Frame:
    """Return the posts grouped by influencer, day, platform and what the file names.

    Posts of one group share their mix, so nothing is lost by splitting them together.

    Returns
    -------
    Frame
        ``group`` (a number), ``influencer_id``, ``date``, ``platform``, ``named_campaign``,
        ``named_brand``, ``brand_of_campaign`` (by its name, where no column says the brand)
        and the sums of the post measures that the data has.
    """
    by_campaign = nw.lit(None, dtype=nw.String)
    if "brand" not in posts.collect_schema().names():
        by_campaign = campaign_brand(settings, "named_campaign")
    frame = text_or_null(posts, "campaign", "brand")
    names = frame.collect_schema().names()
    sums = [m for m in POST_MEASURES if m in names]
    followers = nw.col("follower_count").cast(nw.Float64).fill_null(0.0)
    keys = ["influencer_id", "date", "platform", "named_campaign", "named_brand"]
    return (
        frame.join(
            profile.select("influencer_id", "home_platform", "follower_count"),
            on="influencer_id", how="left",
        )
        .with_columns(
            day(),
            nw.coalesce("platform", "home_platform").alias("platform"),
            nw.lit(1.0).alias("posts"),
            followers.alias("post_followers"),
            *(nw.col(m).cast(nw.Float64) for m in sums),
            nw.col("campaign").alias("named_campaign"),
            nw.col("brand").alias("named_brand"),
        )
        .group_by(keys)
        .agg(nw.col(m).sum() for m in ("posts", "post_followers", *sums))
        .with_columns(by_campaign.alias("brand_of_campaign"))
        .with_row_index("group", order_by=keys)
    )  # fmt: skip


def _followed_post_days(orders: Frame, groups: Frame, window_days: int) -> Frame:
    """Return, per influencer and day with orders, the day of the latest post within the window.

    Returns
    -------
    Frame
        ``influencer_id``, ``date``, ``post_date``; days that follow no post are absent.

    Notes
    -----
    Days are put in order once and the last post day is carried forward, so the cost grows with
    the number of days, not with orders × posts.
    """
    post_days = groups.select("influencer_id", "date", nw.col("date").alias("post_date"))
    no_post = nw.when(nw.col("date").is_null()).then(nw.col("date")).alias("post_date")
    order_days = orders.select("influencer_id", "date", no_post)
    latest = nw.col("post_date").fill_null(strategy="forward")
    last_day = nw.col("post_date").dt.offset_by(f"{window_days}d")
    return (
        nw.concat([order_days, post_days])
        .filter(~nw.col("date").is_null(), ~nw.col("influencer_id").is_null())
        .group_by("influencer_id", "date")
        .agg(nw.col("post_date").max())
        .with_columns(latest.over("influencer_id", order_by="date"))
        .filter(nw.col("date") <= last_day)
    )


def split_posts(groups: Frame, orders: Frame, window_days: int) -> Frame:
    """Return every group of posts split over the mix of the orders that followed it.

    Parameters
    ----------
    groups
        The result of `post_groups`.
    orders
        Attributed order rows with ``order_weight``.
    window_days
        How long an order may follow a post (days).

    Returns
    -------
    Frame
        The columns of ``groups`` but the named ones, with `MIX` and ``share`` (sums to 1 per
        group). What the file names is kept and narrows the mix; with no order that followed, the
        mix is that of all the influencer's orders; with none at all, unnamed dimensions are null,
        but for a brand that the campaign's name tells.
    """
    bought = orders.filter(nw.col("order_weight") > 0)
    post_days = _followed_post_days(bought, groups, window_days)
    mix_of_post = (
        bought.join(post_days, on=["influencer_id", "date"], how="inner")
        .group_by("influencer_id", "post_date", *MIX)
        .agg(nw.col("order_weight").sum().alias("weight"))
        .rename({"post_date": "date"})
    )
    mix_of_influencer = bought.group_by("influencer_id", *MIX).agg(
        nw.col("order_weight").sum().alias("weight")
    )
    followed = _matching(groups.join(mix_of_post, on=["influencer_id", "date"], how="inner"))
    unfollowed = groups.join(followed, on="group", how="anti")
    typical = _matching(unfollowed.join(mix_of_influencer, on="influencer_id", how="inner"))
    unknown = unfollowed.join(typical, on="group", how="anti").with_columns(
        nw.col("named_campaign").alias("campaign"),
        nw.lit(None, dtype=nw.String).alias("source"),
        nw.lit(None, dtype=nw.String).alias("product"),
        nw.col("named_brand").alias("brand"),
        nw.lit(1.0).alias("weight"),
    )
    columns = [*followed.collect_schema().names()]
    share = (nw.col("weight") / nw.col("weight").sum().over("group")).alias("share")
    return (
        nw.concat([f.select(columns) for f in (followed, typical, unknown)])
        .with_columns(share, nw.coalesce("brand", "brand_of_campaign").alias("brand"))
        .drop("weight", "named_campaign", "named_brand", "brand_of_campaign")
    )


def _matching(candidates: Frame) -> Frame:
    """Keep the mix that agrees with what the file names; what it names wins over the mix."""
    agrees = [
        nw.col(f"named_{d}").is_null() | (nw.col(f"named_{d}") == nw.col(d)).fill_null(False)
        for d in ("campaign", "brand")
    ]
    return candidates.filter(*agrees)


def post_rows(parts: Frame) -> Frame:
    """Return the ledger's post rows: measures split by campaign and brand, kept in total."""
    measures = [m for m in POST_MEASURES if m in parts.collect_schema().names()]
    keys = ["influencer_id", "date", "platform", "campaign", "brand"]
    return (
        parts.with_columns(nw.col(m) * nw.col("share") for m in measures)
        .group_by(keys)
        .agg(nw.col(m).sum() for m in measures)
    )
