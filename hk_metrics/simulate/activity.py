"""What influencers did: posts within campaign flights, with reach and engagement."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hk_metrics.simulate.captions import addresses, captions
from hk_metrics.simulate.cast import PLATFORMS, Cast
from hk_metrics.simulate.catalogue import (
    BRAND_OF_CAMPAIGN,
    BRANDS,
    CAMPAIGNS,
    PRODUCTS,
    draw_products,
)

Array = NDArray[np.float64]
Codes = NDArray[np.int64]

DAY = 86_400
# When people post and shop: share of each hour of the day, quiet nights, busy evenings.
_HOURS = np.array(
    [1, 0.5, 0.3, 0.2, 0.2, 0.5, 1.5, 3, 4, 4, 4, 4, 5, 5, 4, 4, 4, 5, 6, 8, 9, 8, 5, 2.5]
)
_POST_PLATFORM_REACH = np.array([1.0, 0.85, 0.45])
_LIKES, _COMMENTS, _SHARES, _SAVES = 0.86, 0.05, 0.04, 0.05


@dataclass(frozen=True)
class Posts:
    """Posts in order of time: codes and measures as arrays of the same length.

    ``second`` counts from midnight of the first day; ``day`` is its whole days.
    """

    influencer: Codes
    platform: Codes
    campaign: Codes
    product: Codes
    second: Codes
    reach: Codes
    engagement_rate: Array

    def __len__(self) -> int:
        return len(self.influencer)

    @property
    def brand(self) -> Codes:
        """Brand code of each post."""
        return BRAND_OF_CAMPAIGN[self.campaign]

    @property
    def day(self) -> Codes:
        """Day of each post, counted from 0."""
        return self.second // DAY


def seconds_of_day(rng: np.random.Generator, count: int) -> Codes:
    """Draw times of day (seconds) by the hours' shares."""
    ends = np.concatenate([[0.0], np.cumsum(_HOURS) / _HOURS.sum()])
    return (np.interp(rng.random(count), ends, np.arange(25)) * 3599.9).astype(np.int64)


def post(rng: np.random.Generator, cast: Cast, days: int, mean: float, demand: Array) -> Posts:
    """Let every influencer post about ``mean`` times.

    ``demand`` (brands × days) weighs the days of a flight: equal weights spread posts evenly.
    """
    count = 1 + rng.poisson(max(mean - 1, 0.0), len(cast.home))
    influencer = np.repeat(np.arange(len(count)), count)
    campaign = _campaigns(rng, cast.brand_taste[influencer], days)
    day = _days(rng, campaign, days, demand)
    second = day * DAY + seconds_of_day(rng, len(day))
    order = np.argsort(second, kind="stable")
    influencer, campaign, second = influencer[order], campaign[order], second[order]
    elsewhere = rng.random(len(day)) < 0.12
    any_platform = rng.integers(0, len(PLATFORMS), len(day))
    platform = np.where(elsewhere, any_platform, cast.home[influencer])
    rate = cast.reach_rate[influencer] * _POST_PLATFORM_REACH[platform]
    followers = cast.table["follower_count"].to_numpy()[influencer]
    reach = followers * rate * rng.lognormal(0, 0.35, len(day))
    engagement = cast.engagement_rate[influencer] * rng.lognormal(0, 0.22, len(day))
    return Posts(
        influencer=influencer,
        platform=platform,
        campaign=campaign,
        product=draw_products(rng, BRAND_OF_CAMPAIGN[campaign]),
        second=second,
        reach=np.maximum(reach, 40).astype(np.int64),
        engagement_rate=np.clip(engagement, 0.009, 0.085),
    )


def _campaigns(rng: np.random.Generator, taste: Array, days: int) -> Codes:
    """Draw a campaign per post: its brand by the audience's taste, then by length of flight."""
    length = np.array([last - first for first, last in (c.flight(days) for c in CAMPAIGNS)])
    share = length / np.bincount(BRAND_OF_CAMPAIGN, length)[BRAND_OF_CAMPAIGN]
    weight = taste[:, BRAND_OF_CAMPAIGN] * share
    edges = np.cumsum(weight, axis=1)
    return np.asarray((edges < rng.random((len(taste), 1)) * edges[:, -1:]).sum(axis=1))


def _days(rng: np.random.Generator, campaign: Codes, days: int, demand: Array) -> Codes:
    """Draw a day per post within its campaign's flight, weighted by demand."""
    weight = np.zeros((len(CAMPAIGNS), days))
    for code, flown in enumerate(CAMPAIGNS):
        first, last = flown.flight(days)
        weight[code, first:last] = demand[BRAND_OF_CAMPAIGN[code], first:last]
    edges = np.cumsum(weight / weight.sum(axis=1, keepdims=True), axis=1)
    edges[:, -1] = 1.0
    ends = (np.arange(len(CAMPAIGNS))[:, None] + edges).ravel()
    drawn = np.searchsorted(ends, campaign + rng.random(len(campaign)), side="right")
    return np.asarray(drawn - campaign * days)


def posts_table(
    rng: np.random.Generator, posts: Posts, cast: Cast, start: np.datetime64
) -> pl.DataFrame:
    """Return the canonical ``posts`` table with engagement, captions and addresses."""
    names = pl.Series([p.name for p in PRODUCTS]).gather(posts.product)
    platform = pl.Series(PLATFORMS).gather(posts.platform)
    tags = [pl.Series([b.hashtags[n] for b in BRANDS]) for n in (0, 1)]
    hashtags = pl.select(
        pl.when(pl.Series(rng.random(len(posts)) < 0.6))
        .then(tags[0].gather(posts.brand))
        .otherwise(tags[1].gather(posts.brand))
    ).to_series()
    category = cast.table["category"].gather(posts.influencer)
    width = max(5, len(str(len(posts))))
    return pl.DataFrame(
        {
            "post_id": [f"P{n:0{width}d}" for n in range(1, len(posts) + 1)],
            "influencer_id": cast.table["id"].gather(posts.influencer),
            "platform": platform,
            "date": start.astype("datetime64[us]") + posts.second.astype("timedelta64[s]"),
            "url": addresses(rng, platform, cast.handles.gather(posts.influencer)),
            "caption": captions(rng, names, category, hashtags),
            "campaign": pl.Series([c.name for c in CAMPAIGNS]).gather(posts.campaign),
            "brand": pl.Series([b.name for b in BRANDS]).gather(posts.brand),
            **_measures(rng, posts),
        }
    )


def _measures(rng: np.random.Generator, posts: Posts) -> dict[str, pl.Series | Codes]:
    def drawn(rate: Array | float) -> Codes:
        return rng.binomial(posts.reach, np.broadcast_to(rate, len(posts)))

    rate = posts.engagement_rate
    # A post on Twitter is rarely a video: no views is "unknown", not zero.
    video = posts.platform != PLATFORMS.index("Twitter")
    views = pl.Series(drawn(0.55)).to_frame("views")
    return {
        "reach": posts.reach,
        "likes": drawn(rate * _LIKES),
        "comments": drawn(rate * _COMMENTS),
        "impressions": (posts.reach * rng.uniform(1.05, 1.5, len(posts))).astype(np.int64),
        "video_views": views.select(pl.when(pl.Series(video)).then("views")).to_series(),
        "shares": drawn(rate * _SHARES),
        "saves": drawn(rate * _SAVES),
        "clicks": drawn(rng.uniform(0.004, 0.015, len(posts))),
    }
