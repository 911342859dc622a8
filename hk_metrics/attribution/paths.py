"""The credit of published path tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, overload

from hk_metrics.attribution.journeys import Floats, Journeys, summed
from hk_metrics.attribution.model import Credit
from hk_metrics.attribution.models import model_named, split
from hk_metrics.attribution.path_table import journeys_of_paths
from hk_metrics.metrics import Unit
from hk_metrics.results.output import Output, given_as
from hk_metrics.results.presentation import Presentation

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

    from hk_metrics.results.result import Result

_UNITS: dict[str, Unit] = {"conversions": "count", "value": "money"}


@overload
def attribute_paths(
    paths: Any,
    model: str = ...,
    *,
    separator: str = ...,
    output: Literal["pandas"] = ...,
    **options: Any,
) -> Result: ...
@overload
def attribute_paths(
    paths: Any,
    model: str = ...,
    *,
    separator: str = ...,
    output: Literal["polars"],
    **options: Any,
) -> pl.DataFrame: ...
def attribute_paths(
    paths: Any,
    model: str = "linear",
    *,
    separator: str = ">",
    output: Output = "pandas",
    **options: Any,
) -> Result | pl.DataFrame:
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
    output
        ``polars`` gives a Polars frame, the index as columns; attrs stay with pandas.
    options
        Options of the model; for ``time_decay`` a step of the path counts as a day.

    Returns
    -------
    pandas.DataFrame
        Index = players, most conversions first; columns ``conversions``, ``value``; ``markov``
        adds ``removal_effect``, ``share`` and ``revenue_share``, and its totals are shares times
        totals, as published tables have it; ``attrs["conversion_probability"]`` is P, the chance
        that a journey ends in an order, ``attrs["order"]`` the order.

    Raises
    ------
    SchemaError
        If ``path`` or ``conversions`` is missing, or a row has no path or no count of it.
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
    for name, value in credit.facts.items():
        result.attrs[name] = value
    return given_as(result, output, Presentation("breakdown", units=_UNITS))


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
