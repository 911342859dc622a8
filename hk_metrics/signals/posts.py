"""Signals in posts: engagement unlike that of posts of the same reach."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from hk_metrics.signals.kinds import about_no_post, percent

Table = Mapping[str, pl.DataFrame]

_FAR = 3.5
_FEWEST_LIKE = 8
_FEWEST_POSTS = 5
_CONSTANT = 0.05


def _post_rates(tables: Table) -> pl.DataFrame:
    """Return posts with reach, their rates of engagement, and decile within the platform.

    Posts whose likes or comments are not known have no rate.
    """
    count = pl.col("likes", "comments", "reach").cast(pl.Float64)
    rank = pl.col("reach").rank("ordinal").over("platform") - 1
    return (
        tables["posts"]
        .with_columns(count)
        .with_columns(post=pl.int_range(pl.len(), dtype=pl.Int64))
        .drop_nulls(["likes", "comments"])
        .filter(pl.col("reach") > 0)
        .with_columns(
            decile=rank * 10 // pl.len().over("platform"),
            engagements=pl.col("likes") + pl.col("comments"),
            engagement=(pl.col("likes") + pl.col("comments") + 0.5) / pl.col("reach"),
            talk=(pl.col("comments") + 0.5) / (pl.col("likes") + 0.5),
        )
    )


def _robust_z(name: str) -> pl.Expr:
    """Return how far the logarithm lies from its group's median, in robust deviations.

    A decile of few posts can look narrower than it is: its spread is taken to be at least the
    platform's around the medians of its deciles.
    """
    like = ["platform", "decile"]
    log = pl.col(name).log()
    off = log - log.median().over(like)
    spread = pl.max_horizontal(off.abs().median().over(g) for g in (like, ["platform"]))
    enough = (pl.len().over(like) >= _FEWEST_LIKE) & (spread > 0)
    return pl.when(enough).then(off / (1.4826 * spread)).alias("z")


def _beyond_chance(count: str, of: str) -> pl.Expr:
    """Return whether a count is far from its usual share of another, even for a small count."""
    expected = pl.col("usual") * pl.col(of)
    return (pl.col(count) - expected).abs() > _FAR * expected.sqrt().clip(1.0)


def _outliers(tables: Table, rate: str) -> pl.DataFrame:
    """Return the posts whose rate lies far from the median of posts of like reach."""
    usual = pl.col(rate).median().over("platform", "decile").alias("usual")
    return (
        _post_rates(tables)
        .with_columns(_robust_z(rate), usual)
        .filter(pl.col("z").abs() > _FAR)
        .with_columns(strength=pl.col("z").abs())
        .sort("strength", descending=True)
    )


def _worded(found: pl.DataFrame, signal: str, own: pl.Expr, usual: pl.Expr) -> pl.DataFrame:
    """Say in words how an outlier compares."""
    side = pl.when(pl.col("z") > 0).then(pl.lit("above")).otherwise(pl.lit("below"))
    reason = pl.format(
        f"This post's {signal}, {{}}, lies far {{}} the {{}} of posts of like reach on {{}}.",
        own, side, usual, pl.col("platform"),
    )  # fmt: skip
    return found.with_columns(signal=pl.lit(signal), reason=reason)


def engagement(tables: Table) -> pl.DataFrame:
    """Find posts whose engagement rate is far from that of posts of like reach."""
    own, usual = percent(pl.col("engagement")), percent(pl.col("usual"))
    found = _outliers(tables, "engagement").filter(_beyond_chance("engagements", "reach"))
    return _worded(found, "engagement rate", own, usual)


def talk(tables: Table) -> pl.DataFrame:
    """Find posts with far more or fewer comments per like than posts of like reach."""
    own, usual = pl.col("talk").round(3), pl.col("usual").round(3)
    found = _outliers(tables, "talk").filter(_beyond_chance("comments", "likes"))
    return _worded(found, "comments per like", own, usual)


def constant(tables: Table) -> pl.DataFrame:
    """Find influencers whose posts all engage alike: counts vary by themselves."""
    spread = pl.col("engagement").log().std()
    return (
        _post_rates(tables)
        .group_by("influencer_id")
        .agg(posts=pl.len(), spread=spread)
        .filter((pl.col("posts") >= _FEWEST_POSTS) & (pl.col("spread") < _CONSTANT))
        .with_columns(
            signal=pl.lit("constant engagement"),
            reason=pl.format(
                "The engagement rates of {} posts differ by {} only.",
                "posts", percent(pl.col("spread")),
            ),
            strength=1 - pl.col("spread") / _CONSTANT,
            **about_no_post(),
        )
        .sort("strength", descending=True)
    )  # fmt: skip
