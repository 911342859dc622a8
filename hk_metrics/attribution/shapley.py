"""Shapley: what each player adds, averaged over every order in which players could have joined.

With v(S) the value of the journeys whose players all lie within S, the Shapley value has a closed
form: φ_i is the sum over sets T that contain i of value(T) ÷ |T|. So each journey is shared equally
among its distinct players: exact for any number of players, and nothing is sampled.
"""

from __future__ import annotations

import numpy as np

from hk_metrics.attribution.journeys import Journeys
from hk_metrics.attribution.model import Credit, Model


def split(journeys: Journeys) -> Credit:
    """Return credit 1 ÷ (distinct players of the journey), whatever the number of touches.

    Notes
    -----
    φ_i = Σ_{T ∋ i} value(T) ÷ |T|. Order and repetition of touches do not matter.

    Source: Zhao, Mahboobi, Bagheri (2018), *Shapley Value Methods for Attribution Modeling in
    Online Advertising*, arXiv:1804.05327.
    """
    pairs = journeys.pairs
    distinct = np.bincount(pairs.journey, minlength=len(journeys.lengths))
    credit = pairs.to_touches(1.0 / distinct[pairs.journey])
    return Credit(credit, credit)


MODEL = Model(
    "shapley",
    "Shapley",
    "A journey's order belongs equally to everyone who took part; order and repetition do not "
    "count.",
    split,
    weighs_players=True,
)
