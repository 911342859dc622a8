"""Code hold-out: a share of the followers sees each post without its code."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

LEVEL = 0.90
WORLDS = 600


def share_lift(orders: float, held: float, share: float) -> float:
    """Return the share of coded orders that would not have come without the code.

    Parameters
    ----------
    orders
        Orders of followers who saw the code.
    held
        Orders of those who did not.
    share
        Of the followers, who did not.

    Examples
    --------
    >>> share_lift(900, 50, 0.1)
    0.5
    """
    return 1.0 - (held / share) / (orders / (1.0 - share))


def interval(orders: Array, held: Array, share: float) -> tuple[Array, Array]:
    """Return the 90 % interval of `share_lift`.

    Both groups saw the same posts, so that chance is all that divides their orders (Clopper and
    Pearson 1934, "The Use of Confidence or Fiducial Limits").
    """
    from scipy.stats import beta

    tail = (1 - LEVEL) / 2
    low = np.where(held > 0, beta.ppf(tail, np.maximum(held, 1e-9), orders + 1), 0.0)
    high = np.where(orders > 0, beta.ppf(1 - tail, held + 1, np.maximum(orders, 1e-9)), 1.0)

    def lift(part: Array) -> Array:
        rest = np.maximum(1.0 - part, 1e-12)
        return np.asarray(1.0 - (part / share) / (rest / (1.0 - share)))

    return lift(high), lift(low)


def power(orders: float, share: float, lifts: Array, seed: int) -> Array:
    """Return how often each share of lift is told from none.

    ``orders`` are those that would come if everybody saw the code.
    """
    rng = np.random.default_rng(seed)
    seen = rng.poisson(orders * (1 - share), (len(lifts), WORLDS))
    held = rng.poisson(orders * share * (1 - lifts[:, None]), (len(lifts), WORLDS))
    lower, upper = interval(seen.astype(np.float64), held.astype(np.float64), share)
    return np.asarray(((lower > 0) | (upper < 0)).mean(axis=1))
