"""Chains of higher order: the next touch depends on the last few, not on the present one alone."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from hk_metrics.attribution.chain import Chain, Removal
from hk_metrics.attribution.journeys import Floats, Ints, Journeys
from hk_metrics.errors import ParameterError

MOST_STATES = 3_000


@dataclass(frozen=True, eq=False)
class Remembered:
    """A chain whose states are the last few touches of a journey.

    Parameters
    ----------
    chain
        Moves between states.
    owner
        Per state: the player of its last touch.
    players
        How many players there are.
    """

    chain: Chain
    owner: Ints
    players: int

    @property
    def states(self) -> int:
        """How many states there are."""
        return self.chain.states

    def drawn(self, rng: np.random.Generator) -> Remembered:
        """Return a chain drawn from the Dirichlet posterior of each row of moves."""
        return replace(self, chain=self.chain.drawn(rng))

    def solve(self) -> Removal:
        """Return what removing each player would cost.

        Notes
        -----
        A journey meets a player when it first enters one of the states S that end in it. With
        N = (I − Q)⁻¹ it does so in state j with probability ((sN)_S N_SS⁻¹)_j, and brings f_j from
        there on. With one state per player this is the formula of `Chain.solve`.
        """
        chain = self.chain
        leaving = chain.moved.sum(axis=1) + chain.ordered + chain.lost
        start = chain.opened / chain.opened.sum()
        moves = chain.moved.toarray() / leaving[:, None]
        inverse = np.linalg.inv(np.eye(len(leaving)) - moves)
        visits = start @ inverse
        brings = inverse @ np.column_stack([chain.ordered / leaving, chain.earned / leaving])
        through = np.stack([self._through(p, inverse, visits, brings) for p in range(self.players)])
        orders, money = start @ brings
        return Removal(through[:, 0], through[:, 1], float(orders), float(money))

    def _through(self, player: int, inverse: Floats, visits: Floats, brings: Floats) -> Floats:
        """Return orders and money per journey that meets a player."""
        own = np.flatnonzero(self.owner == player)
        first = np.linalg.solve(inverse[np.ix_(own, own)].T, visits[own])
        return np.asarray(first @ brings[own])


def states(journeys: Journeys, order: int) -> Ints:
    """Return, per touch, a code of the last ``order`` touches that it is the last of."""
    state = journeys.player
    for _ in range(order - 1):
        # What is remembered before a touch, and the touch; nothing before the first of a journey.
        before = np.where(journeys.position > 0, np.roll(state, 1) + 1, 0)
        _, state = np.unique(before * len(journeys.players) + journeys.player, return_inverse=True)
    return state.reshape(-1)


def remembered(journeys: Journeys, order: int) -> Remembered:
    """Return the chain of journeys that remembers ``order`` touches.

    Raises
    ------
    ParameterError
        If that makes more states than can be solved in reasonable time.
    """
    state = states(journeys, order)
    count = int(state.max()) + 1
    if count > MOST_STATES:
        raise ParameterError(
            f"order={order} makes {count:,} states of {len(journeys.players):,} players, more than "
            f"{MOST_STATES:,}; choose a lower order, or a dimension with fewer values"
        )
    owner = np.empty(count, dtype=np.int64)
    owner[state] = journeys.player
    names = tuple(map(str, range(count)))
    return Remembered(
        Chain.of(replace(journeys, player=state, players=names)), owner, len(journeys.players)
    )
