"""Last touch: the event that carried the order takes it whole."""

from __future__ import annotations

from hk_metrics.attribution.journeys import Journeys
from hk_metrics.attribution.model import Credit, Model


def split(journeys: Journeys) -> Credit:
    """Return credit 1 for the last touch of each journey and 0 for the others."""
    credit = journeys.is_last.astype(float)
    return Credit(credit, credit)


MODEL = Model(
    "last_touch",
    "Last touch",
    "Whoever came last before the order earned it; everything earlier would have led nowhere.",
    split,
)
