"""Orders with their matured revenue, under the brands that the ledger gives them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import narwhals as nw

from hk_metrics.ledger.brands import known_brands, with_brand
from hk_metrics.ledger.events import Frame, with_earlier
from hk_metrics.ledger.lookups import Lookups, lookups_of
from hk_metrics.maturing import Outlook, outlook, with_matured
from hk_metrics.maturing.history import history
from hk_metrics.maturing.orders import MEASURES, orders_of, with_states
from hk_metrics.settings import Settings

if TYPE_CHECKING:
    import polars as pl


def prepared(tables: Mapping[str, Frame], settings: Settings, whole: Lookups) -> Frame:
    """Return `tracking_data` with what only all of it tells: what matures, who had bought before.

    Parameters
    ----------
    tables
        The canonical tables, lazily; on Spark nothing is added.
    settings
        Windows and brands.
    whole
        Of these tables.
    """
    tracking = tables["tracking_data"]
    if not tracking.implementation.is_polars():
        return tracking
    return with_earlier(_matured(tracking, settings, whole), tables.get("customers"))


def matured_table(tables: Mapping[str, pl.DataFrame], settings: Settings) -> pl.DataFrame:
    """Return `tracking_data` with the measures that the ledger would give it."""
    lazy = {name: nw.from_native(frame).lazy() for name, frame in tables.items()}
    found = _matured(lazy["tracking_data"], settings, lookups_of(lazy))
    native: pl.DataFrame = found.collect().to_native()
    return native


def _matured(tracking: Frame, settings: Settings, whole: Lookups) -> Frame:
    """Add matured and open revenue, told by payment mode and brand, to events."""
    branded = with_brand(tracking, known_brands(whole.brands, settings), settings)
    native: pl.DataFrame = branded.collect().to_native()
    made = with_matured(native)
    own: pl.DataFrame = tracking.collect().to_native()
    return nw.from_native(own.with_columns([made[m] for m in MEASURES if m in made.columns]).lazy())


def outlook_of(events: Frame, draws: int) -> Outlook:
    """Return how likely open orders of a ledger stand in the end, with draws; see `outlook`."""
    return outlook(history(orders_of(states_of(events))), draws=draws)


def states_of(events: Frame) -> pl.DataFrame:
    """Return order rows of a ledger with their state and age."""
    import polars as pl

    there = events.collect_schema().names()
    columns = [c for c in ("brand", "payment_mode", "outcome") if c in there]
    native: pl.LazyFrame = events.to_native()
    rows = native.with_columns(
        pl.col(columns).cast(pl.String),
        returned=(pl.col("returned") > 0) if "returned" in there else pl.lit(False),
    ).collect()
    return with_states(rows)
