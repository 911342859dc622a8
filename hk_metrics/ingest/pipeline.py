"""Raw tables to a draft of a dataset: recognise, map, convert, check, reject, report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import TYPE_CHECKING

from hk_metrics.ingest.answers import Answers, Question
from hk_metrics.ingest.assign import Assigned, assign
from hk_metrics.ingest.checking.brands import with_one_spelling
from hk_metrics.ingest.checking.check import violations
from hk_metrics.ingest.checking.copies import report_copies, without_repeats
from hk_metrics.ingest.checking.costs import read_kinds, report_costs
from hk_metrics.ingest.checking.creators import are_partial, identified, of_unknown_influencers
from hk_metrics.ingest.checking.currencies import report_currency
from hk_metrics.ingest.checking.margins import read_margins, report_unsold, twice
from hk_metrics.ingest.checking.order_rows import with_order_rows
from hk_metrics.ingest.checking.payout_outcomes import with_payout_outcomes
from hk_metrics.ingest.checking.plausibility import implausible
from hk_metrics.ingest.checking.references import settle_references, with_dangling_references
from hk_metrics.ingest.checking.rejection import readable, reject
from hk_metrics.ingest.checking.status import with_statuses
from hk_metrics.ingest.checking.stray_lines import report_stray_lines
from hk_metrics.ingest.checking.summaries import without_summaries
from hk_metrics.ingest.checking.updates import report_updates
from hk_metrics.ingest.convert import convert
from hk_metrics.ingest.draft import Draft
from hk_metrics.ingest.expand import expanded
from hk_metrics.ingest.headers.recognise import Recognition
from hk_metrics.ingest.log import Log
from hk_metrics.ingest.payouts.bases import read_bases
from hk_metrics.ingest.payouts.commissions import settle_commissions
from hk_metrics.ingest.payouts.dates import report_payment_dates, settle_dates
from hk_metrics.ingest.raw import FILE, ROW
from hk_metrics.ingest.reading.sources import Progress, RawTables
from hk_metrics.ingest.sheet import Sheet, joined
from hk_metrics.ingest.values.dates import DateOrder
from hk_metrics.ingest.values.periods import read_periods
from hk_metrics.quality import finding
from hk_metrics.schemas import TABLES
from hk_metrics.store.identity import Identity

if TYPE_CHECKING:
    import polars as pl

    from hk_metrics.settings import Settings


def silent(_step: str, _share: float) -> None:
    """Report no progress."""


def draft(
    reading: RawTables, answers: Answers, settings: Settings, progress: Progress | None = None
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
    say = progress or silent
    log = Log(list(reading.findings))
    say("recognising files", 0.30)
    answers = answers.resolved(reading.tables)
    raws = expanded(reading.tables, answers, settings, log)
    assigned, recognised = assign(raws, answers, settings, log)
    # One thread hashes, so that the checks beside it keep a core.
    with ThreadPoolExecutor() as workers, ThreadPoolExecutor(1) as hasher:
        sheets = _convert(assigned, answers, settings, workers, log, say)
        given = {name: joined(name, sheets) for name in TABLES}
        identity = Identity(hasher, leaving_out=(FILE, ROW))
        identity.begin(given)
        say("checking rows", 0.65)
        tables, rejected = _checked(given, sheets, answers, settings, log)
        say("comparing payouts with posts and orders", 0.85)
        tables = with_one_spelling(tables, settings, log)
        report_costs(tables["costs"], settings, log)
        report_unsold(tables, log)
        tables["payouts"] = settle_dates(tables, log)
        tables["payouts"] = settle_commissions(tables, log)
        log.findings.extend(implausible(tables, settings, _taken(recognised, answers)))
        log.settle(answers.accepted)
        kept = {n: t for n, t in tables.items() if t.height or TABLES[n].required}
        content_id = identity.of(kept)
    say("ready", 0.95)
    return Draft(
        {n: t.drop(FILE, ROW) for n, t in kept.items()},
        tuple(log.findings),
        tuple(log.questions),
        rejected,
        tuple(sheets),
        recognised,
        {name: table.height for name, table in given.items()},
        content_id,
    )


def _taken(recognised: Mapping[str, Recognition], answers: Answers) -> dict[str, str]:
    """Return table → a file that was taken for it."""
    tables = {file: answers.tables.get(file, found.table) for file, found in recognised.items()}
    return {table: file for file, table in tables.items() if table}


def _checked(
    given: Mapping[str, pl.DataFrame],
    sheets: Sequence[Sheet],
    answers: Answers,
    settings: Settings,
    log: Log,
) -> tuple[dict[str, pl.DataFrame], dict[str, pl.DataFrame]]:
    """Check every table; return the usable rows, and those left out as they were."""
    tables = {name: readable(table, log.problems.get(name, ())) for name, table in given.items()}
    payouts, unread = read_periods(tables["payouts"], settings.timezone, answers.date_order)
    log.findings.extend(unread)
    tables["payouts"] = read_bases(payouts, settings.currency, log)
    costs, unread = read_periods(tables["costs"], settings.timezone, answers.date_order, "costs")
    log.findings.extend(unread)
    tables["costs"] = read_kinds(costs, log)
    tables["margins"] = read_margins(tables["margins"], log)
    log.add_problems("margins", twice(tables["margins"]))
    sums = [s.raw.file for s in sheets if s.raw.undated]
    for name, table in tables.items():
        log.add_problems(name, _dated(violations(name, table), sums))
        report_copies(name, table, sheets, log)
        report_updates(name, table, sheets, log)
    rejected = {}
    for name in TABLES:
        kept, left_out = reject(name, tables[name], given[name], sheets, settings.currency, log)
        tables[name] = kept
        if left_out is not None:
            rejected[name] = left_out
        if name == "influencers":
            unsettled = with_dangling_references(tables)
            tables[name] = settle_references(tables, unsettled, answers, log, are_partial(sheets))
    return tables, rejected


def _convert(
    assigned: Assigned,
    answers: Answers,
    settings: Settings,
    workers: Executor,
    log: Log,
    say: Progress,
) -> list[Sheet]:
    """Convert every file; files whose dates show nothing are read in the order others showed."""
    sheets = []
    for i, (raw, columns) in enumerate(assigned):
        say(f"reading the values of {raw.file}", 0.35 + 0.3 * i / len(assigned))
        order = answers.date_orders.get(raw.file, answers.date_order) or raw.date_order
        sheets.append(convert(raw, columns, settings, workers, order))
    shown = {s.date_order for s in sheets if s.date_order}
    hint: DateOrder | None = shown.pop() if len(shown) == 1 else None
    if hint:
        sheets = [
            convert(s.raw, s.columns, settings, workers, None, hint) if s.date_questions else s
            for s in sheets
        ]
    sheets = with_order_rows(identified(sheets, log))
    sheets = with_statuses(sheets, answers, log)
    sheets = with_payout_outcomes(sheets, answers)
    unknown: list[Sheet] = (
        [] if answers.unknown_influencers == "keep" else of_unknown_influencers(sheets)
    )
    others = [s for s in sheets if not any(s is one for one in unknown)]
    sheets = [*without_summaries(without_repeats(others, log), log), *unknown]
    for sheet in sheets:
        report_stray_lines(sheet, log)
        report_currency(sheet, settings.currency, log)
        report_payment_dates(sheet, log)
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
        asked = finding(
            "ambiguous_dates",
            file=sheet.raw.file, table=sheet.table, column=headers[column], value=example,
        )  # fmt: skip
        choices = {"day_first": "day first (31-12-2025)", "month_first": "month first (12-31-2025)"}
        questions.append(Question(asked, choices, likely))
    return questions
