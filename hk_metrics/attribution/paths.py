"""Published path tables: one row per path with its conversions, value and failures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
import polars as pl

from hk_metrics.attribution.journeys import Floats, Journeys, summed
from hk_metrics.attribution.model import Credit
from hk_metrics.attribution.models import model_named, split
from hk_metrics.errors import InsufficientDataError, SchemaError

if TYPE_CHECKING:
    import pandas as pd

# How published tables name these columns.
_SYNONYMS = {
    "total_conversions": "conversions", "conversion_value": "value",
    "total_conversion_value": "value", "total_null": "null",
}  # fmt: skip


def attribute_paths(
    paths: Any, model: str = "linear", *, separator: str = ">", **options: Any
) -> pd.DataFrame:
    """Return the conversions and value (money) that a model credits to each player of path tables.

    Parameters
    ----------
    paths
        Frame (pandas or Polars) or dict of columns, one row per path: ``path`` ("A > B > C", or a
        list of names), ``conversions``; optional ``value`` (total money of the row) and ``null``
        (how many took the path and did not convert). The names that the R package
        ChannelAttribution uses are understood too (``total_conversions``,
        ``total_conversion_value``, ``total_null``).
    model
        Name of a model.
    separator
        What separates players in a text path.
    options
        Options of the model; for ``time_decay`` a step of the path counts as a day.

    Returns
    -------
    pandas.DataFrame
        Index = players, most conversions first; columns ``conversions``, ``value``; ``markov``
        adds ``removal_effect``, ``share`` and ``revenue_share``, and its totals are shares times
        totals, as published tables have it.

    Raises
    ------
    SchemaError
        If ``path`` or ``conversions`` is missing.
    InsufficientDataError
        If no path converts.

    Examples
    --------
    >>> table = attribute_paths(
    ...     {"path": ["C1 > C2 > C3", "C1", "C2 > C3"],
    ...      "conversions": [1, 0, 0], "null": [0, 1, 1]},
    ...     model="markov")
    >>> table.sort_index()[["conversions", "removal_effect", "share"]].round(6).values.tolist()
    [[0.2, 0.5, 0.2], [0.4, 1.0, 0.4], [0.4, 1.0, 0.4]]
    """
    journeys = journeys_of_paths(paths, separator)
    credit = split(journeys, model, options)
    result = _totals(journeys, credit)
    chosen = model_named(model)
    result.attrs = {
        "method": chosen.label, "assumption": chosen.assumption,
        "warnings": list(credit.warnings),
    }  # fmt: skip
    return result


def journeys_of_paths(paths: Any, separator: str = ">") -> Journeys:
    """Return the journeys of a path table; a row that converts and fails makes two."""
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
    native = pl.DataFrame(paths, strict=False) if isinstance(paths, dict) else paths
    named = nw.from_native(native, eager_only=True).to_polars()
    table = named.rename(lambda name: _SYNONYMS.get(_plain(name), _plain(name)))
    for name in ("path", "conversions"):
        if name not in table.columns:
            raise SchemaError(f"the path table has no column {name!r}: give path and conversions")
    if table["path"].dtype == pl.String:
        table = table.with_columns(pl.col("path").str.split(separator))
    names = pl.col("path").cast(pl.List(pl.String)).list.eval(pl.element().str.strip_chars())
    missing = [pl.lit(0.0).alias(c) for c in ("value", "null") if c not in table.columns]
    return (
        table.with_columns(names.list.eval(pl.element().filter(pl.element() != "")), *missing)
        .filter(pl.col("path").list.len() > 0)
        .with_columns(pl.col("conversions", "value", "null").cast(pl.Float64).fill_null(0.0))
    )


def _plain(name: str) -> str:
    return name.strip().lower().replace(" ", "_")


def _totals(journeys: Journeys, credit: Credit) -> pd.DataFrame:
    import pandas as pd

    index = pd.Index(journeys.players, name="player")
    if "share" in credit.effects:
        conversions = credit.effects["share"] * journeys.orders.sum()
        value = credit.effects["revenue_share"] * journeys.revenue.sum()
    else:
        conversions = _per_player(journeys, journeys.orders, credit.orders)
        value = _per_player(journeys, journeys.revenue, credit.revenue)
    columns = {"conversions": conversions, "value": value, **credit.effects}
    result = pd.DataFrame(columns, index=index)
    for name, (measure, factor) in credit.bounds.items():
        result[name] = result["value" if measure == "revenue" else "conversions"] * factor
    return result.sort_values("conversions", ascending=False, kind="stable")


def _per_player(journeys: Journeys, amount: Floats, credit: Floats) -> Floats:
    return summed(journeys.player, amount[journeys.journey] * credit, len(journeys.players))
