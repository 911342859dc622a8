"""How sure this product is of what it says: the same level on every page, in every table."""

from __future__ import annotations

from typing import Any

LEVEL = 0.90
"""The chance that an interval holds the truth."""

TAILS = (0.05, 0.95)
"""The quantiles at an interval's ends."""

# The share of what is said to stand out that may be chance.
_FALSE = 0.05

Z_SCORE = 1.6448536269514722
"""Standard errors (z) of a normal distribution from its middle to either end of an interval."""

POST_SPREAD = 0.40
"""How far posts of one influencer differ in what they bring, beyond chance, before the data is
looked at: a standard deviation, relative to their mean."""


def error_of(lower: Any, upper: Any) -> Any:
    """Return the standard error of a normal distribution from the ends of its interval.

    Numbers, arrays or columns; in their unit.

    >>> round(error_of(-1.645, 1.645), 3)
    1.0
    """
    return (upper - lower) / (2 * Z_SCORE)


def surer_than_chance(chances: Any, finest: float = 0.0) -> Any:
    """Return which of many findings are kept, so that a share of at most 5 % of them is chance.

    Parameters
    ----------
    chances
        Array: the chance of each finding where there is nothing to find (p-values); NaN for none.
    finest
        The smallest chance that could be told, e.g. one draw of all; one as small as it is kept,
        though so many findings would ask for less.

    Notes
    -----
    Y. Benjamini and Y. Hochberg, *Controlling the false discovery rate*, 1995.

    >>> import numpy as np
    >>> surer_than_chance(np.array([0.001, 0.04, 0.9, np.nan])).tolist()
    [True, False, False, False]
    """
    import numpy as np

    known = np.maximum(np.nan_to_num(np.asarray(chances, np.float64), nan=1.0), finest)
    order = np.sort(known)
    bounds = _FALSE * np.arange(1, len(order) + 1) / max(len(order), 1)
    kept = order[order <= np.maximum(bounds, finest)]
    return known <= (kept.max() if len(kept) else -1.0)
