"""Orders with what will be left of their revenue, and what of it is still open to returns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hk_metrics.errors import InsufficientDataError
from hk_metrics.maturing.history import DELIVERED, OPEN, OUTCOMES, RETURNED, history
from hk_metrics.maturing.outlook import outlook

if TYPE_CHECKING:
    import polars as pl

MEASURES = ("matured_revenue", "open_revenue")
_KEYS = ("payment_mode", "brand")


def with_matured(tracking: pl.DataFrame) -> pl.DataFrame:
    """Add ``matured_revenue`` and ``open_revenue`` (money) to tracked events.

    Parameters
    ----------
    tracking
        The `tracking_data` table.

    Returns
    -------
    DataFrame
        What is delivered counts whole, what came back not at all (nor does the row that took it
        back), what is open by the share that stands in the end. Without ``outcome`` and
        ``returned``, or where the history is too short, the table as it is.
    """
    if MEASURES[0] in tracking.columns or not {"outcome", "returned"} & {*tracking.columns}:
        return tracking
    import polars as pl

    rows = with_states(tracking)
    try:
        share = _standing_share(rows)
    except InsufficientDataError:
        return tracking
    left = pl.when(pl.col("__state") == RETURNED).then(0.0).otherwise(share)
    kept = pl.when(pl.col("__refund")).then(_kept_refunds(rows)).otherwise(left)
    is_open = (pl.col("__state") != RETURNED) & (pl.col("revenue") > 0) & (pl.col("__share") < 1.0)
    return rows.with_columns(__share=share).select(
        *tracking.columns,
        (pl.col("revenue") * kept).alias(MEASURES[0]),
        pl.when(is_open).then(pl.col("revenue")).otherwise(0.0).alias(MEASURES[1]),
    )


def with_states(tracking: pl.DataFrame) -> pl.DataFrame:
    """Return events with ``__state``, ``__age`` (days at the data's last day) and ``__refund``."""
    import polars as pl

    there = tracking.columns
    stated = pl.col("outcome") if "outcome" in there else pl.lit(None, pl.String)
    back = pl.col("returned").fill_null(False) if "returned" in there else pl.lit(False)
    unsaid = DELIVERED if "outcome" in there and tracking["outcome"].count() else OPEN
    state = (
        pl.when(back | (stated == OUTCOMES[RETURNED])).then(RETURNED)
        .when(stated == OUTCOMES[DELIVERED]).then(DELIVERED)
        .when(stated == OUTCOMES[OPEN]).then(OPEN)
        .otherwise(unsaid)
    )  # fmt: skip
    day = pl.col("date").dt.truncate("1d")
    missing = [pl.lit(None, pl.String).alias(k) for k in _KEYS if k not in there]
    return tracking.with_columns(
        state.alias("__state"),
        (day.max() - day).dt.total_days().alias("__age"),
        (pl.col("revenue") < 0).fill_null(False).alias("__refund"),
        *missing,
    )


def orders_of(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the orders of events with states, as `hk_metrics.maturing.history.history` reads."""
    import polars as pl

    bought = (pl.col("revenue") > 0) & pl.col("__age").is_not_null()
    return rows.filter(bought).select(
        *(pl.col(k).cast(pl.String) for k in _KEYS), age="__age", state="__state",
        revenue=pl.col("revenue").cast(pl.Float64),
    )  # fmt: skip


def _standing_share(rows: pl.DataFrame) -> pl.Series:
    """Return the share of each event's revenue that stands in the end, were it open."""
    import polars as pl

    orders = orders_of(rows)
    if orders.is_empty():
        raise InsufficientDataError("there are no orders")
    known = history(orders)
    found = outlook(known)
    places = rows.select(pl.col(k).cast(pl.String) for k in _KEYS).join(
        known.strata, on=list(_KEYS), how="left", nulls_equal=True, maintain_order="left"
    )
    stratum = places["stratum"].fill_null(0).to_numpy()
    # Clicks may be older than every order; they have no revenue to stand.
    age = rows["__age"].fill_null(0).clip(0, found.share.shape[1] - 1).to_numpy()
    share = pl.Series("share", found.share[stratum, age])
    # Delivered is final, unless orders come back after it.
    final = pl.Series(rows["__state"] == DELIVERED) & known.stated
    return pl.select(
        pl.when(final | rows["__age"].is_null()).then(1.0).otherwise(share)
    ).to_series()


def _kept_refunds(rows: pl.DataFrame) -> pl.Series:
    """Return which part of each row of negative revenue is not that of an order that came back.

    By the order's number where both have it; the others take back the orders that came back and
    have no row of their number, as far as these go.
    """
    import polars as pl

    numbered = "tracking_id" in rows.columns
    number = pl.col("tracking_id") if numbered else pl.lit(None, pl.String)
    back = (pl.col("__state") == RETURNED) & (pl.col("revenue") > 0)
    marked = rows.with_columns(
        number.alias("__number"), back.alias("__back")
    ).with_columns(
        (pl.col("__refund").any() & (pl.col("revenue") > 0).any()).over("__number")
        .and_(pl.col("__number").is_not_null()).alias("__pair"),
        pl.col("__back").any().over("__number").alias("__gone"),
    )  # fmt: skip
    alone = marked.filter(~pl.col("__pair"))
    taken = -float(alone.filter("__refund")["revenue"].sum())
    owed = float(alone.filter("__back")["revenue"].sum())
    left = max(0.0, 1.0 - owed / taken) if taken > 0 else 1.0
    paired = pl.when("__gone").then(0.0).otherwise(1.0)
    return marked.select(pl.when("__pair").then(paired).otherwise(left)).to_series()
