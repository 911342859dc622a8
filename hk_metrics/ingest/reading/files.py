"""One file of any kind to raw tables, by what it is rather than by what it is called."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from hk_metrics.ingest.raw import RawTable, UnreadableError
from hk_metrics.ingest.reading.apart import read_apart
from hk_metrics.ingest.reading.archive import gunzipped, members
from hk_metrics.ingest.reading.duckdb_file import read_duckdb
from hk_metrics.ingest.reading.kinds import SUFFIXES, kind_of
from hk_metrics.ingest.reading.limits import out_of_memory
from hk_metrics.ingest.reading.no_data import is_data
from hk_metrics.ingest.reading.parquet import read_parquet
from hk_metrics.ingest.reading.records import read_json
from hk_metrics.ingest.reading.relation import EXTRA
from hk_metrics.ingest.reading.sheets import foreseeable, is_workbook
from hk_metrics.ingest.reading.sqlite import read_sqlite
from hk_metrics.ingest.reading.text import head, read_text
from hk_metrics.ingest.reading.workbook import read_workbook

if TYPE_CHECKING:
    from hk_metrics.ingest.raw import Content
    from hk_metrics.settings import Settings

_BLANK = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"
_TABLES = ("text", "xlsx", "xls", "parquet", "zip")
TABLE_SUFFIXES = frozenset(s for s, kind in SUFFIXES.items() if kind in _TABLES) - {".txt"}
Outcome = RawTable | UnreadableError


@dataclass(frozen=True)
class Place:
    """Where a file is read.

    Parameters
    ----------
    apart
        In a process of its own, that may end without harm.
    nested
        Out of a container: one within another is not opened.
    own
        Whether it is the reader's own, and not what a stranger sent.
    """

    apart: bool = False
    nested: bool = False
    own: bool = True


def read_file(
    content: Content, label: str, settings: Settings, place: Place | None = None
) -> Iterator[Outcome]:
    """Read one file: its tables, and what in it cannot be read.

    Parameters
    ----------
    content, label
        The file, and what to call it.
    settings
        Limits.
    place
        Where it is read; here, and bytes as a stranger's, where absent.

    Yields
    ------
    RawTable or UnreadableError
        An archive gives the tables of each of its files.
    """
    place = place or Place(own=isinstance(content, Path))
    try:
        yield from _read(_kind(content, label, settings), content, label, settings, place)
    except UnreadableError as error:
        yield error
    except MemoryError:
        yield out_of_memory(label, settings)
    except BaseException as error:
        # What a library written in Rust raises where it meets what it never expected.
        if type(error).__name__ != "PanicException":
            raise
        yield UnreadableError(
            label, "damaged_file", f"the file is damaged ({str(error)[:100]})",
            "save or export it again",
        )  # fmt: skip


def _read(
    kind: str, content: Content, label: str, settings: Settings, place: Place
) -> Iterator[Outcome]:
    if kind in ("zip", "gzip") and place.nested:
        yield UnreadableError(
            label, "not_a_table", "an archive within an archive is not opened",
            "unpack it, and hand in what it holds",
        )  # fmt: skip
    elif kind == "zip":
        yield from _read_zip(content, label, settings, place)
    elif kind == "gzip":
        inner = gunzipped(content, label, settings)
        within = replace(place, nested=True, own=False)
        yield from read_file(inner, label.removesuffix(".gz"), settings, within)
    elif kind == "workbook" and not foreseeable(content, label, settings) and not place.apart:
        for read in read_apart({label: content}, settings):
            yield read.outcome
    else:
        yield from _READERS[kind](content, label, settings, place)


def _kind(content: Content, label: str, settings: Settings) -> str:
    first = head(content, 4096)
    if not first.strip(_BLANK):
        raise UnreadableError(label, "empty_file", "the file is empty", "export it again")
    kind, called = kind_of(label, first)
    if kind in ("xlsx", "xls") or (kind == "zip" and is_workbook(content, label, settings)):
        return "workbook"
    if kind == "other":
        raise UnreadableError(
            label, "not_a_table", f"this is {called}, not a table",
            "give CSV, Excel, JSON or Parquet, or leave it out",
        )  # fmt: skip
    return kind


def _read_zip(content: Content, label: str, settings: Settings, place: Place) -> Iterator[Outcome]:
    within = replace(place, nested=True, own=False)
    for name, data in members(content, label, settings):
        if is_data(name) and PurePath(name).suffix.lower() in SUFFIXES:
            yield from read_file(data, name, settings, within)
        else:
            yield _passed_over(name)


def _passed_over(name: str) -> UnreadableError:
    """A file of an archive that cannot be meant as a table."""
    error = UnreadableError(name, "not_a_table", "left out: it is no table by its name", "")
    error.finding = replace(error.finding, severity="note")
    return error


def _plain(
    read: Callable[[Content, str, Settings], list[RawTable]],
) -> _Reader:
    """Make a reader of one that does not mind where it reads."""
    return lambda content, label, settings, _place: read(content, label, settings)


def _read_text(content: Content, label: str, settings: Settings) -> list[RawTable]:
    return [read_text(content, label, PurePath(label).stem, settings)]


def _base(read: Callable[..., list[Outcome]]) -> _Reader:
    """Make a reader of a database file; bytes get a file of their own while they are read."""

    def reader(content: Content, label: str, settings: Settings, place: Place) -> list[Outcome]:
        try:
            if isinstance(content, Path):
                return read(content, label, settings, own=place.own)
            with TemporaryDirectory() as folder:
                path = Path(folder) / "base"
                path.write_bytes(content)
                return read(path, label, settings, own=place.own)
        except ModuleNotFoundError as error:
            raise UnreadableError(label, "unreachable", f"no driver for it ({error})", EXTRA) from (
                error
            )

    return reader


_Reader = Callable[["Content", str, "Settings", Place], Iterable[Outcome]]
_READERS: dict[str, _Reader] = {
    "text": _plain(_read_text),
    "json": _plain(read_json),
    "workbook": _plain(read_workbook),
    "parquet": _plain(read_parquet),
    "sqlite": _base(read_sqlite),
    "duckdb": _base(read_duckdb),
}
