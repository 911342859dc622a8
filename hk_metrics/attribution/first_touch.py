"""First touch: the touch that opened the journey takes the whole order."""

from __future__ import annotations

from hk_metrics.attribution.journeys import Journeys
from hk_metrics.attribution.model import Credit, Model


def split(journeys: Journeys) -> Credit:
    """Return credit 1 for the first touch of each journey and 0 for the others."""
    credit = (journeys.position == 0).astype(float)
    return Credit(credit, credit)


MODEL = Model(
    "first_touch",
    "First touch",
    "Whoever introduced the customer earned the order; everything later would have followed.",
    split,
)
