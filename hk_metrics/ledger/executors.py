"""What Spark's executors run: a part of the influencers, or of the users, from Arrow to Arrow."""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals as nw

from hk_metrics.ledger.lookups import Lookups, lookups_of
from hk_metrics.ledger.partitions import LedgerPart, part_number, part_of, user_part, with_users_of
from hk_metrics.settings import Settings

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

_TRACKING = "tracking_data"


@dataclass(frozen=True)
class Piece:
    """What one part of the influencers has of tracked events.

    Parameters
    ----------
    tracking
        Its rows, with the columns of `hk_metrics.schemas`.
    notes
        What was met on the way, for whoever asked for the piece.
    """

    tracking: pl.DataFrame
    notes: bytes = b""


def as_it_is(rows: pl.DataFrame, _part: int) -> Piece:
    """Return rows that are canonical already."""
    return Piece(rows)


def numbers(rows: pl.DataFrame, parts: int) -> pl.Series:
    """Return which part each canonical tracked event belongs to."""
    return rows.select(part_number(_TRACKING, rows.columns, parts)).to_series()


def with_part(
    batches: Iterable[pa.RecordBatch], number: Callable[[pl.DataFrame], pl.Series]
) -> Iterator[pa.RecordBatch]:
    """Add to rows the number of the part that they belong to."""
    import polars as pl
    import pyarrow as pa

    for batch in batches:
        rows = pl.from_arrow(batch)
        assert isinstance(rows, pl.DataFrame)
        parts = number(rows).cast(pl.Int32).to_arrow()
        yield pa.RecordBatch.from_arrays([*batch.columns, parts], [*batch.schema.names, "part"])


def piece(table: pa.Table, read: Callable[[pl.DataFrame, int], Piece], like: bytes) -> pa.Table:
    """Return all rows of one part, understood, as one row of Arrow and look-ups."""
    import polars as pl

    rows = pl.from_arrow(table)
    assert isinstance(rows, pl.DataFrame)
    part = int(rows["part"][0])
    piece = read(rows.drop("part"), part)
    tracking = _cast_like(piece.tracking, frame_of(like))
    lookups = lookups_of({_TRACKING: nw.from_native(tracking).lazy()})
    return _row(
        part=part, tracking=ipc(tracking), lookups=pickle.dumps(lookups),
        notes=piece.notes,
    )  # fmt: skip


def _cast_like(rows: pl.DataFrame, like: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    return rows.select(
        (pl.col(n) if n in rows.columns else pl.lit(None)).cast(t).alias(n)
        for n, t in like.schema.items()
    )


def built(
    batches: Iterable[pa.RecordBatch],
    beside: list[dict[str, bytes]],
    settings: Settings,
    lookups: Lookups,
    spelling: Mapping[str, str],
) -> Iterator[pa.RecordBatch]:
    """Return the ledger of each piece: its compact rows, and its order rows."""
    import polars as pl

    for batch in batches:
        for row in batch.to_pylist():
            tracking = frame_of(row["tracking"])
            if spelling and "brand" in tracking.columns:
                tracking = tracking.with_columns(pl.col("brand").replace(spelling))
            part = ledger_part(beside[row["part"]], tracking, settings, lookups)
            made = _row(part=row["part"], rows=ipc(part.rows), events=ipc(part.events))
            yield from made.to_batches()


def order_rows(batches: Iterable[pa.RecordBatch], parts: int) -> Iterator[pa.RecordBatch]:
    """Return order rows out of pieces, with the part that their user belongs to."""
    import polars as pl

    for batch in batches:
        for content in batch.column("events").to_pylist():
            rows = frame_of(content)
            numbers = rows.select(user_part(parts).cast(pl.Int32)).to_series()
            yield from as_spark_has(rows.with_columns(numbers)).to_batches()


def users_of(table: pa.Table, parts: int) -> pa.Table:
    """Number the users of one part."""
    import polars as pl

    rows = pl.from_arrow(table)
    assert isinstance(rows, pl.DataFrame)
    return as_spark_has(with_users_of(rows.drop("part"), int(rows["part"][0]), parts))


def ledger_part(
    beside: Mapping[str, bytes],
    tracking: pl.DataFrame,
    settings: Settings,
    lookups: Lookups,
    like: Mapping[str, pl.DataFrame] | None = None,
) -> LedgerPart:
    """Return what one part has of the ledger; of a table without rows, none like those.

    Names are text: codes of other processes differ.
    """
    others = {n: t.clear() for n, t in (like or {}).items()}
    others |= {n: frame_of(content) for n, content in beside.items()}
    part = part_of({**others, _TRACKING: tracking}, settings, lookups)
    return LedgerPart(_plain(part.rows), _plain(part.events))


# -- between here and there -----------------------------------------------------------------


def _plain(rows: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    return rows.with_columns(pl.col(pl.Categorical).cast(pl.String))


def as_spark_has(rows: pl.DataFrame) -> pa.Table:
    """Return rows as Arrow, of the types that Spark has: no unsigned numbers, no long texts."""
    import polars as pl
    import pyarrow as pa

    signed = rows.with_columns(pl.col(pl.UInt64).cast(pl.Int64)).to_arrow()
    texts = [
        f.with_type(pa.string())
        if pa.types.is_large_string(f.type) or pa.types.is_string_view(f.type) else f
        for f in signed.schema
    ]  # fmt: skip
    return signed.cast(pa.schema(texts))


def _row(**cells: Any) -> pa.Table:
    import pyarrow as pa

    types = {int: pa.int32(), bytes: pa.binary()}
    fields = [pa.field(n, types[type(cell)]) for n, cell in cells.items()]
    return pa.table({n: [cell] for n, cell in cells.items()}, schema=pa.schema(fields))


def ipc(rows: pl.DataFrame) -> bytes:
    """Return rows as bytes of Arrow."""
    content = io.BytesIO()
    rows.write_ipc(content, compression="lz4")
    return content.getvalue()


def frame_of(content: bytes) -> pl.DataFrame:
    """Return rows from bytes of Arrow."""
    import polars as pl

    return pl.read_ipc(io.BytesIO(content))
