"""Each file to a table, each of its columns to a column; what is not certain is asked."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from hk_metrics.ingest.answers import Answers, Question
from hk_metrics.ingest.basis import read_basis
from hk_metrics.ingest.columns import ColumnMap, Match, map_columns
from hk_metrics.ingest.completed import completed
from hk_metrics.ingest.convert import column_of, read_cells
from hk_metrics.ingest.log import Log
from hk_metrics.ingest.names import is_known
from hk_metrics.ingest.raw import RawTable
from hk_metrics.ingest.recognise import Recognition, recognise
from hk_metrics.quality import Finding
from hk_metrics.schemas import TABLES

if TYPE_CHECKING:
    import polars as pl

    from hk_metrics.settings import Settings

Assigned = list[tuple[RawTable, ColumnMap]]
IGNORE = "(leave out)"
SAMPLE_CELLS = 100
NUMBERED = frozenset({"campaign", "product"})  # texts that shops and agencies give numbers, too


def assign(
    raws: Sequence[RawTable], answers: Answers, settings: Settings, log: Log
) -> tuple[Assigned, dict[str, Recognition]]:
    """Say which table each file is and which column each header is.

    Returns
    -------
    assigned, recognised
        The files that are used with their columns; what every file was taken for.
    """
    assigned: Assigned = []
    recognised: dict[str, Recognition] = {}
    for raw in raws:
        found = Recognition(raw.table, 1.0) if raw.table else recognise(raw.headers, raw.name)
        recognised[raw.file] = found
        table = answers.tables.get(raw.file, found.table)
        if table is None:
            if raw.file not in answers.tables:
                _ask_table(raw, log)
            continue
        columns = _mapped(raw, table, answers, settings)
        whole = completed(raw, columns, [r for r in raws if r is not raw], log)
        if whole.headers != raw.headers:
            columns = _mapped(whole, table, answers, settings)
        if _usable(whole, columns, log):
            assigned.append((whole, columns))
    return assigned, recognised


def _mapped(raw: RawTable, table: str, answers: Answers, settings: Settings) -> ColumnMap:
    names = TABLES[table].names
    sure = {h: c for h, c in raw.columns.items() if h in raw.headers and c in names}
    said = {**sure, **answers.columns_of(raw, table)}
    return map_columns(table, raw.headers, said, partial(_fits, raw, table, settings))


def _fits(raw: RawTable, table: str, settings: Settings, header: str, column: str) -> bool:
    """Whether most of the first cells under a header can be read as the column."""
    kind = column_of(table, column).kind
    sample = raw.frame[header].drop_nulls().head(SAMPLE_CELLS).alias(column)
    if column == "basis":
        return any(read_basis(str(text)[:SAMPLE_CELLS]) for text in sample)
    if kind == "id" or column in NUMBERED or not len(sample):
        return True
    if kind == "text":
        return not _are_numbers(sample)
    values = read_cells(sample, column_of(table, column), settings).parsed.values
    return values.null_count() <= len(values) / 2


def _are_numbers(sample: pl.Series) -> bool:
    """Whether most cells are numbers, which are no words."""
    import polars as pl

    return sample.cast(pl.String).cast(pl.Float64, strict=False).count() > len(sample) / 2


def _ask_table(raw: RawTable, log: Log) -> None:
    words = [h for h in raw.headers if is_known(h)]
    listed = ", ".join(map(repr, raw.headers[:8]))
    message = f"this file fits none of the tables; its columns are {listed}."
    fix = (
        "name its columns as in the templates, or say which table it is with "
        f"mapping={{{raw.file!r}: 'posts'}}, or None to leave it out; on the command line "
        f"--map '{raw.file}=posts'"
    )
    if len(words) < 2:
        log.findings.append(Finding("note", "not_a_table", f"left out: {message}", file=raw.file))
        return
    finding = Finding("error", "unrecognised_file", message, fix, file=raw.file)
    choices = {name: f"one row is {t.row}" for name, t in TABLES.items()}
    log.questions.append(Question(finding, {**choices, IGNORE: "left out"}, IGNORE))


def _usable(raw: RawTable, columns: ColumnMap, log: Log) -> bool:
    """Ask about doubtful and missing columns; a file without what its table needs is left out."""
    table = TABLES[columns.table]
    for match in columns.doubtful:
        _ask_column(raw, columns, match, log)
    if columns.ignored:
        listed = ", ".join(map(repr, columns.ignored))
        message = f"columns not used: {listed}"
        log.findings.append(
            Finding("note", "ignored_column", message, file=raw.file, table=table.name,
                    count=len(columns.ignored))
        )  # fmt: skip
    for match in columns.matches:
        if match.maybe:
            log.findings.append(_kept_apart(raw, columns, match))
    usable = True
    for name in columns.missing:
        if raw.table or (raw.undated and name == "date"):
            continue
        usable &= table[name].nullable
        _report_missing(raw, columns, name, log)
    return usable


def _kept_apart(raw: RawTable, columns: ColumnMap, match: Match) -> Finding:
    return Finding(
        "note", "kept_attribute",
        f"column {match.header!r} is kept as an attribute of its own; it looks like "
        f"{match.maybe!r}.",
        f"if it is that, say so with mapping={{{match.header!r}: {match.maybe!r}}}; "
        f"on the command line --map '{match.header}={match.maybe}'",
        file=raw.file, table=columns.table, row=1, column=match.header,
    )  # fmt: skip


def _ask_column(raw: RawTable, columns: ColumnMap, match: Match, log: Log) -> None:
    message = f"column {match.header!r} looks like {match.column!r} ({match.confidence:.0%})."
    finding = Finding(
        "error", "doubtful_column", message,
        f"say so with mapping={{{match.header!r}: {match.column!r}}}, or None to leave it out; "
        f"on the command line --map '{match.header}={match.column}'",
        file=raw.file, table=columns.table, row=1, column=match.header,
    )  # fmt: skip
    names = {n: TABLES[columns.table][n].doc for n in TABLES[columns.table].names}
    log.questions.append(Question(finding, {**names, IGNORE: "left out"}, match.column))


def _report_missing(raw: RawTable, columns: ColumnMap, name: str, log: Log) -> None:
    column = TABLES[columns.table][name]
    maybe = ", ".join(map(repr, columns.missing[name]))
    hint = f" It might be {maybe}." if maybe else ""
    if column.without and not maybe:
        message = f"there is no column {name!r} ({column.doc}): {column.without}."
        finding = Finding(
            "warning", "missing_description", message, f"add the column {name!r}",
            file=raw.file, table=columns.table, row=1, column=name,
        )  # fmt: skip
        log.findings.append(finding)
        return
    message = f"there is no column {name!r} ({column.doc}).{hint}"
    fix = (
        f"add the column {name!r}, or say which one it is with mapping={{'its header': {name!r}}}; "
        f"on the command line --map 'its header={name}'"
    )
    finding = Finding(
        "error", "missing_column", message, fix,
        file=raw.file, table=columns.table, row=1, column=name,
    )  # fmt: skip
    if not column.nullable:
        log.findings.append(finding)
        return
    choices = {"": f"{name} is left empty", **dict.fromkeys(columns.missing[name], "this column")}
    log.questions.append(Question(finding, choices, ""))
