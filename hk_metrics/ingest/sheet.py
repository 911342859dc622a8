"""One file as a part of one table, and the table that its files make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hk_metrics.ingest.headers.columns import ColumnMap
from hk_metrics.ingest.raw import FILE, ROW, RawTable
from hk_metrics.ingest.values.dates import DateOrder
from hk_metrics.quality import Finding
from hk_metrics.schemas import TABLES, Column

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Sheet:
    """One file as a part of one table.

    Parameters
    ----------
    raw
        As it came.
    columns
        How its columns were understood.
    frame
        Canonical and extra columns, typed, with ``FILE`` and ``ROW``.
    problems
        Cells that could not be used.
    findings
        What was understood.
    date_questions
        Columns whose dates are all ambiguous: column → (an example, the likelier order).
    date_order
        The order that its dates showed.
    """

    raw: RawTable
    columns: ColumnMap
    frame: pl.DataFrame
    problems: pl.DataFrame
    findings: tuple[Finding, ...]
    date_questions: Mapping[str, tuple[str, DateOrder | None]]
    date_order: DateOrder | None = None

    @property
    def table(self) -> str:
        """Canonical table it belongs to."""
        return self.columns.table


def dtype(column: Column) -> pl.DataType:
    """Return the Polars type of a canonical column."""
    import polars as pl

    types: dict[str, pl.DataType] = {
        "date": pl.Datetime("us"), "money": pl.Float64(), "number": pl.Float64(),
        "flag": pl.Boolean(), "count": pl.Int64(),
    }  # fmt: skip
    return types.get(column.kind, pl.String())


def joined(name: str, sheets: Sequence[Sheet]) -> pl.DataFrame:
    """Put the files of one table in one frame, with every required column."""
    import polars as pl

    parts = [s.frame for s in sheets if s.table == name]
    if len(parts) == 1:
        frame = parts[0]
    elif parts:
        frame = pl.concat(parts, how="diagonal_relaxed")
    else:
        frame = pl.DataFrame(schema={ROW: pl.UInt32, FILE: pl.String})
    columns = [TABLES[name][c] for c in TABLES[name].required_names]
    empty = [pl.lit(None, dtype(c)).alias(c.name) for c in columns if c.name not in frame.columns]
    wanted = [c for c in TABLES[name].names if c in frame.columns or TABLES[name][c].required]
    return frame.with_columns(empty).select(*wanted, pl.exclude(wanted))
