"""Sample data larger than memory: tracked events are drawn and written a piece at a time."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

import numpy as np
import polars as pl

from hk_metrics.simulate.scenario import dice
from hk_metrics.simulate.simulation import START, prepared
from hk_metrics.simulate.tables import as_exported, daily_sales_table, tracking_table

_PIECE = 2_000_000
# What payouts are worked out from.
_SUMS = ("influencer_id", "campaign", "date")


def write_in_pieces(
    folder: str | Path,
    seed: int = 7,
    influencers: int = 120,
    days: int = 180,
    events: int = 40_000,
    start: date = START,
    kind: Literal["csv", "parquet"] = "csv",
    piece: int = _PIECE,
) -> list[Path]:
    """Write a world of any size and return the paths; no more than a piece is in memory.

    Parameters
    ----------
    folder
        Where to; created if need be. ``tracking_data`` is a folder of one file per piece there.
    seed, influencers, days, events, start
        As of `simulate`.
    kind
        Of the files with tracked events; all others are CSV.
    piece
        About how many events are drawn at a time.
    """
    place = Path(folder)
    (place / "tracking_data").mkdir(parents=True, exist_ok=True)
    world = prepared(seed, influencers, days, events, start, None)
    pieces = max(1, -(-events // piece))
    paths, sums, sales, numbered = [], [], [], 0
    for part in range(pieces):
        codes, untracked = world.events(_dice(seed, part), pieces)
        tracked = tracking_table(codes, world.posts, world.people, world.first, numbered)
        numbered += tracked.height
        paths.append(_written(tracked, place / "tracking_data" / f"part-{part:05}", kind))
        sums.append(_summed(tracked))
        sales.append(daily_sales_table(codes, untracked, world.first, days))
    beside = world.beside(_summed(pl.concat(sums)))
    by_day = pl.concat(sales).group_by("date", "brand", maintain_order=True)
    beside["daily_sales"] = by_day.agg(pl.sum("orders"), pl.sum("revenue").round(2))
    return [*(_written(table, place / name, "csv") for name, table in beside.items()), *paths]


def _dice(seed: int, part: int) -> dict[str, np.random.Generator]:
    """Return a piece's own generators, of its own number of draws from the seed."""
    return dice(int(np.random.SeedSequence([seed, part]).generate_state(1, np.uint64)[0] >> 1))


def _summed(tracked: pl.DataFrame) -> pl.DataFrame:
    days = tracked.with_columns(pl.col("date").dt.truncate("1d"))
    return days.group_by(_SUMS).agg(pl.sum("orders"), pl.sum("revenue"))


def _written(table: pl.DataFrame, path: Path, kind: str) -> Path:
    file = path.with_suffix(f".{kind}")
    if kind == "parquet":
        table.write_parquet(file)
    else:
        as_exported(table).write_csv(file, datetime_format="%Y-%m-%d %H:%M:%S")
    return file
