"""A table of a database: whether it is one of ours, how it is asked for, and its cells."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from hk_metrics.ingest.headers.recognise import recognise
from hk_metrics.ingest.raw import RawTable, UnreadableError, from_frame
from hk_metrics.ingest.reading.limits import BY_PATH, check_memory, check_shape

if TYPE_CHECKING:
    import polars as pl
    import sqlalchemy as sa

    from hk_metrics.settings import Settings

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


@dataclass(frozen=True)
class Stream:
    """A table of a database that is open: how many rows it has, and these, a batch at a time."""

    relation: Relation
    count: Callable[[], int]
    batches: Callable[[], Iterable[pl.DataFrame]]


def select(relation: Relation, most: int | None) -> sa.Select[Any]:
    """Ask for all columns, and one row more than the limit, so that a longer table is noticed."""
    import sqlalchemy as sa

    columns: list[sa.ColumnClause[Any]] = [sa.column(c) for c in relation.columns]
    table = sa.table(relation.name, *columns, schema=relation.schema)
    given = [
        sa.cast(c, sa.Text).label(c.name) if c.name in relation.as_text else c for c in table.c
    ]
    return sa.select(*given).limit(None if most is None else most + 1)


def raw_table(relation: Relation, frame: pl.DataFrame, label: str, settings: Settings) -> RawTable:
    """Take what a database gave as a raw table, if it is not too large."""
    file = f"{PurePath(label).name or label} › {relation.name}"
    check_shape(frame.height, frame.width, file, settings)
    return from_frame(frame, file, relation.name)


Batches = Callable[[Relation], Iterable["pl.DataFrame"]]


def tables_of(
    listed: tuple[Iterable[Relation], Iterable[str]],
    batches: Batches,
    path: Path,
    label: str,
    settings: Settings,
) -> list[RawTable | UnreadableError]:
    """Take those relations of a database file that are ours, and say what was not read.

    Parameters
    ----------
    listed
        What can be read, and the names of the views that are not.
    batches
        Gives the rows of one as they come.
    path, label, settings
        The file, what to call it, and limits.
    """
    relations, views = listed
    wanted = (r for r in relations if r.wanted)
    found = [_gathered(r, batches(r), path, label, settings) for r in wanted]
    return [*found, *_left_out(views, label)]


def _gathered(
    relation: Relation, batches: Iterable[pl.DataFrame], path: Path, label: str, settings: Settings
) -> RawTable:
    """Put together what a database file gave, as long as it is not too large.

    Parameters
    ----------
    relation, batches
        The table, and its rows as they come.
    path, label, settings
        The file, what to call it, and limits.

    Raises
    ------
    UnreadableError
        If there is more than the limits allow.
    """
    import polars as pl

    file = f"{PurePath(label).name or label} › {relation.name}"
    size, frames, rows, taken = path.stat().st_size, [], 0, 0
    for frame in batches:
        frames.append(frame)
        rows, taken = rows + frame.height, taken + int(frame.estimated_size())
        check_shape(rows, frame.width, file, settings)
        check_memory(taken, size, file, settings)
    empty = pl.DataFrame(schema=dict.fromkeys(relation.columns, pl.String))
    whole = pl.concat(frames, how="vertical_relaxed") if frames else empty
    return raw_table(relation, whole, label, settings)


def _left_out(views: Iterable[str], label: str) -> Iterator[UnreadableError]:
    """Say which views of a stranger's database were not read."""
    names = list(views)
    if names:
        shown = ", ".join(name[:60] for name in names[:4]) + (" …" if len(names) > 4 else "")
        yield UnreadableError(
            label, "not_read.views", f"views of an uploaded database are not read: {shown}",
            "if they hold what is wanted, save them as tables",
        )  # fmt: skip


class TooSlowError(UnreadableError):
    """A file takes longer to read than it may."""

    def __init__(self, file: str, settings: Settings) -> None:
        super().__init__(
            file, "too_large", f"reading it takes longer than {settings.read_seconds} s",
            f"{BY_PATH}; the setting HK_METRICS_READ_SECONDS allows more",
        )  # fmt: skip


def unreachable(label: str, error: Exception) -> UnreadableError:
    """Say that a database cannot be read, and why, in one line."""
    reason = " ".join(str(error).split())[:200]
    return UnreadableError(
        label, "unreachable", f"the database cannot be read ({reason})",
        "check the address, the name and the rights of the user; reading rights are enough",
    )  # fmt: skip
