"""Each file to a table, each of its columns to a column; what is not certain is asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from hk_metrics.ingest.answers import Answers, Question
from hk_metrics.ingest.column_report import IGNORE, ask_incomplete, report_columns, report_missing
from hk_metrics.ingest.convert import column_of, read_cells
from hk_metrics.ingest.headers.columns import ColumnMap, map_columns
from hk_metrics.ingest.headers.names import is_known, snake
from hk_metrics.ingest.headers.recognise import Recognition, recognise
from hk_metrics.ingest.log import Log
from hk_metrics.ingest.raw import RawTable
from hk_metrics.ingest.splitting.derived_columns import with_derived_columns
from hk_metrics.ingest.values.basis import read_basis
from hk_metrics.ingest.values.numbers import are_numbers
from hk_metrics.quality import finding
from hk_metrics.schemas import TABLES

if TYPE_CHECKING:
    from hk_metrics.settings import Settings

Assigned = list[tuple[RawTable, ColumnMap]]
_SAMPLE_CELLS = 100
# How a header ends that says what kind of cells it has, whatever else they can be read as.
_ENDS = {
    "_id": ("text", "id"), "_at": ("date",), "_date": ("date",), "_value": ("money", "number"),
    "_amount": ("money", "number"),
}  # fmt: skip
_NUMBERED = frozenset({"campaign", "product"})  # texts that shops and agencies give numbers, too


def assign(
    raws: Sequence[RawTable], answers: Answers, settings: Settings, log: Log
) -> tuple[Assigned, dict[str, Recognition]]:
    """Say which table each file is and which column each header is.

    Returns
    -------
    assigned, recognised
        The files that are used with their columns; what every file was taken for.
    """
    mapped: Assigned = []
    recognised: dict[str, Recognition] = {}
    for raw in raws:
        found = Recognition(raw.table, 1.0) if raw.table else recognise(raw.headers, raw.name)
        recognised[raw.file] = found
        table = answers.tables.get(raw.file, found.table)
        if table is None:
            if raw.file not in answers.tables:
                _leave_out(raw, found, log)
            continue
        columns = _mapped(raw, table, answers, settings)
        whole = with_derived_columns(raw, columns, [r for r in raws if r is not raw], log)
        if whole.headers != raw.headers:
            columns = _mapped(whole, table, answers, settings)
        mapped.append((whole, columns))
    return list(_usable(mapped, settings, log)), recognised


def _usable(mapped: Assigned, settings: Settings, log: Log) -> Iterator[tuple[RawTable, ColumnMap]]:
    """Yield the files that have what their table needs; say what is missing and not used."""
    whole = {c.table: raw.file for raw, c in mapped if not _lacking(raw, c) and not raw.part_of}
    for raw, columns in mapped:
        lacking = _lacking(raw, columns)
        if lacking and columns.table in whole:
            ask_incomplete(raw, columns.table, lacking, whole[columns.table], log)
            continue
        report_columns(raw, columns, settings, log)
        if not raw.table:
            report_missing(raw, columns, partial(_fits, raw, columns.table, settings), log)
        if not lacking:
            yield raw, columns


def _lacking(raw: RawTable, columns: ColumnMap) -> list[str]:
    """Return the columns without which the rows of a file are of no use."""
    if raw.table:
        return []
    missing = [TABLES[columns.table][name] for name in columns.missing]
    return [c.name for c in missing if not (c.nullable or c.omissible)]


def _mapped(raw: RawTable, table: str, answers: Answers, settings: Settings) -> ColumnMap:
    names = TABLES[table].names
    sure = {h: c for h, c in raw.columns.items() if h in raw.headers and c in names}
    answered = {**sure, **answers.columns_of(raw, table)}
    return map_columns(table, raw.headers, answered, partial(_fits, raw, table, settings))


def _fits(raw: RawTable, table: str, settings: Settings, header: str, column: str) -> bool:
    """Whether most of the first cells under a header can be read as the column."""
    kind = column_of(table, column).kind
    if any(snake(header).endswith(end) and kind not in kinds for end, kinds in _ENDS.items()):
        return False
    sample = raw.frame[header].drop_nulls().head(_SAMPLE_CELLS).alias(column)
    if column == "basis":
        return any(read_basis(str(text)[:_SAMPLE_CELLS]) for text in sample)
    if kind == "id" or column in _NUMBERED or not len(sample):
        return True
    if kind == "text":
        return not are_numbers(sample)
    values = read_cells(sample, column_of(table, column), settings).parsed.values
    return values.null_count() <= len(values) / 2


def _leave_out(raw: RawTable, found: Recognition, log: Log) -> None:
    """Leave out a file that is none of the tables; ask first where its words are those of one."""
    if found.unsupported is not None:
        log.findings.append(found.unsupported.finding(raw.file, raw.frame.height))
        return
    listed = ", ".join(map(repr, raw.headers[:8]))
    if sum(map(is_known, raw.headers)) < 2:
        log.findings.append(finding("not_a_table.unlike", file=raw.file, headers=listed))
        return
    asked = finding("unrecognised_file", file=raw.file, headers=listed, nearest=found.others[0])
    choices = {name: f"one row is {t.row}" for name, t in TABLES.items()}
    log.questions.append(Question(asked, {**choices, IGNORE: "left out"}, IGNORE))
