"""Experiments: a way to find out what data alone cannot tell.

Planned with their power, drawn by a lottery, read as planned; what they find calibrates lift.
"""

from __future__ import annotations

from hk_metrics.experiments.plan import ExperimentPlan
from hk_metrics.experiments.planning import DESIGNS, plan_experiment
from hk_metrics.experiments.reading import read_experiment
from hk_metrics.experiments.result import Reading

__all__ = ["DESIGNS", "ExperimentPlan", "Reading", "plan_experiment", "read_experiment"]
