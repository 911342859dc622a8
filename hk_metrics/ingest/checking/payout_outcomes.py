"""Payouts that came to nothing, and those that are still due: which of them are spend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from hk_metrics.ingest.answers import Answers
from hk_metrics.ingest.headers.names import plain
from hk_metrics.ingest.headers.payout_words import DUE, FAILED, PAID, WORDS, says_payout_outcomes
from hk_metrics.ingest.headers.status_words import words_of
from hk_metrics.ingest.problems import join_problems, problem_frame
from hk_metrics.ingest.raw import ROW
from hk_metrics.ingest.sheet import Sheet
from hk_metrics.quality import Finding, finding
from hk_metrics.wording import counted

if TYPE_CHECKING:
    import polars as pl

_SHOWN = 6


def with_payout_outcomes(sheets: Sequence[Sheet], answers: Answers) -> list[Sheet]:
    """Let what became of payouts decide whether they are spend.

    Parameters
    ----------
    sheets
        Typed files.
    answers
        Columns that the user left out are not looked at.

    Returns
    -------
    list of Sheet
        The same files. Payouts that failed, were reversed, cancelled, denied or returned have a
        problem (``failed_payout``) and are no spend; what is queued or pending is spend that is
        still due, ``due`` in the table: cost follows the activity, not the bank.
    """
    return [_settled(s, answers) if s.table == "payouts" else s for s in sheets]


def _settled(sheet: Sheet, answers: Answers) -> Sheet:
    headers = _headers(sheet, answers)
    if not headers:
        return sheet
    outcomes = _outcomes(sheet.raw.frame, headers)
    findings = [*_words_read(sheet, headers), *_due(sheet, outcomes)]
    placed = (replace(f, file=sheet.raw.file, table="payouts") for f in findings)
    return replace(
        sheet,
        frame=_with_due(sheet.frame, outcomes),
        problems=join_problems([sheet.problems, *_failed(sheet, headers)]),
        findings=(*sheet.findings, *placed),
    )


def _headers(sheet: Sheet, answers: Answers) -> list[str]:
    """Return the headers whose cells say what became of each payout."""
    left_out = {h for h, c in answers.columns_of(sheet.raw, "payouts").items() if c is None}
    named = [h for h, column in sheet.columns.chosen.items() if column == "status"]
    free = [h for h in (*named, *sheet.columns.ignored) if h not in left_out]
    return [h for h in dict.fromkeys(free) if says_payout_outcomes(sheet.raw.frame[h])]


def _outcome_of(cells: pl.Series) -> pl.Series:
    import polars as pl

    texts = cells.cast(pl.String).str.strip_chars()
    words = {w.strip(): WORDS[plain(w)] for w in words_of(cells) if plain(w) in WORDS}
    return texts.replace_strict(words, default=PAID, return_dtype=pl.UInt8)


def _outcomes(frame: pl.DataFrame, headers: Sequence[str]) -> pl.Series:
    """Return the gravest that any of the columns says of each payout."""
    import polars as pl

    read = [_outcome_of(frame[h]).alias(h) for h in headers]
    return pl.DataFrame(read).select(pl.max_horizontal(pl.all())).to_series()


def _failed(sheet: Sheet, headers: Sequence[str]) -> Iterator[pl.DataFrame]:
    """Yield the payouts that are no spend, under the first column that says so."""
    import polars as pl

    raw = sheet.raw
    left = pl.repeat(True, raw.frame.height, eager=True)
    for header in headers:
        mine = left & (_outcome_of(raw.frame[header]) == FAILED)
        left = left & ~mine
        rows = raw.frame.filter(mine)
        words = rows[header].cast(pl.String)
        yield problem_frame(raw.file, "failed_payout", header, rows[ROW], words)


def _with_due(frame: pl.DataFrame, outcomes: pl.Series) -> pl.DataFrame:
    due = outcomes == DUE
    return frame.with_columns(due.alias("due")) if due.any() else frame


def _words_read(sheet: Sheet, headers: Sequence[str]) -> Iterator[Finding]:
    """Say how the words were understood, and which were not."""
    done = {PAID: "paid", DUE: "due, which counts", FAILED: "no spend"}
    for header in headers:
        cells = sheet.raw.frame[header]
        words = words_of(cells)
        readings = [
            f"{word}: {', '.join(map(repr, these))}"
            for outcome, word in done.items()
            if (these := [w for w in words if WORDS.get(plain(w)) == outcome])
        ]
        yield finding("payout_status", column=header, words="; ".join(readings))
        if unknown := [w for w in words if plain(w) not in WORDS]:
            listed = ", ".join(map(repr, unknown[:_SHOWN]))
            count = int(cells.is_in(unknown).sum())
            yield finding("unknown_payout_status", column=header, words=listed, count=count)


def _due(sheet: Sheet, outcomes: pl.Series) -> Iterator[Finding]:
    rows = sheet.frame.filter(outcomes == DUE)
    if rows.height and "total_payout" in rows.columns:
        yield finding(
            "due_payouts", payouts=counted(rows.height, "payout"), row=rows[ROW][0],
            count=rows.height, money=float(rows["total_payout"].sum() or 0),
        )  # fmt: skip
