"""Signals in orders: orders that no post explains, and buyers who had bought before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals as nw
import polars as pl

from hk_metrics.ledger.events import is_organic
from hk_metrics.signals.kinds import about_no_post, nothing, percent

Table = Mapping[str, pl.DataFrame]

_FAR = 3.5
_WINDOW_DAYS = 30
_QUIET_DAYS = 7
_FEWEST_ORDERS = 5
_FEWEST_CUSTOMERS = 20
_FEWEST_DAYS = 14
_SPIKE = 1e-6
# A share of buyers this much larger than elsewhere is worth a look; less, however sure, is not.
_NOTABLE = 0.1


def _order_days(tables: Table) -> pl.DataFrame:
    """Return attributed orders per influencer and day, with days since the latest post."""
    frame = nw.from_native(tables["tracking_data"]).with_columns(is_organic()).to_native()
    day = pl.col("date").dt.truncate("1d")
    orders = (
        frame.filter(~pl.col("organic") & (pl.col("orders") > 0) & pl.col("date").is_not_null())
        .group_by("influencer_id", date=day)
        .agg(pl.col("orders").cast(pl.Float64).sum())
        .sort("date")
    )
    posted = tables["posts"].select("influencer_id", date=day, posted=day).unique().sort("date")
    return orders.join_asof(
        posted, on="date", by="influencer_id", check_sortedness=False
    ).with_columns(since=(pl.col("date") - pl.col("posted")).dt.total_days())


def unposted(tables: Table) -> pl.DataFrame:
    """Find influencers with coded orders that no post of theirs precedes; none without posts."""
    if tables["posts"].is_empty():
        return nothing()
    without = pl.col("since").fill_null(_WINDOW_DAYS + 1) > _WINDOW_DAYS
    return (
        _order_days(tables)
        .group_by("influencer_id")
        .agg(all=pl.col("orders").sum(), without=pl.col("orders").filter(without).sum())
        .filter(pl.col("without") >= _FEWEST_ORDERS)
        .with_columns(
            signal=pl.lit("orders without a post"),
            reason=pl.format(
                "{} of {} orders came with no post in the {} days before.",
                pl.col("without").round(0).cast(pl.Int64),
                pl.col("all").round(0).cast(pl.Int64), pl.lit(_WINDOW_DAYS),
            ),
            strength=pl.col("without") / pl.col("all"),
            **about_no_post(),
        )
        .sort("strength", descending=True)
    )  # fmt: skip


def _quiet_days(tables: Table, first: Any, last: Any) -> pl.DataFrame:
    """Return how many days of a period each influencer has without a post in the week before."""
    span = (last - first).days + 1
    return (
        tables["posts"]
        .drop_nulls("date")
        .select(
            "influencer_id",
            day=pl.concat_list(
                pl.col("date").dt.truncate("1d").dt.offset_by(f"{n}d")
                for n in range(_QUIET_DAYS + 1)
            ),
        )
        .explode("day")
        .filter(pl.col("day").is_between(first, last))
        .group_by("influencer_id")
        .agg(quiet=span - pl.col("day").n_unique())
    )


def spikes(tables: Table) -> pl.DataFrame:
    """Find days of many orders long after the latest post, against the other quiet days.

    Without posts every day is quiet, and none says anything.
    """
    from scipy.special import pdtrc

    tracked = tables["tracking_data"]["date"].drop_nulls().dt.truncate("1d")
    if tables["posts"].is_empty() or tracked.n_unique() < _FEWEST_DAYS:
        return nothing()
    first, last = tracked.min(), tracked.max()
    span = (last - first).days + 1  # type: ignore[operator,union-attr]
    quiet = _order_days(tables).filter(pl.col("since").fill_null(10**6) > _QUIET_DAYS)
    others = pl.col("orders").sum().over("influencer_id") - pl.col("orders")
    other_days = (pl.col("quiet").fill_null(span) - 1).clip(1)
    days = quiet.join(
        _quiet_days(tables, first, last), on="influencer_id", how="left"
    ).with_columns(usual=others / other_days, other_days=other_days)
    # One order more: that there was none so far does not make the first impossible.
    expected = days["usual"] + 1 / days["other_days"]
    chance = pdtrc(days["orders"].to_numpy() - 1, expected.to_numpy())
    return (
        days.with_columns(chance=pl.Series(chance))
        .filter((pl.col("orders") >= _FEWEST_ORDERS) & (pl.col("chance") < _SPIKE))
        .with_columns(
            signal=pl.lit("order spike"),
            reason=pl.format(
                "{} orders on one day, {} days after the latest post; the other quiet days "
                "have {} on average.",
                pl.col("orders").round(0).cast(pl.Int64),
                pl.col("since").cast(pl.String).fill_null("any number of"),
                pl.col("usual").round(2),
            ),
            strength=-pl.max_horizontal("chance", pl.lit(1e-300)).log10(),
            post=pl.lit(None, dtype=pl.Int64),
        )
        .sort("strength", descending=True)
    )  # fmt: skip


def returning(tables: Table) -> pl.DataFrame:
    """Find influencers whose buyers had ordered before far more often than elsewhere."""
    frame = nw.from_native(tables["tracking_data"]).with_columns(is_organic()).to_native()
    bought = frame.filter((pl.col("orders") > 0) & pl.col("user_id").is_not_null())
    before = pl.col("date") > pl.col("date").min().over("user_id")
    buyers, share, usual = pl.col("buyers"), pl.col("share"), pl.col("usual")
    other_buyers = buyers.sum() - buyers
    others = pl.col("returning").sum() - pl.col("returning")
    by_influencer = (
        bought.with_columns(before=before)
        .filter(~pl.col("organic"))
        .group_by("influencer_id")
        .agg(buyers=pl.len(), returning=pl.col("before").sum())
        .with_columns(
            share=pl.col("returning") / buyers,
            usual=others / other_buyers,
            pooled=pl.col("returning").sum() / buyers.sum(),
            weight=1 / (1 / buyers + 1 / other_buyers),
        )
    )
    chance_spread = (pl.col("pooled") * (1 - pl.col("pooled")) / pl.col("weight")).sqrt()
    return (
        by_influencer.filter((buyers >= _FEWEST_CUSTOMERS) & usual.is_finite())
        .with_columns(strength=(share - usual) / chance_spread)
        .filter((pl.col("strength") > _FAR) & (share > usual + _NOTABLE))
        .with_columns(
            signal=pl.lit("returning customers"),
            reason=pl.format(
                "{} of {} orders came from people who had ordered before; elsewhere {} do.",
                percent(share), "buyers", percent(usual),
            ),
            **about_no_post(),
        )
        .sort("strength", descending=True)
    )  # fmt: skip
