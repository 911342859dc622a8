"""How large the sheets of a workbook are once unfolded, told from the workbook's own parts."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

from hk_metrics.ingest.raw import UnreadableError
from hk_metrics.ingest.reading.archive import DAMAGE, PIECE, opened_zip
from hk_metrics.ingest.reading.limits import expands
from hk_metrics.ingest.reading.opendocument import check_opendocument
from hk_metrics.ingest.reading.text import head

if TYPE_CHECKING:
    from hk_metrics.ingest.raw import Content
    from hk_metrics.settings import Settings

_GRID_BYTES = 32  # of a cell of a sheet while it is read
_EXCEL_ROWS = 1_048_576
_OPENDOCUMENT = "content.xml"
_CELLS = (b"<c ", b"<c>", b"<c/", b"<c\t", b"<c\n", b"<c\r")
_USUAL = b'<c r="'
# What may hide a cell, or show one that is none: prefixes, comments, sections of plain text.
_UNUSUAL = (b":c ", b":c>", b":c/", b":c\t", b":c\n", b":c\r", b"<!", b"<?")
_DECLARATION = re.compile(rb"\A\s*(?:\xef\xbb\xbf)?<\?xml [^<>]*\?>")
_REFERENCE = re.compile(rb'<c r="([A-Z]{1,3})([1-9]\d{0,6})"')
_FAR = re.compile(rb'<c r="(?![A-Z][1-9]\d{0,5}")')


def is_workbook(content: Content, file: str, settings: Settings) -> bool:
    """Whether a zip archive is a workbook, whatever it is called."""
    with opened_zip(content, file, settings) as archive:
        names = set(archive.namelist())
    return bool(names & {"xl/workbook.xml", "xl/workbook.bin"}) or {"mimetype", _OPENDOCUMENT} <= (
        names
    )


def foreseeable(content: Content, file: str, settings: Settings) -> bool:
    """Check the sheets of a workbook; say whether their size is known before they are read.

    Raises
    ------
    UnreadableError
        If a sheet's few cells lie so far apart, or are repeated so often, that the grid between
        fills the memory.

    Notes
    -----
    It is not known of old and binary workbooks (.xls, .xlsb), nor of XML that no spreadsheet
    program writes: those are read apart, under a limit.
    """
    if head(content, 2) != b"PK":
        return False
    known = True
    with opened_zip(content, file, settings) as archive:
        for part in archive.infolist():
            if part.filename == _OPENDOCUMENT:
                pieces = _pieces(archive, part, file)
                check_opendocument(pieces, part.file_size, file, settings)
            elif part.filename == "xl/workbook.bin":
                known = False
            else:
                known = _check_sheet(archive, part, file, settings) and known
    return known


def _check_sheet(
    archive: zipfile.ZipFile, part: zipfile.ZipInfo, file: str, settings: Settings
) -> bool:
    """Check one part, if it is a sheet; False where it is written as no program writes it.

    Nearly every sheet is settled by counting; only a wide one has each cell's place read.
    """
    sheet = far = False
    usual = True
    for piece in _tags(archive, part, file):
        sheet = sheet or b"sheetData" in piece
        usual = usual and _is_usual(piece)
        far = far or _FAR.search(piece) is not None
    narrow = 26 * _EXCEL_ROWS * _GRID_BYTES
    if sheet and usual and (far or narrow > settings.memory // 2):
        span = _spanned(archive, part, file)
        usual = span is not None
        cells, rows, columns = span or (0, 0, 0)
        if expands(rows * columns * _GRID_BYTES, part.file_size, settings):
            raise UnreadableError(
                file,
                "expands_too_much",
                f"a sheet has {cells:,} cells but spans {rows:,} rows and {columns:,} columns",
                "delete stray cells far from the table, or save the sheet as CSV",
            )
    return usual or not sheet


def _is_usual(piece: bytes) -> bool:
    """Whether every cell begins with its place, and nothing hides one."""
    if len(piece) > 2 * PIECE or any(word in piece for word in _UNUSUAL):
        return False
    return sum(map(piece.count, _CELLS)) == piece.count(_USUAL)


def _spanned(
    archive: zipfile.ZipFile, part: zipfile.ZipInfo, file: str
) -> tuple[int, int, int] | None:
    """Return cells, rows and columns of a sheet; None where a cell does not say its place."""
    cells, rows, columns = 0, 1, 1
    for piece in _tags(archive, part, file):
        places = _REFERENCE.findall(piece)
        if len(places) != piece.count(_USUAL):
            return None
        cells += len(places)
        rows = max(rows, max((int(row) for _, row in places), default=1))
        columns = max(columns, max(map(_number, {column for column, _ in places}), default=1))
    return cells, rows, columns


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _tags(archive: zipfile.ZipFile, part: zipfile.ZipInfo, file: str) -> Iterator[bytes]:
    """Unpack a part in pieces that end with a tag; one longer than two pieces has no tag."""
    tail = b""
    for number, piece in enumerate(_pieces(archive, part, file)):
        whole = tail + (piece if number else _DECLARATION.sub(b"", piece))
        cut = whole.rfind(b">") + 1 or (len(whole) if len(whole) > 2 * PIECE else 0)
        yield whole[:cut]
        tail = whole[cut:]
    yield tail


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo, file: str) -> Iterator[bytes]:
    try:
        with archive.open(part) as stream:
            while piece := stream.read(PIECE):
                yield piece
    except DAMAGE as error:
        raise UnreadableError(
            file, "damaged_file", f"{part.filename} cannot be unpacked ({error})", "save it again"
        ) from error
