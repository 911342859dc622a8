"""How sure an interval of this product is: the same level on every page, in every table."""

from __future__ import annotations

from typing import Any

LEVEL = 0.90
"""The chance that an interval holds the truth."""

TAILS = (0.05, 0.95)
"""The quantiles at an interval's ends."""

Z_SCORE = 1.6448536269514722
"""Standard errors (z) of a normal distribution from its middle to either end of an interval."""


def error_of(lower: Any, upper: Any) -> Any:
    """Return the standard error of a normal distribution from the ends of its interval.

    Numbers, arrays or columns; in their unit.

    >>> round(error_of(-1.645, 1.645), 3)
    1.0
    """
    return (upper - lower) / (2 * Z_SCORE)
