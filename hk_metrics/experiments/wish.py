"""What a plan is asked for, what a design makes of it, and the power that it is told by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hk_metrics.incrementality.question import LiftQuestion

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]

WORLDS = 300
_POWER = 0.80
LIFTS = np.concatenate([[0.0], np.geomspace(0.01, 1.5, 23)])
_POWER_COLUMNS = ("weeks", "share", "smallest", "power", "cost", "chosen")


@dataclass(frozen=True, eq=False)
class Wish:
    """What a plan is asked for; see `plan_experiment`."""

    question: LiftQuestion
    outcome: str
    weeks: int
    share: float
    lift: float | None
    seed: int
    cities: tuple[str, ...]

    @property
    def part(self) -> Mapping[str, tuple[Any, ...]]:
        """The part of the shop."""
        return self.question.part

    def expected(self, tracked: float, total: float) -> float:
        """Return the expected lift as a share of sales."""
        if self.lift is not None:
            return self.lift
        share = self.question.shop.view.ledger.settings.baseline_share
        return (1 - share) * tracked / max(total, 1e-9)


@dataclass(frozen=True, eq=False)
class Found:
    """What a design makes of a wish: its draw, its table of power, and its figures."""

    draw: pd.DataFrame
    power: pd.DataFrame
    expected: float
    share: float
    kernel: tuple[float, ...] = ()


def smallest(power: Array, lifts: Array = LIFTS) -> float:
    """Return the lift at which power first reaches four fifths; infinite beyond what was tried.

    >>> smallest(np.array([0.1, 0.7, 0.9]), np.array([0.0, 0.1, 0.2]))
    0.15
    """
    steady = np.maximum.accumulate(power)
    if steady[-1] < _POWER:
        return float("inf")
    place = int(np.argmax(steady >= _POWER))
    if place == 0:
        return float(lifts[0])
    low, high = steady[place - 1], steady[place]
    part = (_POWER - low) / (high - low)
    return round(float(lifts[place - 1] + part * (lifts[place] - lifts[place - 1])), 6)


def power_table(rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    """Return what each length and share can show, one row each, from tuples in that order."""
    import pandas as pd

    return pd.DataFrame(rows, columns=list(_POWER_COLUMNS))
