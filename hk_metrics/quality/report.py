"""All findings of one import, and the rows that it left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hk_metrics.quality.finding import Finding, Severity
from hk_metrics.wording import counted

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl


@dataclass(frozen=True)
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

    def frame(self) -> pd.DataFrame:
        """Return all findings as a pandas frame, one row per finding."""
        import dataclasses

        import pandas as pd

        names = [f.name for f in dataclasses.fields(Finding)]
        return pd.DataFrame([dataclasses.asdict(f) for f in self.findings], columns=names)

    def __add__(self, other: QualityReport) -> QualityReport:
        return QualityReport(self.findings + other.findings, {**self.rejected, **other.rejected})

    def __str__(self) -> str:
        kinds = [(s, len(self.of(s))) for s in ("error", "warning", "note")]
        head = ", ".join(counted(count, kind) for kind, count in kinds if count)
        head = head or "Nothing to report: every row was used as it came"
        return "\n".join([head, *(f"  [{f.severity}] {f}" for f in self.findings)])
