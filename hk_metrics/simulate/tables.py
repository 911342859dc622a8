"""Codes → the canonical tables, and those to files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hk_metrics.places import data_folder
from hk_metrics.simulate.activity import DAY, Posts
from hk_metrics.simulate.cast import Cast
from hk_metrics.simulate.catalogue import BRAND_NAMES, BRAND_OF_PRODUCT, CAMPAIGNS, PRODUCTS
from hk_metrics.simulate.orders import SOURCES

Array = NDArray[np.float64]
Codes = NDArray[np.int64]


def tracking_table(
    events: pl.DataFrame, posts: Posts, cast: Cast, start: np.datetime64, before: int = 0
) -> pl.DataFrame:
    """Return the canonical ``tracking_data`` table, in order of time; ``before`` rows precede."""

    def names(values: list[str] | tuple[str, ...], codes: str) -> pl.Series:
        return pl.Series(values, dtype=pl.String).gather(events[codes])

    events = events.sort("second", maintain_order=True)
    post = events.select(pl.when(pl.col("post") >= 0).then("post")).to_series()
    product = events["product"]
    brand = pl.Series(BRAND_NAMES).gather(BRAND_OF_PRODUCT)
    influencer = cast.table["id"].gather(posts.influencer)
    campaign = pl.Series([c.name for c in CAMPAIGNS]).gather(posts.campaign)
    width = max(7, len(str(before + len(events))))
    epoch = int(start.astype("datetime64[us]").astype(np.int64))
    microseconds = pl.col("second").cast(pl.Int64) * 1_000_000 + epoch
    pl.int_range(before + 1, before + pl.len() + 1)
    return events.select(
        tracking_id="T"
        + pl.int_range(before + 1, before + pl.len() + 1).cast(pl.String).str.zfill(width),
        source=names(SOURCES, "source"),
        campaign=campaign.gather(post),
        influencer_id=influencer.gather(post),
        user_id="U" + pl.col("user").cast(pl.String).str.zfill(width),
        product=names([p.name for p in PRODUCTS], "product"),
        brand=brand.gather(product),
        date=microseconds.cast(pl.Datetime("us")),
        orders=pl.col("orders").cast(pl.Int64),
        revenue=pl.col("revenue"),
        discount=pl.col("discount"),
        returned=pl.col("returned"),
    )


def daily_sales_table(
    events: pl.DataFrame, untracked: tuple[Codes, Array], first: np.datetime64, days: int
) -> pl.DataFrame:
    """Return the shop's total: tracked events and untracked sales, one row per day × brand."""
    brand = pl.Series(BRAND_OF_PRODUCT).gather(events["product"])
    cell = brand.to_numpy() * days + events["second"].to_numpy() // DAY
    size = len(BRAND_NAMES) * days
    orders = np.bincount(cell, events["orders"].to_numpy(), size) + untracked[0].ravel()
    revenue = np.bincount(cell, events["revenue"].to_numpy(), size) + untracked[1].ravel()
    date_of_day = first.astype("datetime64[us]") + np.arange(days).astype("timedelta64[D]")
    return pl.DataFrame(
        {
            "date": np.tile(date_of_day, len(BRAND_NAMES)),
            "brand": np.repeat(BRAND_NAMES, days),
            "orders": orders.astype(np.int64),
            "revenue": revenue.round(2),
        }
    ).sort("date", maintain_order=True)


def write_csv(tables: Mapping[str, pl.DataFrame], folder: str | Path | None = None) -> list[Path]:
    """Write each table as ``<name>.csv`` (UTF-8) and return the paths.

    Parameters
    ----------
    tables
        Table name → frame, as of `simulate_tables` or ``Dataset.tables``.
    folder
        Where to; created if need be. By default the project's ``data/sample``.

    Notes
    -----
    Dates without a time of day are written as dates, so that the files look like an export.
    """
    place = Path(folder) if folder else data_folder() / "sample"
    place.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, table in tables.items():
        paths.append(place / f"{name}.csv")
        as_exported(table).write_csv(paths[-1], datetime_format="%Y-%m-%d %H:%M:%S")
    return paths


def as_exported(table: pl.DataFrame) -> pl.DataFrame:
    """Return a table as an export would hold it: dates without a clock where none has one."""
    clocks = [name for name, kind in table.schema.items() if kind == pl.Datetime("us")]
    midnight = [n for n in clocks if (table[n].dt.truncate("1d") == table[n]).all()]
    return table.with_columns(pl.col(midnight).cast(pl.Date))
