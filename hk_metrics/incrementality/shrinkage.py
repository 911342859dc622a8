"""Counts per exposure, pulled to the group's as far as their own evidence is thin."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# Shapes of the gamma prior that are tried: .05 is a group of all sorts, 500 one of equals.
SHAPES = np.geomspace(0.05, 500.0, 41)


def gamma_prior(counts: Array, exposure: Array) -> tuple[float, float]:
    """Return shape a and rate b of the group's gamma prior on counts per exposure.

    Parameters
    ----------
    counts
        Orders of each member.
    exposure
        What they were exposed to, e.g. reach (people), above 0.

    Notes
    -----
    The prior's mean is Σ counts ÷ Σ exposure; its shape maximises the negative binomial marginal
    likelihood Π Γ(a + o) / Γ(a) · (b / (b + e))^a · (e / (b + e))^o over a grid.
    """
    from scipy.special import gammaln

    mean = counts.sum() / exposure.sum()
    a, b = SHAPES[:, None], SHAPES[:, None] / mean
    log_like = (
        gammaln(a + counts)
        - gammaln(a)
        + a * np.log(b / (b + exposure))
        + counts * np.log(exposure / (b + exposure))
    ).sum(axis=1)
    best = int(np.argmax(log_like))
    return float(SHAPES[best]), float(SHAPES[best] / mean)


def shrunken_rates(counts: Array, exposure: Array) -> Array:
    """Return (a + counts) ÷ (b + exposure); equal rates where nobody has a count.

    >>> shrunken_rates(np.array([0.0, 0.0]), np.array([10.0, 90.0])).tolist()
    [1.0, 1.0]
    """
    seen = exposure > 0
    if not counts[seen].sum() > 0:
        return np.ones(len(counts))
    a, b = gamma_prior(counts[seen], exposure[seen])
    return np.asarray((a + np.where(seen, counts, 0.0)) / (b + exposure))
