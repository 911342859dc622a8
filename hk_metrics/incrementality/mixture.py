"""A posterior as a mixture of t distributions: what a grid of closed-form regressions gives."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hk_metrics.intervals import LEVEL

Array = NDArray[np.float64]

_NEGLIGIBLE = 1e-9
_BISECTIONS = 40


@dataclass(frozen=True, eq=False)
class Mixture:
    """A mixture of shifted and scaled t distributions, one per model of the grid.

    Parameters
    ----------
    location, scale
        Of each component, in the unit of the quantity.
    freedom
        Degrees of freedom of each component.
    log_evidence
        Log marginal likelihood of each component's model, up to a constant.
    """

    location: Array
    scale: Array
    freedom: Array
    log_evidence: Array

    @cached_property
    def weights(self) -> Array:
        """Posterior probability of each component; sums to 1."""
        relative = np.exp(self.log_evidence - self.log_evidence.max())
        return np.asarray(relative / relative.sum())

    @property
    def mean(self) -> float:
        """Posterior mean."""
        return float(self.weights @ self.location)

    def probability_below(self, value: float) -> float:
        """Return the probability that the quantity lies below a value.

        >>> one = Mixture(np.array([5.0]), np.array([2.0]), np.array([9.0]), np.array([0.0]))
        >>> one.probability_below(5.0)
        0.5
        """
        from scipy.special import stdtr

        heavy = self._heavy
        z = (value - self.location[heavy]) / self.scale[heavy]
        return float(self.weights[heavy] @ stdtr(self.freedom[heavy], z)) / self._kept

    def quantile(self, probability: float) -> float:
        """Return the value below which the quantity lies with a probability in (0, 1)."""
        reach = 60.0 * self.scale[self._heavy].max()
        low = self.location[self._heavy].min() - reach
        high = self.location[self._heavy].max() + reach
        for _ in range(_BISECTIONS):
            middle = (low + high) / 2
            if self.probability_below(middle) < probability:
                low = middle
            else:
                high = middle
        return float((low + high) / 2)

    def interval(self, level: float = LEVEL) -> tuple[float, float]:
        """Return the central interval that holds the quantity with probability ``level``."""
        tail = (1 - level) / 2
        return self.quantile(tail), self.quantile(1 - tail)

    def draws(self, count: int, seed: int = 0) -> Array:
        """Return ``count`` draws; the same seed gives the same draws."""
        rng = np.random.default_rng(seed)
        chosen = rng.choice(len(self.weights), count, p=self.weights)
        t = rng.standard_t(self.freedom[chosen])
        return np.asarray(self.location[chosen] + self.scale[chosen] * t)

    @cached_property
    def _heavy(self) -> NDArray[np.bool_]:
        return np.asarray(self.weights > _NEGLIGIBLE)

    @cached_property
    def _kept(self) -> float:
        return float(self.weights[self._heavy].sum())
