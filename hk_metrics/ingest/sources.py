"""What was handed in, as raw tables: files, folders, uploads, frames."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, TypeAlias

from hk_metrics.errors import ParameterError
from hk_metrics.ingest.kinds import SUFFIXES, kind_of
from hk_metrics.ingest.raw import ROW, RawTable, UnreadableError
from hk_metrics.ingest.text import head, read_text
from hk_metrics.quality import Finding

if TYPE_CHECKING:
    from hk_metrics.ingest.raw import Content

Source: TypeAlias = Any  # path, URL, bytes by name, frames by name, or a list of these


@dataclass(frozen=True)
class Item:
    """One file or frame that was handed in.

    ``named`` says that the user meant this very file, so that failing to read it is an error and
    not just a file that happens to lie in the folder.
    """

    label: str
    content: Any
    named: bool = True


@dataclass(frozen=True)
class Reading:
    """All raw tables of one import, and what was met on the way."""

    tables: tuple[RawTable, ...]
    findings: tuple[Finding, ...]
    name: str


def read_sources(source: Source) -> Reading:
    """Read everything that was handed in, as far as it can be read.

    Parameters
    ----------
    source
        A path to a file or folder, bytes by file name, frames by table name, or a list of these.

    Returns
    -------
    Reading
        The tables; a file that cannot be read is a finding, never an exception.

    Raises
    ------
    ParameterError
        If there is nothing of that name.
    """
    tables: list[RawTable] = []
    findings: list[Finding] = []
    for item in items(source):
        try:
            tables += read_item(item)
        except UnreadableError as error:
            severity = error.finding.severity if item.named else "note"
            findings.append(replace(error.finding, severity=severity))
    return Reading(tuple(tables), tuple(findings), _name(source))


def items(source: Source) -> Iterator[Item]:
    """List the files and frames that a source stands for."""
    if isinstance(source, Mapping):
        for label, content in source.items():
            yield Item(str(label), content)
    elif isinstance(source, str | Path):
        yield from _path_items(Path(source).expanduser())
    elif isinstance(source, Iterable) and not isinstance(source, bytes):
        for one in source:
            yield from items(one)
    else:
        raise ParameterError(
            f"cannot load a {type(source).__name__}: give a path, a list of paths, bytes by file "
            "name, or frames by table name"
        )


def _path_items(path: Path) -> Iterator[Item]:
    if path.is_dir():
        for file in sorted(p for p in path.iterdir() if p.is_file() and p.name[0] not in ".~"):
            yield Item(file.name, file, named=file.suffix.lower() in NAMED_SUFFIXES)
    elif path.is_file():
        yield Item(path.name, path)
    else:
        raise ParameterError(f"no file or folder {path}: check the path")


NAMED_SUFFIXES = frozenset(s for s, kind in SUFFIXES.items() if kind in ("text", "xlsx", "parquet"))


def read_item(item: Item) -> list[RawTable]:
    """Read one file or frame.

    Raises
    ------
    UnreadableError
        If it holds no table.
    """
    if not isinstance(item.content, Path | bytes | bytearray | memoryview):
        return [_from_frame(item.label, item.content)]
    content = item.content if isinstance(item.content, Path) else bytes(item.content)
    first = head(content, 4096)
    if not first.strip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"):
        raise UnreadableError(item.label, "empty_file", "the file is empty", "export it again")
    kind, label = kind_of(item.label, first)
    if kind not in READERS:
        raise UnreadableError(
            item.label,
            "not_a_table",
            f"this is {label}, not a table" if kind == "other" else f"{label} is not supported",
            "give CSV, Excel, JSON or Parquet",
        )
    return READERS[kind](content, item.label)


def _read_text(content: Content, label: str) -> list[RawTable]:
    return [read_text(content, label, PurePath(label).stem)]


READERS: dict[str, Callable[[Content, str], list[RawTable]]] = {"text": _read_text}


def _from_frame(label: str, content: Any) -> RawTable:
    import narwhals.stable.v2 as nw
    import polars as pl

    try:
        given = nw.from_native(content)
    except TypeError as error:
        raise ParameterError(
            f"cannot load {label!r}: a {type(content).__name__} is neither a frame nor bytes"
        ) from error
    frame = given.collect("polars") if isinstance(given, nw.LazyFrame) else given
    native: pl.DataFrame = frame.to_polars().rename(str)
    return RawTable(label, label, native.with_row_index(ROW, offset=1))


def _name(source: Source) -> str:
    if isinstance(source, str | Path):
        return PurePath(source).name or str(source)
    if isinstance(source, Mapping):
        return ", ".join(map(str, list(source)[:4]))
    return ", ".join(_name(s) for s in list(source)[:4])
