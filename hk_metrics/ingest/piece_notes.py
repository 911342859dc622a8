"""What was met in one part of the influencers, and in all of them together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hk_metrics.ingest.answers import Question
from hk_metrics.quality import Finding
from hk_metrics.wording import counted

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class PieceNotes:
    """What was met in one part of the influencers.

    Parameters
    ----------
    findings, questions
        About tracked events.
    rejected
        The rows left out, as they were.
    rows_in, rows
        How many there were, and are used.
    sums
        What payouts are compared with: orders and revenue by day and names.
    id
        Hash of the content.
    """

    findings: tuple[Finding, ...]
    questions: tuple[Question, ...]
    rejected: pl.DataFrame | None
    rows_in: int
    rows: int
    sums: pl.DataFrame
    id: str


def merged_findings(findings: Iterable[Finding]) -> list[Finding]:
    """Put what was found in several pieces in one finding, with all rows and all money."""
    groups: dict[tuple[str, str, str, str], list[Finding]] = {}
    for one in findings:
        groups.setdefault((one.code, one.severity, one.file, one.column), []).append(one)
    return [_one(group) for group in groups.values()]


def _one(group: Sequence[Finding]) -> Finding:
    largest = max(group, key=lambda f: f.count)
    rows = [f.row for f in group if f.row is not None]
    count = sum(f.count for f in group)
    money = [f.money for f in group if f.money is not None]
    message = largest.message
    if len({f.message for f in group}) > 1:
        message += (
            f" That is the largest of {len(group)} parts; in all it is {counted(count, 'row')}."
        )
    return replace(
        largest, message=message, row=min(rows, default=None), count=count,
        money=sum(money) if money else None,
    )  # fmt: skip


def identity_of(base: str, notes: Sequence[PieceNotes]) -> str:
    """Return a hash of what all pieces and the other tables hold."""
    from blake3 import blake3

    return blake3("".join([base, *sorted(n.id for n in notes)]).encode()).hexdigest()[:16]
