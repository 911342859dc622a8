"""Delimited text to cells: delimiter, quoting, newlines within quotes, ragged rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hk_metrics.ingest.headers.names import is_known
from hk_metrics.ingest.problems import join_problems, problem_frame
from hk_metrics.ingest.raw import ROW, RawTable, UnreadableError, from_cells, longest
from hk_metrics.ingest.reading.encoding import (
    LABELS,
    InvalidUtf8Error,
    as_utf8,
    detect_encoding,
    repaired_utf8,
)
from hk_metrics.ingest.reading.header import MOST_CELLS, find_header
from hk_metrics.ingest.reading.limits import (
    CELL_BYTES,
    check_cells,
    check_memory,
    check_shape,
    size_of,
)
from hk_metrics.ingest.reading.quoting import (
    MANY_ROWS,
    SHORT_SHARE,
    lenient_cells,
    short_rows,
    swallowed,
)
from hk_metrics.quality import Finding, finding
from hk_metrics.wording import counted

if TYPE_CHECKING:
    import polars as pl

    from hk_metrics.ingest.raw import Content
    from hk_metrics.settings import Settings

_SAMPLE_BYTES = 256 * 1024
_SAMPLE_ROWS = 60
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", "^": "caret", "~": "tilde"}
_SPARE_COLUMNS = 64
_MOST_CUT = 10_000  # cells of a line that are looked at


@dataclass(frozen=True)
class Dialect:
    """How a text file is written: its delimiter, line ends, header row and width."""

    delimiter: str
    newline: str
    header: int
    width: int


def read_text(source: Content, file: str, name: str, settings: Settings) -> RawTable:
    """Read delimited text as cells of text; nothing is interpreted yet.

    Parameters
    ----------
    source
        Path, or the bytes of an upload.
    file, name
        What to call it, and what its name says it holds.
    settings
        Limits.

    Raises
    ------
    UnreadableError
        If it is not a table of text, or above a limit.
    """
    sample = head(source, _SAMPLE_BYTES)
    encoding = detect_encoding(sample)
    if encoding == "cp1252":
        source, encoding = repaired_utf8(source)
    elif encoding != "utf-8" or b"\0" in sample:
        source, encoding = as_utf8(source, encoding)
    sample = head(source, _SAMPLE_BYTES)
    check_shape(0, _widest(sample), file, settings)
    dialect = detect_dialect(sample)
    size = size_of(source)
    check_cells(0, dialect.width, size, file, settings)
    empty = _lines(source, dialect.newline) * dialect.width * CELL_BYTES
    check_memory(empty, size, file, settings)
    notes = list(_notes(dialect, file))
    try:
        cells = _read(source, dialect)
    except InvalidUtf8Error:
        source, encoding = repaired_utf8(source)
        cells = _read(source, dialect)
    broken: list[int] = []
    sizes = {} if cells is None else longest(cells)
    if cells is None or swallowed(cells, sizes, dialect.delimiter, dialect.header):
        text = as_utf8(source, "utf-8")[0].decode()
        cells, broken = lenient_cells(text, dialect.delimiter, dialect.width, file)
        sizes = longest(cells)
        notes.append(finding("quoting"))
    if encoding != "utf-8":
        notes.insert(0, _encoding_note(encoding))
    check_shape(cells.height, dialect.width, file, settings)
    _check_filled(cells, dialect.width, file)
    header = find_header(cells.head(_SAMPLE_ROWS).rows())
    if header is None:
        raise UnreadableError(file, "empty_file", "the file has no rows", "export it again")
    raw = from_cells(cells, header, file, name, tuple(notes))
    long = max(sizes.values(), default=0) > settings.max_cell_chars
    more = _long_cells(raw, settings) if long else ()
    problems = [*_broken_rows(raw, broken), raw.problems, *more]
    return replace(raw, problems=join_problems(problems))


def _widest(sample: bytes) -> int:
    """Return the cells of the first line, if they are more than are ever looked at; else 0."""
    line = sample.lstrip().split(b"\n", 1)[0]
    cells = max(line.count(delimiter.encode()) for delimiter in _DELIMITERS)
    return cells if cells > _MOST_CUT else 0


def _lines(source: Content, newline: str) -> int:
    """Count the lines of a file."""
    end = newline.encode()
    if isinstance(source, bytes):
        return source.count(end)
    with source.open("rb") as stream:
        return sum(piece.count(end) for piece in iter(lambda: stream.read(_SAMPLE_BYTES), b""))


def _check_filled(cells: pl.DataFrame, width: int, file: str) -> None:
    """Refuse many lines of which nearly none has more than one of the header's cells."""
    import polars as pl

    if width < 3 or cells.height < MANY_ROWS:
        return
    short = cells.select(pl.all_horizontal(pl.nth(range(1, cells.width)).is_null()).sum()).item()
    if short > SHORT_SHARE * cells.height:
        raise short_rows(short, cells.height, width, file)


def _broken_rows(raw: RawTable, broken: Sequence[int]) -> Iterator[pl.DataFrame]:
    """Rows whose quotation marks do not pair."""
    import polars as pl

    rows = raw.frame.filter(pl.col(ROW).is_in([i + 1 for i in broken]))[ROW]
    yield problem_frame(raw.file, "broken_quote", "", rows)


def _long_cells(raw: RawTable, settings: Settings) -> Iterator[pl.DataFrame]:
    for header in raw.headers:
        sizes = raw.frame[header].str.len_chars()
        rows = raw.frame.filter((sizes > settings.max_cell_chars).fill_null(False))[ROW]
        yield problem_frame(raw.file, "long_cell", header, rows)


def head(source: Content, size: int) -> bytes:
    """Return the first bytes of a file."""
    if isinstance(source, bytes):
        return source[:size]
    with source.open("rb") as stream:
        return stream.read(size)


def detect_dialect(sample: bytes) -> Dialect:
    """Say how a text is written, by its first rows.

    The delimiter that makes the most cells of the header known names; where none does, the one
    that gives the most rows the header's width.

    >>> detect_dialect(b"ID;Name;Followers\\n1;Asha;10\\n")
    Dialect(delimiter=';', newline='\\n', header=0, width=3)
    """
    text = sample.decode("utf-8-sig", errors="ignore")
    newline = "\r" if "\r" in text and "\n" not in text else "\n"
    # Those that do not occur all make one cell of a line: the first of them stands for the rest.
    none = next((d for d in _DELIMITERS if d not in text), None)
    tried = [d for d in _DELIMITERS if d in text or d == none]
    scored = [(*_score(_rows(text, d)), d) for d in tried]
    *_, header, width, delimiter = max(scored, key=lambda s: s[:3])
    return Dialect(delimiter, newline, header, width)


def _rows(text: str, delimiter: str) -> list[list[str]]:
    lines = io.StringIO(text, newline="")
    rows: list[list[str]] = []
    try:
        for row, _ in zip(
            csv.reader(lines, delimiter=delimiter), range(_SAMPLE_ROWS), strict=False
        ):
            rows.append(row[:_MOST_CUT])
    except csv.Error:
        pass  # a cell beyond csv's own limit: what was read so far decides
    return rows


def _score(rows: Sequence[Sequence[str]]) -> tuple[int, float, int, int, int]:
    header = find_header(rows)
    if header is None:
        return 0, 0.0, 0, 0, 1
    known = sum(is_known(c) for c in rows[header][:MOST_CELLS])
    width = len(rows[header])
    below = [len(r) for r in rows[header:] if r]
    even = sum(w == width for w in below) / len(below) if width > 1 else 0.0
    return known, even, width, header, width


def _read(source: Content, dialect: Dialect, spare: int = 0) -> pl.DataFrame | None:
    """Read all cells as text; None where the quotation marks do not pair."""
    import polars as pl

    width = dialect.width + spare
    try:
        return pl.read_csv(
            source,
            has_header=False,
            schema={f"c{i}": pl.String for i in range(width)},
            separator=dialect.delimiter,
            eol_char=dialect.newline,
            missing_columns="insert",
            glob=False,
            truncate_ragged_lines=spare > 0,
        ).rechunk()  # once: else each later step does it again
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        if "utf-8" in str(error):
            raise InvalidUtf8Error from error
        if not spare and "more fields" in str(error):
            return _read(source, dialect, _SPARE_COLUMNS)
        return None


def _encoding_note(encoding: str) -> Finding:
    if encoding == "utf-8 with errors":
        return finding("encoding.damaged")
    return finding("encoding", encoding=LABELS.get(encoding, encoding.upper()))


def _notes(dialect: Dialect, file: str) -> Iterator[Finding]:
    if dialect.delimiter != ",":
        yield finding("delimiter", delimiter=_DELIMITERS[dialect.delimiter], file=file)
    if dialect.header:
        lines = counted(dialect.header, "line")
        yield finding("header_row.below", lines=lines, file=file, count=dialect.header)
