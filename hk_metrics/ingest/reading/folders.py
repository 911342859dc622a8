"""Which files of a folder are read: its own, and those below it as far as it holds no data."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from hk_metrics.ingest.headers.recognise import recognise
from hk_metrics.ingest.raw import RawTable
from hk_metrics.ingest.reading.files import TABLE_SUFFIXES
from hk_metrics.ingest.reading.no_data import is_data, is_passed_over
from hk_metrics.ingest.splitting.flat_headers import flat_columns
from hk_metrics.quality import Finding, finding

_MOST_LEVELS = 4
_EVENTS = frozenset({"posts", "tracking_data", "payouts"})
_MOST_NAMES = 4


def levels_of(folder: Path) -> tuple[list[list[Path]], list[str]]:
    """List the files of a folder, then those one folder down, and so on; no level is empty.

    Returns
    -------
    levels, others
        What may be data; the names of prose, programs, configuration and the like. Hidden files,
        and folders of what tools put there, are in neither.
    """
    levels: list[list[Path]] = [[] for _ in range(_MOST_LEVELS)]
    others: list[str] = []
    for where, folders, names in os.walk(folder):
        place = Path(where)
        depth = len(place.relative_to(folder).parts)
        folders[:] = sorted(
            f for f in folders if not is_passed_over(f) and depth < _MOST_LEVELS - 1
        )
        for name in sorted(n for n in names if n[0] not in ".~"):
            if is_data(name):
                levels[depth].append(place / name)
            else:
                others.append((place / name).relative_to(folder).as_posix())
    return [sorted(files) for files in levels if files] or [[]], others


def is_recognised(raw: RawTable) -> bool:
    """Whether a file that is no table by its name holds one all the same."""
    return recognise(raw.headers, raw.name).table is not None


def hold_events(tables: Sequence[RawTable]) -> bool:
    """Whether tables hold posts, orders or payouts, and not only profiles or sums of them."""
    return any(_kind(t) in _EVENTS and flat_columns(t.headers) is None for t in tables)


def hold_all(tables: Sequence[RawTable]) -> bool:
    """Whether tables hold posts, orders and payouts."""
    return {_kind(t) for t in tables} >= _EVENTS


def displaces(below: Sequence[RawTable], above: Sequence[RawTable]) -> bool:
    """Whether the tables of a folder below are the data, and the files above them strays.

    They hold each table that the files above hold, with more rows, and others beside them.
    """
    mine, theirs = _rows(above), _rows(below)
    return set(mine) < set(theirs) and all(theirs[kind] > rows for kind, rows in mine.items())


def complete(below: Sequence[RawTable], above: Sequence[RawTable]) -> bool:
    """Whether the tables of a folder below are others than the files above hold."""
    return bool(below) and not set(_rows(above)) & set(_rows(below))


def strays(tables: Sequence[RawTable], folder: Path) -> Iterator[Finding]:
    """Say which files are left out, as a folder below holds the data that they are samples of."""
    names = ", ".join(dict.fromkeys(t.file for t in tables))
    yield finding("stray_files", files=names, file=folder.name, count=len(tables))


def left_below(folder: Path, levels: Sequence[Sequence[Path]]) -> Iterator[Finding]:
    """Say which tables in the folders of a folder were not read."""
    left = [f.relative_to(folder).as_posix() for files in levels for f in files if is_table(f)]
    if left:
        names = ", ".join(left[:_MOST_NAMES]) + (" …" if len(left) > _MOST_NAMES else "")
        yield finding("not_read", files=names, file=folder.name, count=len(left))


def is_table(file: Path) -> bool:
    """Whether a file is a table by the end of its name."""
    return file.suffix.lower() in TABLE_SUFFIXES


def _kind(raw: RawTable) -> str | None:
    return raw.table or recognise(raw.headers, raw.name).table


def _rows(tables: Sequence[RawTable]) -> dict[str, int]:
    """Return table → rows of what files hold."""
    rows: dict[str, int] = {}
    for raw in tables:
        if kind := _kind(raw):
            rows[kind] = rows.get(kind, 0) + raw.frame.height
    return rows
