"""The ledger on Spark: the same functions run in the executors, on a part of the influencers each.

Tracked events stay where they are: one shuffle brings those of an influencer together, and only
compact rows come here. Order rows at full grain stay there, divided by user when customers are
first asked for.
"""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import narwhals as nw

from hk_metrics.errors import ParameterError
from hk_metrics.ledger import Ledger
from hk_metrics.ledger.brands import spellings
from hk_metrics.ledger.executors import (
    Piece,
    as_it_is,
    as_spark_has,
    built,
    frame_of,
    ipc,
    ledger_part,
    numbers,
    order_rows,
    piece,
    users_of,
    with_part,
)
from hk_metrics.ledger.lookups import lookups_of
from hk_metrics.ledger.partitions import coded, divided, summed, with_users_of
from hk_metrics.settings import Settings, default_settings

if TYPE_CHECKING:
    import polars as pl

_TRACKING = "tracking_data"
_ROWS_A_PART = 250_000
# Of posts, what the ledger asks of no row.
_TEXTS = ("url", "caption")
_PIECE = "part int, tracking binary, lookups binary, notes binary"
_MADE = "part int, rows binary, events binary"


def is_spark(frame: Any) -> bool:
    """Return whether something is a frame of Spark, here or at the end of a connection."""
    return type(frame).__module__.startswith("pyspark.") and hasattr(frame, "mapInArrow")


def parts_for(frame: Any) -> int:
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
    tracking = as_written(tables[_TRACKING])
    parts = parts or parts_for(tracking)
    empty = here(tracking.limit(0))
    number = partial(numbers, parts=parts)
    pieces = divided_on_spark(tracking, number, as_it_is, empty, parts)
    others = {n: here(t) if is_spark(t) else t for n, t in tables.items() if n != _TRACKING}
    built = built_on_spark(pieces, others, empty, settings, parts)
    return built.priced(others.get("margins"))


def as_written(frame: Any) -> Any:
    """Return a frame of Spark with the times that it shows, not the moments that they are."""
    from pyspark.sql import functions
    from pyspark.sql.types import TimestampType

    moments = [f.name for f in frame.schema.fields if isinstance(f.dataType, TimestampType)]
    written = {name: functions.col(f"`{name}`").cast("timestamp_ntz") for name in moments}
    return frame.withColumns(written) if written else frame


def here(frame: Any) -> pl.DataFrame:
    """Bring a small frame of Spark here."""
    import polars as pl

    found = pl.from_arrow(_answer(as_written(frame).toArrow))
    assert isinstance(found, pl.DataFrame)
    return found


def divided_on_spark(
    frame: Any,
    number: Callable[[pl.DataFrame], pl.Series],
    read: Callable[[pl.DataFrame, int], Piece],
    like: pl.DataFrame,
    parts: int,
) -> Any:
    """Bring the tracked events of each part of the influencers together; nothing runs yet.

    Parameters
    ----------
    frame
        Of Spark, one row per tracked event.
    number
        Returns which part each row of a frame belongs to.
    read
        Turns the rows of a part, of that number, into canonical ones, in an executor.
    like
        What all pieces have: columns and types.
    parts
        How many there are: as many tasks, whatever Spark is set to.

    Returns
    -------
    DataFrame
        Of Spark, one row per part: its number, its tracked events as Arrow, its `Lookups`, notes.
    """
    from pyspark.sql.types import IntegerType, StructField, StructType

    schema = StructType([*frame.schema.fields, StructField("part", IntegerType())])
    numbered = frame.mapInArrow(partial(with_part, number=number), schema)
    understood = partial(piece, read=read, like=ipc(like))
    # Spark asks a function by its number of arguments whether it wants the key.
    together = numbered.repartition(parts, "part")
    return together.groupBy("part").applyInArrow(lambda table: understood(table), _PIECE).persist()


def notes_of(pieces: Any) -> list[bytes]:
    """Return what was met in each piece.

    Parameters
    ----------
    pieces
        The result of `divided_on_spark`.

    Raises
    ------
    ParameterError
        If the executors failed.
    """
    return [bytes(row["notes"]) for row in _answer(pieces.select("notes").collect)]


def tracking_of(pieces: Any) -> pl.DataFrame:
    """Bring the tracked events of all pieces here."""
    import polars as pl

    return pl.concat(
        frame_of(row["tracking"]) for row in _answer(pieces.select("tracking").collect)
    )


def built_on_spark(
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
        The result of `divided_on_spark`.
    tables
        All other tables.
    empty
        What pieces are like, without rows.
    settings
        Of the dataset.
    parts
        How many there are.
    """
    if "costs" in tables:
        raise ParameterError(
            "Costs follow the posts of everybody, and Spark builds the ledger of some influencers "
            "at a time: leave the table costs out, or bring tracking_data here with toPandas()."
        )
    found = _answer(pieces.select("part", "lookups").collect)
    lazy = {n: nw.from_native(t).lazy() for n, t in tables.items()}
    none = lookups_of({_TRACKING: nw.from_native(empty).lazy()})
    lookups = sum((pickle.loads(row["lookups"]) for row in found), lookups_of(lazy) + none)
    used = {n: t.drop(_TEXTS, strict=False) if n == "posts" else t for n, t in tables.items()}
    beside = [{n: ipc(t) for n, t in part.items()} for part in divided(used, parts)]
    spelling = spellings(lookups.brands, settings)
    build = partial(built, beside=beside, settings=settings, lookups=lookups, spelling=spelling)
    made = pieces.mapInArrow(build, _MADE).persist()
    compact = [frame_of(row["rows"]) for row in _answer(made.select("rows").collect)]
    pieces.unpersist()
    silent = sorted({*range(parts)} - {row["part"] for row in found})
    compact += [ledger_part(beside[n], empty, settings, lookups).rows for n in silent]
    rows = nw.from_native(coded(summed(compact)).lazy())
    events = _events(made, ledger_part({}, empty, settings, lookups, tables).events, parts)
    return Ledger(rows, events, lookups.estimated, settings, lookups.absent)


def _events(made: Any, empty: pl.DataFrame, parts: int) -> nw.LazyFrame[Any]:
    """Return the order rows, divided by user and numbered when they are first asked for."""
    from pyspark.sql.pandas.types import from_arrow_schema
    from pyspark.sql.types import IntegerType, StructField, StructType

    plain = from_arrow_schema(as_spark_has(empty).schema, prefer_timestamp_ntz=True)
    numbered = with_users_of(empty, 0, parts)
    final = from_arrow_schema(as_spark_has(numbered).schema, prefer_timestamp_ntz=True)
    schema = StructType([*plain.fields, StructField("part", IntegerType())])
    rows = made.select("events").mapInArrow(partial(order_rows, parts=parts), schema)
    users = partial(users_of, parts=parts)
    together = rows.repartition(parts, "part")
    by_user = together.groupBy("part").applyInArrow(lambda table: users(table), final).persist()
    events: nw.LazyFrame[Any] = nw.from_native(by_user)
    return events


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
