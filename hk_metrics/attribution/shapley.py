"""Shapley: what each player adds, averaged over every order in which players could have joined.

With v(S) the value of the journeys whose players all lie within S, the Shapley value has a closed
form: φ_i is the sum over sets T that contain i of value(T) ÷ |T|. So each journey is shared equally
among its distinct players: exact for any number of players, and nothing is sampled.
"""

from __future__ import annotations

import numpy as np

from hk_metrics.arguments import flag
from hk_metrics.attribution.journeys import Floats, Journeys
from hk_metrics.attribution.model import Credit, Model

_SEED = 20_250_301


def split(journeys: Journeys, *, counterfactual: bool = False) -> Credit:
    """Return credit 1 ÷ (distinct players of the journey), whatever the number of touches.

    Parameters
    ----------
    counterfactual
        Whether to share each journey by what its chance of an order would lose without the player
        instead, which journeys that failed tell: chances are those of journeys with the very same
        players, 0 where there is none.

    Notes
    -----
    φ_i = Σ_{T ∋ i} value(T) ÷ |T|. Order and repetition of touches do not matter.

    Source: Zhao, Mahboobi, Bagheri (2018), *Shapley Value Methods for Attribution Modeling in
    Online Advertising*, arXiv:1804.05327; the counterfactual credit is that of Google's
    fractribution.
    """
    pairs = journeys.pairs
    distinct = np.bincount(pairs.journey, minlength=len(journeys.lengths))
    share = 1.0 / distinct[pairs.journey]
    if flag("counterfactual", counterfactual):
        share = _lost_without(journeys, share)
    credit = pairs.to_touches(share)
    return Credit(credit, credit)


def _lost_without(journeys: Journeys, equal: Floats) -> Floats:
    """Return each pair's share of what its journey's chance of an order loses without the player.

    Equal shares where no player's absence would lose anything.
    """
    pairs = journeys.pairs
    # A set is known by the sum of its players' random numbers: less one is the set without it.
    number = np.random.default_rng(_SEED).integers(0, 2**63, len(journeys.players), dtype=np.uint64)
    every = np.zeros(len(journeys.lengths), dtype=np.uint64)
    np.add.at(every, pairs.journey, number[pairs.player])
    sets, place = np.unique(every, return_inverse=True)
    tried = np.bincount(place, journeys.weight)
    chance = np.bincount(place, journeys.weight * journeys.converted) / np.maximum(tried, 1e-300)
    rest = every[pairs.journey] - number[pairs.player]
    found = np.minimum(np.searchsorted(sets, rest), len(sets) - 1)
    without = np.where(sets[found] == rest, chance[found], 0.0)
    lost = np.maximum(chance[place][pairs.journey] - without, 0.0)
    whole = np.bincount(pairs.journey, lost, len(every))[pairs.journey]
    return np.where(whole > 0, lost / np.where(whole > 0, whole, 1.0), equal)


MODEL = Model(
    "shapley",
    "Shapley",
    "A journey's order belongs equally to everyone who took part; order and repetition do not "
    "count.",
    split,
    options=("counterfactual",),
    weighs_players=True,
)
