"""Payouts: what influencers were paid, month by month, by the terms each had agreed."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hk_metrics.simulate.cast import Cast

Array = NDArray[np.float64]

_BY_CAMPAIGN = 0.3
_COMMISSION_OF_HYBRID = 0.5


def terms(
    rng: np.random.Generator, cast: Cast, revenue: Array, orders: Array, posts: Array
) -> pl.DataFrame:
    """Return each influencer's terms: basis, fee per post or order (rupees), share of revenue.

    Fees aim at a ROAS on the sales expected of the influencer; who disappoints is paid all the
    same. All arguments are expected totals per influencer.
    """
    hoped = np.where(cast.loss_making, revenue / 0.24, revenue)
    value = revenue / np.maximum(orders, 1e-9)
    share = 1 / cast.aimed_roas
    fixed = np.where(cast.basis == "hybrid", 1 - _COMMISSION_OF_HYBRID, 1.0)
    fee = np.where(cast.basis == "order", value * share, fixed * hoped * share / posts)
    percent = np.where(cast.basis == "hybrid", _COMMISSION_OF_HYBRID * share, share)
    return pl.DataFrame(
        {
            "influencer_id": cast.table["id"],
            "basis": cast.basis,
            "fee": np.maximum(_round_money(fee), 50.0),
            "share": percent.round(3),
            "by_campaign": rng.random(len(value)) < _BY_CAMPAIGN,
        }
    )


def _round_money(values: Array) -> Array:
    """Round to two digits, as fees are agreed."""
    unit = 10.0 ** (np.floor(np.log10(np.maximum(values, 1.0))) - 1)
    return np.asarray(np.round(values / unit) * unit)


def payouts(
    terms: pl.DataFrame, posts: pl.DataFrame, tracking: pl.DataFrame, start: date, end: date
) -> pl.DataFrame:
    """Return the canonical ``payouts`` table: one row per influencer, month and (some) campaign."""
    key = ["influencer_id", "campaign", "month"]
    month = pl.col("date").dt.truncate("1mo").alias("month")
    agreed = terms.lazy()
    named = pl.when("by_campaign").then("campaign").alias("campaign")
    made = posts.lazy().join(agreed, on="influencer_id").select("influencer_id", named, month)
    sold = (
        tracking.lazy()
        .filter(pl.col("influencer_id").is_not_null())
        .group_by("influencer_id", "campaign", month)
        .agg(pl.sum("orders"), pl.sum("revenue"))
        .join(agreed, on="influencer_id")
        .with_columns(named)
        .group_by(key)
        .agg(pl.sum("orders"), pl.sum("revenue"))
    )
    made_by_key = made.group_by(key).agg(posts=pl.len())
    work = sold.join(made_by_key, on=key, how="full", coalesce=True, nulls_equal=True)
    return _paid(work.join(agreed, on="influencer_id"), start, end)


def _paid(work: pl.LazyFrame, start: date, end: date) -> pl.DataFrame:
    basis = pl.col("basis")
    per_post = pl.col("fee") * pl.col("posts").fill_null(0)
    commission = pl.col("share") * pl.max_horizontal("revenue", 0.0).fill_null(0)
    total = (
        pl.when(basis == "post").then(per_post)
        .when(basis == "order").then(pl.col("fee") * pl.col("orders").fill_null(0))
        .when(basis == "commission").then(commission)
        .otherwise(per_post + commission)
    )  # fmt: skip
    last_month = pl.col("month") == pl.lit(end).dt.truncate("1mo")
    clock = pl.Datetime("us")
    return (
        work.with_columns(total_payout=total.round(2))
        .filter(pl.col("total_payout") > 0)
        .sort("month", "influencer_id", "campaign")
        .select(
            payout_id="PAY" + pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(5),
            influencer_id="influencer_id",
            basis="basis",
            rate=pl.when(basis == "commission").then("share").otherwise("fee"),
            commission_rate=pl.when(basis == "hybrid").then("share"),
            orders=pl.col("orders").fill_null(0).cast(pl.Int64),
            total_payout="total_payout",
            period_start=pl.max_horizontal(pl.col("month"), pl.lit(start).cast(clock)),
            period_end=pl.min_horizontal(pl.col("month").dt.month_end(), pl.lit(end).cast(clock)),
            campaign="campaign",
            status=pl.when(last_month).then(pl.lit("due")).otherwise(pl.lit("paid")),
            due=last_month,
        )
        .collect()
    )
