"""Linear: every touch of a journey takes an equal part."""

from __future__ import annotations

import numpy as np

from hk_metrics.attribution.journeys import Journeys
from hk_metrics.attribution.model import Credit, Model


def split(journeys: Journeys) -> Credit:
    """Return credit 1 ÷ (touches of the journey) for each touch."""
    credit = np.repeat(1.0 / journeys.lengths, journeys.lengths)
    return Credit(credit, credit)


MODEL = Model("linear", "Linear", "Every touch mattered equally.", split)
