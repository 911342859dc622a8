"""One file of any kind to raw tables, by what it is rather than by what it is called."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from hk_metrics.ingest.raw import RawTable, UnreadableError
from hk_metrics.ingest.reading.archive import gunzipped, is_workbook, members
from hk_metrics.ingest.reading.databases import read_duckdb, read_sqlite
from hk_metrics.ingest.reading.kinds import SUFFIXES, kind_of
from hk_metrics.ingest.reading.no_data import is_data
from hk_metrics.ingest.reading.parquet import read_parquet
from hk_metrics.ingest.reading.records import read_json
from hk_metrics.ingest.reading.text import head, read_text
from hk_metrics.ingest.reading.workbook import read_workbook, read_xlsx

if TYPE_CHECKING:
    from hk_metrics.ingest.raw import Content
    from hk_metrics.settings import Settings

BLANK = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"
_TABLES = ("text", "xlsx", "xls", "parquet", "zip")
TABLE_SUFFIXES = frozenset(s for s, kind in SUFFIXES.items() if kind in _TABLES) - {".txt"}
Outcome = RawTable | UnreadableError


def read_file(content: Content, label: str, settings: Settings) -> Iterator[Outcome]:
    """Read one file: its tables, and what in it cannot be read.

    Yields
    ------
    RawTable or UnreadableError
        An archive gives the tables of each of its files.
    """
    try:
        kind = _kind(content, label, settings)
        if kind == "zip":
            yield from _read_zip(content, label, settings)
        elif kind == "gzip":
            inner = gunzipped(content, label, settings)
            yield from read_file(inner, label.removesuffix(".gz"), settings)
        else:
            yield from READERS[kind](content, label, settings)
    except UnreadableError as error:
        yield error


def _kind(content: Content, label: str, settings: Settings) -> str:
    first = head(content, 4096)
    if not first.strip(BLANK):
        raise UnreadableError(label, "empty_file", "the file is empty", "export it again")
    kind, called = kind_of(label, first)
    if kind == "zip" and is_workbook(content, label, settings):
        return "xlsx"
    if kind == "other":
        raise UnreadableError(
            label, "not_a_table", f"this is {called}, not a table",
            "give CSV, Excel, JSON or Parquet, or leave it out",
        )  # fmt: skip
    return kind


def _read_zip(content: Content, label: str, settings: Settings) -> Iterator[Outcome]:
    for name, data in members(content, label, settings):
        suffix = PurePath(name).suffix.lower()
        if not is_data(name):
            yield _passed_over(name)
        elif suffix == ".zip":
            yield UnreadableError(
                name, "not_a_table", "an archive within an archive is not opened",
                "unpack it, and hand in what it holds",
            )  # fmt: skip
        elif suffix in SUFFIXES:
            yield from read_file(data, name, settings)
        else:
            yield _passed_over(name)


def _passed_over(name: str) -> UnreadableError:
    """A file of an archive that cannot be meant as a table."""
    error = UnreadableError(name, "not_a_table", "left out: it is no table by its name", "")
    error.finding = replace(error.finding, severity="note")
    return error


def _read_text(content: Content, label: str, settings: Settings) -> list[RawTable]:
    return [read_text(content, label, PurePath(label).stem, settings)]


def _read_base(
    read: Callable[[Path, str, Settings], list[RawTable]],
) -> Callable[[Content, str, Settings], list[RawTable]]:
    """Read a database file; an upload gets a file of its own for as long as it is read."""

    def reader(content: Content, label: str, settings: Settings) -> list[RawTable]:
        if isinstance(content, Path):
            return read(content, label, settings)
        with TemporaryDirectory() as folder:
            path = Path(folder) / "base"
            path.write_bytes(content)
            return read(path, label, settings)

    return reader


READERS: dict[str, Callable[[Content, str, Settings], list[RawTable]]] = {
    "text": _read_text,
    "json": read_json,
    "xlsx": read_xlsx,
    "xls": read_workbook,
    "parquet": read_parquet,
    "sqlite": _read_base(read_sqlite),
    "duckdb": _read_base(read_duckdb),
}
