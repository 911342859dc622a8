"""Lift: what would not have come without the influencers, with its assumption and its doubt.

Credit says in whose books an order is (see `hk_metrics.attribution`); lift says what the posts
caused. It needs the shop's total, tracked orders and all others: coded orders alone cannot tell.
"""

from __future__ import annotations

from hk_metrics.incrementality.agreement import disagreements
from hk_metrics.incrementality.best import LABELS, Best, best
from hk_metrics.incrementality.estimators import DEFAULT, ESTIMATORS
from hk_metrics.incrementality.result import Check, Lift
from hk_metrics.incrementality.series import Activity, Series
from hk_metrics.incrementality.table import lift

__all__ = [
    "LABELS", "Activity", "Best", "Check", "DEFAULT", "ESTIMATORS", "Lift", "Series", "best",
    "disagreements", "lift",
]  # fmt: skip
