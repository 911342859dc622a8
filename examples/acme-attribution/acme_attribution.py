"""Rising: each touch of a journey takes more than the one before it, in steps of one."""

import numpy as np

from hk_metrics.attribution.journeys import Journeys
from hk_metrics.attribution.model import Credit, Model


def split(journeys: Journeys) -> Credit:
    """Return credit k ÷ (1 + 2 + … + n) for the k-th of n touches."""
    lengths = np.repeat(journeys.lengths, journeys.lengths)
    credit = 2.0 * (journeys.position + 1) / (lengths * (lengths + 1))
    return Credit(credit, credit)


MODEL = Model("rising", "Rising", "Later touches mattered more, in even steps.", split)
