"""Credit: which touches an order belongs to in the books, under seven models.

Credit is bookkeeping. It says who took part in the journeys that ended in an order; it does not say
what would have happened without them (see `hk_metrics.incrementality`).
"""

from __future__ import annotations

from hk_metrics.attribution.credit import credited_tracking
from hk_metrics.attribution.models import MODELS
from hk_metrics.attribution.paths import attribute_paths
from hk_metrics.attribution.post_credit import post_credit
from hk_metrics.attribution.sensitivity import sensitivity
from hk_metrics.attribution.totals import attribute

__all__ = [
    "MODELS",
    "attribute",
    "attribute_paths",
    "credited_tracking",
    "post_credit",
    "sensitivity",
]
