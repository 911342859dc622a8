"""Staggered starts: cities begin one after another, in an order that a lottery draws."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hk_metrics.experiments.panel import Panel
from hk_metrics.experiments.randomisation import Lottery

Array = NDArray[np.float64]
Codes = NDArray[np.int64]

WEEK = 7
DRAWS = 600


def starts(cities: int, weeks: int, seed: int) -> Codes:
    """Return the week in which each city begins, spread over the weeks after the first."""
    rng = np.random.default_rng(seed)
    evenly = 1 + np.arange(cities) * (weeks - 1) // cities
    return np.asarray(rng.permutation(evenly), dtype=np.int64)


def lottery(panel: Panel, weeks: int, seed: int) -> tuple[Lottery, Codes]:
    """Return the lottery over the cities' weeks, flattened, and each city's start.

    Each city's level and each week are held constant, so that a city is compared with those that
    have not begun. Effects are relative to a city's usual sales, so that large ones do not decide.
    """
    cities = len(panel.cities)
    first = starts(cities, weeks, seed)
    rng = np.random.default_rng([seed, 1])
    orders = [first, *(rng.permutation(first) for _ in range(DRAWS))]
    begun = np.array([(np.arange(weeks)[:, None] >= o).ravel() for o in orders], dtype=float)
    city = np.tile(np.eye(cities), (weeks, 1))
    week = np.repeat(np.eye(weeks)[:, 1:], cities, axis=0)
    return Lottery(begun, np.hstack([city, week])), first


def relative(values: Array, usual: Array) -> Array:
    """Return sales of whole weeks per city as shares of the usual, flattened by week."""
    weeks = len(values) // WEEK
    sums = values[: weeks * WEEK].reshape(weeks, WEEK, -1).sum(axis=1)
    return np.asarray((sums / (WEEK * np.maximum(usual, 1e-9))).ravel())


def noise(panel: Panel, weeks: int, count: int = 60) -> Array:
    """Return stretches of the past as they would be in the experiment (worlds × city-weeks)."""
    usual = panel.values.mean(axis=0)
    last = len(panel) - weeks * WEEK
    steps = np.unique(np.linspace(0, max(last, 0), count).astype(int))
    return np.array([relative(panel.values[s : s + weeks * WEEK], usual) for s in steps])
