"""How much activity a payout paid for: posts, orders or revenue within what it names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import narwhals as nw

from hk_metrics.payouts.scope import FIRST, LAST, NAMES, OPEN, TIMES, days

if TYPE_CHECKING:
    import polars as pl


def units_of(payouts: pl.DataFrame, events: pl.DataFrame, *measures: str) -> pl.DataFrame:
    """Return the sums of measures over each payout's influencer, names and period.

    Parameters
    ----------
    payouts
        One row per payout: ``influencer_id`` and, where it names them, ``campaign``, ``brand``,
        ``platform``, ``date`` or ``period_start`` and ``period_end``.
    events
        One row per post or tracked event: ``influencer_id``, ``date``, the measures.
    measures
        Columns of the events.

    Returns
    -------
    DataFrame
        One row per payout, in their order; one column per measure, 0 where nothing matches.

    Notes
    -----
    The running sum up to the period's end, less that before its start: payouts and events are
    never paired, so a payout per order costs no more than one per influencer.
    """
    import polars as pl

    names = [n for n in NAMES if n in payouts.columns and n in events.columns]
    names = [n for n in names if payouts[n].null_count() < payouts.height]
    wanted = pl.col(measures).sum().cast(pl.Float64)
    if not names and not _dated(payouts):
        sums = events.group_by("influencer_id").agg(wanted)
        joined = payouts.select("influencer_id").join(
            sums, on="influencer_id", how="left", maintain_order="left"
        )
        return joined.select(pl.col(measures).fill_null(0.0))
    bounded = with_days(payouts).with_row_index("__payout").with_columns(_from(), _until())
    named = [pl.col(n).is_not_null() for n in names]
    pattern = pl.concat_str(named, separator=" ") if named else pl.lit("")
    parts = [
        _sums(part, events, wanted, measures, [n for n in names if part[n][0] is not None])
        for part in bounded.with_columns(__named=pattern).partition_by("__named")
    ]
    if not parts:
        return pl.DataFrame(schema=dict.fromkeys(measures, pl.Float64))
    return pl.concat(parts).sort("__payout").select(measures)


def with_days(payouts: pl.DataFrame) -> pl.DataFrame:
    """Add the first and the last day that each payout is for; see `scope.days`."""
    frame = nw.from_native(payouts, eager_only=True)
    return frame.with_columns(*days(frame.columns)).to_native()


def attributed(tracking: pl.DataFrame, sources: pl.Series | None = None) -> pl.DataFrame:
    """Return the tracked events that belong to an influencer; ``sources`` if they are known."""
    import polars as pl

    sources = tracking["source"].unique() if sources is None else sources
    organic = organic_among(sources)
    if organic.is_empty() and not tracking["influencer_id"].null_count():
        return tracking
    named = pl.col("source").is_in(organic.implode()).fill_null(False)
    return tracking.filter(~named & pl.col("influencer_id").is_not_null())


def organic_among(sources: pl.Series) -> pl.Series:
    """Return the spellings of the source that marks an organic order."""
    return sources.filter(sources.str.to_lowercase() == "organic")


def posts_of(payouts: pl.DataFrame, posts: pl.DataFrame) -> pl.Series:
    """Return how many posts are within what each payout names; null where nobody has a post."""
    import polars as pl

    if posts.is_empty():
        return pl.Series("posts", [None] * payouts.height, pl.Float64)
    return units_of(payouts, posts.with_columns(posts=pl.lit(1.0)), "posts")["posts"]


def sales_of(payouts: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Return the orders and revenue within what each payout names."""
    return units_of(payouts, events, "orders", "revenue")


def is_active(posted: pl.Series, sold: pl.DataFrame) -> pl.Series:
    """Return for which payouts there is a post, an order or revenue."""
    return ((posted > 0) | (sold["orders"] > 0) | (sold["revenue"] > 0)).fill_null(value=False)


def _dated(payouts: pl.DataFrame) -> bool:
    times = [c for c in TIMES if c in payouts.columns]
    return any(payouts[c].null_count() < payouts.height for c in times)


def _sums(
    payouts: pl.DataFrame,
    events: pl.DataFrame,
    wanted: pl.Expr,
    measures: Sequence[str],
    names: Sequence[str],
) -> pl.DataFrame:
    import polars as pl

    keys = ["influencer_id", *names]
    running = (
        events.drop_nulls(["influencer_id", "date"])
        .group_by(*keys, pl.col("date").dt.truncate("1d").alias("__at"))
        .agg(wanted)
        .sort("__at")
        .with_columns(pl.col(measures).cum_sum().over(keys))
    )
    until = _running_at(payouts, running, measures, keys, "__end", inclusive=True)
    before = _running_at(payouts, running, measures, keys, "__start", inclusive=False)
    joined = until.join(before, on="__payout", suffix="_before")
    within = [(pl.col(m) - pl.col(f"{m}_before")).alias(m) for m in measures]
    return joined.select("__payout", *within)


def _running_at(
    payouts: pl.DataFrame,
    running: pl.DataFrame,
    measures: Sequence[str],
    keys: Sequence[str],
    at: str,
    inclusive: bool,
) -> pl.DataFrame:
    import polars as pl

    return (
        payouts.select("__payout", *keys, at)
        .sort(at)
        .join_asof(
            running, left_on=at, right_on="__at", by=list(keys), strategy="backward",
            allow_exact_matches=inclusive, check_sortedness=False,
        )
        .select("__payout", pl.col(measures).fill_null(0.0))
    )  # fmt: skip


def _from() -> pl.Expr:
    import polars as pl

    return pl.col(FIRST).fill_null(OPEN[0]).alias("__start")


def _until() -> pl.Expr:
    import polars as pl

    last = pl.col(LAST).fill_null(OPEN[1])
    return (last + pl.duration(days=1) - pl.duration(microseconds=1)).alias("__end")
