"""What is said and asked about the columns of a file: taken, doubted, missing, not used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hk_metrics.ingest.answers import Question
from hk_metrics.ingest.headers.columns import ColumnMap, Match
from hk_metrics.ingest.headers.currencies import currency_headers
from hk_metrics.ingest.headers.names import is_known, meant, plain
from hk_metrics.ingest.headers.spelling import Fits
from hk_metrics.ingest.headers.status_words import status_headers
from hk_metrics.ingest.log import Log
from hk_metrics.ingest.raw import RawTable
from hk_metrics.ingest.values.numbers import parse_number
from hk_metrics.quality import Finding, Severity
from hk_metrics.schemas import TABLES

if TYPE_CHECKING:
    from hk_metrics.settings import Settings

IGNORE = "(leave out)"
# Where two columns may say the money, which one is taken changes every figure.
MONEY: dict[str, tuple[str, Severity]] = {
    "payouts": ("total_payout", "warning"),
    "tracking_data": ("revenue", "note"),
}


def report_columns(raw: RawTable, columns: ColumnMap, settings: Settings, log: Log) -> None:
    """Say how the columns of a file were understood, and ask about the doubtful ones."""
    for match in columns.doubtful:
        log.questions.append(_doubtful(raw, columns, match))
    log.findings.extend(_taken(raw, columns))
    log.findings.extend(_not_used(raw, columns))
    log.findings.extend(second_columns(raw, columns.table, columns.chosen, settings))
    log.findings.extend(_kept_apart(raw, columns, m) for m in columns.matches if m.maybe)


def _doubtful(raw: RawTable, columns: ColumnMap, match: Match) -> Question:
    message = f"column {match.header!r} looks like {match.column!r} ({match.confidence:.0%})."
    finding = Finding(
        "error", "doubtful_column", message,
        f"say so with mapping={{{match.header!r}: {match.column!r}}}, or None to leave it out; "
        f"on the command line --map '{match.header}={match.column}'",
        file=raw.file, table=columns.table, row=1, column=match.header,
    )  # fmt: skip
    names = {n: TABLES[columns.table][n].doc for n in TABLES[columns.table].names}
    return Question(finding, {**names, IGNORE: "left out"}, match.column)


def _taken(raw: RawTable, columns: ColumnMap) -> Iterator[Finding]:
    """List the headers that are called otherwise than their columns."""
    other = [
        f"{m.header!r} as {m.column}" for m in columns.matches
        if m.column and not m.doubtful and plain(m.header) != plain(m.column)
    ]  # fmt: skip
    if other and not raw.part_of:
        message = f"read {', '.join(other)}"
        yield Finding("note", "columns_read", message, file=raw.file, table=columns.table)


def _not_used(raw: RawTable, columns: ColumnMap) -> Iterator[Finding]:
    looked_at = {*raw.used, *_looked_at(raw, columns)}
    unused = [h for h in columns.ignored if h not in looked_at]
    if unused:
        message = f"columns not used: {', '.join(map(repr, unused))}"
        yield Finding("note", "ignored_column", message, file=raw.file, table=columns.table,
                      count=len(unused))  # fmt: skip


def _looked_at(raw: RawTable, columns: ColumnMap) -> list[str]:
    """Return the headers that say of the rows whether they count, and are no columns."""
    orders = columns.table == "tracking_data"
    statuses = status_headers(raw, columns.ignored) if orders else []
    return [*currency_headers(raw, columns.table), *statuses]


def second_columns(
    raw: RawTable, table: str, chosen: dict[str, str], settings: Settings
) -> Iterator[Finding]:
    """Name the columns of money that could have been meant where another one was taken."""
    if table not in MONEY:
        return
    column, severity = MONEY[table]
    taken = next((h for h, c in chosen.items() if c == column), None)
    for header in raw.headers:
        hit = meant(table, header)
        if taken is None or header in chosen or hit is None or hit[0] != column:
            continue
        sums = [_sum(raw, h, settings) for h in (header, taken)]
        if sums[0] != sums[1]:
            yield Finding(
                severity, "second_column",
                f"{header!r} (sum {sums[0]}) is not used beside {taken!r} (sum {sums[1]}), which "
                f"is taken as {column.replace('_', ' ')}",
                f"if it is the one to use, say so with mapping={{{header!r}: {column!r}}}; on the "
                f"command line --map '{header}={column}'",
                file=raw.file, table=table, column=header,
            )  # fmt: skip


def _sum(raw: RawTable, header: str, settings: Settings) -> str:
    return f"{parse_number(raw.frame[header], settings.currency).values.sum() or 0:,.10g}"


def _kept_apart(raw: RawTable, columns: ColumnMap, match: Match) -> Finding:
    return Finding(
        "note", "kept_attribute",
        f"column {match.header!r} is kept as an attribute of its own; it looks like "
        f"{match.maybe!r}.",
        f"if it is that, say so with mapping={{{match.header!r}: {match.maybe!r}}}; "
        f"on the command line --map '{match.header}={match.maybe}'",
        file=raw.file, table=columns.table, row=1, column=match.header,
    )  # fmt: skip


def report_missing(raw: RawTable, columns: ColumnMap, fits: Fits, log: Log) -> None:
    """Report the required columns that a file does not have; ask where another may be it."""
    free = [h for h in columns.ignored if not is_known(h) and h not in raw.used]
    for name in columns.missing:
        column = TABLES[columns.table][name]
        maybe = columns.missing[name]
        other = maybe or any(fits(h, name) for h in free)
        if column.without and not other:
            log.findings.append(_undescribed(raw, columns, name))
            continue
        if name == "total_payout" and "rate" in columns.chosen.values() and not other:
            log.findings.append(_rate_card(raw))
            continue
        finding = _missing(raw, columns, name)
        if not (column.nullable or column.omissible):
            log.findings.append(finding)
            continue
        choices = {"": f"{name} is left empty", **dict.fromkeys(maybe, "this column")}
        log.questions.append(Question(finding, choices, ""))


def _undescribed(raw: RawTable, columns: ColumnMap, name: str) -> Finding:
    column = TABLES[columns.table][name]
    message = f"there is no column {name!r} ({column.doc}): {column.without}."
    return Finding(
        "warning", "missing_description", message, f"add the column {name!r}",
        file=raw.file, table=columns.table, row=1, column=name,
    )  # fmt: skip


def _rate_card(raw: RawTable) -> Finding:
    """Say of agreed rates that they tell no spend: how often each was paid is not in them."""
    return Finding(
        "warning", "missing_column", "it has rates but no totals: spend stays empty.",
        "add the column 'total_payout'", file=raw.file, table="payouts", row=1,
        column="total_payout", count=raw.frame.height,
    )  # fmt: skip


def _missing(raw: RawTable, columns: ColumnMap, name: str) -> Finding:
    maybe = ", ".join(map(repr, columns.missing[name]))
    hint = f" It might be {maybe}." if maybe else ""
    message = (
        f"it looks like {columns.table.replace('_', ' ')}, but there is no column {name!r} "
        f"({TABLES[columns.table][name].doc}).{hint}"
    )
    fix = (
        f"add the column {name!r}, or say which one it is with mapping={{'its header': {name!r}}}; "
        f"on the command line --map 'its header={name}'"
    )
    return Finding(
        "error", "missing_column", message, fix,
        file=raw.file, table=columns.table, row=1, column=name,
    )  # fmt: skip


def ask_incomplete(raw: RawTable, table: str, lacking: list[str], other: str, log: Log) -> None:
    """Ask about a file that lacks what its table needs, beside one that has it: a summary?"""
    names = " and ".join(map(repr, lacking))
    finding = Finding(
        "error", "incomplete_file",
        f"it looks like {table.replace('_', ' ')}, but has no column {names}, as {other} has.",
        f"if it only sums up other files, leave it out with mapping={{{raw.file!r}: None}}, on the "
        f"command line --map '{raw.file}='; else add what it lacks",
        file=raw.file, table=table, count=raw.frame.height,
    )  # fmt: skip
    log.questions.append(Question(finding, {IGNORE: "it is left out"}, IGNORE))
