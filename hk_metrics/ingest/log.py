"""What an import meets on its way: findings, questions, problems."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hk_metrics.ingest.answers import Question
from hk_metrics.quality import Finding

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Log:
    """The record of one run; every step adds to it, none reads it."""

    findings: list[Finding] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    problems: dict[str, list[pl.DataFrame]] = field(default_factory=dict)

    def forget(self, file: str) -> None:
        """Drop what was asked and found about a file that is not used after all."""
        self.questions[:] = [q for q in self.questions if q.finding.file != file]
        self.findings[:] = [f for f in self.findings if f.file != file]

    def settle(self, accepted: frozenset[tuple[str, str, str]]) -> None:
        """Turn the questions whose default was agreed to into warnings."""
        self.findings.extend(q.settled(agreed=True) for q in self.questions if q.key in accepted)
        self.questions[:] = [q for q in self.questions if q.key not in accepted]

    def add_problems(self, table: str, problems: pl.DataFrame) -> None:
        """Keep the problems of one table."""
        if problems.height:
            self.problems.setdefault(table, []).append(problems)
