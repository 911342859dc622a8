"""What became current, when and by whom: one line for each import and each undo."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from hk_metrics.store.seals import text_seal

Deed = Literal["import", "source", "undo"]


@dataclass(frozen=True)
class Entry:
    """One change of what is current.

    Parameters
    ----------
    number
        The version that became current.
    seal
        Of its manifest; empty for a version of an older store.
    id
        Hash of its content.
    did
        ``import``; ``source`` for the files that the dashboard is started with; ``undo``.
    by
        Who, where that is known.
    at
        When, in UTC.
    """

    number: int
    seal: str
    id: str
    did: Deed
    by: str
    at: datetime


def write(path: Path, entry: Entry) -> None:
    """Add a line, and return when it is on disk; where it cannot be, nothing of it is.

    Raises
    ------
    OSError
        The disk takes no more.
    """
    with path.open("ab") as file:
        before = file.tell()
        try:
            file.write(_line(entry).encode())
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            file.truncate(before)
            raise


def read(path: Path) -> tuple[list[Entry], int]:
    """Return the whole lines, the oldest first, and how many are damaged."""
    try:
        lines = path.read_bytes().decode(errors="replace").splitlines()
    except FileNotFoundError:
        return [], 0
    found = [_entry(line) for line in lines if line.strip()]
    return [e for e in found if e], found.count(None)


def lineage(entries: Sequence[Entry]) -> list[int]:
    """Return the versions that led to the last entry's, the newest first.

    >>> did = [(1, "import"), (2, "import"), (1, "undo"), (3, "import")]
    >>> lineage([Entry(n, "", "", deed, "", datetime(2025, 3, 3)) for n, deed in did])
    [3, 1]
    """
    led: list[int] = []
    for entry in entries:
        if entry.did == "undo" and entry.number in led:
            del led[led.index(entry.number) + 1 :]
        else:
            led.append(entry.number)
    return led[::-1]


def _line(entry: Entry) -> str:
    facts = {**asdict(entry), "at": entry.at.isoformat()}
    # The break comes first, so that what a killed writer left stays a line of its own.
    return "\n" + json.dumps([facts, text_seal(facts)], ensure_ascii=False)


def _entry(line: str) -> Entry | None:
    try:
        facts, seal = json.loads(line)
        if text_seal(facts) != seal:
            return None
        return Entry(**{**facts, "at": datetime.fromisoformat(facts["at"])})
    except (ValueError, TypeError, KeyError):
        return None
