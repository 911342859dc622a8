"""Limits, stated before the upload and enforced before anything is unpacked or parsed."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from hk_metrics.ingest.raw import UnreadableError

if TYPE_CHECKING:
    from hk_metrics.ingest.raw import Content
    from hk_metrics.settings import Settings

MEGABYTE = 1_000_000
MOST_EXPANSION = 200
SMALL_MB = 100
CHUNK = 1 << 20
MOST_GRID_CELLS = 400_000_000
SPARSE_GRID_CELLS = 20_000_000
SPARSE_SHARE = 20
EXCEL_ROWS = 1_048_576
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError)
BY_PATH = "load larger data by its path on the server or by URL, as Parquet or CSV"


def stated(settings: Settings) -> dict[str, str]:
    """Return the limits in words, to be shown before an upload.

    >>> from hk_metrics.settings import Settings
    >>> stated(Settings())["upload"]
    '200 MB a file'
    """
    return {
        "upload": f"{settings.max_upload_mb:,} MB a file",
        "rows": f"{settings.max_rows:,} rows a table",
        "columns": f"{settings.max_columns:,} columns",
        "cell": f"{settings.max_cell_chars:,} characters a cell",
        "expanded": f"{settings.max_expanded_mb:,} MB when unpacked",
        "larger": BY_PATH,
    }


def check_upload(size: int, file: str, settings: Settings) -> None:
    """Refuse an upload that is larger than the settings allow."""
    if size > settings.max_upload_mb * MEGABYTE:
        raise UnreadableError(
            file,
            "too_large",
            f"{size / MEGABYTE:,.0f} MB is above the upload limit of {settings.max_upload_mb:,} MB",
            BY_PATH,
        )


def check_shape(rows: int, columns: int, file: str, settings: Settings) -> None:
    """Refuse a table with more rows or columns than the settings allow."""
    if columns > settings.max_columns:
        raise UnreadableError(
            file,
            "too_many_columns",
            f"{columns:,} columns are above the limit of {settings.max_columns:,}",
            "keep only the columns of the templates, or raise max_columns in the settings",
        )
    if rows > settings.max_rows:
        raise UnreadableError(
            file,
            "too_many_rows",
            f"{rows:,} rows are above the limit of {settings.max_rows:,}",
            "split it by month, or raise max_rows in the settings",
        )


def opened_zip(content: Content, file: str, settings: Settings) -> zipfile.ZipFile:
    """Open an archive or workbook after its directory was checked; nothing is unpacked.

    Raises
    ------
    UnreadableError
        If it is damaged, encrypted, its parts overlap, or it expands beyond the limit or more
        than 200-fold.
    """
    try:
        archive = zipfile.ZipFile(content if isinstance(content, Path) else io.BytesIO(content))
    except DAMAGE as error:
        raise UnreadableError(
            file, "damaged_file", f"the file is damaged ({error})", "save or export it again"
        ) from error
    size = content.stat().st_size if isinstance(content, Path) else len(content)
    parts = archive.infolist()
    expanded = sum(p.file_size for p in parts)
    if any(p.flag_bits & 1 for p in parts):
        raise UnreadableError(
            file, "encrypted", "it is protected by a password", "save it without a password"
        )
    bomb = expanded > MOST_EXPANSION * size and expanded > SMALL_MB * MEGABYTE
    overlap = sum(p.compress_size for p in parts) > size
    if bomb or overlap or expanded > settings.max_expanded_mb * MEGABYTE:
        raise UnreadableError(
            file,
            "expands_too_much",
            f"{size / MEGABYTE:,.1f} MB would unpack to {expanded / MEGABYTE:,.0f} MB "
            f"(limit {settings.max_expanded_mb:,} MB, and {MOST_EXPANSION}-fold)",
            "save the sheets as CSV and load those",
        )
    return archive


def check_grid(archive: zipfile.ZipFile, sheet: str, file: str) -> None:
    """Refuse a worksheet whose few cells lie so far apart that the grid between fills the memory.

    The bound from the number of cells and the width of the column letters settles nearly every
    sheet in one fast pass; only a suspicious one has each of its cell references read.
    """
    cells, letters = 0, 1
    for chunk in _chunks(archive, sheet, file):
        cells += chunk.count(b"<c ")
        if letters < 2 and re.search(rb'r="[A-Z]{2}', chunk):
            letters = 2
        if letters < 3 and re.search(rb'r="[A-Z]{3}', chunk):
            letters = 3
    if not _too_sparse(EXCEL_ROWS * (26, 702, 16_384)[letters - 1], cells):
        return
    rows = columns = 1
    for chunk in _chunks(archive, sheet, file):
        for column, row in set(re.findall(rb'r="([A-Z]{1,3})(\d{1,7})"', chunk)):
            rows, columns = max(rows, int(row)), max(columns, _column_number(column))
    if _too_sparse(rows * columns, cells):
        raise UnreadableError(
            file,
            "expands_too_much",
            f"a sheet has {cells:,} cells but spans {rows:,} rows and {columns:,} columns",
            "delete stray cells far from the table, or save the sheet as CSV",
        )


def _too_sparse(grid: int, cells: int) -> bool:
    return grid > MOST_GRID_CELLS or (grid > SPARSE_GRID_CELLS and grid > SPARSE_SHARE * cells)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _chunks(archive: zipfile.ZipFile, part: str, file: str) -> Iterator[bytes]:
    """Unpack a part piece by piece; pieces overlap so that no reference is cut in two."""
    tail = b""
    try:
        with archive.open(part) as stream:
            while piece := stream.read(CHUNK):
                yield tail + piece
                tail = piece[-24:]
    except DAMAGE as error:
        raise UnreadableError(
            file, "damaged_file", f"{part} cannot be unpacked ({error})", "save it again"
        ) from error
