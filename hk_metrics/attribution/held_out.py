"""How far back a chain of touches should look, told by journeys that it has not seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from hk_metrics.attribution.journeys import Flags, Floats, Ints, Journeys
from hk_metrics.attribution.memory import MOST_STATES, states

_FOLDS = 5
_ORDERS = (1, 2, 3, 4)
# How many touches the shorter memory counts for where a longer one has seen little.
_PULL = 1.0
_SEED = 20_250_301


@dataclass(frozen=True)
class HeldOut:
    """How well chains of several orders foretell journeys that they have not seen.

    Parameters
    ----------
    order
        The shortest memory that is no worse than the best by more than a standard error.
    likelihood
        Order → mean log-likelihood of a journey that was left out.
    """

    order: int
    likelihood: dict[int, float]


def held_out(journeys: Journeys, orders: tuple[int, ...] = _ORDERS) -> HeldOut:
    """Return the order of a Markov chain by the likelihood of journeys left out.

    Parameters
    ----------
    journeys
        What users were touched by; one row may stand for several journeys.
    orders
        The orders to try; those with too many states to solve are left out.

    Notes
    -----
    Journeys are dealt into five parts; each is foretold, touch by touch and its end, by a chain
    counted from the other four. What a memory has seen too little of is filled up from the next
    shorter one (a Dirichlet prior), so that a longer memory never fails for want of data alone. Of
    all that are within one standard error of the best, the shortest is taken.

    Source: the rule of one standard error of Breiman, Friedman, Olshen, Stone 1984,
    "Classification and Regression Trees", section 3.4.3.
    """
    parts = _dealt(journeys.weight)
    each = {order: np.zeros(len(journeys.lengths)) for order in orders}
    memories = list(_memories(journeys, orders))
    for part in parts:
        seen = (journeys.weight - part)[journeys.journey]
        chance = _alone(memories[0], seen)
        for order, memory in zip(orders, memories, strict=False):
            chance = memory.chance(seen, chance)
            each[order] += part * journeys.sums(np.log(chance))
    total = {order: float(each[order].sum()) for order in orders[: len(memories)]}
    best = max(total, key=lambda order: total[order])
    close = [o for o in total if total[best] - total[o] <= _error(each[best] - each[o], journeys)]
    count = float(journeys.weight.sum())
    return HeldOut(min(close), {order: value / count for order, value in total.items()})


@dataclass(frozen=True, eq=False)
class _Memory:
    """What is remembered at each touch, and what is remembered together with what came next.

    ``news`` says where it is more than what a shorter memory holds.
    """

    state: Ints
    move: Ints
    next: Ints
    news: Flags

    def chance(self, seen: Floats, shorter: Floats) -> Floats:
        """Return how likely each next touch is, from touches with the weights ``seen``."""
        moves = np.bincount(self.move, seen)[self.move]
        left = np.bincount(self.state, seen)[self.state]
        return np.where(self.news, (moves + _PULL * shorter) / (left + _PULL), shorter)


def _memories(journeys: Journeys, orders: tuple[int, ...]) -> Iterator[_Memory]:
    players = len(journeys.players)
    ended = np.where(journeys.converted[journeys.journey], players, players + 1)
    after = np.where(journeys.is_last, ended, np.roll(journeys.player, -1))
    often = np.full(len(after), len(after))
    for order in orders:
        state = states(journeys, order)
        if order > min(orders) and int(state.max()) + 1 > MOST_STATES:
            return
        _, move = np.unique(state * (players + 2) + after, return_inverse=True)
        before, often = often, np.bincount(state)[state]
        yield _Memory(state, move.reshape(-1), after, often < before)


def _alone(memory: _Memory, seen: Floats) -> Floats:
    """Return how likely each next touch is, whatever came before; never nothing."""
    size = int(memory.next.max()) + 1
    count = np.bincount(memory.next, seen, size)
    return np.asarray(((count + 1.0 / size) / (count.sum() + 1.0))[memory.next])


def _dealt(weight: Floats) -> Floats:
    """Return the weights dealt into parts (parts × journeys), each journey into one by chance."""
    rng = np.random.default_rng(_SEED)
    whole = np.floor(weight).astype(np.int64)
    parts = rng.multinomial(whole, np.full(_FOLDS, 1.0 / _FOLDS)).T.astype(np.float64)
    parts[rng.integers(0, _FOLDS, len(weight)), np.arange(len(weight))] += weight - whole
    return parts


def _error(ahead: Floats, journeys: Journeys) -> float:
    """Return the standard error of a summed difference; rows that stand for many hold it often."""
    weight = np.maximum(journeys.weight, 1e-12)
    mean = ahead.sum() / weight.sum()
    return float(np.sqrt((weight * (ahead / weight - mean) ** 2).sum()))
