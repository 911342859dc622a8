"""Randomisation inference: what was drawn is compared with what could have been drawn."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hk_metrics.intervals import LEVEL

Array = NDArray[np.float64]

_GRID = 401


@dataclass(frozen=True, eq=False)
class Lottery:
    """The designs that could have been drawn, the one that was first, and what is held constant.

    Parameters
    ----------
    designs
        What each draw would expect of each observation for a lift of 1 (draws × observations).
    nuisance
        Columns that are held constant: levels, trends (observations × k).
    """

    designs: Array
    nuisance: Array

    @cached_property
    def slopes(self) -> Array:
        """What each design makes of each observation (draws × observations)."""
        q, r = np.linalg.qr(self.nuisance)
        kept = q[:, np.abs(np.diag(r)) > 1e-9 * max(1.0, float(np.abs(r).max()))]
        free = self.designs - (self.designs @ kept) @ kept.T
        size = (free**2).sum(axis=1, keepdims=True)
        return np.asarray(free / np.maximum(size, 1e-300))

    def estimates(self, outcome: Array) -> Array:
        """Return the lift that each design finds in outcomes (… × observations), … × draws."""
        return np.asarray(outcome @ self.slopes.T)

    def per_dose(self, outcome: Array, dose: Array) -> float:
        """Return the lift per unit of what was really done (the drawn design is its instrument)."""
        return float(self.estimates(outcome)[0] / self.estimates(dose)[0])

    def p_value(self, outcome: Array) -> float:
        """Return how often a draw finds at least as much as the drawn one."""
        found = np.abs(self.estimates(outcome))
        return float((found >= found[0] * (1 - 1e-9)).mean())

    def rejects(
        self, noise: Array, lifts: Array, doses: Array | None = None, level: float = LEVEL
    ) -> Array:
        """Return whether each lift is told from none, for each outcome without it.

        Parameters
        ----------
        noise
            Outcomes without a lift (worlds × observations).
        lifts
            Sizes to try.
        doses
            What a lift of 1 adds to each outcome (worlds × observations); by default what the drawn
            design expects.

        Returns
        -------
        worlds × lifts
        """
        without = self.estimates(noise)
        with_one = self.estimates(self.designs[:1] if doses is None else doses)
        found = np.abs(without[:, None, :] + lifts[:, None] * with_one[:, None, :])
        return np.asarray((found >= found[:, :, :1] * (1 - 1e-9)).mean(axis=2) <= 1 - level)

    def interval(
        self, outcome: Array, dose: Array | None = None, level: float = LEVEL
    ) -> tuple[float, float]:
        """Return the lifts per unit of dose that the drawn design does not reject.

        ``dose`` is what was really done (per observation); the drawn design where it was obeyed.
        """
        without = self.estimates(outcome)
        with_one = self.estimates(self.designs[0] if dose is None else dose)
        centre = without[0] / with_one[0]
        spread = float(np.std(without - centre * with_one) / abs(with_one[0])) or abs(centre) or 1.0
        tried = centre + np.linspace(-8, 8, _GRID) * spread
        found = np.abs(without - tried[:, None] * with_one)
        kept = tried[(found >= found[:, :1] * (1 - 1e-9)).mean(axis=1) > 1 - level]
        return (float(kept.min()), float(kept.max())) if len(kept) else (-np.inf, np.inf)
