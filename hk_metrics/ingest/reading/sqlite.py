"""SQLite files to cells: nothing in them is run, and no other file is opened."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hk_metrics.ingest.raw import RawTable, UnreadableError
from hk_metrics.ingest.reading.limits import MOST_RELATIONS
from hk_metrics.ingest.reading.relation import (
    Relation,
    TooSlowError,
    select,
    tables_of,
    unreachable,
)

if TYPE_CHECKING:
    import polars as pl
    import sqlalchemy as sa

    from hk_metrics.settings import Settings

_BATCH = 20_000
_STEPS = 20_000
_LONGEST_VALUE = 10_000_000
# A file may be made by anyone: see "Defense against the dark arts" in SQLite's own manual.
_GUARDS = ("trusted_schema = off", "query_only = on", "cell_size_check = on", "mmap_size = 0")
_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: _LONGEST_VALUE,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 100,
    sqlite3.SQLITE_LIMIT_VDBE_OP: 250_000,
}
_READS = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_TRANSACTION})
_COMPUTES = frozenset({sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE})


def read_sqlite(
    path: Path, label: str, settings: Settings, *, own: bool = True
) -> list[RawTable | UnreadableError]:
    """Read the tables of a SQLite file whose columns are those of one of ours.

    Parameters
    ----------
    path, label
        The file, and what to call it.
    settings
        Limits.
    own
        Whether the file is the reader's own. Of a stranger's only tables are read: a view or a
        computed column is a program.

    Raises
    ------
    UnreadableError
        If it is damaged, or answers too slowly.
    """
    import polars as pl
    import sqlalchemy as sa

    try:
        with _opened(path, settings, own=own) as base:
            listed = _relations(base, own=own)
            _allow(base, _READS | _COMPUTES if own else _READS)
            return tables_of(listed, partial(_batches, base, settings), path, label, settings)
    except (
        sa.exc.SQLAlchemyError, sqlite3.Error, pl.exceptions.PolarsError, OSError,
        UnicodeError,  # of a name that damage made bytes of no text
    ) as error:  # fmt: skip
        if "interrupted" in str(error):
            raise TooSlowError(label, settings) from error
        raise unreachable(label, error) from error


def _relations(base: sa.Connection, *, own: bool) -> tuple[list[Relation], list[str]]:
    """List what can be read, and the names of the views that are not."""
    import sqlalchemy as sa

    asked: list[sa.ColumnClause[Any]] = [sa.column(c) for c in ("type", "name", "rootpage")]
    listing = sa.select(*asked).select_from(sa.table("sqlite_master")).limit(MOST_RELATIONS)
    rows = base.execute(listing).fetchall()
    # A table that is stored nowhere is made by a module as it is asked.
    stored = [n for k, n, r in rows if k == "table" and r and not n.startswith("sqlite_")]
    views = [str(n) for k, n, _ in rows if k == "view"]
    names = [*stored, *views] if own else stored
    return [_relation(base, n, own=own) for n in names], [] if own else views


def _relation(base: sa.Connection, name: str, *, own: bool) -> Relation:
    import sqlalchemy as sa

    described = sa.func.pragma_table_xinfo(name)
    asked: list[sa.ColumnClause[Any]] = [sa.column(c) for c in ("name", "hidden")]
    rows = base.execute(sa.select(*asked).select_from(described)).fetchall()
    return Relation(None, name, tuple(str(n) for n, hidden in rows if not hidden or own))


def _batches(base: sa.Connection, settings: Settings, relation: Relation) -> Iterator[pl.DataFrame]:
    import polars as pl

    rows = base.execute(select(relation, settings.max_rows))
    while batch := rows.fetchmany(_BATCH):
        base.info["deadline"] = time.monotonic() + settings.read_seconds
        yield pl.DataFrame(
            [tuple(r) for r in batch], schema=list(relation.columns), orient="row",
            infer_schema_length=None, strict=False,
        )  # fmt: skip


@contextmanager
def _opened(path: Path, settings: Settings, *, own: bool) -> Iterator[sa.Connection]:
    import sqlalchemy as sa

    # What a stranger sent is a file alone: no journal or log beside it is looked for.
    alone = "" if own else "&immutable=1"
    address = f"{path.resolve().as_uri()}?mode=ro{alone}"
    file = sqlite3.connect(address, uri=True, check_same_thread=False)
    engine = sa.create_engine("sqlite://", creator=lambda: file, poolclass=sa.pool.StaticPool)
    with closing(file):
        file.text_factory = lambda data: data.decode("utf-8", "replace")
        for guard in _GUARDS:
            file.execute(f"pragma {guard}")
        for limit, most in _LIMITS.items():
            file.setlimit(limit, most)
        with engine.connect() as base:
            base.info["deadline"] = time.monotonic() + settings.read_seconds
            file.set_progress_handler(lambda: time.monotonic() > base.info["deadline"], _STEPS)
            yield base


def _allow(base: sa.Connection, actions: frozenset[int]) -> None:
    """Let statements read, and nothing else."""
    file: Any = base.connection.dbapi_connection
    file.set_authorizer(
        lambda action, *_: sqlite3.SQLITE_OK if action in actions else sqlite3.SQLITE_DENY
    )
