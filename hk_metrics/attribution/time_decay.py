"""Time decay: a touch counts half as much for every half-life that it lies before the order."""

from __future__ import annotations

import numpy as np

from hk_metrics.arguments import number
from hk_metrics.attribution.journeys import Journeys
from hk_metrics.attribution.model import Credit, Model
from hk_metrics.errors import ParameterError


def split(journeys: Journeys, *, half_life_days: float = 7.0) -> Credit:
    """Return credit in proportion to 2^(−age ÷ half-life) for each touch.

    Parameters
    ----------
    half_life_days
        Days after which a touch counts half; steps of the path in a path table.

    Raises
    ------
    ParameterError
        For a half-life that is not above 0.
    """
    if not number("half_life_days", half_life_days, 7) > 0:
        raise ParameterError(f"half_life_days={half_life_days!r}: give days above 0, e.g. 7")
    # Ages count from the youngest touch: the same shares, and no journey underflows to 0 ÷ 0.
    youngest = np.minimum.reduceat(journeys.age, journeys.starts)
    age = journeys.age - youngest[journeys.journey]
    credit = journeys.shared(np.exp2(-age / half_life_days))
    return Credit(credit, credit)


MODEL = Model(
    "time_decay",
    "Time decay",
    "The nearer a touch lies to the order, the more it mattered: half as much per half-life.",
    split,
    options=("half_life_days",),
)
