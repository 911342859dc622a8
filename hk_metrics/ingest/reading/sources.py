"""What was handed in, as raw tables: files, folders, uploads, frames."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from glob import has_magic
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import urlsplit

from hk_metrics.errors import ParameterError
from hk_metrics.ingest.raw import RawTable, UnreadableError
from hk_metrics.ingest.reading.apart import read_apart
from hk_metrics.ingest.reading.databases import is_database, read_database, without_password
from hk_metrics.ingest.reading.files import Outcome, read_file
from hk_metrics.ingest.reading.folders import (
    complete,
    displaces,
    hold_all,
    hold_events,
    is_recognised,
    is_table,
    left_below,
    levels_of,
    strays,
)
from hk_metrics.ingest.reading.frames import is_frame, read_frame
from hk_metrics.ingest.reading.limits import check_upload
from hk_metrics.ingest.reading.no_data import passed_over
from hk_metrics.ingest.reading.records import is_records
from hk_metrics.ingest.reading.remote import remote_files
from hk_metrics.quality import Finding, Severity, finding

if TYPE_CHECKING:
    from hk_metrics.settings import Settings

Progress = Callable[[str, float], None]
_ALONE = "frame"  # what a frame is called that comes without a name
Source: TypeAlias = Any  # path, URL, bytes by name, frames by name, or a list of these


@dataclass(frozen=True)
class _Item:
    """One file or frame that was handed in.

    ``named`` says that the user meant this very file, so that failing to read it is an error and
    not just a file that happens to lie in the folder.
    """

    label: str
    content: Any
    named: bool = True


@dataclass(frozen=True)
class RawTables:
    """All raw tables of one import, and what was met on the way."""

    tables: tuple[RawTable, ...]
    findings: tuple[Finding, ...]
    name: str


def read_sources(source: Source, settings: Settings, progress: Progress | None = None) -> RawTables:
    """Read everything that was handed in, as far as it can be read.

    Parameters
    ----------
    source
        A path to a file or folder, a URL, bytes by file name, frames by table name, or a list of
        these.
    settings
        Limits.
    progress
        Called with the file that is read and a share done that nears 0.3.

    Returns
    -------
    Reading
        The tables; a file that cannot be read is a finding, never an exception.

    Raises
    ------
    ParameterError
        If there is nothing of that name.
    """
    source = list(source) if isinstance(source, Iterator) else source
    folder = _folder(source)
    if folder is not None:
        return _read_folder(folder, settings, progress)
    tables, findings = _read_items(_items(source), settings, progress)
    return RawTables(tuple(tables), tuple(findings), name_of(source))


def _read_folder(folder: Path, settings: Settings, progress: Progress | None) -> RawTables:
    """Read the files of a folder, and those below it as far as they are other tables."""
    levels, others = levels_of(folder)
    tables: list[RawTable] = []
    findings = list(passed_over(others, folder.name))
    for depth, files in enumerate(levels):
        below, met = _read_items(_file_items(folder, files), settings, progress)
        if not hold_events(tables):
            tables, findings = [*tables, *below], [*findings, *met]
        elif displaces(below, tables):
            findings = [*findings, *met, *strays(tables, folder)]
            tables = below
        elif complete(below, tables):
            tables, findings = [*tables, *below], [*findings, *met]
        else:
            findings.extend(left_below(folder, levels[depth:]))
            break
        if hold_all(tables):
            findings.extend(left_below(folder, levels[depth + 1 :]))
            break
    return RawTables(tuple(tables), tuple(findings), name_of(folder))


def _read_items(
    listed: Iterator[_Item], settings: Settings, progress: Progress | None
) -> tuple[list[RawTable], list[Finding]]:
    tables: list[RawTable] = []
    findings: list[Finding] = []
    for outcome, named in _outcomes(_reported(listed, progress), settings):
        if isinstance(outcome, RawTable) and (named or is_recognised(outcome)):
            tables.append(outcome)
        elif isinstance(outcome, RawTable):
            findings.append(finding("not_a_table.by_name", file=outcome.file))
        else:
            severity: Severity = outcome.finding.severity if named else "note"
            findings.append(replace(outcome.finding, severity=severity))
    return tables, findings


def read_visitors(
    files: Mapping[str, bytes], settings: Settings, progress: Progress | None = None
) -> RawTables:
    """Read files that strangers sent, in a process of its own that may end without harm.

    Parameters
    ----------
    files
        Content by file name.
    settings
        Limits: of each upload, and of the process's memory and time.
    progress
        Called with the file that is read and a share done that nears 0.3.

    Returns
    -------
    Reading
        The tables; a file that cannot be read, or that ended the process, is a finding.
    """
    tables: list[RawTable] = []
    findings: list[Finding] = []
    taken = {}
    for label, content in files.items():
        try:
            check_upload(len(content), label, settings)
            taken[label] = content
        except UnreadableError as error:
            findings.append(error.finding)

    def begin(label: str) -> None:
        if progress:
            at = list(taken).index(label)
            progress(f"reading {label}", 0.3 * at / (at + 3))

    for read in read_apart(taken, settings, begin):
        if isinstance(read.outcome, RawTable):
            tables.append(read.outcome)
        else:
            findings.append(read.outcome.finding)
    return RawTables(tuple(tables), tuple(findings), name_of(files))


def _folder(source: Source) -> Path | None:
    if not isinstance(source, str | Path) or "://" in str(source):
        return None
    folder = Path(source).expanduser()
    return folder if folder.is_dir() else None


def _reported(listed: Iterator[_Item], progress: Progress | None) -> Iterator[_Item]:
    for i, item in enumerate(listed):
        if progress:
            progress(f"reading {item.label}", 0.3 * i / (i + 3))
        yield item


def _outcomes(listed: Iterator[_Item], settings: Settings) -> Iterator[tuple[Outcome, bool]]:
    while True:
        try:
            item = next(listed)
        except StopIteration:
            return
        except UnreadableError as error:
            yield error, True
            return
        yield from ((outcome, item.named) for outcome in _read_item(item, settings))


def _items(source: Source) -> Iterator[_Item]:
    """List the files and frames that a source stands for."""
    if isinstance(source, Mapping):
        for label, content in source.items():
            yield _Item(str(label), content)
    elif isinstance(source, str) and "://" in source:
        yield from _url_items(source)
    elif isinstance(source, str | os.PathLike):
        yield from _path_items(Path(source).expanduser())
    elif is_frame(source) or is_records(source):
        yield _Item(_ALONE, source)
    elif isinstance(source, Iterable) and not isinstance(source, bytes):
        for place, one in enumerate(source, 1):
            alone = is_frame(one) or is_records(one)
            yield from [_Item(f"{_ALONE} {place}", one)] if alone else _items(one)
    else:
        raise ParameterError(
            f"cannot load a {type(source).__name__}: give a path, a URL, a list of paths, bytes by "
            "file name, or frames by table name"
        )


def _path_items(path: Path) -> Iterator[_Item]:
    if path.is_dir():
        levels, _ = levels_of(path)
        yield from _file_items(
            path, next((fs for fs in levels if any(map(is_table, fs))), levels[0])
        )
    elif path.is_file():
        yield _Item(path.name, path)
    elif found := [f for f in _matches(path) if f.is_file()]:
        yield from (_Item(file.name, file) for file in found)
    else:
        raise ParameterError(f"no file or folder {path}: check the path")


def _matches(pattern: Path) -> list[Path]:
    """Return what a path with wildcards matches, by name; nothing for one without."""
    if not has_magic(str(pattern)):
        return []
    return sorted(Path(pattern.anchor or ".").glob(str(pattern.relative_to(pattern.anchor))))


def _file_items(folder: Path, files: Sequence[Path]) -> Iterator[_Item]:
    for file in files:
        yield _Item(file.relative_to(folder).as_posix(), file, is_table(file))


def _url_items(url: str) -> Iterator[_Item]:
    scheme = url.split(":", 1)[0].lower()
    if scheme == "file":
        from urllib.request import url2pathname  # brings the whole of http with it

        yield from _path_items(Path(url2pathname(urlsplit(url).path)))
    elif is_database(url):
        yield _Item(url, _Database(url))
    else:
        for name, data in remote_files(url):
            yield _Item(name, _Fetched(data))


@dataclass(frozen=True)
class _Database:
    """A database by its URL."""

    url: str


@dataclass(frozen=True)
class _Fetched:
    """Bytes that this machine fetched itself, so that no upload limit applies."""

    data: bytes


def _read_item(item: _Item, settings: Settings) -> Iterator[Outcome]:
    """Read one file, database or frame: its tables, and what in it cannot be read."""
    content = item.content
    try:
        if isinstance(content, _Database):
            yield from read_database(content.url, settings)
        elif isinstance(content, _Fetched):
            yield from read_file(content.data, item.label, settings)
        elif isinstance(content, Path):
            yield from read_file(content, item.label, settings)
        elif isinstance(content, bytes | bytearray | memoryview):
            check_upload(len(content), item.label, settings)
            yield from read_file(bytes(content), item.label, settings)
        else:
            yield read_frame(content, item.label, settings)
    except UnreadableError as error:
        yield error


def name_of(source: Source) -> str:
    """Return what a dataset of a source is called."""
    if isinstance(source, str) and "://" in source:
        return PurePath(urlsplit(source).path).name or without_password(source)
    if isinstance(source, str | Path):
        return Path(source).resolve().name or str(source)
    if isinstance(source, Mapping):
        return ", ".join(map(str, list(source)[:4]))
    if is_frame(source) or is_records(source):
        return _ALONE
    return ", ".join(name_of(s) for s in list(source)[:4])
