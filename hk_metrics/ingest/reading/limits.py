"""Limits, stated before the upload and enforced before anything is unpacked or parsed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from hk_metrics.ingest.raw import UnreadableError

if TYPE_CHECKING:
    from hk_metrics.ingest.raw import Content
    from hk_metrics.settings import Settings

MEGABYTE = 1_000_000
MOST_RELATIONS = 1_000
_MOST_FOLD = 32
USUAL_FOLD = 8  # of a file that packs its cells
CELL_BYTES = 16
CPUS = min(4, os.cpu_count() or 1)
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


def size_of(content: Content) -> int:
    """Return the size of a file in bytes."""
    return content.stat().st_size if isinstance(content, Path) else len(content)


def expands(needed: int, size: int, settings: Settings) -> bool:
    """Whether something would take far more memory than it has bytes.

    Parameters
    ----------
    needed
        Bytes that it would take at least.
    size
        Bytes that it has, unpacked.
    settings
        Half of whose memory is for what is read.
    """
    return needed > settings.memory // 2 and needed > _MOST_FOLD * size


def check_memory(needed: int, size: int, file: str, settings: Settings) -> None:
    """Refuse what `expands`, before it takes the memory."""
    if expands(needed, size, settings):
        raise out_of_memory(file, settings, f"{needed / 1e9:,.1f} GB")


def check_cells(rows: int, columns: int, size: int, file: str, settings: Settings) -> None:
    """Refuse a table of too many rows or columns, or whose empty cells alone fill the memory."""
    check_shape(rows, columns, file, settings)
    check_memory(rows * columns * CELL_BYTES, size, file, settings)


def out_of_memory(file: str, settings: Settings, needed: str = "") -> UnreadableError:
    """Say that reading a file takes more memory than it may."""
    most = settings.memory.human_readable(decimal=True, separator=" ")
    takes = f"would take {needed} of memory, and may take {most}" if needed else (
        f"takes more than {most} of memory"
    )  # fmt: skip
    return UnreadableError(
        file, "expands_too_much", f"it is too large: reading it {takes}",
        f"{BY_PATH}; the setting HK_METRICS_MEMORY=4GB allows more",
    )  # fmt: skip
