"""What an experiment found, in numbers and words."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from hk_metrics import formatting
from hk_metrics.errors import InsufficientDataError
from hk_metrics.experiments.plan import WEEK, ExperimentPlan
from hk_metrics.incrementality.calibration import Calibration
from hk_metrics.incrementality.result import Check
from hk_metrics.intervals import error_of
from hk_metrics.metrics import METRICS, Unit
from hk_metrics.settings import Settings


@dataclass(frozen=True, eq=False)
class Reading:
    """What an experiment found.

    Parameters
    ----------
    design, outcome
        As planned.
    estimate, lower, upper
        Lift during the test, with its 90 % interval (orders, or money; the share of coded orders
        for ``codes``).
    p_value
        How often chance alone finds as much.
    method
        How it was read.
    checks
        Compliance, balance, spill-over.
    calibration
        Lift ÷ tracked, for `hk_metrics.lift`; None where it cannot be told.
    settings
        Currency and grouping of the reading in words.
    """

    design: str
    outcome: str
    estimate: float
    lower: float
    upper: float
    p_value: float
    method: str
    checks: tuple[Check, ...]
    calibration: Calibration | None
    settings: Settings = field(default_factory=Settings)

    @property
    def text(self) -> str:
        """The reading in words."""
        unit: Unit = "percent" if self.design == "codes" else METRICS[self.outcome].unit
        estimate, lower, upper = (
            formatting.text(unit, value, self.settings, "compact")
            for value in (self.estimate, self.lower, self.upper)
        )
        chance = formatting.chance(self.p_value, self.settings)
        of = "of coded orders" if self.design == "codes" else f"of {self.outcome}"
        lines = [
            f"Lift: {estimate} {of} ({lower} to {upper}, 90 %); chance alone finds as much in "
            f"{chance}. {self.method}.",
            *(str(c) for c in self.checks),
            *([self.calibration.text] if self.calibration else []),
        ]
        return "\n".join(lines)


def inside(plan: ExperimentPlan, first: np.datetime64, days: int) -> tuple[int, int]:
    """Return the first day of the test and the day after it, counted from the data's first."""
    begin = int((np.datetime64(plan.start, "D") - first).astype(int))
    end = begin + WEEK * plan.weeks
    if begin < 0 or end > days:
        raise InsufficientDataError(
            f"The test runs from {plan.start} to the day before {plan.end}; the sales hold {first} "
            f"to {first + (days - 1)}. Import all of its days."
        )
    return begin, end


def calibrated(
    plan: ExperimentPlan, estimate: float, ends: tuple[float, float], tracked: float
) -> Calibration | None:
    """Return what the test says of lift per tracked amount; None where nothing was tracked."""
    if not tracked > 0 or not np.isfinite(ends).all():
        return None
    error = error_of(*ends) / tracked
    return Calibration(estimate / tracked, error, f"the test of {plan.start:%B %Y}")
