"""The ledger a part at a time: parts by influencer, compacted and summed; users in parts of theirs.

All of the ledger is per influencer but for `Lookups`, so a part holds all rows of some influencers
and is built by the same functions. Which order was a user's first, and how many users there are,
is per user: order rows are divided again, by a hash of the user, and numbered there.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import narwhals as nw

from hk_metrics.ledger import MEASURES, Ledger
from hk_metrics.ledger.events import BOUGHT_AT, EARLIER_CUSTOMER, events_in
from hk_metrics.ledger.lookups import Lookups, lookups_of
from hk_metrics.ledger.maturing import prepared
from hk_metrics.settings import Settings, default_settings

if TYPE_CHECKING:
    import polars as pl

# The column whose influencer a row is of; events of none are divided by their user.
_OWNER = {
    "influencers": ("id",), "posts": ("influencer_id",), "payouts": ("influencer_id",),
    "tracking_data": ("influencer_id", "user_id"),
}  # fmt: skip
_SEED = 15


@dataclass(frozen=True)
class LedgerPart:
    """What the rows of some influencers give.

    Parameters
    ----------
    rows
        Compact rows of the ledger.
    events
        Order rows at full grain with ``user_id`` as the data has it and ``bought_at``.
    """

    rows: pl.DataFrame
    events: pl.DataFrame


def build_in_parts(
    tables: Mapping[str, pl.DataFrame], settings: Settings | None = None, parts: int = 8
) -> Ledger:
    """Build the compact ledger a part at a time; equal to the whole built at once.

    Parameters
    ----------
    tables
        As of `Ledger.build`, as Polars.
    settings
        Windows and brands; the process's own where absent.
    parts
        Into how many the influencers, and then the users, are divided.

    Notes
    -----
    Costs may be of no influencer, and then follow everybody's posts: where there are any, the
    ledger is built at once.

    Examples
    --------
    >>> import hk_metrics as hk
    >>> data, _ = hk.simulate(seed=7, influencers=12, days=30, events=500)
    >>> ledger = build_in_parts(data.tables, parts=3)
    >>> columns = ledger.rows.collect(), data.ledger.rows.collect()
    >>> round(columns[0]["revenue"].sum(), 2) == round(columns[1]["revenue"].sum(), 2)
    True
    """
    settings = settings or default_settings()
    if "costs" in tables:
        return Ledger.build(tables, settings).compact()
    lazy = {name: nw.from_native(table).lazy() for name, table in tables.items()}
    lookups = lookups_of(lazy)
    native = prepared(lazy, settings, lookups).collect().to_native()
    tables = {**tables, "tracking_data": native}
    made = [part_of(part, settings, lookups) for part in divided(tables, parts)]
    return _joined(made, settings, lookups, parts).priced(lazy.get("margins"))


def divided(tables: Mapping[str, pl.DataFrame], parts: int) -> Iterator[dict[str, pl.DataFrame]]:
    """Return the tables part by part: each has all rows of some influencers.

    A table that is of no influencer is left out.
    """
    numbers = {n: table.select(part_number(n, table.columns, parts)).to_series()
               for n, table in tables.items() if n in _OWNER}  # fmt: skip
    for part in range(parts):
        yield {name: tables[name].filter(number == part) for name, number in numbers.items()}


def part_number(table: str, columns: Sequence[str], parts: int) -> pl.Expr:
    """Return which part a row of a table belongs to, counted from 0."""
    import polars as pl

    owners = [c for c in _OWNER[table] if c in columns]
    return _number(pl.coalesce(owners), parts).alias("part")


def part_of(tables: Mapping[str, Any], settings: Settings, lookups: Lookups) -> LedgerPart:
    """Build the ledger of some influencers and compact it.

    Parameters
    ----------
    tables
        All their rows, as of `Ledger.build`.
    settings, lookups
        Of the whole.
    """
    ledger = Ledger.build(tables, settings, lookups)
    events: pl.DataFrame = ledger.events.collect().to_native()
    rows: pl.DataFrame = ledger.compact().rows.collect().to_native()
    return LedgerPart(rows, events)


def _joined(made: Iterable[LedgerPart], settings: Settings, lookups: Lookups, users: int) -> Ledger:
    """Return the ledger that parts make together.

    Parameters
    ----------
    made
        All of them.
    settings, lookups
        Of the whole.
    users
        Into how many parts the users are divided.
    """
    import polars as pl

    compact, events = [], []
    for part in made:
        compact.append(part.rows)
        events.append(part.events)
    of_users = _numbered_users(pl.concat(events), users)
    frames = (coded(summed(compact)), coded(of_users))
    rows, orders = (nw.from_native(frame.lazy()) for frame in frames)
    return Ledger(rows, orders, lookups.estimated, settings, lookups.absent)


def ledger_of_parts(
    parts_of: Callable[[], Iterable[LedgerPart]],
    settings: Settings,
    lookups: Lookups,
    users: int,
    folder: Path,
) -> Ledger:
    """Return the ledger that parts make together, its order rows in files, one a part of the users.

    Parameters
    ----------
    parts_of
        Gives the parts one after the other; no two are kept.
    settings, lookups
        Of the whole.
    users
        Into how many parts the users are divided.
    folder
        For the files.
    """
    import polars as pl

    compact = []
    for n, part in enumerate(parts_of()):
        compact.append(coded(part.rows))
        numbered = part.events.with_columns(user_part(users))
        for (of,), rows in numbered.partition_by("part", as_dict=True, include_key=False).items():
            place = folder / f"users-{of:04}"
            place.mkdir(exist_ok=True)
            rows.write_ipc(place / f"{n:04}.arrow", compression="lz4")
        empty = part.events.clear()
    files = []
    for of in range(users):
        place = folder / f"users-{of:04}"
        found = [pl.read_ipc(f) for f in sorted(place.glob("*.arrow"))]
        rows = with_users_of(pl.concat([empty, *found]), of, users)
        files.append(folder / f"events-{of:04}.arrow")
        coded(rows).write_ipc(files[-1], compression="uncompressed")
        shutil.rmtree(place, ignore_errors=True)
    whole = nw.from_native(summed(compact).rechunk().lazy())
    return Ledger(
        whole, events_in(files), lookups.estimated, settings, lookups.absent, tuple(files)
    )  # fmt: skip


def summed(parts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Return compact rows of several parts as compact rows of the whole.

    All rows of an influencer are in one part, so only those of nobody are summed again.
    """
    import polars as pl

    rows = pl.concat(parts)
    keys = [c for c in rows.columns if c not in MEASURES]
    sums = [pl.col(c).sum() for c in rows.columns if c in MEASURES]
    nobody = pl.col("influencer_id").is_null()
    again = rows.filter(nobody).group_by(keys).agg(sums).select(rows.columns).cast(rows.schema)
    return pl.concat([rows.filter(~nobody), again])


def _numbered_users(events: pl.DataFrame, users: int) -> pl.DataFrame:
    """Return order rows with a number for each user, and which were their first.

    Parameters
    ----------
    events
        All order rows.
    users
        Into how many parts the users are divided.
    """
    import polars as pl

    number = events.select(user_part(users)).to_series()
    return pl.concat([
        with_users_of(events.filter(number == part), part, users) for part in range(users)
    ])  # fmt: skip


def user_part(users: int) -> pl.Expr:
    """Return which part of the users an order row belongs to, counted from 0."""
    import polars as pl

    return _number(pl.col("user_id"), users).alias("part")


def with_users_of(events: pl.DataFrame, part: int, users: int) -> pl.DataFrame:
    """Return the order rows of one part of the users, numbered, with ``first_order``.

    Numbers of different parts differ, so that users of all parts can be counted together.
    """
    import polars as pl

    first = pl.col(BOUGHT_AT) == pl.col(BOUGHT_AT).min().over("user_id")
    known = pl.col("user_id").is_not_null()
    if EARLIER_CUSTOMER in events.columns:
        known = known & ~pl.col(EARLIER_CUSTOMER)
    number = (pl.col("user_id").rank("dense").cast(pl.UInt64) - 1) * users + part
    return events.with_columns(
        first_order=(first & known).fill_null(value=False), user_id=number
    ).drop(BOUGHT_AT, EARLIER_CUSTOMER, strict=False)


def coded(rows: pl.DataFrame) -> pl.DataFrame:
    """Give repeated text a number each, as a ledger that is built at once has it."""
    import polars as pl

    return rows.with_columns(pl.col(pl.String).cast(pl.Categorical)).rechunk()


def _number(owner: pl.Expr, parts: int) -> pl.Expr:
    import polars as pl

    return (owner.cast(pl.String).hash(_SEED) % parts).cast(pl.UInt32)
