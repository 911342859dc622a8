"""The ledger on Spark: the same functions run in the executors, on a part of the influencers each.

Tracked events stay where they are: one shuffle brings those of an influencer together, and only
compact rows come here. Order rows at full grain stay there, divided by user when customers are
first asked for.
"""

from __future__ import annotations

import io
import pickle
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import narwhals as nw

from hk_metrics.errors import ParameterError
from hk_metrics.ledger import Ledger
from hk_metrics.ledger.lookups import Lookups, lookups_of
from hk_metrics.ledger.partitions import (
    coded,
    divided,
    part_number,
    part_of,
    summed,
    user_part,
    with_users_of,
)
from hk_metrics.settings import Settings, default_settings

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

_TRACKING = "tracking_data"
_ROWS_A_PART = 250_000
# Of posts, what the ledger asks of no row.
_TEXTS = ("url", "caption")
_PIECE = "part int, tracking binary, lookups binary, notes binary"
_MADE = "part int, rows binary, events binary"


@dataclass(frozen=True)
class _Piece:
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


def _is_spark(frame: Any) -> bool:
    """Return whether something is a frame of Spark, here or at the end of a connection."""
    import narwhals.stable.v2 as narwhals

    made = narwhals.from_native(frame, pass_through=True)
    return isinstance(made, narwhals.LazyFrame) and made.implementation.is_spark_like()


def _parts_for(frame: Any) -> int:
    """Return into how many parts the influencers of a frame of Spark are best divided."""
    return max(2, -(-int(_answer(frame.count)) // _ROWS_A_PART))


def ledger_on_spark(
    tables: Mapping[str, Any], settings: Settings | None = None, parts: int | None = None
) -> Ledger:
    """Build the compact ledger where tracked events lie on Spark.

    Parameters
    ----------
    tables
        As of `Ledger.build`: ``tracking_data`` a frame of Spark, the others of Spark or Polars.
    settings
        Windows and brands; the process's own where absent.
    parts
        Into how many the influencers are divided; by the number of rows where absent.

    Returns
    -------
    Ledger
        Its rows are here, as Polars; its events are on Spark.

    Raises
    ------
    ParameterError
        If the executors cannot run it: they need this package.
    """
    settings = settings or default_settings()
    if "costs" in tables:
        raise ParameterError(
            "Costs follow the posts of everybody, and Spark builds the ledger of some influencers "
            "at a time: leave the table costs out, or bring tracking_data here with toPandas()."
        )
    tracking = _as_written(tables[_TRACKING])
    parts = parts or _parts_for(tracking)
    empty = here(tracking.limit(0))
    number = partial(_numbers, parts=parts)
    pieces = _divided_on_spark(tracking, number, _Piece, empty)
    others = {n: here(t) if _is_spark(t) else t for n, t in tables.items() if n != _TRACKING}
    return _built_on_spark(pieces, others, empty, settings, parts)


def _as_written(frame: Any) -> Any:
    """Return a frame of Spark with the times that it shows, not the moments that they are."""
    from pyspark.sql import functions
    from pyspark.sql.types import TimestampType

    moments = [f.name for f in frame.schema.fields if isinstance(f.dataType, TimestampType)]
    written = {name: functions.col(f"`{name}`").cast("timestamp_ntz") for name in moments}
    return frame.withColumns(written) if written else frame


def here(frame: Any) -> pl.DataFrame:
    """Bring a small frame of Spark here."""
    import polars as pl

    found = pl.from_arrow(_answer(_as_written(frame).toArrow))
    assert isinstance(found, pl.DataFrame)
    return found


def _divided_on_spark(
    frame: Any,
    number: Callable[[pl.DataFrame], pl.Series],
    read: Callable[[pl.DataFrame], _Piece],
    like: pl.DataFrame,
) -> Any:
    """Bring the tracked events of each part of the influencers together; nothing runs yet.

    Parameters
    ----------
    frame
        Of Spark, one row per tracked event.
    number
        Returns which part each row of a frame belongs to.
    read
        Turns the rows of one part into canonical ones, in an executor.
    like
        What all pieces have: columns and types.

    Returns
    -------
    DataFrame
        Of Spark, one row per part: its number, its tracked events as Arrow, its `Lookups`, notes.
    """
    from pyspark.sql.types import IntegerType, StructField, StructType

    schema = StructType([*frame.schema.fields, StructField("part", IntegerType())])
    numbered = frame.mapInArrow(partial(_with_part, number=number), schema)
    piece = partial(_piece, read=read, like=_ipc(like))
    # Spark asks a function by its number of arguments whether it wants the key.
    return numbered.groupBy("part").applyInArrow(lambda table: piece(table), _PIECE).persist()


def _built_on_spark(
    pieces: Any,
    tables: Mapping[str, pl.DataFrame],
    empty: pl.DataFrame,
    settings: Settings,
    parts: int,
) -> Ledger:
    """Build the ledger of each piece in the executors, and bring the compact rows here.

    Parameters
    ----------
    pieces
        The result of `_divided_on_spark`.
    tables
        All other tables.
    empty
        What pieces are like, without rows.
    settings
        Of the dataset.
    parts
        How many there are.
    """
    found = _answer(pieces.select("part", "lookups").collect)
    lazy = {n: nw.from_native(t).lazy() for n, t in tables.items()}
    none = lookups_of({_TRACKING: nw.from_native(empty).lazy()})
    lookups = sum((pickle.loads(row["lookups"]) for row in found), lookups_of(lazy) + none)
    used = {n: t.drop(_TEXTS, strict=False) if n == "posts" else t for n, t in tables.items()}
    beside = [{n: _ipc(t) for n, t in part.items()} for part in divided(used, parts)]
    build = partial(_built, beside=beside, settings=settings, lookups=lookups)
    made = pieces.mapInArrow(build, _MADE).persist()
    compact = [_frame(row["rows"]) for row in _answer(made.select("rows").collect)]
    pieces.unpersist()
    silent = sorted({*range(parts)} - {row["part"] for row in found})
    compact += [_part(beside[n], empty, settings, lookups).rows for n in silent]
    rows = nw.from_native(coded(summed(compact)).lazy())
    events = _events(made, _part({}, empty, settings, lookups, tables).events, parts)
    return Ledger(rows, events, lookups.estimated, settings, lookups.absent)


def _part(
    beside: Mapping[str, bytes],
    tracking: pl.DataFrame,
    settings: Settings,
    lookups: Lookups,
    like: Mapping[str, pl.DataFrame] | None = None,
) -> Any:
    others = {n: t.clear() for n, t in (like or {}).items()}
    others |= {n: _frame(content) for n, content in beside.items()}
    return part_of({**others, _TRACKING: tracking}, settings, lookups)


# -- in the executors -----------------------------------------------------------------------


def _numbers(rows: pl.DataFrame, parts: int) -> pl.Series:
    return rows.select(part_number(_TRACKING, rows.columns, parts)).to_series()


def _with_part(
    batches: Iterable[pa.RecordBatch], number: Callable[[pl.DataFrame], pl.Series]
) -> Iterator[pa.RecordBatch]:
    import polars as pl
    import pyarrow as pa

    for batch in batches:
        rows = pl.from_arrow(batch)
        assert isinstance(rows, pl.DataFrame)
        parts = number(rows).cast(pl.Int32).to_arrow()
        yield pa.RecordBatch.from_arrays([*batch.columns, parts], [*batch.schema.names, "part"])


def _piece(table: pa.Table, read: Callable[[pl.DataFrame], _Piece], like: bytes) -> pa.Table:
    import polars as pl

    rows = pl.from_arrow(table)
    assert isinstance(rows, pl.DataFrame)
    piece = read(rows.drop("part"))
    tracking = _cast_like(piece.tracking, _frame(like))
    lookups = lookups_of({_TRACKING: nw.from_native(tracking).lazy()})
    return _row(
        part=rows["part"][0], tracking=_ipc(tracking), lookups=pickle.dumps(lookups),
        notes=piece.notes,
    )  # fmt: skip


def _cast_like(rows: pl.DataFrame, like: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    return rows.select(
        (pl.col(n) if n in rows.columns else pl.lit(None)).cast(t).alias(n)
        for n, t in like.schema.items()
    )


def _built(
    batches: Iterable[pa.RecordBatch],
    beside: list[dict[str, bytes]],
    settings: Settings,
    lookups: Lookups,
) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        for row in batch.to_pylist():
            part = _part(beside[row["part"]], _frame(row["tracking"]), settings, lookups)
            made = _row(part=row["part"], rows=_ipc(part.rows), events=_ipc(part.events))
            yield from made.to_batches()


def _events(made: Any, empty: pl.DataFrame, parts: int) -> nw.LazyFrame[Any]:
    """Return the order rows, divided by user and numbered when they are first asked for."""
    from pyspark.sql.pandas.types import from_arrow_schema
    from pyspark.sql.types import IntegerType, StructField, StructType

    plain = from_arrow_schema(_as_spark_has(empty).schema, prefer_timestamp_ntz=True)
    numbered = with_users_of(empty, 0, parts)
    final = from_arrow_schema(_as_spark_has(numbered).schema, prefer_timestamp_ntz=True)
    schema = StructType([*plain.fields, StructField("part", IntegerType())])
    rows = made.select("events").mapInArrow(partial(_order_rows, parts=parts), schema)
    users = partial(_users, parts=parts)
    by_user = rows.groupBy("part").applyInArrow(lambda table: users(table), final).persist()
    events: nw.LazyFrame[Any] = nw.from_native(by_user)
    return events


def _order_rows(batches: Iterable[pa.RecordBatch], parts: int) -> Iterator[pa.RecordBatch]:
    import polars as pl

    for batch in batches:
        for content in batch.column("events").to_pylist():
            rows = _frame(content)
            numbers = rows.select(user_part(parts).cast(pl.Int32)).to_series()
            yield from _as_spark_has(rows.with_columns(numbers)).to_batches()


def _users(table: pa.Table, parts: int) -> pa.Table:
    import polars as pl

    rows = pl.from_arrow(table)
    assert isinstance(rows, pl.DataFrame)
    return _as_spark_has(with_users_of(rows.drop("part"), int(rows["part"][0]), parts))


# -- between here and there -----------------------------------------------------------------


def _as_spark_has(rows: pl.DataFrame) -> pa.Table:
    """Return rows as Arrow of the types that Spark has: no unsigned numbers, no long texts."""
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


def _ipc(rows: pl.DataFrame) -> bytes:
    content = io.BytesIO()
    rows.write_ipc(content, compression="lz4")
    return content.getvalue()


def _frame(content: bytes) -> pl.DataFrame:
    import polars as pl

    return pl.read_ipc(io.BytesIO(content))


def _answer(ask: Callable[[], Any]) -> Any:
    """Ask Spark for something; what went wrong is said in words."""
    from pyspark.errors import PySparkException

    try:
        return ask()
    except PySparkException as error:
        if "No module named 'hk_metrics'" in str(error):
            raise ParameterError(
                "the workers of Spark do not have hk_metrics: install hk-metrics[spark] for the "
                "Python that PYSPARK_PYTHON names there"
            ) from error
        lines = str(error).splitlines()
        reasons = [line for line in lines if re.match(r"[\w.]+(Error|Exception): ", line)]
        raise ParameterError(f"Spark could not do it: {[*lines[:1], *reasons][-1]}") from error
