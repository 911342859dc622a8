"""What a model credits to each value of a dimension, in total."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, overload

import narwhals as nw
import numpy as np
import polars as pl

from hk_metrics.attribution.credit import Tables, with_defaults
from hk_metrics.attribution.journeys import Flags, Floats, Journeys
from hk_metrics.attribution.model import Credit
from hk_metrics.attribution.models import model_named, split
from hk_metrics.attribution.players import OF_ORDER, player_values
from hk_metrics.attribution.tracked import journeys_of
from hk_metrics.errors import ParameterError
from hk_metrics.interchange import to_pandas
from hk_metrics.ledger.events import is_organic
from hk_metrics.metrics import Unit
from hk_metrics.results.output import Output, given_as
from hk_metrics.results.presentation import Presentation

if TYPE_CHECKING:
    import pandas as pd

    from hk_metrics.results.result import Result

_UNITS: Mapping[str, Unit] = {
    **dict.fromkeys(("orders_lower", "orders_upper"), "count"),
    **dict.fromkeys(("lower", "upper"), "money"),
}
ONE_TOUCH = "Every journey has one touch: all models agree."
_STAYS = "Product and brand stay the order's under every model, so all models agree by {by}."


@overload
def attribute(
    data: Tables,
    model: str = ...,
    by: str = ...,
    *,
    output: Literal["pandas"] = ...,
    **options: Any,
) -> Result: ...
@overload
def attribute(
    data: Tables,
    model: str = ...,
    by: str = ...,
    *,
    output: Literal["polars"],
    **options: Any,
) -> pl.DataFrame: ...
def attribute(
    data: Tables,
    model: str = "linear",
    by: str = "influencer_id",
    *,
    output: Output = "pandas",
    **options: Any,
) -> Result | pl.DataFrame:
    """Return the orders and revenue (money) that a model credits to each value of a dimension.

    Parameters
    ----------
    data
        A dataset.
    model
        ``first_touch``, ``last_touch``, ``linear``, ``time_decay``, ``position_based``,
        ``markov`` or ``shapley``.
    by
        ``influencer_id``, ``source``, ``campaign``, ``platform`` or an attribute of influencers;
        also ``product`` and ``brand``, which stay the order's.
    output
        ``polars`` gives a Polars frame, the index as columns; attrs stay with pandas.
    options
        ``half_life_days`` (time_decay), ``first`` and ``last`` (position_based), ``order``,
        ``interval`` and ``draws`` (markov), ``counterfactual`` (shapley).

    Returns
    -------
    pandas.DataFrame
        Index = values of the dimension, most revenue first; columns ``orders`` and ``revenue``.
        ``markov`` adds ``removal_effect`` and ``share`` (fractions), and with ``interval=True``
        ``orders_lower``, ``orders_upper``, ``lower`` and ``upper`` (of the revenue, 90 %).
        ``attrs``: ``method``, ``assumption``, ``warnings``; of ``markov`` also
        ``conversion_probability``, the chance P that a journey ends in an order, ``order`` and,
        with ``order="held_out"``, ``held_out``: how well each order foretells journeys left out.

    Raises
    ------
    UnknownNameError
        For an unknown model, dimension or option.
    InsufficientDataError
        If no tracked order belongs to an influencer.
    ParameterError
        For what is no dataset; a table of paths is for `attribute_paths`.

    Notes
    -----
    Refunds stay with the influencer they name. Organic orders are nobody's and left out. Credit
    says who took part in what was tracked; it does not say what influencers caused.

    Examples
    --------
    >>> import hk_metrics as hk
    >>> data, _ = hk.simulate(seed=7, influencers=12, days=30, events=500)
    >>> credit = hk.attribute(data, model="last_touch", by="campaign")
    >>> list(credit.columns)
    ['orders', 'revenue']
    """
    if not hasattr(data, "tables"):
        raise ParameterError(
            f"attribute() takes a dataset, not {type(data).__name__}: load it with hk.load, or "
            "give a table of paths to hk.attribute_paths"
        )
    chosen = model_named(model)
    values = player_values(data.tables, by)
    journeys = journeys_of(data.tables, "influencer_id" if by in OF_ORDER else by, data.settings)
    credit = split(journeys, model, with_defaults(model, data.settings, options))
    result = _totals(data.tables["tracking_data"], values, journeys, credit, by in OF_ORDER)
    warnings = list(credit.warnings)
    if by in OF_ORDER:
        warnings.append(_STAYS.format(by=by))
    elif credit.effects:
        _add_effects(result, journeys.players, credit)
    if journeys.one_touch:
        warnings.append(ONE_TOUCH)
    result.attrs = {
        "method": chosen.label, "assumption": chosen.assumption, "warnings": warnings,
    }  # fmt: skip
    for name, value in credit.facts.items():
        result.attrs[name] = value
    return given_as(result, output, Presentation("breakdown", data.settings, "revenue", _UNITS))


def _totals(
    tracking: pl.DataFrame, values: pl.Series, journeys: Journeys, credit: Credit, of_order: bool
) -> pd.DataFrame:
    """Sum credit by value; rows that are in no journey (refunds) count for their own value."""
    converted = journeys.converted[journeys.journey]
    order_row = journeys.order_row[journeys.journey][converted]
    row = order_row if of_order else journeys.touch_row[converted]
    orders = journeys.orders[journeys.journey] * credit.orders
    revenue = journeys.revenue[journeys.journey] * credit.revenue
    rest = _outside(tracking, order_row)
    own = tracking.filter(pl.Series(rest))
    parts = pl.DataFrame({
        values.name: pl.concat([values[row], values.filter(pl.Series(rest))]),
        "orders": np.concatenate([orders[converted], _numbers(own["orders"])]),
        "revenue": np.concatenate([revenue[converted], _numbers(own["revenue"])]),
    })  # fmt: skip
    summed = parts.group_by(values.name).agg(pl.col("orders", "revenue").sum())
    ordered = summed.sort(["revenue", values.name], descending=[True, False])
    return ordered.pipe(to_pandas).set_index(values.name)


def _numbers(column: pl.Series) -> Floats:
    return column.cast(pl.Float64).fill_null(0.0).to_numpy()


def _outside(tracking: pl.DataFrame, order_row: Any) -> Flags:
    """Tell the attributed rows that are no order of a journey."""
    organic = nw.from_native(tracking).select(is_organic()).to_native()["organic"]
    outside: Flags = ~organic.to_numpy()
    outside[order_row] = False
    return outside


def _add_effects(result: pd.DataFrame, players: tuple[str, ...], credit: Credit) -> None:
    """Add the columns of a model that weighs players; bounds follow the credited amounts."""
    import pandas as pd

    index = list(players)
    effects = pd.DataFrame(credit.effects, index=index).reindex(result.index)
    result[list(credit.effects)] = effects
    for name, (measure, factor) in credit.bounds.items():
        result[name] = result[measure] * pd.Series(factor, index=index).reindex(result.index)
