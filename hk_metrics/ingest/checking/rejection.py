"""Rows that cannot be used are left out and kept aside, as they were, with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hk_metrics.ingest.answers import Question
from hk_metrics.ingest.checking.repairs import grouped
from hk_metrics.ingest.log import Log
from hk_metrics.ingest.problems import join_problems
from hk_metrics.ingest.raw import FILE, ROW
from hk_metrics.ingest.sheet import Sheet
from hk_metrics.interchange import to_pandas
from hk_metrics.quality import KINDS, QualityReport
from hk_metrics.schemas import TABLES

if TYPE_CHECKING:
    import polars as pl

MONEY = {"tracking_data": "revenue", "payouts": "total_payout", "daily_sales": "revenue",
         "costs": "amount", "deliverables": "fee"}  # fmt: skip
_NO_ROWS = frozenset(k.code for k in KINDS.values() if k.leaves_out == "line")
_WHOLE_ROWS = _NO_ROWS | {k.code for k in KINDS.values() if k.leaves_out == "row"}
_PLACE = ["file", "row"]


def readable(table: pl.DataFrame, problems: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Return the rows that are rows: cut rightly, no lines of totals, no cancelled orders."""
    import polars as pl

    places = join_problems(problems).filter(pl.col("code").is_in(_NO_ROWS))
    return without(table, places) if places.height else table


def reject(
    name: str,
    table: pl.DataFrame,
    given: pl.DataFrame,
    sheets: Sequence[Sheet],
    currency: str,
    log: Log,
) -> tuple[pl.DataFrame, pl.DataFrame | None]:
    """Leave out the rows of a table that have problems.

    Parameters
    ----------
    name, table
        The table, typed, with ``FILE`` and ``ROW``.
    given
        The same before any row was left out: it says what money is at stake.
    sheets
        The files it came from.
    currency
        For the words.
    log
        Its problems; the findings are added to it.

    Returns
    -------
    kept, rejected
        The usable rows; the others as they were in the file, or None. A cell that may be empty
        does not cost its row: it is emptied, which is a question.
    """
    problems = join_problems(log.problems.get(name, ()))
    if problems.is_empty():
        return table, None
    problems = _worst(problems)
    fatal = problems.filter(_is_fatal(name))
    small = problems.join(fatal, on=_PLACE, how="anti", maintain_order="left")
    money = _money(name, given, problems)
    headers = {(s.raw.file, c): h for s in sheets for h, c in s.columns.chosen.items()}
    log.findings.extend(grouped(fatal, name, currency, headers, money))
    for finding in grouped(small, name, currency, headers, money):
        log.questions.append(Question(finding, {"empty": "these cells are left empty"}, "empty"))
    kept = without(_emptied(table, small), fatal)
    return kept, _as_they_were(fatal, sheets) if fatal.height else None


def _worst(problems: pl.DataFrame) -> pl.DataFrame:
    """Keep the first problem of a cell, and of a row that is none only that."""
    import polars as pl

    no_row = pl.col("code").is_in(_NO_ROWS)
    first = problems.unique([*_PLACE, "column"], keep="first", maintain_order=True)
    return first.filter(no_row | ~no_row.any().over(_PLACE))


def _is_fatal(name: str) -> pl.Expr:
    import polars as pl

    needed = [c.name for c in TABLES[name].columns if not c.nullable]
    return pl.col("code").is_in(_WHOLE_ROWS) | pl.col("column").is_in(needed)


def _money(name: str, table: pl.DataFrame, problems: pl.DataFrame) -> pl.DataFrame:
    """What is at stake: the revenue or payout of each row with a problem, where it is known."""
    import polars as pl

    places = problems.select(_PLACE).unique()
    amount = pl.col(MONEY[name]) if name in MONEY else pl.lit(None, pl.Float64)
    amounts = table.select(
        pl.col(FILE).alias("file"), pl.col(ROW).alias("row"), amount.alias("money")
    )
    return places.join(amounts, on=_PLACE, how="left")


def _emptied(table: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    for (column,), places in cells.group_by("column"):
        name = str(column)
        if name not in table.columns:
            continue
        spots = places.select(pl.col("file").alias(FILE), pl.col("row").alias(ROW), bad=True)
        table = (
            table.join(spots, on=[FILE, ROW], how="left", maintain_order="left")
            .with_columns(pl.when(pl.col("bad").is_null()).then(pl.col(name)).alias(name))
            .drop("bad")
        )
    return table


def without(table: pl.DataFrame, fatal: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of a table that no problem is about."""
    import polars as pl

    places = fatal.select(pl.col("file").alias(FILE), pl.col("row").alias(ROW)).unique()
    return table.join(places, on=[FILE, ROW], how="anti", maintain_order="left")


def _as_they_were(fatal: pl.DataFrame, sheets: Sequence[Sheet]) -> pl.DataFrame:
    """Return the raw rows with file, row and all their reasons."""
    import polars as pl

    words = {code: kind.reason for code, kind in KINDS.items()}
    cell = pl.when(pl.col("column") == "").then(pl.lit("")).otherwise(
        pl.format("{} {}: ", "column", pl.col("value").fill_null(""))
    )  # fmt: skip
    reasons = (
        fatal.with_columns(reason=cell + pl.col("code").replace_strict(words))
        .group_by(*_PLACE, maintain_order=True)
        .agg(pl.col("reason").str.join("; "))
    )
    parts = []
    for sheet in sheets:
        mine = reasons.filter(pl.col("file") == sheet.raw.file)
        if mine.height:
            raw = sheet.raw.frame.with_columns(pl.exclude(ROW).cast(pl.String))
            parts.append(mine.join(raw, left_on="row", right_on=ROW, how="left"))
    return pl.concat(parts, how="diagonal_relaxed").sort("file", "row")


def rejected_csv(report: QualityReport) -> dict[str, bytes]:
    """Return file name → CSV (UTF-8 with BOM, for Excel) of the rejected rows of each table.

    Cells that a spreadsheet would take for a formula are kept from it by an apostrophe.
    """
    from hk_metrics.present.csv import csv_bytes
    from hk_metrics.present.table import Table

    return {
        f"rejected_{table}.csv": csv_bytes(Table(f"Rejected {table}", rows.pipe(to_pandas)))
        for table, rows in report.rejected.items()
    }
