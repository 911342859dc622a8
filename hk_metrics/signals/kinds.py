"""What every kind of signal returns."""

from __future__ import annotations

import polars as pl

_TYPES: dict[str, pl.DataType | type[pl.DataType]] = {
    "influencer_id": pl.String,
    "signal": pl.String,
    "reason": pl.String,
    "strength": pl.Float64,
    "date": pl.Datetime("us"),
    "post": pl.Int64,
}
COLUMNS = pl.Schema(_TYPES)


def nothing() -> pl.DataFrame:
    """Return no signal at all."""
    return COLUMNS.to_frame()


def about_no_post() -> dict[str, pl.Expr]:
    """Return the columns of a signal that is about no single post or day."""
    return {
        "date": pl.lit(None, dtype=pl.Datetime("us")),
        "post": pl.lit(None, dtype=pl.Int64),
    }


def percent(value: pl.Expr) -> pl.Expr:
    """Return a fraction as text in per cent."""
    return pl.format("{} %", (100 * value).round(2))
