"""Zip archives and gzipped files to the files they hold; nothing is written to disk."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from hk_metrics.ingest.raw import UnreadableError
from hk_metrics.ingest.reading.limits import DAMAGE, MEGABYTE, opened_zip
from hk_metrics.ingest.reading.no_data import is_passed_over

if TYPE_CHECKING:
    from hk_metrics.ingest.raw import Content
    from hk_metrics.settings import Settings


def is_workbook(content: Content, file: str, settings: Settings) -> bool:
    """Whether a zip archive is an Excel workbook, whatever it is called."""
    with opened_zip(content, file, settings) as archive:
        return "xl/workbook.xml" in archive.namelist()


def members(content: Content, file: str, settings: Settings) -> Iterator[tuple[str, bytes]]:
    """Unpack the files of an archive, one at a time.

    Yields
    ------
    name, bytes
        ``shop.zip/orders.csv`` and its content; folders and hidden files are passed over.

    Raises
    ------
    UnreadableError
        If a file is damaged, or larger than the archive's directory says.
    """
    with opened_zip(content, file, settings) as archive:
        for part in archive.infolist():
            path = PurePosixPath(part.filename)
            folder = not part.filename or part.filename.endswith("/")
            hidden = path.name.startswith((".", "~")) or any(map(is_passed_over, path.parts[:-1]))
            if folder or hidden:
                continue
            try:
                with archive.open(part) as stream:
                    data = stream.read(part.file_size + 1)
            except DAMAGE as error:
                raise UnreadableError(
                    f"{file}/{path}", "damaged_file", f"it cannot be unpacked ({error})",
                    "make the archive again",
                ) from error  # fmt: skip
            yield f"{file}/{path}", data


def gunzipped(content: Content, file: str, settings: Settings) -> bytes:
    """Unpack a gzipped file, up to the limit."""
    most = settings.max_expanded_mb * MEGABYTE
    try:
        with gzip.open(content if isinstance(content, Path) else io.BytesIO(content)) as stream:
            data = stream.read(most + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableError(
            file, "damaged_file", f"it cannot be unpacked ({error})", "compress it again"
        ) from error
    if len(data) > most:
        raise UnreadableError(
            file, "expands_too_much",
            f"it unpacks to more than {settings.max_expanded_mb:,} MB", "load it unpacked, by path",
        )  # fmt: skip
    return data
