"""Which files of a folder are read: its own, or those below it where it has no tables."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hk_metrics.ingest.files import TABLE_SUFFIXES
from hk_metrics.quality import Finding

LEVELS = ("*", "*/*", "*/*/*", "*/*/*/*")
MOST_NAMES = 4


def files_of(folder: Path) -> list[Path]:
    """List the files of a folder, or of those below it where it has no tables itself."""
    levels = (_files(folder, pattern) for pattern in LEVELS)
    return next((files for files in levels if any(map(is_table, files))), _files(folder, "*"))


def unread_below(source: Any) -> Iterator[Finding]:
    """Say which tables in the folders of a folder were not read, since it has some itself."""
    if not isinstance(source, str | Path) or "://" in str(source):
        return
    folder = Path(source).expanduser()
    here, *below = (list(filter(is_table, _files(folder, pattern))) for pattern in LEVELS)
    left = [file.relative_to(folder).as_posix() for files in below for file in files]
    if here and left:
        names = ", ".join(left[:MOST_NAMES]) + (" …" if len(left) > MOST_NAMES else "")
        yield Finding(
            "warning", "not_read", f"files in folders below are not read: {names}",
            "put all files in one folder, or load a list of them", file=folder.name,
            count=len(left),
        )  # fmt: skip


def is_table(file: Path) -> bool:
    """Whether a file is a table by the end of its name."""
    return file.suffix.lower() in TABLE_SUFFIXES


def _files(folder: Path, pattern: str) -> list[Path]:
    """List the files below a folder that have a pattern; hidden ones are passed over."""
    found = (p for p in folder.glob(pattern) if p.is_file())
    return sorted(p for p in found if not any(
        part[0] in ".~" for part in p.relative_to(folder).parts))  # fmt: skip
