"""One table against its schema: ranges, empty cells, unique ids; every broken cell at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hk_metrics.ingest.problems import join_problems, problem_frame
from hk_metrics.ingest.raw import FILE, ROW
from hk_metrics.schemas import TABLES

if TYPE_CHECKING:
    import polars as pl

_UNIQUE = {"influencers": "id"}
_MOSTLY, _SEVERAL = 0.5, 2


@dataclass(frozen=True)
class _Rule:
    """What the cells of a column have to be.

    ``kept`` tells the whole column in one cheap pass (most tables break nothing), ``broken`` each
    cell.
    """

    code: str
    column: str
    kept: pl.Expr
    broken: pl.Expr


def _omitted(table: str, frame: pl.DataFrame) -> frozenset[str]:
    """Return the columns that may be, and are, empty in every row."""
    there = [c.name for c in TABLES[table].columns if c.omissible and c.name in frame.columns]
    return frozenset(name for name in there if frame[name].null_count() == frame.height)


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
        One row per cell: file, row, column, value, code. Codes: ``empty_cell``, ``duplicate_id``
        (of a repeated id, all rows but the first), ``negative``, ``ends_before_start``, and those
        that columns of the schema name for numbers beyond their bounds.
    """
    rules = list(_rules(table, frame))
    if not rules:
        return problem_frame()
    kept = frame.select(**{str(n): rule.kept for n, rule in enumerate(rules)}).row(0)
    found = [_cells(frame, rule) for rule, whole in zip(rules, kept, strict=True) if not whole]
    return _of_other_sets(frame, join_problems(found))


def _of_other_sets(frame: pl.DataFrame, problems: pl.DataFrame) -> pl.DataFrame:
    """Say so where a file's ids, used twice, are other people's: it is of another set of data."""
    import polars as pl

    twice = problems.filter(pl.col("code") == "duplicate_id")
    if twice.is_empty() or "name" not in frame.columns:
        return problems
    name = pl.col("name").cast(pl.String).str.strip_chars().str.to_lowercase()
    first = {n: pl.col(n).first().over("id") for n in ("__name", FILE)}
    other = (pl.col("__name") != first["__name"]) & (pl.col(FILE) != first[FILE])
    judged = frame.with_columns(__name=name).with_columns(__other=other.fill_null(False))
    places = judged.select(
        pl.col(FILE).alias("file"), pl.col(ROW).cast(pl.UInt32).alias("row"), "__other"
    )
    files = (
        twice.join(places, on=["file", "row"], how="left")
        .group_by("file")
        .agg(pl.col("__other").mean(), pl.len().alias("__ids"))
        .filter(pl.col("__other") > _MOSTLY, pl.col("__ids") >= _SEVERAL)["file"]
    )
    theirs = (pl.col("code") == "duplicate_id") & pl.col("file").is_in(files.implode())
    code = pl.when(theirs).then(pl.lit("two_data_sets")).otherwise("code")
    return problems.with_columns(code.alias("code"))


def _rules(table: str, frame: pl.DataFrame) -> Iterator[_Rule]:
    import polars as pl

    left_out = _omitted(table, frame)
    for column in TABLES[table].columns:
        name, cells = column.name, pl.col(column.name)
        if name not in frame.columns:
            continue
        if not column.nullable and name not in left_out:
            yield _Rule("empty_cell", name, cells.null_count() == 0, cells.is_null())
        if column.kind in ("count", "money") and not column.negative:
            yield _Rule("negative", name, (cells.min() >= 0).fill_null(True), cells < 0)
        if _UNIQUE.get(table) == name:
            again = cells.is_not_null() & ~cells.is_first_distinct()
            yield _Rule("duplicate_id", name, cells.n_unique() == pl.len(), again)

        if column.breaks:
            beyond = (cells < column.least) | (cells > column.most)
            yield _Rule(column.breaks, name, ~beyond.any(), beyond)
    for first, last in TABLES[table].ordered:
        if {first, last} <= set(frame.columns):
            late = pl.col(first).dt.truncate("1d") > pl.col(last)
            yield _Rule("ends_before_start", last, ~late.any(), late)


def _cells(frame: pl.DataFrame, rule: _Rule) -> pl.DataFrame:
    import polars as pl

    return frame.filter(rule.broken).select(
        pl.col(FILE).alias("file"), pl.col(ROW).alias("row"), pl.lit(rule.column).alias("column"),
        pl.col(rule.column).cast(pl.String).alias("value"), pl.lit(rule.code).alias("code"),
    )  # fmt: skip
