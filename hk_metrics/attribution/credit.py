"""Credit into the ledger: tracked orders split over the touches of their journeys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

import narwhals as nw
import numpy as np
import polars as pl

from hk_metrics.attribution.journeys import Flags, Floats, Journeys
from hk_metrics.attribution.model import Credit
from hk_metrics.attribution.models import model_named, split
from hk_metrics.attribution.players import OF_ORDER, player_values
from hk_metrics.attribution.tracked import journeys_of
from hk_metrics.ledger.events import is_organic
from hk_metrics.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

OF_THE_TOUCH = ("influencer_id", "source", "campaign", "platform")

ONE_TOUCH = "Every journey has one touch: all models agree."
_STAYS = "Product and brand stay the order's under every model, so all models agree by {by}."


class Tables(Protocol):
    """Whatever holds the canonical tables and settings, e.g. a `Dataset`."""

    @property
    def tables(self) -> Mapping[str, pl.DataFrame]:
        """Table name → frame."""

    @property
    def settings(self) -> Settings:
        """Lookback, half-life …"""


def credited_tracking(
    tables: Mapping[str, pl.DataFrame],
    model: str,
    settings: Settings,
    by: str = "influencer_id",
    **options: Any,
) -> pl.DataFrame:
    """Return `tracking_data` with each order split over the touches that share its credit.

    Parameters
    ----------
    tables
        The canonical tables.
    model
        Name of a model.
    settings
        ``lookback_days`` and ``half_life_days``.
    by
        Whose values are the players of a model that weighs players.
    options
        Options of the model.

    Returns
    -------
    polars.DataFrame
        The same columns, ``orders`` as Float64. An order becomes one row per touch with credit:
        orders, revenue and discount times its credit; influencer, source and campaign those of
        the touch; everything else that of the order. Touches, organic orders and refunds stay as
        they are, in place.

    Notes
    -----
    Credits of an order sum to 1: no total changes with the model. Without a ``brand`` column the
    ledger reads an order's brand from its campaign, which is then that of the touch.
    """
    journeys = journeys_of(tables, by, settings)
    credit = split(journeys, model, _with_defaults(model, settings, options))
    return _split_rows(tables["tracking_data"], journeys, credit)


def _with_defaults(model: str, settings: Settings, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options, with the settings' half-life where the model takes one."""
    known = {"half_life_days": settings.half_life_days}
    return {**{k: v for k, v in known.items() if k in model_named(model).options}, **options}


def _split_rows(tracking: pl.DataFrame, journeys: Journeys, credit: Credit) -> pl.DataFrame:
    credited = journeys.converted[journeys.journey] & ((credit.orders != 0) | (credit.revenue != 0))
    order_row = journeys.order_row[journeys.journey][credited]
    touch_row = journeys.touch_row[credited]
    money = [c for c in ("revenue", "discount") if c in tracking.columns]
    shares = dict.fromkeys(money, credit.revenue[credited]) | {"orders": credit.orders[credited]}
    taken = [c for c in OF_THE_TOUCH if c in tracking.columns]
    orders = tracking.with_columns(pl.col("orders").cast(pl.Float64))
    parts = orders[order_row].with_columns(
        *(pl.col(c) * pl.Series(share) for c, share in shares.items()),
        *(tracking[c][touch_row] for c in taken),
    )
    return _in_place(orders, parts, order_row)


def _in_place(orders: pl.DataFrame, parts: pl.DataFrame, order_row: Any) -> pl.DataFrame:
    """Put the parts of each order where the order stood."""
    stays = np.ones(len(orders), dtype=bool)
    stays[order_row] = False
    place = np.concatenate([np.flatnonzero(stays), order_row])
    return pl.concat([orders.filter(pl.Series(stays)), parts])[np.argsort(place, kind="stable")]


def attribute(
    data: Tables, model: str = "linear", by: str = "influencer_id", **options: Any
) -> pd.DataFrame:
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
    options
        ``half_life_days`` (time_decay), ``first`` and ``last`` (position_based), ``interval`` and
        ``draws`` (markov).

    Returns
    -------
    pandas.DataFrame
        Index = values of the dimension, most revenue first; columns ``orders`` and ``revenue``.
        ``markov`` adds ``removal_effect`` and ``share`` (fractions), and with ``interval=True``
        ``orders_lower``, ``orders_upper``, ``lower`` and ``upper`` (of the revenue, 90 %).
        ``attrs``: ``method``, ``assumption``, ``warnings``.

    Raises
    ------
    UnknownNameError
        For an unknown model, dimension or option.
    InsufficientDataError
        If no tracked order belongs to an influencer.

    Notes
    -----
    Refunds stay with the influencer they name. Organic orders are nobody's and left out. Credit
    says who took part in what was tracked; it does not say what influencers caused.
    """
    chosen = model_named(model)
    values = player_values(data.tables, by)
    journeys = journeys_of(data.tables, "influencer_id" if by in OF_ORDER else by, data.settings)
    credit = split(journeys, model, _with_defaults(model, data.settings, options))
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
    return result


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
    return ordered.to_pandas().set_index(values.name)


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
