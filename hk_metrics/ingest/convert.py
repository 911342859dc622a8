"""One file's cells to the typed columns of its table, every doubt and failure written down."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hk_metrics.ingest.headers.columns import ColumnMap
from hk_metrics.ingest.problems import join_problems, problem_frame
from hk_metrics.ingest.raw import FILE, ROW, RawTable
from hk_metrics.ingest.sheet import Sheet
from hk_metrics.ingest.values.basis import parse_rate
from hk_metrics.ingest.values.dates import DateColumn, DateOrder, parse_date
from hk_metrics.ingest.values.numbers import is_complete, parse_number
from hk_metrics.ingest.values.parsed import Parsed
from hk_metrics.ingest.values.units import scaled, unit_of
from hk_metrics.ingest.values.words import (
    are_digits,
    blank,
    few_words,
    is_bare,
    parse_flag,
    parse_id,
    parse_order_number,
    parse_text,
    trim,
)
from hk_metrics.quality import Finding, finding
from hk_metrics.schemas import TABLES, Column

if TYPE_CHECKING:
    from concurrent.futures import Executor

    import polars as pl

    from hk_metrics.settings import Settings


@dataclass(frozen=True)
class _Column:
    """One column, typed."""

    values: pl.Series
    problems: tuple[pl.DataFrame, ...]
    findings: tuple[Finding, ...]
    beside: Mapping[str, pl.Series]
    dates: DateColumn | None = None


def convert(
    raw: RawTable,
    columns: ColumnMap,
    settings: Settings,
    workers: Executor,
    order: DateOrder | None = None,
    hint: DateOrder | None = None,
) -> Sheet:
    """Type the columns of one file.

    Parameters
    ----------
    raw, columns
        The cells, and which column is which.
    settings
        Currency and time zone.
    workers
        By whom columns are typed side by side.
    order, hint
        Date order that the user gave; that other columns of the import showed.
    """
    import polars as pl

    def one(pair: tuple[str, str]) -> _Column:
        column = column_of(columns.table, pair[1])
        return _convert_column(raw, pair[0], column, settings, order, hint)

    typed = workers.map(one, columns.chosen.items())
    done = dict(zip(columns.chosen.values(), typed, strict=True))
    beside = {n: v for c in done.values() for n, v in c.beside.items()}
    series = {n: c.values for n, c in done.items()} | beside
    frame = pl.DataFrame([raw.frame[ROW], *(v.alias(n) for n, v in series.items())])
    dates = {n: c.dates for n, c in done.items() if c.dates is not None}
    shown = [d.order for d in dates.values() if d.order and not d.asked]
    return Sheet(
        raw,
        columns,
        frame.with_columns(pl.lit(raw.file).alias(FILE)),
        join_problems([raw.problems, *(p for c in done.values() for p in c.problems)]),
        tuple(
            replace(f, file=raw.file, table=columns.table)
            for f in (*raw.findings, *(f for c in done.values() for f in c.findings))
        ),
        {n: (d.example, d.order) for n, d in dates.items() if d.asked},
        shown[0] if shown else None,
    )


def column_of(table: str, name: str) -> Column:
    """Return a canonical column, or that of an attribute of one's own."""
    if name in TABLES[table].names:
        return TABLES[table][name]
    return Column(name, "text", required=False, doc="an attribute of one's own", nullable=True)


def _convert_column(
    raw: RawTable,
    header: str,
    column: Column,
    settings: Settings,
    order: DateOrder | None,
    hint: DateOrder | None,
) -> _Column:
    import polars as pl

    given = raw.frame[header].alias(column.name)
    unit = unit_of(header) if column.kind in ("money", "count") else None
    if unit is not None:
        column = replace(column, kind="money")  # 12.5 thousands are no count before they are scaled
    remarks: tuple[Finding, ...] = ()
    digits = column.kind == "id" and given.dtype == pl.String and are_digits(given)
    read = DateColumn(Parsed(given)) if digits else read_cells(given, column, settings, order, hint)
    if column.kind == "text" or (column.kind == "id" and not digits) or read.parsed.failed:
        cells, remarks = _bare(given, dashes=column.kind != "text")
        read = read if cells is given else read_cells(cells, column, settings, order, hint)
    rows = raw.frame[ROW]
    problems = tuple(
        problem_frame(raw.file, code, column.name, rows.filter(mask), given.filter(mask))
        for code, mask in read.parsed.failed.items()
    )
    if unit is not None:
        read = replace(read, parsed=scaled(given, read.parsed, header, unit))
    findings = tuple(replace(r, column=header) for r in (*remarks, *read.parsed.remarks))
    dates = read if column.kind == "date" else None
    return _Column(read.parsed.values, problems, findings, read.parsed.beside, dates)


def read_cells(
    cells: pl.Series,
    column: Column,
    settings: Settings,
    order: DateOrder | None = None,
    hint: DateOrder | None = None,
) -> DateColumn:
    """Read cells as a column's kind; other kinds than dates have no order."""
    if column.kind == "date":
        return parse_date(cells, settings.timezone, order, hint)
    if column.name == "tracking_id":
        return DateColumn(parse_order_number(cells))
    return DateColumn(_PARSERS[column.kind](cells, settings))


def _bare(cells: pl.Series, dashes: bool) -> tuple[pl.Series, tuple[Finding, ...]]:
    """Strip spaces, and turn what means "no value" to null; the same series if nothing does."""
    import polars as pl

    if cells.dtype != pl.String or are_digits(cells):
        return cells, ()
    distinct = few_words(cells)
    if is_bare(cells if distinct is None else distinct, dashes):
        return cells, ()
    bare, stripped = trim(cells)
    bare, blanks = blank(bare, dashes)
    remarks = (blanks,) if blanks else ()
    if stripped:
        remarks = (finding("trimmed", count=stripped), *remarks)
    return bare, remarks


def _count(cells: pl.Series, settings: Settings) -> Parsed:
    """Counts are whole numbers unless the file itself has fractions of them."""
    import polars as pl

    if cells.dtype == pl.String or cells.dtype.is_integer():
        whole = cells.cast(pl.Int64, strict=False)
        if is_complete(cells, whole):
            return Parsed(whole)
    parsed = parse_number(cells, settings.currency, whole=True)
    if (parsed.values % 1 == 0).all():
        return replace(parsed, values=parsed.values.cast(pl.Int64))
    return parsed


_PARSERS: Mapping[str, Callable[[pl.Series, Settings], Parsed]] = {
    "id": lambda cells, _: parse_id(cells),
    "text": lambda cells, _: parse_text(cells),
    "flag": lambda cells, _: parse_flag(cells),
    "count": _count,
    "money": lambda cells, settings: parse_number(cells, settings.currency),
    "number": lambda cells, settings: parse_rate(cells, settings.currency),
}
