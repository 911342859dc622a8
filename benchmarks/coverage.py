"""Estimates beside their truth: coverage with its standard error, bias, width, claims."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Row = dict[str, Any]
Array = NDArray[Any]

COVERAGE = (0.84, 0.96)
BIAS = 0.08
# Bias is bounded where the lift is at least this share of the active period's baseline.
WORTH = 0.10
# A coverage misses its band where chance alone would seldom bring it there: by two of its standard
# errors (the column ±), with so many series, beyond an edge. What is printed is the coverage found.
CHANCE = 2.0
FALSE_ALARMS = 0.12
FEW_ORDERS = 20


@dataclass(frozen=True)
class Trial:
    """One estimate beside its truth; NaN where it was refused."""

    estimate: float
    lower: float
    upper: float
    truth: float
    baseline: float
    milliseconds: float
    refused: bool = False
    placebo_failed: bool = False

    @property
    def covers(self) -> bool:
        return self.lower <= self.truth <= self.upper

    @property
    def claims(self) -> bool:
        return self.lower > 0 or self.upper < 0


def in_band(coverage: float, error: float) -> bool:
    """Say whether a coverage lies in the band, but for chance (``error``: its standard error)."""
    low, high = COVERAGE
    return low - CHANCE * error <= coverage <= high + CHANCE * error


def judged(trials: list[Trial]) -> Row:
    """Return coverage, bias, width and claims of the trials that were not refused."""
    truth = sum(t.truth for t in trials)
    off = sum(t.estimate - t.truth for t in trials)
    width = np.mean([(t.upper - t.lower) / t.baseline for t in trials]) if trials else np.nan
    return {
        "coverage": (coverage := share(trials, lambda t: t.covers)),
        "±": float(np.sqrt(coverage * (1 - coverage) / len(trials))) if trials else float("nan"),
        "bias ÷ lift": off / truth if truth else float("nan"),
        "width ÷ baseline": float(width),
        "claims": share(trials, lambda t: t.claims),
    }


def share(trials: list[Trial], test: Callable[[Trial], bool]) -> float:
    """Return the share of trials that pass a test."""
    return float(np.mean([test(t) for t in trials])) if trials else float("nan")


def clustered(covered: list[Array]) -> tuple[float, float]:
    """Return coverage over all units and its standard error, units of a series being one draw."""
    mean = np.concatenate(covered).mean()
    off = np.array([(c - mean).sum() for c in covered])
    return float(mean), float(np.sqrt(off @ off) / sum(map(len, covered)))


def error(trials: list[Trial]) -> float:
    """Return the absolute errors over the truth."""
    truth = sum(t.truth for t in trials)
    return sum(abs(t.estimate - t.truth) for t in trials) / truth if truth else float("nan")
