"""Databases to cells, read-only: PostgreSQL, DuckDB and SQLite files, others through SQLAlchemy.

Tables are found by their columns; no query is written here, the libraries write them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from hk_metrics.errors import ParameterError
from hk_metrics.ingest.limits import check_shape
from hk_metrics.ingest.raw import RawTable, UnreadableError, from_frame
from hk_metrics.ingest.recognise import recognise

if TYPE_CHECKING:
    import polars as pl
    import sqlalchemy as sa

    from hk_metrics.settings import Settings

SYSTEM_SCHEMAS = frozenset({"pg_catalog", "information_schema", "pg_toast", "sys"})
OTHER_SCHEMES = frozenset(
    {
        "mysql",
        "mariadb",
        "mssql",
        "oracle",
        "snowflake",
        "bigquery",
        "redshift",
        "cockroachdb",
        "trino",
        "databricks",
        "clickhouse",
    }
)
PLAIN_TYPES = frozenset(
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
EXTRA = "install the extra: pip install 'hk-metrics[database]'"


@dataclass(frozen=True)
class Relation:
    """A table or view of a database: its schema (or none), name and columns.

    ``as_text`` names the columns that the server is asked to write as text, since their type would
    come as bytes.
    """

    schema: str | None
    name: str
    columns: tuple[str, ...]
    as_text: frozenset[str] = frozenset()

    @property
    def wanted(self) -> bool:
        """Whether its columns are those of one of our tables."""
        return recognise(self.columns, self.name).table is not None


def read_database(url: str, settings: Settings) -> list[RawTable]:
    """Read every table of a database whose columns are those of one of ours.

    Parameters
    ----------
    url
        ``postgresql://user@host/base``, ``duckdb:///path``, ``sqlite:///path``, or any URL that
        SQLAlchemy has a driver for.
    settings
        Limits.

    Raises
    ------
    UnreadableError
        If it cannot be reached, or holds no such table.
    ParameterError
        If the driver is not installed.

    Notes
    -----
    Read-only by construction: PostgreSQL in a read-only session, files opened read-only.
    """
    scheme = url.split(":", 1)[0].lower()
    label = without_password(url)
    reader = READERS.get(scheme.split("+")[0], _read_sqlalchemy)
    try:
        tables = reader(url, label, settings)
    except ModuleNotFoundError as error:
        raise ParameterError(f"no driver for {scheme} ({error}): {EXTRA}") from error
    if not tables:
        raise UnreadableError(
            label, "not_a_table", "no table of this database has the columns of one of ours",
            "name its columns as in the templates, or make views that do",
        )  # fmt: skip
    return tables


def without_password(url: str) -> str:
    """Return a URL as it may be shown.

    >>> without_password("postgresql://ana:secret@db:5432/shop")
    'postgresql://ana@db:5432/shop'
    """
    parts = urlsplit(url)
    host = parts.netloc.rsplit("@", 1)
    user = f"{host[0].split(':')[0]}@" if len(host) == 2 else ""
    return urlunsplit((parts.scheme, user + host[-1], parts.path, "", ""))


def is_database(url: str) -> bool:
    """Whether a URL names a database rather than a file.

    >>> is_database("postgresql://db/shop"), is_database("s3://bucket/shop.csv")
    (True, False)
    """
    scheme = url.split(":", 1)[0].lower().split("+")[0]
    return scheme in READERS or scheme in OTHER_SCHEMES


def file_of(url: str) -> Path:
    """Return the path of a ``duckdb:///…`` or ``sqlite:///…`` URL."""
    path = Path(url.split(":", 1)[1].removeprefix("//").removeprefix("/")).expanduser()
    absolute = Path("/") / path
    return absolute if absolute.is_file() and not path.is_file() else path


def read_sqlite(path: Path, label: str, settings: Settings) -> list[RawTable]:
    """Read a SQLite file."""
    return _read_sqlalchemy(f"sqlite:///file:{path.resolve()}?mode=ro&uri=true", label, settings)


def read_duckdb(path: Path, label: str, settings: Settings) -> list[RawTable]:
    """Read a DuckDB file."""
    import duckdb
    import polars as pl

    try:
        with duckdb.connect(str(path), read_only=True) as base:
            listed = base.table("information_schema.columns").pl().sort("ordinal_position")
            relations = listed.group_by("table_schema", "table_name", maintain_order=True).agg(
                "column_name"
            )
            found = []
            for schema, name, columns in relations.iter_rows():
                relation = Relation(schema, name, tuple(columns))
                if relation.wanted:
                    view = base.table(f'"{schema}"."{name}"')
                    frame = view.limit(settings.max_rows + 1).pl()
                    found.append(_raw(relation, frame, label, settings))
            return found
    except (duckdb.Error, pl.exceptions.PolarsError) as error:
        raise _unreachable(label, error) from error


def _read_postgresql(url: str, label: str, settings: Settings) -> list[RawTable]:
    import adbc_driver_manager
    import adbc_driver_postgresql.dbapi as postgresql
    import polars as pl
    from sqlalchemy.dialects.postgresql import dialect

    try:
        with postgresql.connect(_read_only(url)) as base, base.cursor() as cursor:
            written = dialect(paramstyle="named")  # type: ignore[no-untyped-call]
            objects = base.adbc_get_objects(depth="all").read_all().to_pylist()
            found = []
            for relation in filter(lambda r: r.wanted, _relations(objects)):
                query = _select(relation, settings).compile(
                    dialect=written, compile_kwargs={"literal_binds": True}
                )
                cursor.execute(str(query))
                frame = pl.from_arrow(cursor.fetch_arrow_table())
                assert isinstance(frame, pl.DataFrame)
                found.append(_raw(relation, frame, label, settings))
            return found
    except (adbc_driver_manager.Error, OSError) as error:
        raise _unreachable(label, error) from error


def _read_only(url: str) -> str:
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
            if schema["db_schema_name"] in SYSTEM_SCHEMAS:
                continue
            for table in schema["db_schema_tables"] or ():
                columns = sorted(
                    table["table_columns"] or (), key=lambda c: int(c["ordinal_position"])
                )
                names = tuple(str(c["column_name"]) for c in columns)
                odd = {c["column_name"] for c in columns if c["xdbc_type_name"] not in PLAIN_TYPES}
                yield Relation(schema["db_schema_name"], table["table_name"], names, frozenset(odd))


def _select(relation: Relation, settings: Settings) -> sa.Select[Any]:
    import sqlalchemy as sa

    columns: list[sa.ColumnClause[Any]] = [sa.column(c) for c in relation.columns]
    table = sa.table(relation.name, *columns, schema=relation.schema)
    given = [
        sa.cast(c, sa.Text).label(c.name) if c.name in relation.as_text else c for c in table.c
    ]
    return sa.select(*given).limit(settings.max_rows + 1)


def _read_sqlalchemy(url: str, label: str, settings: Settings) -> list[RawTable]:
    import polars as pl
    import sqlalchemy as sa

    try:
        with _connected(url) as base:
            seen = sa.inspect(base)
            found = []
            for name in (*seen.get_table_names(), *seen.get_view_names()):
                columns = tuple(c["name"] for c in seen.get_columns(name))
                relation = Relation(None, name, columns)
                if relation.wanted:
                    rows = base.execute(_select(relation, settings)).fetchall()
                    frame = pl.DataFrame(
                        [tuple(r) for r in rows], schema=list(columns), orient="row",
                        infer_schema_length=None, strict=False,
                    )  # fmt: skip
                    found.append(_raw(relation, frame, label, settings))
            return found
    except (sa.exc.SQLAlchemyError, pl.exceptions.PolarsError, OSError) as error:
        raise _unreachable(label, error) from error


@contextmanager
def _connected(url: str) -> Iterator[sa.Connection]:
    import sqlalchemy as sa

    engine = sa.create_engine(url)
    try:
        with engine.connect() as base:
            yield base
    finally:
        engine.dispose()


def _raw(relation: Relation, frame: pl.DataFrame, label: str, settings: Settings) -> RawTable:
    file = f"{PurePath(label).name or label} › {relation.name}"
    check_shape(frame.height, frame.width, file, settings)
    return from_frame(frame, file, relation.name)


def _unreachable(label: str, error: Exception) -> UnreadableError:
    reason = " ".join(str(error).split())[:200]
    return UnreadableError(
        label, "unreachable", f"the database cannot be read ({reason})",
        "check the address, the name and the rights of the user; reading rights are enough",
    )  # fmt: skip


READERS: dict[str, Callable[[str, str, Settings], list[RawTable]]] = {
    "postgresql": _read_postgresql,
    "postgres": _read_postgresql,
    "duckdb": lambda url, label, settings: read_duckdb(file_of(url), label, settings),
    "sqlite": lambda url, label, settings: read_sqlite(file_of(url), label, settings),
}
