"""How orders follow a post in time: one weight per day of age, summing to 1.

The estimators of `hk_metrics.incrementality` know the geometric and the delayed family; Weibull and
log-normal are here so that they also meet one that they do not fit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import erf, sqrt

import numpy as np
from numpy.typing import NDArray

from hk_metrics.errors import UnknownNameError

Array = NDArray[np.float64]

_KERNEL_LENGTH = 46


def _geometric(age: Array, half_life: float) -> Array:
    return np.asarray(0.5 ** (age / half_life))


def _delayed(age: Array, mean: float, size: float = 3.0) -> Array:
    p = size / (size + mean)
    ratios = (age[1:] + size - 1) / age[1:] * (1 - p)
    return np.concatenate([[1.0], np.cumprod(ratios)])


def _weibull(age: Array, scale: float, shape: float = 1.6) -> Array:
    survival = np.exp(-((np.append(age, age[-1] + 1) / scale) ** shape))
    return -np.diff(survival)


def _lognormal(age: Array, median: float, sigma: float = 0.8) -> Array:
    edges = np.append(age, age[-1] + 1)
    z = np.log(np.maximum(edges, 1e-12) / median) / (sigma * sqrt(2))
    return np.diff(np.array([erf(value) for value in z]))


KERNELS: Mapping[str, Callable[[Array, float], Array]] = {
    "geometric": _geometric,
    "delayed": _delayed,
    "weibull": _weibull,
    "lognormal": _lognormal,
}


def response(name: str, days: float, length: int = _KERNEL_LENGTH) -> Array:
    """Return the share of a post's orders that falls on each day of its age (fractions).

    Parameters
    ----------
    name
        ``geometric`` (``days``: half-life), ``delayed`` (negative binomial of size 3; mean),
        ``weibull`` (shape 1.6; scale) or ``lognormal`` (sigma 0.8; median).
    days
        The family's time scale in days.
    length
        Days after which a post has no effect; the shares before it are scaled to sum to 1.

    Returns
    -------
    One share per age 0 … length − 1 (days).

    Raises
    ------
    UnknownNameError
        If there is no such family.

    Examples
    --------
    >>> response("geometric", 1.0, length=3).round(4).tolist()
    [0.5714, 0.2857, 0.1429]
    """
    if name not in KERNELS:
        raise UnknownNameError.of("kernel", name, KERNELS)
    weights = KERNELS[name](np.arange(length, dtype=np.float64), days)
    return np.asarray(weights / weights.sum())
