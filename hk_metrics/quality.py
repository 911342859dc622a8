"""What an import understood, doubted and rejected: findings, and the report that holds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from hk_metrics.formatting import counted

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True)
class Finding:
    """One thing to know about the input.

    Parameters
    ----------
    severity
        ``error``: rows cannot be used; ``warning``: used, listed; ``note``: what was understood.
    code
        Stable name of the kind of finding, e.g. ``unknown_influencer``.
    message
        A full sentence for a marketer.
    fix
        How to repair it; empty where nothing is to do.
    file, table, row, column, value
        Where it is. ``row`` is the line number in the file (header = 1), of the first case.
    count
        Rows concerned.
    money
        Rupees (settings currency) at stake, where that can be said.
    """

    severity: Severity
    code: str
    message: str
    fix: str = ""
    file: str = ""
    table: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""
    count: int = 1
    money: float | None = None

    def __str__(self) -> str:
        parts = (self.file, f"row {self.row}" if self.row else "", self.column)
        place = ", ".join(p for p in parts if p)
        fix = f" Fix: {self.fix}" if self.fix else ""
        return f"{place + ': ' if place else ''}{self.message}{fix}"


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
