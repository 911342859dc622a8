"""Position-based: first and last touch take 40 % each, those between share the rest."""

from __future__ import annotations

import numpy as np

from hk_metrics.arguments import number
from hk_metrics.attribution.journeys import Journeys
from hk_metrics.attribution.model import Credit, Model
from hk_metrics.errors import ParameterError


def split(journeys: Journeys, *, first: float = 0.4, last: float = 0.4) -> Credit:
    """Return 40/20/40 credit; 50/50 where there are two touches, all where there is one.

    Parameters
    ----------
    first, last
        Shares (fractions) of the first and of the last touch.

    Raises
    ------
    ParameterError
        For shares below 0, or above 1 together.
    """
    first, last = number("first", first, 0.4), number("last", last, 0.4)
    if min(first, last) < 0 or not 0 < first + last <= 1:
        raise ParameterError(
            f"first={first!r}, last={last!r}: give fractions of at least 0 that add to 1 at most"
        )
    length = np.repeat(journeys.lengths, journeys.lengths)
    between = (1.0 - first - last) / np.maximum(length - 2, 1)
    weight = np.where(journeys.position == 0, first, between)
    weight = np.where(journeys.is_last, last, weight)
    credit = journeys.shared(np.where(length == 1, 1.0, weight))
    return Credit(credit, credit)


MODEL = Model(
    "position_based",
    "Position-based",
    "Opening and closing the journey mattered most (40 % each); the middle shares the rest.",
    split,
    options=("first", "last"),
)
