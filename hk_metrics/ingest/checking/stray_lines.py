"""Lines in and below a table that are no rows of it: totals, remarks, the header again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hk_metrics.ingest.log import Log
from hk_metrics.ingest.problems import problem_frame
from hk_metrics.ingest.raw import ROW
from hk_metrics.ingest.sheet import Sheet
from hk_metrics.schemas import TABLES

if TYPE_CHECKING:
    import polars as pl

TOTALS = r"(?i)^\s*(\S.{0,40}\s)?(grand[\s-]*|sub[\s-]*)?totals?\s*:?\s*$|^\s*sum\s*:?\s*$"
_REMARK = r"(?i)^(\*|(note|generated|source|disclaimer|figures)\b)|(\S+\s+){3}\S"
LAST_ROWS = 5
_LEAST_COLUMNS = 4


def report_stray_lines(sheet: Sheet, log: Log) -> None:
    """Note the lines that sum up others, say something about them, or repeat the header."""
    import polars as pl

    table, frame, headers = TABLES[sheet.table], sheet.frame, sheet.raw.headers
    needed = [c for c in ("id", "influencer_id", "date") if c in frame.columns]
    needed = [c for c in needed if c in table.names and not table[c].nullable]
    last = pl.int_range(pl.len()) >= frame.height - LAST_ROWS
    gap = pl.any_horizontal(
        pl.lit(False), *(pl.col(c).is_null() for c in needed if frame[c].null_count())
    )
    chosen = frame.select(pl.arg_where(gap | last)).to_series()
    raw, typed = sheet.raw.frame[chosen], frame[chosen]
    if not needed or raw.is_empty():
        return
    empty = typed.select(pl.all_horizontal(pl.col(c).is_null() for c in needed)).to_series()
    called = [pl.col(c).cast(pl.String).str.contains(TOTALS).fill_null(False) for c in needed]
    half = typed.select(gap | pl.any_horizontal(called)).to_series()
    total = (called_totals(raw, headers) & half) | (empty & _sums_up(frame, raw.height))
    again = _repeats_header(raw, headers)
    remark = are_remarks(raw, headers) & ~total & typed.select(
        pl.col(ROW).is_in(frame[ROW].tail(LAST_ROWS).implode())
    ).to_series()  # fmt: skip
    for code, mask in (("total_row", total), ("remark_row", remark), ("header_row", again)):
        if mask.any():
            rows = raw.filter(mask)[ROW]
            log.add_problems(sheet.table, problem_frame(sheet.raw.file, code, "", rows))


def _repeats_header(frame: pl.DataFrame, headers: Sequence[str]) -> pl.Series:
    """Whether each row holds the headers again, as where exports were put one below the other."""
    import polars as pl

    words = [h for h in headers if frame[h].dtype == pl.String]
    same = [pl.col(h).str.strip_chars().str.to_lowercase() == h.lower() for h in words]
    repeated = pl.sum_horizontal(pl.lit(0), *same).fill_null(0)
    return frame.with_columns(((repeated >= 2) & (repeated >= len(headers) / 2)).alias(ROW))[ROW]


def called_totals(frame: pl.DataFrame, headers: Sequence[str]) -> pl.Series:
    """Whether each row has a cell that says "Total", and nothing but that."""
    import polars as pl

    words = [pl.col(c).str.contains(TOTALS) for c in headers if frame[c].dtype == pl.String]
    is_total = pl.any_horizontal(pl.lit(False), *words).fill_null(False)
    return frame.with_columns(is_total.alias(ROW))[ROW]


def are_remarks(frame: pl.DataFrame, headers: Sequence[str]) -> pl.Series:
    """Whether each row is a sentence in the first column of many, and nothing else."""
    import polars as pl

    if len(headers) < _LEAST_COLUMNS or frame[headers[0]].dtype != pl.String:
        return pl.repeat(False, frame.height, eager=True)
    first, *rest = (pl.col(c).cast(pl.String).str.strip_chars().fill_null("") for c in headers)
    alone = first.str.contains(_REMARK) & pl.all_horizontal(c == "" for c in rest)
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
