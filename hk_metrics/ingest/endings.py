"""Lines below a table that are no rows of it: totals and remarks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hk_metrics.ingest.log import Log
from hk_metrics.ingest.problems import problem_frame
from hk_metrics.ingest.raw import ROW
from hk_metrics.ingest.sheet import Sheet

if TYPE_CHECKING:
    import polars as pl

TOTALS = r"(?i)^\s*(grand\s*)?(sub\s*)?totals?\s*:?\s*$|^\s*sum\s*:?\s*$"
REMARK = r"(?i)^(\*|(note|generated|source|disclaimer|figures)\b)|(\S+\s+){3}\S"
LAST_ROWS = 5
LEAST_COLUMNS = 4


def report_endings(sheet: Sheet, log: Log) -> None:
    """Note the last lines of a file that sum up the others or say something about them."""
    import polars as pl

    needed = [c for c in ("id", "influencer_id", "date") if c in sheet.frame.columns]
    raw, headers = sheet.raw.frame.tail(LAST_ROWS), sheet.raw.headers
    if not needed or raw.is_empty():
        return
    last = sheet.frame.tail(LAST_ROWS)
    empty = last.select(pl.all_horizontal(pl.col(c).is_null() for c in needed)).to_series()
    half = last.select(
        pl.any_horizontal(
            pl.col(c).is_null() | pl.col(c).cast(pl.String).str.contains(TOTALS) for c in needed
        )
    ).to_series()
    total = (called_totals(raw, headers) & half) | (empty & _sums_up(sheet.frame, raw.height))
    remark = are_remarks(raw, headers) & ~total
    for code, mask in (("total_row", total), ("remark_row", remark)):
        rows = raw.filter(mask)[ROW]
        log.add_problems(sheet.table, problem_frame(sheet.raw.file, code, "", rows))


def called_totals(frame: pl.DataFrame, headers: Sequence[str]) -> pl.Series:
    """Whether each row has a cell that says "Total", and nothing but that."""
    import polars as pl

    words = [pl.col(c).str.contains(TOTALS) for c in headers if frame[c].dtype == pl.String]
    said = pl.any_horizontal(pl.lit(False), *words).fill_null(False)
    return frame.with_columns(said.alias(ROW))[ROW]


def are_remarks(frame: pl.DataFrame, headers: Sequence[str]) -> pl.Series:
    """Whether each row is a sentence in the first column of many, and nothing else."""
    import polars as pl

    if len(headers) < LEAST_COLUMNS or frame[headers[0]].dtype != pl.String:
        return pl.repeat(False, frame.height, eager=True)
    first, *rest = (pl.col(c).cast(pl.String).str.strip_chars().fill_null("") for c in headers)
    alone = first.str.contains(REMARK) & pl.all_horizontal(c == "" for c in rest)
    return frame.with_columns(alone.alias(ROW))[ROW]


def _sums_up(frame: pl.DataFrame, rows: int) -> pl.Series:
    """Whether each of the last rows, of which only the very last can, is the sum of the others."""
    import polars as pl

    numbers = frame.select(pl.selectors.numeric().exclude(ROW))
    if frame.height < 3 or not numbers.width:
        return pl.Series([False] * rows)
    rest, last = numbers.head(-1).sum().row(0), numbers.tail(1).row(0)
    same = [b and abs(a - b) <= 1e-9 * abs(b) for a, b in zip(rest, last, strict=True)]
    return pl.Series([False] * (rows - 1) + [any(same)])
