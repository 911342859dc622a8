"""Delimited text to cells: delimiter, quoting, newlines within quotes, ragged rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hk_metrics.ingest.encoding import LABELS, as_utf8, detect_encoding
from hk_metrics.ingest.header import find_header
from hk_metrics.ingest.limits import check_shape
from hk_metrics.ingest.names import plain, vocabulary
from hk_metrics.ingest.raw import RawTable, UnreadableError, from_cells
from hk_metrics.quality import Finding

if TYPE_CHECKING:
    import polars as pl

    from hk_metrics.settings import Settings

SAMPLE_BYTES = 256 * 1024
SAMPLE_ROWS = 60
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", "^": "caret", "~": "tilde"}
SPARE_COLUMNS = 64


@dataclass(frozen=True)
class Dialect:
    """How a text file is written: its delimiter, line ends, header row and width."""

    delimiter: str
    newline: str
    header: int
    width: int


def read_text(source: Path | bytes, file: str, name: str, settings: Settings) -> RawTable:
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
    import polars as pl

    encoding = detect_encoding(head(source, SAMPLE_BYTES))
    if encoding != "utf-8" or b"\0" in head(source, SAMPLE_BYTES):
        source, encoding = as_utf8(source, encoding)
    dialect = detect_dialect(head(source, SAMPLE_BYTES))
    check_shape(0, dialect.width, file, settings)
    try:
        cells = _read(source, dialect)
    except pl.exceptions.ComputeError as error:
        if "utf-8" not in str(error) or encoding != "utf-8":
            raise _unparsable(file, error) from error
        source, encoding = as_utf8(source, "cp1252")
        cells = _read(source, dialect)
    check_shape(cells.height, dialect.width, file, settings)
    return from_cells(cells, dialect.header, file, name, _notes(dialect, encoding, file))


def head(source: Path | bytes, size: int) -> bytes:
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
    scored = [(*_score(_rows(text, d)), d) for d in DELIMITERS]
    *_, header, width, delimiter = max(scored, key=lambda s: s[:3])
    return Dialect(delimiter, newline, header, width)


def _unparsable(file: str, error: Exception) -> UnreadableError:
    reason = str(error).splitlines()[0]
    return UnreadableError(
        file,
        "not_a_table",
        f"the text cannot be cut into rows and columns ({reason})",
        "open it in a spreadsheet, check its quotation marks, and save it as CSV (UTF-8)",
    )


def _rows(text: str, delimiter: str) -> list[list[str]]:
    lines = io.StringIO(text, newline="")
    rows: list[list[str]] = []
    try:
        for row, _ in zip(csv.reader(lines, delimiter=delimiter), range(SAMPLE_ROWS), strict=False):
            rows.append(row)
    except csv.Error:
        pass  # a cell beyond csv's own limit: what was read so far decides
    return rows


def _score(rows: Sequence[Sequence[str]]) -> tuple[int, float, int, int, int]:
    header = find_header(rows)
    if header is None:
        return 0, 0.0, 0, 0, 1
    words = vocabulary()
    known = sum(plain(c) in words for c in rows[header])
    width = len(rows[header])
    below = [len(r) for r in rows[header:] if r]
    even = sum(w == width for w in below) / len(below) if width > 1 else 0.0
    return known, even, width, header, width


def _read(source: Path | bytes, dialect: Dialect, spare: int = 0) -> pl.DataFrame:
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
            truncate_ragged_lines=spare > 0,
        )
    except pl.exceptions.ComputeError as error:
        if spare or "more fields" not in str(error):
            raise
        return _read(source, dialect, SPARE_COLUMNS)


def _notes(dialect: Dialect, encoding: str, file: str) -> tuple[Finding, ...]:
    notes = []
    if encoding != "utf-8":
        label = LABELS.get(encoding, encoding.upper())
        notes.append(Finding("note", "encoding", f"read as {label} text", file=file))
    if dialect.delimiter != ",":
        label = DELIMITERS[dialect.delimiter]
        notes.append(Finding("note", "delimiter", f"cells are parted by a {label}", file=file))
    if dialect.header:
        message = f"{dialect.header} lines above the header were skipped"
        notes.append(Finding("note", "header_row", message, file=file, count=dialect.header))
    return tuple(notes)
