"""Published path tables: one row per path with its conversions, value and failures."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import numpy as np
import polars as pl

from hk_metrics.arguments import text
from hk_metrics.attribution.journeys import Journeys
from hk_metrics.errors import InsufficientDataError, ParameterError, SchemaError

# How published tables name these columns.
_SYNONYMS = {
    "paths": "path", "total_conversions": "conversions", "conversion": "conversions",
    "conv": "conversions", "conversion_value": "value", "total_conversion_value": "value",
    "conv_value": "value", "total_null": "null", "nulls": "null",
}  # fmt: skip
_NUMBERS = ("conversions", "value", "null")
_GIVE = "give a table with path, conversions and, if known, value and null"


def journeys_of_paths(paths: Any, separator: str = ">") -> Journeys:
    """Return the journeys of a path table; a row that converts and fails makes two.

    See `hk_metrics.attribution.attribute_paths` for the table.
    """
    if not text("separator", separator, ">"):
        raise ParameterError("separator: give what stands between the names, e.g. '>'")
    table = _checked(paths, separator)
    rows = pl.concat([
        table.filter(pl.col("conversions") > 0).select(
            "path", "conversions", "value", weight="conversions"),
        table.filter(pl.col("null") > 0).select(
            "path", pl.lit(0.0).alias("conversions"), pl.lit(0.0).alias("value"), weight="null"),
    ])  # fmt: skip
    if not (rows["conversions"] > 0).any():
        raise InsufficientDataError("no path converts: give rows with conversions > 0")
    lengths = rows["path"].list.len().cast(pl.Int64).to_numpy()
    names = rows["path"].explode()
    players = names.unique().sort()
    player = names.cast(pl.Enum(players)).to_physical().cast(pl.Int64).to_numpy()
    place = np.arange(len(player)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    age = (np.repeat(lengths, lengths) - 1 - place).astype(float)
    conversions, value, weight = (rows[c].to_numpy() for c in ("conversions", "value", "weight"))
    nowhere = np.full(len(player), -1)
    return Journeys(
        lengths, player, age, conversions, value, weight, tuple(players), nowhere,
        nowhere[: len(lengths)],
    )  # fmt: skip


def _checked(paths: Any, separator: str) -> pl.DataFrame:
    """Return the table with list paths and all four columns."""
    table = _named(paths)
    for name in ("path", "conversions"):
        if name not in table.columns:
            raise SchemaError(f"the path table has no column {name!r}: {_GIVE}")
    table = table.with_columns(_players(table["path"], separator)).with_columns(
        _number(table[name]) if name in table.columns else pl.lit(0.0).alias(name)
        for name in _NUMBERS
    )
    empty = (pl.col("path").list.len().fill_null(0) == 0) & (
        pl.col("conversions") + pl.col("null") > 0
    )
    if lost := table.filter(empty).height:
        raise SchemaError(
            f"{lost} rows of the path table count conversions or failures without a path: name the "
            "touches of each, or leave the rows out"
        )
    return table


def _named(paths: Any) -> pl.DataFrame:
    """Return the table as a Polars frame whose columns have our names."""
    try:
        native = pl.DataFrame(paths, strict=False) if isinstance(paths, dict) else paths
        frame = nw.from_native(native, eager_only=True).to_polars()
    except (TypeError, pl.exceptions.ShapeError) as reason:
        raise SchemaError(f"this is no path table ({reason}): {_GIVE}") from None
    names = [_SYNONYMS.get(_plain(name), _plain(name)) for name in frame.columns]
    if twice := {name for name in names if name in _NUMBERS and names.count(name) > 1}:
        both = [n for n, ours in zip(frame.columns, names, strict=True) if ours in twice]
        raise SchemaError(f"columns {both} of the path table mean the same: leave one out")
    return frame.rename(dict(zip(frame.columns, names, strict=True)))


def _plain(name: str) -> str:
    return name.strip().lower().replace(" ", "_")


def _players(path: pl.Series, separator: str) -> pl.Series:
    """Return the names of each path's touches, blanks left out."""
    if path.dtype in (pl.String, pl.Null):
        path = path.cast(pl.String).str.split(separator)
    if not isinstance(path.dtype, pl.List):
        raise SchemaError(f"a path is a text like 'A {separator} B', or a list of names")
    names = path.cast(pl.List(pl.String)).list.eval(pl.element().str.strip_chars())
    return names.list.eval(pl.element().filter(pl.element() != "")).alias("path")


def _number(column: pl.Series) -> pl.Series:
    """Return counts or money as numbers, 0 where empty."""
    numbers = column.cast(pl.Float64, strict=False).fill_nan(None)
    known = column.cast(pl.String).str.to_lowercase() != "nan"
    # Money may be paid back; a count cannot be.
    least = -np.inf if column.name == "value" else 0.0
    wrong = column.filter(known & (numbers.is_null() | numbers.is_infinite() | (numbers < least)))
    if len(wrong):
        raise SchemaError(
            f"column {column.name!r} of the path table has {wrong[0]!r}: give plain numbers, "
            "counts of at least 0"
        )
    return numbers.fill_null(0.0)
