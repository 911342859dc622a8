"""Planning: where the next rupee should go."""

from hk_metrics.planning.allocation import BOUNDS, Plan, allocated, planned
from hk_metrics.planning.budget import scenarios, what_if
from hk_metrics.planning.response import Response

__all__ = ["BOUNDS", "Plan", "Response", "allocated", "planned", "scenarios", "what_if"]
