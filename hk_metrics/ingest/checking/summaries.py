"""Files that sum up, or repeat, what other files of the same import hold: never added to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from hk_metrics.ingest.answers import Question
from hk_metrics.ingest.checking.doubled_sums import without_doubled_sums
from hk_metrics.ingest.checking.summed import MEASURES, agree, total
from hk_metrics.ingest.log import Log
from hk_metrics.ingest.sheet import Sheet
from hk_metrics.quality import Finding, finding
from hk_metrics.wording import counted

if TYPE_CHECKING:
    pass


def without_summaries(sheets: Sequence[Sheet], log: Log) -> list[Sheet]:
    """Leave out what sums up other files; ask where its sums are not theirs.

    A part of a file that held several tables, or a file without dates beside one with dates, sums
    up the other where the sums of nearly all its influencers are those of the other.
    """
    kept = []
    for sheet in without_doubled_sums(sheets, log):
        others = [s for s in sheets if _may_be_summed_up(s, sheet)]
        if not others or not (sheet.raw.part_of or agree(sheet, others)):
            kept.append(sheet)
            continue
        log.forget(sheet.raw.file)
        names = " and ".join(dict.fromkeys(s.raw.file for s in others))
        if sheet.table == "influencers":
            log.findings.append(_profiles(sheet, names))
        elif agree(sheet, others):
            log.findings.append(_summary(sheet, names))
        elif sheet.raw.undated:
            log.questions.append(_question(sheet, others, names))
        else:
            log.findings.append(_unlike(sheet, others, names))
    return kept


def _may_be_summed_up(other: Sheet, sheet: Sheet) -> bool:
    """Whether another file is of the same table and nearer to the events."""
    if other.table != sheet.table or not other.frame.height or other.raw.part_of:
        return False
    if sheet.raw.part_of:
        return other.raw.file != sheet.raw.part_of
    return _is_dated(other) and not _is_dated(sheet) and sheet.frame.height < other.frame.height


def _is_dated(sheet: Sheet) -> bool:
    frame = sheet.frame
    return "date" in frame.columns and frame["date"].null_count() < frame.height


def _totals(sheet: Sheet, others: Sequence[Sheet]) -> Iterator[str]:
    for part in ((sheet,), others):
        yield f"{sum(map(total, part)):,.10g}"


def _file(sheet: Sheet) -> str:
    return sheet.raw.part_of or sheet.raw.file


def _profiles(sheet: Sheet, names: str) -> Finding:
    return finding("summary.profiles", others=names, file=_file(sheet), table=sheet.table)


def _summary(sheet: Sheet, names: str) -> Finding:
    return finding(
        "summary", rows=counted(sheet.frame.height, "row"), of=sheet.table.replace("_", " "),
        others=names, file=_file(sheet), table=sheet.table, count=sheet.frame.height,
    )  # fmt: skip


def _unlike(sheet: Sheet, others: Sequence[Sheet], names: str) -> Finding:
    mine, theirs = _totals(sheet, others)
    measure = MEASURES[sheet.table].replace("_", " ")
    return finding(
        "summary.unlike", of=sheet.table.replace("_", " "), measure=measure, mine=mine,
        theirs=theirs, others=names,
        file=_file(sheet), table=sheet.table, count=sheet.frame.height,
        money=total(sheet),
    )  # fmt: skip


def _question(sheet: Sheet, others: Sequence[Sheet], names: str) -> Question:
    mine, theirs = _totals(sheet, others)
    measure = MEASURES[sheet.table].replace("_", " ")
    asked = finding(
        "sums_beside", measure=measure, mine=mine, theirs=theirs, others=names,
        part=sheet.raw.file,
        file=_file(sheet), table=sheet.table, column=MEASURES[sheet.table],
        count=sheet.frame.height, money=total(sheet),
    )  # fmt: skip
    return Question(asked, {"left out": "they sum up the same, and are left out"}, "left out")
