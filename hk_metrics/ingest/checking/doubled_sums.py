"""Two files of sums for the same influencers: they hold the same money, and are never added up."""

from __future__ import annotations

from collections.abc import Sequence

from hk_metrics.ingest.answers import Question
from hk_metrics.ingest.checking.summed import MEASURES, agree, same_time, total
from hk_metrics.ingest.headers.names import plain
from hk_metrics.ingest.headers.nouns import FILE_WORDS
from hk_metrics.ingest.log import Log
from hk_metrics.ingest.sheet import Sheet
from hk_metrics.quality import Finding, finding
from hk_metrics.wording import counted

_LEAST_SHARED = 0.5


def without_doubled_sums(sheets: Sequence[Sheet], log: Log) -> list[Sheet]:
    """Keep of several files of undated sums for the same influencers one for each table.

    The file that is named for the table stays, else the first. Sums that agree are left out with a
    word; of others it is asked which file holds them. Files that name different times stay.
    """
    kept: list[Sheet] = []
    for sheet in sorted(sheets, key=lambda s: not _is_named_for(s)):
        first = next((k for k in kept if _are_doubled(k, sheet)), None)
        if first is None:
            kept.append(sheet)
        elif agree(sheet, [first]):
            log.findings.append(_same(sheet, first))
        else:
            log.questions.append(_question(sheet, first))
    return [s for s in sheets if any(s is k for k in kept)]


def _is_named_for(sheet: Sheet) -> bool:
    name = plain(_file(sheet))
    return any(word in name for word in FILE_WORDS.get(sheet.table, ()))


def _are_doubled(first: Sheet, other: Sheet) -> bool:
    """Whether two files sum up the same table, for the same influencers, and name no time."""
    if first.table != other.table or other.table not in MEASURES:
        return False
    if not (first.raw.undated and other.raw.undated) or _file(first) == _file(other):
        return False
    ids = [set(s.frame["influencer_id"].drop_nulls()) for s in (first, other)]
    shared = len(ids[0] & ids[1])
    return shared >= _LEAST_SHARED * max(1, min(map(len, ids))) and same_time(first, other)


def _file(sheet: Sheet) -> str:
    return sheet.raw.part_of or sheet.raw.file


def _same(sheet: Sheet, first: Sheet) -> Finding:
    return finding(
        "summary", rows=counted(sheet.frame.height, "row"), of=sheet.table.replace("_", " "),
        others=f"the same as {_file(first)}", file=_file(sheet), table=sheet.table,
        count=sheet.frame.height,
    )  # fmt: skip


def _question(sheet: Sheet, first: Sheet) -> Question:
    measure = MEASURES[sheet.table]
    asked = finding(
        "doubled_sums", what="what was paid" if sheet.table == "payouts" else f"the {measure}",
        mine=f"{total(sheet):,.10g}", theirs=f"{total(first):,.10g}", first=_file(first),
        file=_file(sheet), table=sheet.table, column=measure, count=sheet.frame.height,
        money=total(sheet),
    )  # fmt: skip
    return Question(asked, {"left out": f"{_file(first)} holds it"}, "left out")
