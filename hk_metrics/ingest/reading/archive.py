"""Zip archives and gzipped files to the files they hold; nothing is written to disk."""

from __future__ import annotations

import gzip
import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from hk_metrics.ingest.raw import UnreadableError
from hk_metrics.ingest.reading.limits import MEGABYTE, size_of
from hk_metrics.ingest.reading.no_data import is_passed_over

if TYPE_CHECKING:
    from hk_metrics.ingest.raw import Content
    from hk_metrics.settings import Settings

_MOST_EXPANSION = 200
_SMALL_MB = 100
_MOST_DIRECTORY = 4 * MEGABYTE
_MOST_PARTS = 10_000
PIECE = 1 << 20
DAMAGE = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError,
    OverflowError, MemoryError, RuntimeError,
)  # fmt: skip


def opened_zip(content: Content, file: str, settings: Settings) -> zipfile.ZipFile:
    """Open an archive or workbook after its directory was checked; nothing is unpacked.

    Raises
    ------
    UnreadableError
        If it is damaged, encrypted, has too many parts, its parts overlap, or it expands beyond
        the limit or more than 200-fold.
    """
    size = size_of(content)
    try:
        if _directory_bytes(content, size) > _MOST_DIRECTORY:
            raise _too_many(file)
        archive = zipfile.ZipFile(content if isinstance(content, Path) else io.BytesIO(content))
    except DAMAGE as error:
        raise UnreadableError(
            file, "damaged_file", f"the file is damaged ({error})", "save or export it again"
        ) from error
    parts = archive.infolist()
    if len(parts) > _MOST_PARTS:
        raise _too_many(file)
    if any(p.flag_bits & 1 for p in parts):
        raise UnreadableError(
            file, "encrypted", "it is protected by a password", "save it without a password"
        )
    if sum(p.compress_size for p in parts) > size:
        raise UnreadableError(
            file, "damaged_file", "its parts lie over each other", "save or export it again"
        )
    _check_expansion(sum(p.file_size for p in parts), size, file, settings)
    return archive


def _check_expansion(expanded: int, size: int, file: str, settings: Settings) -> None:
    """Refuse what unpacks to more than the limit, or 200-fold: one rule for every container."""
    bomb = expanded > _MOST_EXPANSION * size and expanded > _SMALL_MB * MEGABYTE
    if bomb or expanded > settings.max_expanded_mb * MEGABYTE:
        raise UnreadableError(
            file,
            "expands_too_much",
            f"{size / MEGABYTE:,.1f} MB would unpack to {expanded / MEGABYTE:,.0f} MB or more "
            f"(limit {settings.max_expanded_mb:,} MB, and {_MOST_EXPANSION}-fold)",
            "load it unpacked, by path; of a workbook, save the sheets as CSV and load those",
        )


def _too_many(file: str) -> UnreadableError:
    return UnreadableError(
        file, "expands_too_much", f"the archive holds more than {_MOST_PARTS:,} files",
        "hand in only the files that hold tables",
    )  # fmt: skip


def _directory_bytes(content: Content, size: int) -> int:
    """Return how large an archive says that its directory is; 0 where it has none."""
    last = _tail(content, size, 22 + (1 << 16) + 20 + 56)
    at = last.rfind(b"PK\5\6")
    stated = int.from_bytes(last[at + 12 : at + 16], "little") if at >= 0 else 0
    large = last.rfind(b"PK\6\6")
    if large >= 0:
        stated = max(stated if stated < 0xFFFFFFFF else 0,
                   int.from_bytes(last[large + 40 : large + 48], "little"))  # fmt: skip
    return stated


def _tail(content: Content, size: int, most: int) -> bytes:
    if not isinstance(content, Path):
        return content[-most:]
    with content.open("rb") as stream:
        stream.seek(max(0, size - most))
        return stream.read()


def members(content: Content, file: str, settings: Settings) -> Iterator[tuple[str, bytes]]:
    """Unpack the files of an archive, one at a time.

    Yields
    ------
    name, bytes
        ``shop.zip/orders.csv`` and its content; folders, links and hidden files are passed over.

    Raises
    ------
    UnreadableError
        If a file is damaged, or larger than the archive's directory says.
    """
    with opened_zip(content, file, settings) as archive:
        for part in archive.infolist():
            path = PurePosixPath(part.filename)
            folder = not part.filename or part.filename.endswith("/")
            link = stat.S_ISLNK(part.external_attr >> 16)
            hidden = path.name.startswith((".", "~")) or any(map(is_passed_over, path.parts[:-1]))
            if folder or link or hidden:
                continue
            yield f"{file}/{path}", _unpacked(archive, part, f"{file}/{path}")


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo, file: str) -> bytes:
    """Unpack one part, up to the size that the directory says.

    Raises
    ------
    UnreadableError
        If it is damaged.
    """
    try:
        with archive.open(part) as stream:
            return stream.read(part.file_size + 1)
    except DAMAGE as error:
        raise UnreadableError(
            file, "damaged_file", f"it cannot be unpacked ({error})", "make the archive again"
        ) from error


def gunzipped(content: Content, file: str, settings: Settings) -> bytes:
    """Unpack a gzipped file piece by piece, as far as the limits of a container allow.

    Raises
    ------
    UnreadableError
        If it is damaged, or unpacks to more than it may.
    """
    size, pieces, expanded = size_of(content), [], 0
    try:
        with gzip.open(content if isinstance(content, Path) else io.BytesIO(content)) as stream:
            while piece := stream.read(PIECE):
                pieces.append(piece)
                expanded += len(piece)
                _check_expansion(expanded, size, file, settings)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableError(
            file, "damaged_file", f"it cannot be unpacked ({error})", "compress it again"
        ) from error
    return b"".join(pieces)
