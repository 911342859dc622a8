"""Raw tables to a draft of a dataset: recognise, map, convert, check, reject, report."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hk_metrics.ingest.answers import Answers, Question
from hk_metrics.ingest.assign import Assigned, assign
from hk_metrics.ingest.check import dtype, violations
from hk_metrics.ingest.convert import Sheet, convert
from hk_metrics.ingest.copies import report_copies, report_totals, without_repeats
from hk_metrics.ingest.currencies import report_currency
from hk_metrics.ingest.dates import DateOrder
from hk_metrics.ingest.expand import expanded
from hk_metrics.ingest.log import Log
from hk_metrics.ingest.payouts import read_bases, settle_commissions
from hk_metrics.ingest.periods import read_periods
from hk_metrics.ingest.plausibility import odd
from hk_metrics.ingest.raw import FILE, ROW
from hk_metrics.ingest.recognise import Recognition
from hk_metrics.ingest.references import settle_references
from hk_metrics.ingest.rejection import readable, reject
from hk_metrics.ingest.sources import Reading
from hk_metrics.quality import Finding, QualityReport
from hk_metrics.schemas import TABLES

if TYPE_CHECKING:
    import polars as pl

    from hk_metrics.settings import Settings

Progress = Callable[[str, float], None]


def _silent(_step: str, _share: float) -> None:
    """Report no progress."""


@dataclass(frozen=True)
class Draft:
    """What an import would give, before anyone says yes.

    Parameters
    ----------
    tables
        Canonical tables of the rows that can be used.
    findings
        Everything but the questions.
    questions
        What only a person can decide; ``tables`` holds what the defaults give.
    rejected
        Table → rejected rows as they were in the file, with ``file``, ``row``, ``reason``.
    sheets
        How each file was understood.
    recognised
        File → which table it is.
    rows_in
        Table → rows before any was rejected.
    """

    tables: Mapping[str, pl.DataFrame]
    findings: tuple[Finding, ...]
    questions: tuple[Question, ...]
    rejected: Mapping[str, pl.DataFrame]
    sheets: tuple[Sheet, ...]
    recognised: Mapping[str, Recognition]
    rows_in: Mapping[str, int]

    @property
    def usable(self) -> bool:
        """Whether there is anything to look at, and no question without a default."""
        facts = any(t.height for n, t in self.tables.items() if n != "influencers")
        return facts and all(q.default is not None for q in self.questions)

    def report(self, settled: bool) -> QualityReport:
        """Return the quality report; ``settled`` turns questions to what was assumed."""
        asked = [
            q.settled() if settled and q.default is not None else q.finding for q in self.questions
        ]
        order = {"error": 0, "warning": 1, "note": 2}
        findings = sorted((*asked, *self.findings), key=lambda f: order[f.severity])
        return QualityReport(tuple(findings), self.rejected)


def draft(
    reading: Reading, answers: Answers, settings: Settings, progress: Progress | None = None
) -> Draft:
    """Understand and check everything that was read.

    Parameters
    ----------
    reading
        Raw tables and what was met while reading them.
    answers
        What the user decided so far.
    settings
        Currency, time zone, limits.
    progress
        Called with a step in words and the share done.
    """
    say = progress or _silent
    log = Log(list(reading.findings))
    say("recognising files", 0.30)
    answers = answers.resolved(reading.tables)
    raws = expanded(reading.tables, answers, settings, log)
    assigned, recognised = assign(raws, answers, settings, log)
    say("reading values", 0.35)
    sheets = _convert(assigned, answers, settings, log)
    given = {name: joined(name, sheets) for name in TABLES}
    say("checking rows", 0.65)
    tables, rejected = _checked(given, sheets, answers, settings, log)
    say("comparing payouts with posts and orders", 0.85)
    tables["payouts"] = settle_commissions(tables, log)
    log.findings.extend(odd(tables, settings))
    log.settle(answers.accepted)
    say("ready", 0.95)
    return Draft(
        {n: t.drop(FILE, ROW) for n, t in tables.items() if t.height or TABLES[n].required},
        tuple(log.findings),
        tuple(log.questions),
        rejected,
        tuple(sheets),
        recognised,
        {name: table.height for name, table in given.items()},
    )


def _checked(
    given: Mapping[str, pl.DataFrame],
    sheets: Sequence[Sheet],
    answers: Answers,
    settings: Settings,
    log: Log,
) -> tuple[dict[str, pl.DataFrame], dict[str, pl.DataFrame]]:
    """Check every table; return the usable rows, and those left out as they were."""
    tables = {name: readable(table, log.problems.get(name, ())) for name, table in given.items()}
    payouts = read_periods(tables["payouts"], settings.timezone, answers.date_order, log)
    tables["payouts"] = read_bases(payouts, settings.currency, log)
    sums = [s.raw.file for s in sheets if s.raw.undated]
    for name, table in tables.items():
        log.add_problems(name, _dated(violations(name, table), sums))
        report_copies(name, table, sums, log)
    rejected = {}
    for name, table in tables.items():
        kept, left_out = reject(name, table, given[name], sheets, settings.currency, log)
        tables[name] = kept
        if left_out is not None:
            rejected[name] = left_out
        if name == "influencers":
            tables[name] = settle_references(tables, answers, log)
    return tables, rejected


def _convert(assigned: Assigned, answers: Answers, settings: Settings, log: Log) -> list[Sheet]:
    """Convert every file; files whose dates show nothing are read in the order others showed."""
    sheets = [
        convert(raw, columns, settings, answers.date_orders.get(raw.file, answers.date_order))
        for raw, columns in assigned
    ]
    shown = {s.date_order for s in sheets if s.date_order}
    hint: DateOrder | None = shown.pop() if len(shown) == 1 else None
    if hint:
        sheets = [
            convert(s.raw, s.columns, settings, None, hint) if s.date_questions else s
            for s in sheets
        ]
    sheets = without_repeats(sheets, log)
    for sheet in sheets:
        report_totals(sheet, log)
        report_currency(sheet, settings.currency, log)
        log.findings.extend(sheet.findings)
        log.add_problems(sheet.table, sheet.problems)
        log.questions.extend(_date_questions(sheet))
    return sheets


def _dated(problems: pl.DataFrame, sums: Sequence[str]) -> pl.DataFrame:
    """Files of sums over a time that they do not name need no date."""
    import polars as pl

    return problems.filter(
        ~(pl.col("file").is_in(sums) & (pl.col("column") == "date")
          & (pl.col("code") == "empty_cell"))
    )  # fmt: skip


def _date_questions(sheet: Sheet) -> list[Question]:
    headers = {name: header for header, name in sheet.columns.chosen.items()}
    questions = []
    for column, (example, likely) in sheet.date_questions.items():
        message = (
            f"every date in {headers[column]!r} can be read day first or month first, "
            f"e.g. {example!r}."
        )
        fix = "say which with date_order='day_first' or date_order='month_first'"
        finding = Finding(
            "error", "ambiguous_dates", message, fix,
            file=sheet.raw.file, table=sheet.table, column=headers[column], value=example,
        )  # fmt: skip
        choices = {"day_first": "day first (31-12-2025)", "month_first": "month first (12-31-2025)"}
        questions.append(Question(finding, choices, likely))
    return questions


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
