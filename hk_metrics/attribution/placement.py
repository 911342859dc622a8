"""From what each player is due in total to the credit of each journey's players.

A journey is split in proportion to weights of its players. Weights that make the totals come out
as the players are due exist only where journeys overlap enough: an order that a single player
touched can go to nobody else. Where they exist they are used; where not, the weights are what the
players are due, and the totals then differ from it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hk_metrics.attribution.journeys import Floats, Journeys, summed

_ROUNDS = 2_000
_PAIR_VISITS = 50_000_000
_CLOSE = 1e-10


@dataclass(frozen=True, eq=False)
class Placement:
    """Credit of each (journey, player) pair, and whether totals are as the players are due."""

    credit: Floats
    exact: bool


def place(journeys: Journeys, amount: Floats, share: Floats) -> Placement:
    """Split each journey among its distinct players.

    Parameters
    ----------
    journeys
        Journeys.
    amount
        Per journey: orders or money to split.
    share
        Per player: fraction of the total amount that it is due.

    Returns
    -------
    Placement
        Per pair of ``journeys.pairs``; sums to 1 over a journey.
    """
    due = share * amount.sum()
    fitted = _fitted(journeys, amount, due, share)
    return Placement(_split(journeys, share if fitted is None else fitted), fitted is not None)


def _split(journeys: Journeys, weights: Floats) -> Floats:
    pairs = journeys.pairs
    # Journeys without an order may hold players who are due nothing: any split will do there.
    own = np.maximum(weights, weights.max() * 1e-300)[pairs.player]
    credit: Floats = own / summed(pairs.journey, own, len(journeys.lengths))[pairs.journey]
    return credit


def _fitted(journeys: Journeys, amount: Floats, due: Floats, start: Floats) -> Floats | None:
    """Return weights under which every player gets what it is due; None if there are none.

    Iterative proportional fitting: each round scales every weight by due ÷ received. It starts from
    shares, not amounts: money of 1e-300 would leave no weight to divide by.
    """
    pairs, n = journeys.pairs, len(due)
    value = amount[pairs.journey]
    alone = np.bincount(pairs.journey)[pairs.journey] == 1
    own, most = (summed(pairs.player, v, n) for v in (np.where(alone, value, 0.0), value))
    slack = _CLOSE * amount.sum()
    if (amount < 0).any() or (due < own - slack).any() or (due > most + slack).any():
        return None
    weights = start.copy()
    for _ in range(min(_ROUNDS, _PAIR_VISITS // len(value) + 10)):
        received = summed(pairs.player, value * _split(journeys, weights), n)
        if np.abs(received - due).max() <= slack:
            return weights
        weights *= np.divide(due, received, where=received > 0, out=np.ones(n))
        weights /= weights.max()
    return None
