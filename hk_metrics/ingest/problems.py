"""Cells and rows that cannot be used, kept as a frame until they are grouped into findings."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


def problem_frame(
    file: str = "",
    code: str = "",
    column: str = "",
    rows: pl.Series | None = None,
    values: pl.Series | None = None,
) -> pl.DataFrame:
    """Return one line per unusable cell: file, row, column, value, code."""
    return _no_lines() if rows is None else _lines(file, code, column, rows, values)


def _lines(
    file: str, code: str, column: str, rows: pl.Series, values: pl.Series | None
) -> pl.DataFrame:
    import polars as pl

    values = pl.repeat(None, len(rows), dtype=pl.String, eager=True) if values is None else values
    return pl.DataFrame(
        {
            "file": pl.repeat(file, len(rows), dtype=pl.String, eager=True),
            "row": rows.cast(pl.UInt32),
            "column": pl.repeat(column, len(rows), dtype=pl.String, eager=True),
            "value": values.cast(pl.String),
            "code": pl.repeat(code, len(rows), dtype=pl.String, eager=True),
        }
    )


@cache
def _no_lines() -> pl.DataFrame:
    import polars as pl

    return _lines("", "", "", pl.Series([], dtype=pl.UInt32), None)


def rows_where(frame: pl.DataFrame, test: pl.Expr) -> pl.DataFrame:
    """Return the rows that pass a test; a frame in which none does is not copied for it."""
    return frame.filter(test) if frame.select(test.any()).item() else frame.clear()


def join_problems(frames: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Put the problems of several columns, files or checks in one frame."""
    import polars as pl

    filled = [f for f in frames if f.height]
    return pl.concat(filled) if filled else problem_frame()
