"""From tracked events to journeys, without a loop over users.

A journey is the events of one user up to an order: touches (rows without orders or revenue) at
most `lookback_days` old, later than the user's previous order, and the order's own event, which is
its last touch. Orders of one user at the same moment are one basket: they share their touches.

Organic events take part in no journey: an organic order stays organic, so that totals are the same
under every model, and it ends the journey that it interrupts without counting as its success or
failure. Rows with revenue but no orders (refunds) are neither touches nor orders.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import narwhals as nw
import numpy as np
import polars as pl

from hk_metrics.attribution.journeys import Flags, Ints, Journeys
from hk_metrics.attribution.players import player_values
from hk_metrics.errors import InsufficientDataError
from hk_metrics.ledger.events import is_organic
from hk_metrics.settings import Settings

_DAY = 86_400_000_000


@dataclass(frozen=True, eq=False)
class _Events:
    """Touches and orders sorted by user and time; at one moment touches come before orders."""

    row: Ints
    time: Ints
    is_order: Flags
    organic: Flags
    new_user: Flags


def journeys_of(tables: Mapping[str, pl.DataFrame], by: str, settings: Settings) -> Journeys:
    """Return the journeys in `tracking_data`.

    Parameters
    ----------
    tables
        The canonical tables.
    by
        Whose values are the players: source, campaign, platform, influencer_id or an attribute
        of the influencer.
    settings
        ``lookback_days`` bounds the age of a touch.

    Raises
    ------
    InsufficientDataError
        If no tracked order belongs to an influencer.
    """
    tracking = tables["tracking_data"]
    events = _sorted(_relevant(tracking))
    if not (events.is_order & ~events.organic).any():
        raise InsufficientDataError(
            "no tracked order belongs to an influencer, so there is nothing to credit. "
            "Add rows with orders > 0 and an influencer_id to tracking_data."
        )
    first, last, order = _spans(events, settings.lookback_days)
    return _assembled(events, first, last, order, tables, by)


def _relevant(tracking: pl.DataFrame) -> pl.DataFrame:
    """Return orders and marketing touches, with their row number."""
    frame = nw.from_native(tracking).with_columns(is_organic()).to_native()
    is_order = pl.col("orders") > 0
    is_touch = (
        (pl.col("orders") == 0)
        & (pl.col("revenue").fill_null(0) == 0)
        & ~pl.col("organic")
        & pl.col("user_id").is_not_null()
    )
    return (
        frame.select("user_id", "organic", "date", "orders", "revenue")
        .with_columns(pl.int_range(pl.len()).alias("row"))
        .filter((is_order | is_touch) & pl.col("date").is_not_null())
        .select("row", "user_id", "date", "organic", is_order.alias("is_order"))
    )


def _sorted(frame: pl.DataFrame) -> _Events:
    """Sort by user and time; rows without a user are users of their own."""
    frame = frame.with_columns(time=pl.col("date").dt.epoch("us"), user=pl.col("user_id").hash())
    changes = pl.col("user_id").ne_missing(pl.col("user_id").shift())
    # Sorting numbers is several times as fast as sorting text. Two users with one hash would
    # interleave: then their texts change where the hash does not.
    ordered = _by_user_and_time(frame)
    if ordered.select((changes & (pl.col("user") == pl.col("user").shift())).any()).item():
        ordered = _by_user_and_time(frame.with_columns(user=pl.col("user_id").rank("dense")))
    new_user = ordered.select(changes | pl.col("user_id").is_null()).to_series()
    arrays = {n: ordered[n].to_numpy() for n in ("row", "time", "is_order", "organic")}
    return _Events(**arrays, new_user=_first_true(new_user.to_numpy()))


def _by_user_and_time(frame: pl.DataFrame) -> pl.DataFrame:
    moment = 2 * frame["time"] + frame["is_order"]
    return frame[np.lexsort((moment.to_numpy(), frame["user"].fill_null(0).to_numpy()))]


def _first_true(flags: Flags) -> Flags:
    flags = flags.copy()
    flags[:1] = True
    return flags


def _spans(events: _Events, lookback_days: int) -> tuple[Ints, Ints, Ints]:
    """Return per journey: first touch, end of its touches, and its order (-1: none), as places.

    Sorted events fall into blocks, each the touches up to the next basket of the same user; the
    touches too old for that basket, or those that no basket follows, are a journey without order.
    """
    n = len(events.row)
    place = np.arange(n)
    moment = events.new_user | (np.diff(events.time, prepend=events.time[:1]) != 0)
    previous = np.concatenate([[False], events.is_order[:-1]])
    after_order = previous & ~events.is_order & ~events.new_user
    # A new block opens at a new user, at a touch after an order, and at an order of a later moment.
    opens = events.new_user | after_order | (events.is_order & previous & moment)
    block = np.cumsum(opens) - 1
    begin = place[opens]
    end = np.append(begin[1:], n)
    basket = end - np.bincount(block, weights=events.is_order, minlength=len(begin)).astype(int)
    closed = np.where(basket < end, events.time[np.minimum(basket, n - 1)], np.iinfo(np.int64).max)
    too_old = ~events.is_order & (events.time < closed[block] - lookback_days * _DAY)
    young = begin + np.bincount(block, weights=too_old, minlength=len(begin)).astype(int)

    orders = place[events.is_order & ~events.organic]
    without = young > begin
    nothing = np.full(int(without.sum()), -1)
    return (
        np.concatenate([young[block[orders]], begin[without]]),
        np.concatenate([basket[block[orders]], young[without]]),
        np.concatenate([orders, nothing]),
    )


def _assembled(
    events: _Events,
    first: Ints,
    last: Ints,
    order: Ints,
    tables: Mapping[str, pl.DataFrame],
    by: str,
) -> Journeys:
    """Lay the touches of each journey side by side, its order's own event last."""
    converted = order >= 0
    lengths = last - first + converted
    starts = np.cumsum(lengths) - lengths
    place = np.arange(int(lengths.sum())) + np.repeat(first - starts, lengths)
    place[(starts + lengths - 1)[converted]] = order[converted]

    rows = events.row[place]
    bought = tables["tracking_data"][events.row[order[converted]]].select("orders", "revenue")
    orders = np.zeros(len(lengths))
    revenue = np.zeros(len(lengths))
    orders[converted] = bought["orders"].cast(pl.Float64).to_numpy()
    revenue[converted] = bought["revenue"].cast(pl.Float64).fill_null(0.0).to_numpy()
    end = np.where(converted, events.time[order], events.time[last - 1])
    age = (np.repeat(end, lengths) - events.time[place]) / _DAY
    names, player = _coded(player_values(tables, by), rows)
    order_row = np.where(converted, events.row[order], -1)
    weight = np.where(converted, orders, 1.0)
    return Journeys(lengths, player, age, orders, revenue, weight, names, rows, order_row)


def _coded(values: pl.Series, rows: Ints) -> tuple[tuple[str, ...], Ints]:
    """Return the names of the players that take part, sorted, and each touch's index of them."""
    touched = values[rows]
    names = touched.unique().sort()
    codes = touched.cast(pl.Enum(names)).to_physical().cast(pl.Int64)
    return tuple(names), codes.to_numpy()
