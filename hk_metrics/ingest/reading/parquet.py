"""Parquet to cells; the types that it states are taken."""

from __future__ import annotations

import io
from pathlib import PurePath
from typing import TYPE_CHECKING

from hk_metrics.ingest.raw import RawTable, UnreadableError, from_frame
from hk_metrics.ingest.reading.limits import USUAL_FOLD, check_cells, check_shape

if TYPE_CHECKING:
    from hk_metrics.ingest.raw import Content
    from hk_metrics.settings import Settings


def read_parquet(content: Content, file: str, settings: Settings) -> list[RawTable]:
    """Read a Parquet file whose footer says that it is not too large.

    Raises
    ------
    UnreadableError
        If it is damaged or too large.
    """
    import polars as pl

    try:
        asked = pl.scan_parquet(
            io.BytesIO(content) if isinstance(content, bytes) else content,
            glob=False, hive_partitioning=False,
        )  # fmt: skip
        rows, columns = asked.select(pl.len()).collect().item(), len(asked.collect_schema())
        check_shape(rows, columns, file, settings)
        if isinstance(content, bytes):
            check_cells(rows, columns, USUAL_FOLD * len(content), file, settings)
        frame = asked.collect()
    except (pl.exceptions.PolarsError, OSError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise UnreadableError(
            file, "damaged_file", f"the Parquet file cannot be read ({reason})", "export it again"
        ) from error
    return [from_frame(frame, file, PurePath(file).stem)]
