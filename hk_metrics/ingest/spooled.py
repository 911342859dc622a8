"""Databases with more tracked events than memory has room for: to Parquet, a batch at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hk_metrics.errors import SchemaError
from hk_metrics.ingest.headers.recognise import recognise
from hk_metrics.ingest.pieces import TRACKING
from hk_metrics.ingest.raw import UnreadableError
from hk_metrics.ingest.reading.batches import ROW_BYTES
from hk_metrics.ingest.reading.databases import streamed
from hk_metrics.ingest.reading.relation import Stream
from hk_metrics.ingest.scratch import Scratch

if TYPE_CHECKING:
    import polars as pl

    from hk_metrics.settings import Settings

_A_FILE = 1_000_000


@contextmanager
def spooled(source: Any, settings: Settings) -> Iterator[Path | None]:
    """Give the tables of a large database as a folder of Parquet files, as long as it is needed.

    Parameters
    ----------
    source
        A DuckDB file or a URL of DuckDB or PostgreSQL.
    settings
        How much memory there is; the files lie in the store's folder.

    Yields
    ------
    Path or None
        None where memory has room for the tracked events.

    Raises
    ------
    SchemaError
        If the database stops answering.
    StoreError
        If there is no room on the disk.
    """
    scratch = _spooled(source, settings)
    try:
        yield scratch.folder if scratch else None
    finally:
        if scratch:
            scratch.remove()


def _spooled(source: Any, settings: Settings) -> Scratch | None:
    scratch: Scratch | None = None
    try:
        with streamed(source) as tables:
            if sum(t.count() for t in tables if _are_events(t)) * ROW_BYTES > settings.memory:
                scratch = Scratch.made(settings)
                for table in tables:
                    _write(table, scratch)
        return scratch
    except UnreadableError as error:
        if scratch is None:
            return None  # what is wrong with it is said where it is read
        scratch.remove()
        raise SchemaError(str(error.finding)) from error
    except BaseException:
        if scratch:
            scratch.remove()
        raise


def _are_events(table: Stream) -> bool:
    return recognise(table.relation.columns, table.relation.name).table == TRACKING


def _write(table: Stream, scratch: Scratch) -> None:
    """Write a table as files of some million rows; of one at least, be it empty."""
    import polars as pl

    stem = re.sub(r"\W+", "_", table.relation.name) or "table"
    held: list[pl.DataFrame] = []
    written = False
    for batch in table.batches():
        held.append(batch)
        if sum(b.height for b in held) >= _A_FILE:
            _file(held, stem, scratch)
            held, written = [], True
    if held or not written:
        empty = pl.DataFrame(schema=dict.fromkeys(table.relation.columns, pl.String))
        _file(held or [empty], stem, scratch)


def _file(batches: list[pl.DataFrame], stem: str, scratch: Scratch) -> None:
    """Write rows as the next file of a table, or of one of its name in another schema."""
    import polars as pl

    rows = pl.concat(batches, how="vertical_relaxed")
    before = len(list(scratch.folder.glob(f"{stem}*.parquet")))
    name = f"{stem}-{before:05}" if before else stem
    with scratch.writing():
        rows.write_parquet(scratch.folder / f"{name}.parquet")
