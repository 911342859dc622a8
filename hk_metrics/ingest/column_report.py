"""What is said and asked about the columns of a file: taken, doubted, missing, not used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from hk_metrics.ingest.answers import Question
from hk_metrics.ingest.checking.currencies import currency_headers
from hk_metrics.ingest.headers.columns import ColumnMap, Match
from hk_metrics.ingest.headers.names import is_known, meant, plain
from hk_metrics.ingest.headers.payout_words import says_payout_outcomes
from hk_metrics.ingest.headers.spelling import Fits
from hk_metrics.ingest.headers.status_words import status_headers
from hk_metrics.ingest.log import Log
from hk_metrics.ingest.raw import RawTable
from hk_metrics.ingest.values.numbers import parse_number
from hk_metrics.quality import Finding, finding
from hk_metrics.schemas import TABLES

if TYPE_CHECKING:
    from hk_metrics.settings import Settings

IGNORE = "(leave out)"
_MOST_TRIED = 60
# Where two columns may say the money, which one is taken changes every figure.
_MONEY = {
    "payouts": ("total_payout", "second_column.spend"),
    "tracking_data": ("revenue", "second_column"),
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
    asked = finding(
        "doubtful_column", maybe=match.column, sure=match.confidence,
        file=raw.file, table=columns.table, row=1, column=match.header,
    )  # fmt: skip
    names = {n: TABLES[columns.table][n].doc for n in TABLES[columns.table].names}
    return Question(asked, {**names, IGNORE: "left out"}, match.column)


def _taken(raw: RawTable, columns: ColumnMap) -> Iterator[Finding]:
    """List the headers that are called otherwise than their columns."""
    other = [
        f"{m.header!r} as {m.column}" for m in columns.matches
        if m.column and not m.doubtful and plain(m.header) != plain(m.column)
    ]  # fmt: skip
    if other and not raw.part_of:
        listed = ", ".join(other)
        yield finding("columns_read", columns=listed, file=raw.file, table=columns.table)


def _not_used(raw: RawTable, columns: ColumnMap) -> Iterator[Finding]:
    looked_at = {*raw.used, *_looked_at(raw, columns)}
    unused = [h for h in columns.ignored if h not in looked_at]
    if unused:
        yield finding(
            "ignored_column", headers=", ".join(map(repr, unused)), file=raw.file,
            table=columns.table, count=len(unused),
        )  # fmt: skip


def _looked_at(raw: RawTable, columns: ColumnMap) -> list[str]:
    """Return the headers that say of the rows whether they count, and are no columns."""
    statuses: list[str] = []
    if columns.table == "tracking_data":
        statuses = status_headers(raw, columns.ignored)
    if columns.table == "payouts":
        statuses = [h for h in columns.ignored if says_payout_outcomes(raw.frame[h])]
    return [*currency_headers(raw, columns.table), *statuses]


def second_columns(
    raw: RawTable, table: str, chosen: dict[str, str], settings: Settings
) -> Iterator[Finding]:
    """Name the columns of money that could have been meant where another one was taken."""
    if table not in _MONEY:
        return
    column, kind = _MONEY[table]
    taken = next((h for h, c in chosen.items() if c == column), None)
    for header in raw.headers:
        hit = meant(table, header)
        if taken is None or header in chosen or hit is None or hit[0] != column:
            continue
        sums = [_sum(raw, h, settings) for h in (header, taken)]
        if sums[0] != sums[1]:
            yield finding(
                kind, mine=sums[0], taken=taken, theirs=sums[1], taken_as=column,
                of=column.replace("_", " "),
                file=raw.file, table=table, column=header,
            )  # fmt: skip


def _sum(raw: RawTable, header: str, settings: Settings) -> str:
    return f"{parse_number(raw.frame[header], settings.currency).values.sum() or 0:,.10g}"


def _kept_apart(raw: RawTable, columns: ColumnMap, match: Match) -> Finding:
    return finding(
        "kept_attribute", maybe=match.maybe,
        file=raw.file, table=columns.table, row=1, column=match.header,
    )  # fmt: skip


def report_missing(raw: RawTable, columns: ColumnMap, fits: Fits, log: Log) -> None:
    """Report the required columns that a file does not have; ask where another may be it."""
    free = [h for h in columns.ignored if not is_known(h) and h not in raw.used]
    for name in columns.missing:
        column = TABLES[columns.table][name]
        maybe = columns.missing[name]
        rated = name == "total_payout" and "rate" in columns.chosen.values()
        if (column.without or rated) and not (maybe or _may_be_one(free, name, fits)):
            log.findings.append(
                _undescribed(raw, columns, name) if column.without else _rate_card(raw)
            )
            continue
        asked = _missing(raw, columns, name)
        if not (column.nullable or column.omissible):
            log.findings.append(asked)
            continue
        choices = {"": f"{name} is left empty", **dict.fromkeys(maybe, "this column")}
        log.questions.append(Question(asked, choices, ""))


def _may_be_one(headers: Sequence[str], column: str, fits: Fits) -> bool:
    """Whether some column looks like a missing one; of very many it is asked, not looked for."""
    return len(headers) > _MOST_TRIED or any(fits(header, column) for header in headers)


def _undescribed(raw: RawTable, columns: ColumnMap, name: str) -> Finding:
    column = TABLES[columns.table][name]
    return finding(
        "missing_description", doc=column.doc, without=column.without,
        file=raw.file, table=columns.table, row=1, column=name,
    )  # fmt: skip


def _rate_card(raw: RawTable) -> Finding:
    """Say of agreed rates that they tell no spend: how often each was paid is not in them."""
    return finding(
        "missing_column.totals", file=raw.file, table="payouts", row=1, column="total_payout",
        count=raw.frame.height,
    )  # fmt: skip


def _missing(raw: RawTable, columns: ColumnMap, name: str) -> Finding:
    maybe = ", ".join(map(repr, columns.missing[name]))
    return finding(
        "missing_column", of=columns.table.replace("_", " "),
        doc=TABLES[columns.table][name].doc, hint=f" It might be {maybe}." if maybe else "",
        file=raw.file, table=columns.table, row=1, column=name,
    )  # fmt: skip


def ask_incomplete(raw: RawTable, table: str, lacking: list[str], other: str, log: Log) -> None:
    """Ask about a file that lacks what its table needs, beside one that has it: a summary?"""
    asked = finding(
        "incomplete_file", of=table.replace("_", " "), lacking=" and ".join(map(repr, lacking)),
        other=other,
        file=raw.file, table=table, count=raw.frame.height,
    )  # fmt: skip
    log.questions.append(Question(asked, {IGNORE: "it is left out"}, IGNORE))
