"""Credit into the ledger: tracked orders split over the touches of their journeys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
import polars as pl

from hk_metrics.attribution.journeys import Journeys
from hk_metrics.attribution.model import Credit
from hk_metrics.attribution.models import model_named, split
from hk_metrics.attribution.tracked import journeys_of
from hk_metrics.settings import Settings

_OF_THE_TOUCH = ("influencer_id", "source", "campaign", "platform")


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
        The same columns, ``orders`` and ``clicks`` as Float64. An order becomes one row per touch
        with credit: orders, clicks, revenue and discount times its credit; influencer, source and
        campaign those of the touch; everything else that of the order. Touches, organic orders
        and refunds stay as they are, in place. Where an order's row holds several, ``purchases`` is
        the part of the row that each of its rows is.

    Notes
    -----
    Credits of an order sum to 1: no total changes with the model. Without a ``brand`` column the
    ledger reads an order's brand from its product, else its source or campaign, which are then
    those of the touch.
    """
    journeys = journeys_of(tables, by, settings)
    credit = split(journeys, model, with_defaults(model, settings, options))
    return _split_rows(tables["tracking_data"], journeys, credit)


def with_defaults(model: str, settings: Settings, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options, with the settings' half-life where the model takes one."""
    known = {"half_life_days": settings.half_life_days}
    return {**{k: v for k, v in known.items() if k in model_named(model).options}, **options}


def _split_rows(tracking: pl.DataFrame, journeys: Journeys, credit: Credit) -> pl.DataFrame:
    credited = journeys.converted[journeys.journey] & ((credit.orders != 0) | (credit.revenue != 0))
    order_row = journeys.order_row[journeys.journey][credited]
    touch_row = journeys.touch_row[credited]
    names = ("revenue", "discount", "matured_revenue", "open_revenue")
    money = [c for c in names if c in tracking.columns]
    counts = [c for c in ("orders", "clicks") if c in tracking.columns]
    shares = dict.fromkeys(money, credit.revenue[credited])
    shares |= dict.fromkeys(counts, credit.orders[credited])
    if (tracking["orders"] > 1).any():
        tracking = tracking.with_columns(purchases=pl.lit(1.0))
        shares["purchases"] = credit.orders[credited]
    taken = [c for c in _OF_THE_TOUCH if c in tracking.columns]
    orders = tracking.with_columns(pl.col(counts).cast(pl.Float64))
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
