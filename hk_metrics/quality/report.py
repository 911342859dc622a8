"""All findings of one import, and the rows that it left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from textwrap import shorten
from typing import TYPE_CHECKING

from hk_metrics.quality.finding import Finding, Severity
from hk_metrics.wording import ObjectSummary, counted

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl


_WIDTH = 160


@dataclass(frozen=True, repr=False)
class QualityReport:
    """All findings of one import, and the rows it rejected.

    Parameters
    ----------
    findings
        In the order in which the import met them.
    rejected
        Table name → the rejected rows as they were in the file, with ``file``, ``row``, ``reason``.
    """

    findings: tuple[Finding, ...] = ()
    rejected: Mapping[str, pl.DataFrame] = field(default_factory=dict)

    def of(self, severity: Severity) -> tuple[Finding, ...]:
        """Return the findings of one severity."""
        return tuple(f for f in self.findings if f.severity == severity)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Findings whose rows cannot be used."""
        return self.of("error")

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """Findings that are used and listed."""
        return self.of("warning")

    @property
    def notes(self) -> tuple[Finding, ...]:
        """What was understood."""
        return self.of("note")

    @property
    def doubts(self) -> tuple[Finding, ...]:
        """Findings for which money may be counted wrongly, and nobody was asked."""
        return tuple(f for f in self.findings if f.doubtful)

    def frame(self) -> pd.DataFrame:
        """Return all findings as a pandas frame, one row per finding."""
        import dataclasses

        import pandas as pd

        names = [f.name for f in dataclasses.fields(Finding)]
        return pd.DataFrame([dataclasses.asdict(f) for f in self.findings], columns=names)

    def __add__(self, other: QualityReport) -> QualityReport:
        return QualityReport(self.findings + other.findings, {**self.rejected, **other.rejected})

    @property
    def headline(self) -> str:
        """How many findings there are of each severity."""
        kinds = [(s, len(self.of(s))) for s in ("error", "warning", "note")]
        head = ", ".join(counted(count, kind) for kind, count in kinds if count)
        return head or "Nothing to report: every row was used as it came"

    def first(self, most: int = 8) -> tuple[Finding, ...]:
        """Return what matters most: errors first, then warnings, each by money and rows."""
        weight = {"error": 0, "warning": 1, "note": 2}
        ranked = sorted(
            self.findings, key=lambda f: (weight[f.severity], -(f.money or 0.0), -f.count)
        )
        return tuple(ranked[:most])

    def __str__(self) -> str:
        return "\n".join([self.headline, *(f"  [{f.severity}] {f}" for f in self.findings)])

    def __repr__(self) -> str:
        return self._card.text()

    def _repr_html_(self) -> str:
        return self._card.html()

    @property
    def _card(self) -> ObjectSummary:
        first = self.first()
        lines = {f"{i}. {f.severity}": shorten(str(f), _WIDTH) for i, f in enumerate(first, 1)}
        if len(self.findings) > len(first):
            lines["more"] = (
                f"{len(self.findings) - len(first)} more: print(quality), quality.frame()"
            )
        return ObjectSummary(self.headline, lines)
