"""Files on their way to a dataset: understood, questioned, compared, committed or dropped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import traitlets as t

from hk_metrics.access import current_visitor
from hk_metrics.dataset import Dataset
from hk_metrics.errors import HkMetricsError
from hk_metrics.ingest import ImportPlan, preview
from hk_metrics.ingest.headers.columns import SURE, Match
from hk_metrics.ingest.reading.sources import Progress
from hk_metrics.quality import Finding, QualityReport, on_page
from hk_metrics.schemas import TABLES
from hk_metrics.store import Mode, Store

_WORDS = {"error": "Error", "warning": "Warning", "note": "Understood"}
_TONES = {"error": "poor", "warning": "fair", "note": "accent"}


class Incoming(t.HasTraits):
    """An import that the visitor has started.

    ``plan`` is what the files are taken for so far; ``refused`` says why there is none;
    ``changed`` counts up whenever there is something new to show.
    """

    plan = t.Instance(ImportPlan, allow_none=True)
    refused = t.Unicode()
    changed = t.Int(0)

    def read(self, files: Mapping[str, bytes], progress: Progress | None = None) -> None:
        """Look at files that came; ``progress`` is told each step and the share done."""
        self.plan, self.refused = None, ""
        try:
            current_visitor().require("import")
            self.plan = preview(dict(files), progress=progress, apart=True)
        except HkMetricsError as error:
            self.refused = str(error)
        self.changed += 1

    def decide(self, message: Mapping[str, Any]) -> None:
        """Take a correction or an answer of the visitor into the plan."""
        assert self.plan is not None
        event = message.get("event")
        if event == "table":
            self.plan = self.plan.with_table(message["file"], message["table"] or None)
        elif event == "column":
            column = message["column"] or None
            self.plan = self.plan.with_column(message["file"], message["header"], column)
        elif event == "answer":
            question = self.plan.questions[int(message["number"])]
            self.plan = self.plan.answer(question, message["choice"])
        self.changed += 1

    def keep_unknown(self) -> None:
        """Keep the rows of influencers that have no profile, under an added one."""
        assert self.plan is not None
        self.plan = self.plan.with_unknown_influencers("keep")
        self.changed += 1

    def drop(self) -> None:
        """Forget the import."""
        self.plan, self.refused = None, ""
        self.changed += 1

    def commit(self, mode: Mode) -> Dataset:
        """Make the import the current dataset, and return it as the store now has it."""
        assert self.plan is not None
        visitor = current_visitor()
        visitor.require("import")
        store = Store()
        store.commit(self.plan.dataset(), mode, by=visitor.name)
        self.plan.remember()
        current = store.current()
        assert current is not None
        self.drop()
        return current


def shown(plan: ImportPlan) -> dict[str, Any]:
    """Return a plan as the page shows it."""
    return {
        "files": [
            {
                "file": file.file,
                "table": file.table,
                "rows": file.rows,
                "missing": list(file.missing),
                "columns": [
                    {"header": m.header, "column": m.column, "state": _certainty(m)}
                    for m in file.columns
                ],
            }
            for file in plan.files
        ],
        "tables": [[name, name.replace("_", " ")] for name in TABLES],
        "columns": {name: [[c, c] for c in table.names] for name, table in TABLES.items()},
        "questions": [
            {
                "number": number,
                "text": question.finding.message,
                "choices": [[value, words] for value, words in question.choices.items()],
                "chosen": question.default,
            }
            for number, question in enumerate(plan.questions)
        ],
    }


def _certainty(match: Match) -> str:
    """Return how sure a column's meaning is, in a word."""
    if match.column is None:
        return "ignored"
    if match.extra:
        return "extra"
    return "certain" if match.confidence >= SURE else "likely"


def lines(report: QualityReport | None, most: int = 60) -> list[dict[str, Any]]:
    """Return findings as lines of a page: errors first, with place, sentence and fix."""
    order = list(_TONES)
    found = sorted(report.findings if report else (), key=lambda f: order.index(f.severity))
    listed = [{"text": sentence(f), "tone": _TONES[f.severity]} for f in found[:most]]
    if len(found) > most:
        listed.append({"text": f"{len(found) - most} more are in the quality report.", "tone": ""})
    return listed


def sentence(finding: Finding) -> str:
    """Return a finding as a reader of the page meets it, with the repair that the page offers.

    >>> sentence(Finding("error", "reach", "reach is 'many'.", "Write a number.", "p.csv", row=3))
    "Error. p.csv, row 3: reach is 'many'. Fix: Write a number."
    """
    place = ", ".join(
        p for p in (finding.file, f"row {finding.row}" if finding.row else "", finding.column) if p
    )
    parts = [_WORDS[finding.severity], f"{place}: {finding.message}" if place else finding.message]
    repair = on_page(finding)
    fix = f" Fix: {repair.rstrip('.')}." if repair else ""
    text = ". ".join(part.rstrip(".") for part in parts)
    return f"{text}{'' if text.endswith('?') else '.'}{fix}"
