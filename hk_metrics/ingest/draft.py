"""What an import would give, before anyone says yes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hk_metrics.errors import SchemaError
from hk_metrics.ingest.answers import Question
from hk_metrics.ingest.headers.recognise import Recognition
from hk_metrics.ingest.sheet import Sheet
from hk_metrics.quality import Finding, QualityReport
from hk_metrics.wording import counted

if TYPE_CHECKING:
    import polars as pl

    from hk_metrics.dataset import Dataset
    from hk_metrics.settings import Settings


_MOST_SEEN = 20


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
    id
        Hash of the tables' content.
    """

    tables: Mapping[str, pl.DataFrame]
    findings: tuple[Finding, ...]
    questions: tuple[Question, ...]
    rejected: Mapping[str, pl.DataFrame]
    sheets: tuple[Sheet, ...]
    recognised: Mapping[str, Recognition]
    rows_in: Mapping[str, int]
    id: str

    @property
    def usable(self) -> bool:
        """Whether there is anything to look at, and no question without a default."""
        return self.has_facts and all(q.default is not None for q in self.questions)

    @property
    def has_facts(self) -> bool:
        """Whether there is any post, order or payout."""
        return any(t.height for n, t in self.tables.items() if n != "influencers")

    def report(self, settled: bool) -> QualityReport:
        """Return the quality report; ``settled`` turns questions to what was assumed."""
        asked = [
            q.settled() if settled and q.default is not None else q.finding for q in self.questions
        ]
        order = {"error": 0, "warning": 1, "note": 2}
        findings = sorted((*asked, *self.findings), key=lambda f: order[f.severity])
        return QualityReport(tuple(findings), self.rejected)


def dataset_of(made: Draft, settings: Settings, name: str, accept: bool) -> Dataset:
    """Turn a draft into a dataset, or raise what stands against it.

    Parameters
    ----------
    made
        The draft of an import.
    settings, name
        Of the dataset.
    accept
        Whether rejected rows and assumed answers are accepted.
    """
    from hk_metrics.dataset import Dataset

    report = made.report(settled=accept)
    refused = report.errors and (not accept or not made.usable)
    if refused or not made.usable:
        raise SchemaError(_message(made, accept), report)
    return Dataset(dict(made.tables), settings, report, made.id, name)


def _message(made: Draft, accept: bool) -> str:
    report = made.report(settled=accept)
    if not report.errors or (accept and not made.has_facts):
        nothing = (
            "nothing to load: no posts, orders or payouts were found. Give at least one of them"
        )
        return "\n".join([nothing, *(f"- {reason}" for reason in _reasons(made, report))])
    lines = [f"- {error}" for error in report.errors]
    head = f"{counted(len(lines), 'problem')} must be decided or repaired first"
    hint = "" if accept or not made.usable else (
        "\nTo load what can be used and have the rest reported: on_error='reject' "
        "(on the command line --reject)"
    )  # fmt: skip
    return "\n".join([f"{head}:", *lines]) + hint


def _reasons(made: Draft, report: QualityReport) -> Iterator[str]:
    """Say of each file why nothing of it counts: the gravest that was found, or what it holds."""
    sheets = {s.raw.file: s for s in made.sheets}
    found = {f.file: f for f in reversed(report.findings) if f.file}
    for file in list(dict.fromkeys([*found, *sheets]))[:_MOST_SEEN]:
        finding, sheet = found.get(file), sheets.get(file)
        if sheet is None or (finding and finding.severity == "error"):
            yield str(finding)
        else:
            rows = counted(sheet.frame.height, "row")
            yield f"{file}: taken for {sheet.table.replace('_', ' ')}, {rows}"
