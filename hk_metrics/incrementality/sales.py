"""The table of total sales: what it must hold, and for how long each of its rows stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import polars as pl
from numpy.typing import NDArray

from hk_metrics.arguments import kind_of
from hk_metrics.errors import ParameterError

Days = NDArray[np.datetime64]
_Codes = NDArray[np.int64]

MEASURES = ("revenue", "orders")
_EXPECTED = "a frame with date, revenue and orders, one row per day (and brand, city … if known)"
_WEEK = 7
_LEAST_ROWS = 4
_SUNDAY = 6


def sales_table(sales: Any) -> pl.DataFrame | None:
    """Return total sales as a Polars frame with days, revenue (money) and orders; None for none.

    Parameters
    ----------
    sales
        A frame of pandas, Polars or any kind that Narwhals knows.

    Raises
    ------
    ParameterError
        For what is no such frame.
    """
    if sales is None:
        return None
    try:
        frame: pl.DataFrame = nw.from_native(sales, eager_only=True).to_polars()
    except TypeError:
        raise ParameterError(f"sales: give {_EXPECTED}, not {kind_of(sales)}") from None
    missing = [c for c in ("date", *MEASURES) if c not in frame.columns]
    if missing:
        raise ParameterError(f"sales has no column {' and '.join(missing)}: give {_EXPECTED}")
    return frame.with_columns(_days(frame["date"]), *(_numbers(frame[c]) for c in MEASURES))


def _days(column: pl.Series) -> pl.Series:
    """Return dates; text is read as ISO."""
    known = column.dtype.is_temporal() or column.dtype == pl.String
    days = column.cast(pl.String).str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    wrong = column.filter(days.is_null()) if known else column
    if len(wrong):
        raise ParameterError(f"sales: date has {wrong[0]!r}; write days like '2025-03-31'")
    return days.alias("date")


def _numbers(column: pl.Series) -> pl.Series:
    """Return finite numbers; what is empty counts as 0."""
    numbers = column.cast(pl.Float64, strict=False).fill_nan(None)
    wrong = column.filter((numbers.is_null() & column.is_not_null()) | numbers.is_infinite())
    wrong = wrong.filter(wrong.cast(pl.String).str.to_lowercase() != "nan")
    if len(wrong):
        raise ParameterError(f"sales: {column.name} has {wrong[0]!r}; give plain numbers")
    return numbers.fill_null(0.0)


def twice(sales: pl.DataFrame) -> str:
    """Return which days are there more than once, and ask; empty where none is.

    Rows of a day are different where a text tells them apart: a brand, a city, a channel.
    """
    labels = [n for n, kind in sales.schema.items() if kind in (pl.String, pl.Categorical, pl.Enum)]
    keys = ["date", *(n for n in labels if n not in MEASURES)]
    counts = sales.group_by(keys).len().filter(pl.col("len") > 1).sort("date")
    if counts.is_empty():
        return ""
    first = counts.row(0, named=True)
    of = ", ".join(f"{n} {first[n]}" for n in keys[1:] if first[n] is not None)
    return (
        f"The table daily_sales has {first['len']} rows for {first['date']}"
        f"{f' ({of})' if of else ''}, and more than one for {counts.height} days. Are they parts "
        "of a day, to be added up, or one day twice? Add up parts beforehand, or name them in a "
        "column; leave copies out."
    )


@dataclass(frozen=True, eq=False)
class Rhythm:
    """For which days each row stands.

    Parameters
    ----------
    name
        ``day``, ``week`` or ``month``.
    starts
        First day of each period, in order.
    end
        The day after the last period.
    """

    name: str
    starts: Days
    end: np.datetime64

    @property
    def missing(self) -> str:
        """Which periods have no row; empty where all have one."""
        lengths = np.diff(np.append(self.starts, self.end)).astype(int)
        most = {"day": 1, "week": _WEEK, "month": 31}[self.name]
        holes = np.flatnonzero(lengths > most)
        if not len(holes):
            return ""
        gone = int(np.sum(np.round(lengths[holes] / min(most, 30)) - 1))
        whole = len(self.starts) + gone
        first = self.starts[holes[0]] + most
        return (
            f"The table daily_sales has no row for {gone} of {whole} {self.name}s (the first: "
            f"{first}). Add them, with 0 only where nothing was sold."
        )


def rhythm(days: Days) -> Rhythm:
    """Return how often a table has a row, told from the distances of its days.

    A week's row is dated by its first day, or by its last where that is a Sunday; a month's by its
    first day or its last.

    >>> rhythm(np.arange("2025-01-05", "2025-03-01", 7, dtype="datetime64[D]")).starts[0]
    np.datetime64('2024-12-30')
    """
    every = np.unique(days)
    gaps = np.diff(every).astype(int)
    if len(every) >= _LEAST_ROWS and (gaps % _WEEK == 0).all():
        # 1970-01-01, day 0, was a Thursday.
        ends = (every[0].astype(int) + 3) % _WEEK == _SUNDAY
        starts = every - (_WEEK - 1) if ends else every
        return Rhythm("week", starts, starts[-1] + _WEEK)
    if len(every) >= _LEAST_ROWS and (gaps >= 28).all():
        return _monthly(every)
    return Rhythm("day", every, every[-1] + 1 if len(every) else np.datetime64("1970-01-01", "D"))


def _monthly(every: Days) -> Rhythm:
    months = every.astype("datetime64[M]")
    at_end = ((every + 1).astype("datetime64[M]") == months + 1).all()
    first = (every == months.astype("datetime64[D]")).all()
    if at_end or first:
        last = (months[-1] + 1).astype("datetime64[D]")
        return Rhythm("month", months.astype("datetime64[D]"), last)
    return Rhythm("month", every, every[-1] + 30)
