"""One thing to know about the input, with its place, its money and its repair."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

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
    doubtful
        Whether money may be counted wrongly for it, and nobody was asked.
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
    doubtful: bool = False

    def __str__(self) -> str:
        parts = (self.file, f"row {self.row}" if self.row else "", self.column)
        place = ", ".join(p for p in parts if p)
        stop = "." if self.message[-1:].isalnum() else ""
        fix = f"{stop} Fix: {self.fix}" if self.fix else ""
        return f"{place + ': ' if place else ''}{self.message}{fix}"
