"""How one file of an import was understood."""

from __future__ import annotations

from dataclasses import dataclass

from hk_metrics.ingest.draft import Draft
from hk_metrics.ingest.headers.columns import Match
from hk_metrics.ingest.reading.sources import RawTables
from hk_metrics.quality import Finding, kind_of


@dataclass(frozen=True)
class FilePlan:
    """How one file was understood.

    Parameters
    ----------
    file
        Its name.
    table
        The table it is taken for; None where it is left out.
    confidence
        How sure that is, 0 to 1.
    rows
        Rows that it holds.
    columns
        One match per header, in the file's order.
    missing
        Required columns that it does not have.
    note
        Why it is left out, or that it was split.
    """

    file: str
    table: str | None
    confidence: float
    rows: int
    columns: tuple[Match, ...] = ()
    missing: tuple[str, ...] = ()
    note: str = ""


def file_plans(reading: RawTables, made: Draft) -> tuple[FilePlan, ...]:
    """Return how each file was understood, in the order they were given.

    A file that was split has one plan per table that it holds.
    """
    plans = []
    for raw in reading.tables:
        sheets = [
            s for s in made.sheets if s.raw.file == raw.file or _is_part(s.raw.file, raw.file)
        ]
        why = next((f.message for f in made.findings if _became_of(f, raw.file)), "")
        if not sheets:
            sure = made.recognised.get(raw.file)
            confidence = sure.confidence if sure else 0.0
            plans.append(FilePlan(raw.file, None, confidence, raw.frame.height, note=why))
        for sheet in sheets:
            seen = made.recognised[sheet.raw.file]
            plans.append(
                FilePlan(
                    sheet.raw.file,
                    sheet.table,
                    seen.confidence,
                    sheet.raw.frame.height,
                    sheet.columns.matches,
                    tuple(sheet.columns.missing),
                    why,
                )
            )
    return tuple(plans)


def _became_of(found: Finding, file: str) -> bool:
    """Whether a finding says what became of a whole file."""
    kind = kind_of(found)
    return found.file == file and kind is not None and kind.of_file


def _is_part(part: str, whole: str) -> bool:
    return part.startswith(f"{whole} › ")
