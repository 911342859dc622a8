"""PostgreSQL to cells, through Arrow, in a session in which nothing can be written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from hk_metrics.ingest.raw import RawTable
from hk_metrics.ingest.reading.relation import Relation, Stream, raw_table, select, unreachable

if TYPE_CHECKING:
    import polars as pl
    import sqlalchemy as sa

    from hk_metrics.settings import Settings

_SYSTEM_SCHEMAS = frozenset({"pg_catalog", "information_schema", "pg_toast", "sys"})
_PLAIN_TYPES = frozenset(
    {
        "int2",
        "int4",
        "int8",
        "float4",
        "float8",
        "bool",
        "text",
        "varchar",
        "bpchar",
        "date",
        "timestamp",
        "timestamptz",
    }
)


def read_postgresql(url: str, label: str, settings: Settings) -> list[RawTable]:
    """Read the tables and views of a database whose columns are those of one of ours."""
    import adbc_driver_manager
    import adbc_driver_postgresql.dbapi as postgresql
    import polars as pl

    try:
        with postgresql.connect(read_only(url)) as base, base.cursor() as cursor:
            objects = base.adbc_get_objects(depth="all").read_all().to_pylist()
            found = []
            for relation in filter(lambda r: r.wanted, _relations(objects)):
                cursor.execute(_written(select(relation, settings.max_rows)))
                frame = pl.from_arrow(cursor.fetch_arrow_table())
                assert isinstance(frame, pl.DataFrame)
                found.append(raw_table(relation, frame, label, settings))
            return found
    except (adbc_driver_manager.Error, OSError) as error:
        raise unreachable(label, error) from error


@contextmanager
def streamed_postgresql(url: str, label: str) -> Iterator[list[Stream]]:
    """Open a database, and give its tables and views a batch at a time.

    Raises
    ------
    UnreadableError
        If it cannot be reached.
    """
    import adbc_driver_manager
    import adbc_driver_postgresql.dbapi as postgresql

    try:
        with postgresql.connect(read_only(url)) as base, base.cursor() as cursor:
            objects = base.adbc_get_objects(depth="all").read_all().to_pylist()
            yield [
                Stream(r, partial(_count, cursor, r), partial(_batches, cursor, r))
                for r in _relations(objects) if r.wanted
            ]  # fmt: skip
    except (adbc_driver_manager.Error, OSError) as error:
        raise unreachable(label, error) from error


def _count(cursor: Any, relation: Relation) -> int:
    import sqlalchemy as sa

    table = sa.table(relation.name, schema=relation.schema)
    cursor.execute(_written(sa.select(sa.func.count()).select_from(table)))
    return int(cursor.fetchone()[0])


def _batches(cursor: Any, relation: Relation) -> Iterator[pl.DataFrame]:
    import polars as pl

    cursor.execute(_written(select(relation, None)))
    for batch in cursor.fetch_record_batch():
        frame = pl.from_arrow(batch)
        assert isinstance(frame, pl.DataFrame)
        yield frame


def _written(query: sa.Select[Any]) -> str:
    """Return a query in the database's words."""
    from sqlalchemy.dialects.postgresql import dialect

    words = dialect(paramstyle="named")  # type: ignore[no-untyped-call]
    return str(query.compile(dialect=words, compile_kwargs={"literal_binds": True}))


def read_only(url: str) -> str:
    """Ask the server for a session in which nothing can be written."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    given = query.get("options", "")
    query["options"] = f"{given} -c default_transaction_read_only=on".strip()
    # libpq reads %20 as a space but takes a plus as it is.
    return urlunsplit(parts._replace(query=urlencode(query).replace("+", "%20")))


def _relations(objects: Sequence[dict[str, Any]]) -> Iterator[Relation]:
    for catalog in objects:
        for schema in catalog["catalog_db_schemas"] or ():
            if schema["db_schema_name"] in _SYSTEM_SCHEMAS:
                continue
            for table in schema["db_schema_tables"] or ():
                columns = sorted(
                    table["table_columns"] or (), key=lambda c: int(c["ordinal_position"])
                )
                names = tuple(str(c["column_name"]) for c in columns)
                unsupported = {
                    c["column_name"] for c in columns if c["xdbc_type_name"] not in _PLAIN_TYPES
                }
                yield Relation(
                    schema["db_schema_name"], table["table_name"], names, frozenset(unsupported)
                )
