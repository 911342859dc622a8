"""Which files of a folder are read: its own, and those below it as far as it holds no events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from hk_metrics.ingest.headers.recognise import recognise
from hk_metrics.ingest.raw import RawTable
from hk_metrics.ingest.reading.files import TABLE_SUFFIXES
from hk_metrics.ingest.splitting.flat_headers import flat_columns
from hk_metrics.quality import Finding, finding

LEVELS = ("*", "*/*", "*/*/*", "*/*/*/*")
EVENTS = ("posts", "tracking_data", "payouts")
MOST_NAMES = 4


def levels_of(folder: Path) -> list[list[Path]]:
    """List the files of a folder, then those one folder down, and so on; no level is empty."""
    levels = [_files(folder, pattern) for pattern in LEVELS]
    return [files for files in levels if files] or [[]]


def is_recognised(raw: RawTable) -> bool:
    """Whether a file that is no table by its name holds one all the same."""
    return recognise(raw.headers, raw.name).table is not None


def hold_events(tables: Sequence[RawTable]) -> bool:
    """Whether tables hold posts, orders or payouts, and not only profiles or sums of them."""
    return any(
        recognise(t.headers, t.name).table in EVENTS and flat_columns(t.headers) is None
        for t in tables
    )


def left_below(folder: Path, levels: Sequence[Sequence[Path]]) -> Iterator[Finding]:
    """Say which tables in the folders of a folder were not read."""
    left = [f.relative_to(folder).as_posix() for files in levels for f in files if is_table(f)]
    if left:
        names = ", ".join(left[:MOST_NAMES]) + (" …" if len(left) > MOST_NAMES else "")
        yield finding("not_read", files=names, file=folder.name, count=len(left))


def is_table(file: Path) -> bool:
    """Whether a file is a table by the end of its name."""
    return file.suffix.lower() in TABLE_SUFFIXES


def _files(folder: Path, pattern: str) -> list[Path]:
    """List the files below a folder that have a pattern; hidden ones are passed over."""
    found = (p for p in folder.glob(pattern) if p.is_file())
    return sorted(p for p in found if not any(
        part[0] in ".~" for part in p.relative_to(folder).parts))  # fmt: skip
