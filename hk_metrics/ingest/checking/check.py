"""One table against its schema: types, ranges, empty cells, unique ids; all errors at once."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from hk_metrics.ingest.problems import join_problems, problem_frame
from hk_metrics.ingest.raw import FILE, ROW
from hk_metrics.schemas import TABLES, Column

if TYPE_CHECKING:
    import pandera.polars as pa
    import polars as pl

UNIQUE = {"influencers": "id"}
CODES = {
    "not_nullable": "empty_cell",
    "field_uniqueness": "duplicate_id",
    "greater_than_or_equal_to(0)": "negative",
}


@cache
def schema(table: str, left_out: frozenset[str] = frozenset()) -> pa.DataFrameSchema:
    """Return the pandera schema of a canonical table, built from `hk_metrics.schemas`.

    Parameters
    ----------
    table
        Canonical table.
    left_out
        Columns that may be empty because they are so in every row; see `omitted`.
    """
    import pandera.polars as pa

    columns = [replace(c, nullable=c.nullable or c.name in left_out) for c in TABLES[table].columns]
    return pa.DataFrameSchema(
        {c.name: _column(c, unique=UNIQUE.get(table) == c.name) for c in columns}, name=table
    )


def omitted(table: str, frame: pl.DataFrame) -> frozenset[str]:
    """Return the columns that may be, and are, empty in every row."""
    there = [c.name for c in TABLES[table].columns if c.omissible and c.name in frame.columns]
    return frozenset(name for name in there if frame[name].null_count() == frame.height)


def _column(column: Column, unique: bool) -> pa.Column:
    import pandera.polars as pa

    counted = _is_counted(column)
    return pa.Column(
        None if column.kind == "count" else dtype(column),
        checks=[pa.Check.ge(0)] if counted else [],
        nullable=column.nullable,
        required=column.required,
        unique=unique,
        report_duplicates="exclude_first",
    )


def _is_counted(column: Column) -> bool:
    """Whether a value below zero breaks a rule."""
    return column.kind in ("count", "money") and not column.negative


def dtype(column: Column) -> pl.DataType:
    """Return the Polars type of a canonical column."""
    import polars as pl

    types: dict[str, pl.DataType] = {
        "date": pl.Datetime("us"), "money": pl.Float64(), "number": pl.Float64(),
        "flag": pl.Boolean(), "count": pl.Int64(),
    }  # fmt: skip
    return types.get(column.kind, pl.String())


def obeys(table: str, frame: pl.DataFrame) -> bool:
    """Whether a table breaks no rule, told by one pass over its counts, minima and types.

    Most tables do not, and pandera, which names every broken cell, takes a second to import.
    """
    import polars as pl

    columns = [c for c in TABLES[table].columns if c.name in frame.columns]
    left_out = omitted(table, frame)
    tests: list[pl.Expr] = [pl.lit(True)]
    for column in columns:
        cells = pl.col(column.name)
        if not column.nullable and column.name not in left_out:
            tests.append(cells.null_count() == 0)
        if _is_counted(column):
            tests.append((cells.min() >= 0).fill_null(True))
        if UNIQUE.get(table) == column.name:
            tests.append(cells.n_unique() == pl.len())
    typed = all(c.kind == "count" or frame[c.name].dtype == dtype(c) for c in columns)
    return typed and bool(frame.select(pl.all_horizontal(tests)).item())


def violations(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Return the cells of a table that break its schema.

    Parameters
    ----------
    table
        Canonical table.
    frame
        Typed columns, with ``FILE`` and ``ROW``.

    Returns
    -------
    DataFrame
        One row per cell: file, row, column, value, code. Codes: ``empty_cell``, ``duplicate_id``,
        ``negative``.
    """
    import polars as pl

    if obeys(table, frame):
        return problem_frame()
    import pandera.errors

    try:
        schema(table, omitted(table, frame)).validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        cases = errors.failure_cases
    cells = cases.select(
        pl.col("index").cast(pl.UInt32),
        "column",
        pl.col("failure_case").alias("value"),
        pl.col("check").replace_strict(CODES, default="broken_rule").alias("code"),
    )
    # pandera names every row of a repeated id; the first one is the row to keep.
    first = pl.col(UNIQUE.get(table, FILE)).is_first_distinct().alias("first")
    places = frame.select(FILE, ROW, first).with_row_index("index")
    return join_problems(
        [
            cells.join(places, on="index", how="left", maintain_order="left")
            .filter((pl.col("code") != "duplicate_id") | ~pl.col("first"))
            .select(pl.col(FILE).alias("file"), pl.col(ROW).alias("row"), "column", "value", "code")
        ]
    )
