"""Databases to cells, read-only: PostgreSQL, DuckDB and SQLite files, others through SQLAlchemy.

Tables are found by their columns; no query is written here, the libraries write them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from hk_metrics.errors import ParameterError
from hk_metrics.ingest.raw import RawTable, UnreadableError
from hk_metrics.ingest.reading.duckdb_file import read_duckdb, streamed_duckdb
from hk_metrics.ingest.reading.postgresql import read_postgresql, streamed_postgresql
from hk_metrics.ingest.reading.relation import (
    EXTRA,
    Relation,
    Stream,
    raw_table,
    select,
    unreachable,
)
from hk_metrics.ingest.reading.sqlite import read_sqlite

if TYPE_CHECKING:
    import sqlalchemy as sa

    from hk_metrics.settings import Settings

_STREAMED = ("postgresql:", "postgresql+", "postgres:", "duckdb:")
_FILES = (".duckdb", ".ddb")
_OTHER_SCHEMES = frozenset(
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


def read_database(url: str, settings: Settings) -> list[RawTable | UnreadableError]:
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
    reader = _READERS.get(scheme.split("+")[0], _read_sqlalchemy)
    try:
        tables = list(reader(url, label, settings))
    except ModuleNotFoundError as error:
        raise ParameterError(f"no driver for {scheme} ({error}): {EXTRA}") from error
    if not tables:
        raise UnreadableError(
            label, "not_a_table", "no table of this database has the columns of one of ours",
            "name its columns as in the templates, or make views that do",
        )  # fmt: skip
    return tables


def is_streamed(source: object) -> bool:
    """Whether a source is a database whose tables can be read a batch at a time.

    >>> is_streamed("postgresql://db/shop"), is_streamed("shop.duckdb"), is_streamed("shop.csv")
    (True, True, False)
    """
    text = str(source).lower() if isinstance(source, str | Path) else ""
    return text.startswith(_STREAMED) or ("://" not in text and text.endswith(_FILES))


@contextmanager
def streamed(source: str | Path) -> Iterator[list[Stream]]:
    """Open such a database, and give those of its tables that are ours.

    Raises
    ------
    UnreadableError
        If it cannot be reached.
    ParameterError
        If the driver is not installed.
    """
    text = str(source)
    try:
        if text.lower().startswith("postgres"):
            with streamed_postgresql(text, without_password(text)) as tables:
                yield tables
        else:
            path = _file_of(text) if "://" in text else Path(text).expanduser()
            with streamed_duckdb(path, path.name) as tables:
                yield tables
    except ModuleNotFoundError as error:
        raise ParameterError(f"no driver for {text.split(':')[0]} ({error}): {EXTRA}") from error


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
    return scheme in _READERS or scheme in _OTHER_SCHEMES


def _file_of(url: str) -> Path:
    """Return the path of a ``duckdb:///…`` or ``sqlite:///…`` URL."""
    path = Path(url.split(":", 1)[1].removeprefix("//").removeprefix("/")).expanduser()
    absolute = Path("/") / path
    return absolute if absolute.is_file() and not path.is_file() else path


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
                    rows = base.execute(select(relation, settings.max_rows)).fetchall()
                    frame = pl.DataFrame(
                        [tuple(r) for r in rows], schema=list(columns), orient="row",
                        infer_schema_length=None, strict=False,
                    )  # fmt: skip
                    found.append(raw_table(relation, frame, label, settings))
            return found
    except (sa.exc.SQLAlchemyError, pl.exceptions.PolarsError, OSError) as error:
        raise unreachable(label, error) from error


@contextmanager
def _connected(url: str) -> Iterator[sa.Connection]:
    import sqlalchemy as sa

    engine = sa.create_engine(url)
    try:
        with engine.connect() as base:
            yield base
    finally:
        engine.dispose()


_READERS: dict[str, Callable[[str, str, Settings], Sequence[RawTable | UnreadableError]]] = {
    "postgresql": read_postgresql,
    "postgres": read_postgresql,
    "duckdb": lambda url, label, settings: read_duckdb(_file_of(url), label, settings),
    "sqlite": lambda url, label, settings: read_sqlite(_file_of(url), label, settings),
}
