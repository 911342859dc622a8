"""How the response to a post may spread over the days after it."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_HALF_LIVES = (0.7, 1.0, 1.5, 2.2, 3.3, 5.0, 8.0, 12.0)
_DELAYED_MEANS = (1.5, 2.5, 4.0, 5.8, 8.0)
_DELAYED_SIZE = 3.0
LENGTH = 60


def geometric(half_life: float) -> Array:
    """Return shares per day of age that halve every ``half_life`` days; they sum to 1.

    >>> geometric(1.0)[:3].round(3).tolist()
    [0.5, 0.25, 0.125]
    """
    shares = 0.5 ** (np.arange(LENGTH) / half_life)
    return np.asarray(shares / shares.sum())


def delayed(mean: float) -> Array:
    """Return negative binomial shares per day of age with this mean (days); they sum to 1.

    The peak comes days after the post, as with reviews that people watch later.

    >>> int(delayed(4.0).argmax())
    2
    """
    age = np.arange(1, LENGTH)
    stay = mean / (_DELAYED_SIZE + mean)
    steps = (age + _DELAYED_SIZE - 1) / age * stay
    shares = np.cumprod(np.concatenate([[1.0], steps]))
    return np.asarray(shares / shares.sum())


@cache
def kernels() -> Array:
    """Return all kernels that the estimators average over, one per row (kernels × days of age)."""
    return np.stack([*map(geometric, _HALF_LIVES), *map(delayed, _DELAYED_MEANS)])


def responses(exposure: Array, days: int) -> Array:
    """Return the shape of the response under each kernel, days × kernels.

    Parameters
    ----------
    exposure
        Expected pull of the posts of each day, ending on the last day of the series; it may begin
        before the series does.
    days
        Length of the series (days).
    """
    # Summed directly, not by Fourier transform: a day that no post reaches must be 0 exactly.
    spread = [np.convolve(exposure, kernel)[: len(exposure)] for kernel in kernels()]
    return np.stack(spread, axis=1)[-days:]


def delay(weights: Array, share: float = 0.5) -> float:
    """Return the days by which a share of the response has come, given each kernel's weight."""
    come = np.cumsum(weights @ kernels())
    return float(np.interp(share, np.concatenate([[0.0], come]), np.arange(LENGTH + 1)))
