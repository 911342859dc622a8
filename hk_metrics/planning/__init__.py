"""Planning: where the next rupee should go."""

from hk_metrics.planning.allocation import BOUNDS, Plan, allocated, planned
from hk_metrics.planning.budget import scenarios, what_if
from hk_metrics.planning.pace import pacing
from hk_metrics.planning.response import Response
from hk_metrics.planning.targets import Target

__all__ = [
    "BOUNDS",
    "Plan",
    "Response",
    "Target",
    "allocated",
    "pacing",
    "planned",
    "scenarios",
    "what_if",
]
