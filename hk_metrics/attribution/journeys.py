"""Journeys: what each user was touched by before an order, as flat arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


def summed(group: Ints, values: Floats, groups: int) -> Floats:
    """Return values summed by group, 0 for a group that has none."""
    return np.bincount(group, values, groups).astype(np.float64)


@dataclass(frozen=True, eq=False)
class Journeys:
    """Journeys with the touches of each side by side, oldest first.

    Parameters
    ----------
    lengths
        Touches per journey, at least 1.
    player
        Per touch: index into ``players``.
    age
        Per touch: days before the order, 0 for the order's own touch (steps in a path table).
    orders, revenue
        Per journey: orders and money that it ended in; 0 orders for one that ended in none.
    weight
        Per journey: how many alike it stands for. Its orders, or 1 where it ended in none.
    players
        Names of the players, sorted.
    touch_row, order_row
        Per touch and per journey: row of the event in `tracking_data`; -1 where there is none.
    """

    lengths: Ints
    player: Ints
    age: Floats
    orders: Floats
    revenue: Floats
    weight: Floats
    players: tuple[str, ...]
    touch_row: Ints
    order_row: Ints

    @cached_property
    def starts(self) -> Ints:
        """Index of the first touch of each journey."""
        return np.cumsum(self.lengths) - self.lengths

    @cached_property
    def journey(self) -> Ints:
        """Index of the journey of each touch."""
        return np.repeat(np.arange(len(self.lengths)), self.lengths)

    @cached_property
    def position(self) -> Ints:
        """Place of each touch in its journey, 0 for the first."""
        return np.arange(len(self.player)) - np.repeat(self.starts, self.lengths)

    @cached_property
    def is_last(self) -> Flags:
        """Whether a touch is the last of its journey."""
        flags = np.zeros(len(self.player), dtype=np.bool_)
        flags[self.starts + self.lengths - 1] = True
        return flags

    @cached_property
    def converted(self) -> Flags:
        """Whether a journey ended in an order."""
        return self.orders > 0

    @property
    def one_touch(self) -> bool:
        """Whether every journey that ended in an order has a single touch."""
        return bool((self.lengths[self.converted] == 1).all())

    def shared(self, weights: Floats) -> Floats:
        """Return weights of touches divided by their sum over the journey."""
        return weights / self.sums(weights)[self.journey]

    def sums(self, values: Floats) -> Floats:
        """Return values of touches summed over each journey."""
        return summed(self.journey, values, len(self.lengths))

    @cached_property
    def pairs(self) -> Pairs:
        """The distinct (journey, player) pairs."""
        code = self.journey * len(self.players) + self.player
        distinct, inverse, count = np.unique(code, return_inverse=True, return_counts=True)
        journey, player = np.divmod(distinct, len(self.players))
        return Pairs(journey, player, inverse.reshape(-1), count)


@dataclass(frozen=True, eq=False)
class Pairs:
    """The distinct players of each journey.

    Parameters
    ----------
    journey, player
        Per pair: the journey and one of its players.
    of_touch
        Per touch: its pair.
    touches
        Per pair: touches of the player in the journey.
    """

    journey: Ints
    player: Ints
    of_touch: Ints
    touches: Ints

    def to_touches(self, credit: Floats) -> Floats:
        """Return the credit of pairs, shared equally among the player's touches."""
        return (credit / self.touches)[self.of_touch]
