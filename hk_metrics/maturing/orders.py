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
    return _with_days_until_back(rows).filter(bought).select(
        *(pl.col(k).cast(pl.String) for k in _KEYS), age="__age", state="__state",
        revenue=pl.col("revenue").cast(pl.Float64), back_after="__back_after",
    )  # fmt: skip


def _with_days_until_back(rows: pl.DataFrame) -> pl.DataFrame:
    """Add ``__back_after``: days until the row that took an order back, null where none is found.

    It is the next row of negative revenue of as much, for the same customer and influencer.
    """
    import polars as pl

    who = [c for c in ("user_id", "influencer_id", "product") if c in rows.columns]
    if "user_id" not in who:
        return rows.with_columns(pl.lit(None, pl.Int64).alias("__back_after"))
    money = (pl.col("revenue").abs() * 100).round().cast(pl.Int64).alias("__money")
    key = [pl.concat_str(who, separator="\0", ignore_nulls=True).alias("__who"), money]
    numbered = rows.with_row_index("__row")
    dated = numbered.filter((pl.col("__state") == RETURNED) | pl.col("__refund"))
    dated = dated.select("__row", "date", "__refund", *key).sort("date", maintain_order=True)
    back = dated.filter("__refund").select("__who", "__money", "date", __back="date")
    found = dated.filter(~pl.col("__refund")).join_asof(
        back, on="date", by=["__who", "__money"], strategy="forward", check_sortedness=False
    )
    after = (pl.col("__back") - pl.col("date")).dt.total_days().alias("__back_after")
    days = found.select("__row", after)
    return numbered.join(days, on="__row", how="left", maintain_order="left").drop("__row")


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

    refunds = rows["__refund"]
    kept = pl.Series("kept", [1.0]).new_from_index(0, rows.height)
    if not refunds.any():
        return kept
    number = rows["tracking_id"] if "tracking_id" in rows.columns else None
    back = (rows["__state"] == RETURNED) & (rows["revenue"] > 0)
    paired, gone = (_numbers(number, refunds, of) for of in (rows["revenue"] > 0, back))
    taken = -float(rows["revenue"].filter(refunds & ~paired).sum())
    owed = float(rows["revenue"].filter(back & ~paired).sum())
    left = max(0.0, 1.0 - owed / taken) if taken > 0 else 1.0
    return kept.zip_with(~gone, pl.Series([0.0])).zip_with(paired, pl.Series([left]))


def _numbers(number: pl.Series | None, refunds: pl.Series, of: pl.Series) -> pl.Series:
    """Return which rows have an order number that both a refund and some other rows have."""
    import polars as pl

    if number is None:
        return pl.Series([False]).new_from_index(0, len(refunds))
    both = number.filter(refunds).drop_nulls().unique()
    both = both.filter(both.is_in(number.filter(of & number.is_in(both.implode())).implode()))
    return number.is_in(both.implode()).fill_null(False)
