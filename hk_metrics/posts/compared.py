"""Groups of posts compared by a rate: what each reaches, how sure that is, and what is no chance.

Posts of one influencer are alike, so that ten posts of one say less than ten posts of ten: the
unit of chance is the influencer, not the post.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from hk_metrics.intervals import TAILS, surer_than_chance

_WHO = "influencer_id"
# Influencers of equal weight below which nothing is said to stand out: the law that tells chance
# holds for many, and falsely claims more than it should for few.
_FEWEST = 5.0


@dataclass(frozen=True)
class Rate:
    """What posts are compared by: Σ ``top`` ÷ Σ ``bottom`` of posts.

    Parameters
    ----------
    metric
        Name in `hk_metrics.METRICS`.
    top, bottom
        Columns of the feed (`hk_metrics.posts.feed.posts`); no ``bottom`` counts posts.
    """

    metric: str
    top: str
    bottom: str = ""

    def of(self, feed: pl.DataFrame, *kept: str) -> pl.DataFrame:
        """Return ``__top`` and ``__bottom`` of the posts whose rate is known, and what is kept."""
        below = pl.col(self.bottom) if self.bottom else pl.lit(1.0)
        return feed.select(
            *kept,
            pl.col(self.top).cast(pl.Float64).alias("__top"),
            below.cast(pl.Float64).alias("__bottom"),
        ).filter(pl.col("__top").is_finite() & (pl.col("__bottom") > 0))

    def overall(self, feed: pl.DataFrame) -> float | None:
        """Return the rate of all posts together; None where it is known of none."""
        known = self.of(feed)
        top, bottom = (float(known[c].sum()) for c in ("__top", "__bottom"))
        return top / bottom if bottom > 0 else None


RATES = {
    "engagement_rate": Rate("engagement_rate", "engagements", "reach"),
    "revenue_per_post": Rate("revenue_per_post", "revenue"),
}


def compared(feed: pl.DataFrame, labelled: pl.DataFrame, keys: list[str], rate: Rate) -> Any:
    """Return groups of posts by a rate, most posts first.

    Parameters
    ----------
    feed
        All posts, once each.
    labelled
        The same posts with their group; a post may be in several, or in none.
    keys
        Columns that name a group.
    rate
        What they are compared by.

    Returns
    -------
    polars.DataFrame
        ``keys``, ``posts`` (those whose rate is known), ``estimate``, ``lower`` and ``upper``
        (90 %, in the unit of the rate; null where fewer than two influencers posted), ``rest``
        (the rate of all other posts), ``stands_out`` (whether the difference is surer than chance
        among all groups at once).

    Notes
    -----
    The variance of a ratio of sums by linearisation (W. G. Cochran, *Sampling Techniques*, 1977,
    §6), with influencers as clusters; Student's t with as many degrees of freedom as there are
    influencers of equal weight, less one (A. V. Carter, K. T. Schnepel, D. G. Steigerwald, 2017).
    What stands out is also held against the spread of all posts: a few that all sold nothing look
    more alike than they are.
    """
    known = rate.of(feed, _WHO)
    everyone = known.group_by(_WHO).agg(pl.col("__top", "__bottom").sum())
    mine = (
        rate.of(labelled, *keys, _WHO)
        .group_by(*keys, _WHO)
        .agg(
            pl.col("__top", "__bottom").sum(),
            pl.col("__bottom").pow(2).sum().alias("__squares"),
            pl.len().cast(pl.Int64).alias("posts"),
        )
    )
    top, bottom = (everyone[c].to_numpy().astype(np.float64) for c in ("__top", "__bottom"))
    if not len(top):
        return _nothing(mine, keys)
    joined = mine.join(everyone, on=_WHO, suffix="_all", nulls_equal=True)
    group = joined.group_by(*keys, maintain_order=True)
    usual = _spread_of(known)
    rows = [(*key, *_estimate(part, top, bottom, usual)) for key, part in group]
    names = ["posts", "estimate", "lower", "upper", "rest", "chance"]
    schema = {**{k: mine.schema[k] for k in keys}, "posts": pl.Int64(),
              **dict.fromkeys(names[1:], pl.Float64())}  # fmt: skip
    table = pl.DataFrame(rows, schema=schema, orient="row")
    sure = surer_than_chance(table["chance"].to_numpy())
    return (
        table.with_columns(pl.Series("stands_out", sure, dtype=pl.Boolean))
        .drop("chance")
        .sort("posts", *keys, descending=[True, *(False for _ in keys)])
    )


def _nothing(mine: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    ends = [pl.lit(None, pl.Float64).alias(c) for c in ("estimate", "lower", "upper", "rest")]
    return mine.select(*keys, "posts", *ends, pl.lit(False).alias("stands_out"))


def _spread_of(known: pl.DataFrame) -> float:
    """Return the variance of a post around the rate of all, for a ``bottom`` of 1."""
    top, bottom = (known[c].to_numpy() for c in ("__top", "__bottom"))
    off = top - top.sum() / bottom.sum() * bottom
    return float((off**2).sum() / (bottom**2).sum())


def _estimate(part: pl.DataFrame, top: Any, bottom: Any, usual: float) -> tuple[Any, ...]:
    """Return a group's posts, rate, interval, the rate of the rest, and the chance of both equal.

    Parameters
    ----------
    part
        A row for each influencer of the group: sums in it, and of all its posts (``_all``).
    top, bottom
        Sums of every influencer.
    usual
        Variance of a post around the rate of all, for a ``bottom`` of 1.
    """
    from scipy.special import stdtr, stdtrit

    e, b, whole_e, whole_b = (
        part[c].to_numpy().astype(np.float64)
        for c in ("__top", "__bottom", "__top_all", "__bottom_all")
    )
    posts, own = int(part["posts"].sum()), float(b.sum())
    rate, others = float(e.sum()) / own, float(bottom.sum()) - own
    weight = float(own**2 / (b**2).sum())  # influencers of equal weight
    lower = upper = rest = chance = np.nan
    off = (e - rate * b) / own
    if weight > 1.0 + 1e-9 and len(b) > 1:
        error = np.sqrt((off**2).sum() * len(b) / (len(b) - 1))
        reach = float(stdtrit(max(weight - 1.0, 1.0), TAILS[1])) * error
        lower, upper = max(rate - reach, 0.0), rate + reach
    if others > 1e-9 * own:
        rest = (float(top.sum()) - float(e.sum())) / others
        beside = ((whole_e - e) - rest * (whole_b - b)) / others
        elsewhere = ((top - rest * bottom) ** 2).sum() - ((whole_e - rest * whole_b) ** 2).sum()
        spread = ((off - beside) ** 2).sum() + max(elsewhere, 0.0) / others**2
        if weight >= _FEWEST and spread > 0:
            alone = usual * float(part["__squares"].sum()) / own**2
            z = abs(rate - rest) / np.sqrt(max(spread * len(b) / (len(b) - 1), alone))
            chance = 2.0 * float(stdtr(weight - 1.0, -z))
    return posts, rate, lower, upper, rest, chance
