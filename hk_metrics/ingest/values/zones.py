"""Times with an offset from UTC: whose clock they show, and so the day that they are on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hk_metrics.quality import Finding, finding

if TYPE_CHECKING:
    import polars as pl

_NAMES = {"z": "+00", "utc": "+00", "gmt": "+00", "ist": "+0530"}
_UTC = frozenset({"UTC", "Etc/UTC", "GMT", "Etc/GMT", "Zulu", "+00:00"})
_SUMMER_TIME = 60  # minutes
_SHOWN = 4


def settle_clocks(dates: pl.DataFrame, timezone: str) -> tuple[pl.DataFrame, tuple[Finding, ...]]:
    """Put the times of one column on one clock, and say which.

    Parameters
    ----------
    dates
        One row per distinct text: ``text``, its ``zone`` and the ``date`` as written.
    timezone
        Where the company is.

    Returns
    -------
    dates, remarks
        Where every time has the same offset, and that is not UTC's, it is the clock of the shop,
        whose day counts: the times stand as written. So they do with two offsets of which one
        follows the other by the season. All others are turned to the company's clock.
    """
    import polars as pl

    zoned = dates.filter(pl.col("zone").is_not_null() & pl.col("date").is_not_null())
    if zoned.is_empty():
        return dates, ()
    dates = dates.with_columns(offset=_offset())
    stands = _is_one_clock(dates.filter(pl.col("date").is_not_null()))
    if not stands:
        dates = dates.with_columns(date=_turned(timezone))
        zoned = zoned.with_columns(offset=_offset()).with_columns(date=_turned(timezone))
    listed = zoned["zone"].unique().sort().str.to_uppercase().to_list()
    zones = ", ".join(listed[:_SHOWN]) + (" …" if len(listed) > _SHOWN else "")
    example = "{!r} is {}".format(*zoned.select("text", "date").row(0))
    return dates, (_remark(zones, example, timezone, len(zoned), stands),)


def on_one_clock(values: pl.Series, timezone: str) -> tuple[pl.Series, tuple[Finding, ...]]:
    """Take the zone from a column of date-times, as from a column of texts with one."""
    import polars as pl

    zone = values.dtype.time_zone if isinstance(values.dtype, pl.Datetime) else None
    if zone is None or not values.count():
        return values, ()
    stands = zone not in _UTC
    local = values if stands else values.dt.convert_time_zone(timezone)
    bare = local.dt.replace_time_zone(None)
    first = f"{values.drop_nulls()[0]} is {bare.drop_nulls()[0]}"
    return bare, (_remark(zone, first, timezone, values.count(), stands),)


def _offset() -> pl.Expr:
    """Return the minutes that the zone of each text is ahead of UTC; null where it names none."""
    import polars as pl

    zone = pl.col("zone").str.replace(":", "").replace(_NAMES)
    sign = pl.when(zone.str.starts_with("-")).then(-1).otherwise(1)
    minutes = zone.str.slice(3, 2).cast(pl.Int64, strict=False).fill_null(0)
    return sign * (zone.str.slice(1, 2).cast(pl.Int64) * 60 + minutes)


def _is_one_clock(dates: pl.DataFrame) -> bool:
    """Whether all times can be of one shop: of one offset, or of its summer's and its winter's."""
    import polars as pl

    offsets = dates["offset"].unique().sort().to_list()
    if None in offsets or len(offsets) > 2:
        return False
    if len(offsets) == 1:
        return bool(offsets[0] != 0)
    instant = pl.col("date") - pl.duration(minutes=pl.col("offset"))
    changes = dates.sort(instant)["offset"].diff().fill_null(0) != 0
    years = dates["date"].dt.year().n_unique()
    return offsets[1] - offsets[0] == _SUMMER_TIME and int(changes.sum()) <= 2 * years


def _turned(timezone: str) -> pl.Expr:
    """Return the times on the company's clock; those without a zone are on it already."""
    import polars as pl

    utc = pl.col("date") - pl.duration(minutes=pl.col("offset"))
    there = utc.dt.replace_time_zone("UTC").dt.convert_time_zone(timezone)
    zoned = pl.col("offset").is_not_null()
    return pl.when(zoned).then(there.dt.replace_time_zone(None)).otherwise("date")


def _remark(zones: str, example: str, timezone: str, count: int, stands: bool) -> Finding:
    return finding(
        "own_clock" if stands else "time_zone", zones=zones, example=example, timezone=timezone,
        count=count,
    )  # fmt: skip
