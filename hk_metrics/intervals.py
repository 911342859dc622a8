"""How sure an interval of this product is: the same level on every page, in every table."""

from __future__ import annotations

LEVEL = 0.90
"""The chance that an interval holds the truth."""

TAILS = (0.05, 0.95)
"""The quantiles at an interval's ends."""

ERRORS = 1.6448536269514722
"""Standard errors of a normal distribution from its middle to either end of an interval."""
