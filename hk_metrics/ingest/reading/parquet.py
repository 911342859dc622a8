"""Parquet to cells; the types that it states are taken."""

from __future__ import annotations

import io
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from hk_metrics.ingest.raw import RawTable, UnreadableError, from_frame
from hk_metrics.ingest.reading.limits import BY_PATH, MEGABYTE, check_shape

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
    import pyarrow as pa
    import pyarrow.parquet as pq

    opened = content if isinstance(content, Path) else io.BytesIO(content)
    try:
        facts = pq.ParquetFile(opened).metadata
        check_shape(facts.num_rows, facts.num_columns, file, settings)
        size = sum(facts.row_group(i).total_byte_size for i in range(facts.num_row_groups))
        if isinstance(content, bytes) and size > settings.max_expanded_mb * MEGABYTE:
            raise UnreadableError(
                file, "expands_too_much", f"it would unpack to {size / MEGABYTE:,.0f} MB", BY_PATH
            )
        frame = pl.read_parquet(content)
    except (pa.ArrowException, pl.exceptions.PolarsError, OSError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise UnreadableError(
            file, "damaged_file", f"the Parquet file cannot be read ({reason})", "export it again"
        ) from error
    return [from_frame(frame, file, PurePath(file).stem)]
