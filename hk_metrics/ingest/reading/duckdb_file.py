"""DuckDB files to cells: nothing outside the file can be opened, attached or loaded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING, Any

from hk_metrics.ingest.raw import RawTable, UnreadableError
from hk_metrics.ingest.reading.limits import CPUS, MOST_RELATIONS, check_shape, out_of_memory
from hk_metrics.ingest.reading.relation import (
    Relation,
    Stream,
    TooSlowError,
    tables_of,
    unreachable,
)

if TYPE_CHECKING:
    import duckdb
    import polars as pl

    from hk_metrics.settings import Settings

_BATCH = 20_000
_CLOSED = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_persistent_secrets": "false",
    "python_enable_replacements": "false",
    "temp_directory": "",
    "lock_configuration": "true",
}


def read_duckdb(
    path: Path, label: str, settings: Settings, *, own: bool = True
) -> list[RawTable | UnreadableError]:
    """Read the tables of a DuckDB file whose columns are those of one of ours.

    Parameters
    ----------
    path, label
        The file, and what to call it.
    settings
        Limits.
    own
        Whether the file is the reader's own. Of a stranger's only tables are read: a view is a
        program.

    Raises
    ------
    UnreadableError
        If it is damaged, too large or answers too slowly.
    """
    import duckdb
    import polars as pl
    import pyarrow as pa

    try:
        with _opened(path, settings) as base:
            listed = _relations(base, own=own)
            batches = partial(_batches, base, label, settings)
            return tables_of(listed, batches, path, label, settings)
    except duckdb.OutOfMemoryException as error:
        raise out_of_memory(label, settings) from error
    except (duckdb.Error, pl.exceptions.PolarsError, pa.ArrowException) as error:
        if isinstance(error, duckdb.InterruptException) or "INTERRUPT" in str(error):
            raise TooSlowError(label, settings) from error
        raise unreachable(label, error) from error


@contextmanager
def streamed_duckdb(path: Path, label: str) -> Iterator[list[Stream]]:
    """Open one's own DuckDB file of any size, and give its tables a batch at a time.

    Raises
    ------
    UnreadableError
        If it is damaged.
    """
    import duckdb
    import pyarrow as pa

    config: dict[str, Any] = {**_CLOSED, "threads": CPUS}
    try:
        with duckdb.connect(str(path), read_only=True, config=config) as base:
            listed, _ = _relations(base, own=True)
            yield [
                Stream(r, partial(_count, base, r), partial(_read, base, r, None))
                for r in listed if r.wanted
            ]  # fmt: skip
    except (duckdb.Error, pa.ArrowException) as error:
        raise unreachable(label, error) from error


def _relations(base: duckdb.DuckDBPyConnection, *, own: bool) -> tuple[list[Relation], list[str]]:
    """List what can be read, and the names of the views that are not."""
    import polars as pl

    views = base.table_function("duckdb_views").limit(MOST_RELATIONS).pl()
    views = views.filter(~pl.col("internal"))
    tables = base.table_function("duckdb_tables").limit(MOST_RELATIONS).pl()
    columns = base.table_function("duckdb_columns").pl().sort("column_index")
    wanted = tables.select("schema_name", "table_name")
    if own:
        viewed = views.select("schema_name", table_name="view_name")
        wanted = pl.concat([wanted, viewed])
    listed = wanted.join(columns, on=["schema_name", "table_name"], maintain_order="left_right")
    found = listed.group_by("schema_name", "table_name", maintain_order=True).agg("column_name")
    relations = [Relation(s, n, tuple(c)) for s, n, c in found.iter_rows()]
    return relations, [] if own else views["view_name"].to_list()


def _batches(
    base: duckdb.DuckDBPyConnection, label: str, settings: Settings, relation: Relation
) -> Iterator[pl.DataFrame]:
    check_shape(0, len(relation.columns), label, settings)
    yield from _read(base, relation, settings.max_rows + 1)


def _read(
    base: duckdb.DuckDBPyConnection, relation: Relation, most: int | None
) -> Iterator[pl.DataFrame]:
    import polars as pl

    table = _table(base, relation)
    for batch in (table.limit(most) if most else table).to_arrow_reader(_BATCH):
        frame = pl.from_arrow(batch)
        assert isinstance(frame, pl.DataFrame)
        yield frame


def _count(base: duckdb.DuckDBPyConnection, relation: Relation) -> int:
    return len(_table(base, relation))


def _table(base: duckdb.DuckDBPyConnection, relation: Relation) -> duckdb.DuckDBPyRelation:
    return base.table(f"{_quoted(relation.schema or '')}.{_quoted(relation.name)}")


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


@contextmanager
def _opened(path: Path, settings: Settings) -> Iterator[Any]:
    import duckdb

    limits: dict[str, Any] = {"memory_limit": f"{settings.memory // 2}B", "threads": CPUS}
    with duckdb.connect(str(path), read_only=True, config=_CLOSED | limits) as base:
        deadline = Timer(settings.read_seconds, base.interrupt)
        deadline.daemon = True
        deadline.start()
        try:
            yield base
        finally:
            deadline.cancel()
