"""How much of what could be tried at any length is tried: a slice, or all of it.

``make test`` takes the slice; ``make long`` takes all, for an hour or two.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")
LONG = bool(os.environ.get("HK_METRICS_LONG"))


def some(cases: Iterable[T], count: int) -> list[T]:
    """Return cases spread evenly over all, or all in the long run."""
    every = list(cases)
    return every if LONG or count >= len(every) else every[:: -(-len(every) // count)]


def times(few: int, many: int) -> int:
    """Return how often to try: few times, or many in the long run."""
    return many if LONG else few
