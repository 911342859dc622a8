"""Demand day by day: what comes anyway, and what each post adds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hk_metrics.simulate.activity import Posts
from hk_metrics.simulate.catalogue import BRANDS
from hk_metrics.simulate.kernels import response
from hk_metrics.simulate.scenario import Scenario

Array = NDArray[np.float64]
Codes = NDArray[np.int64]

# Monday to Sunday: supplements are bought at the weekend.
_WEEKDAYS = np.array([0.96, 0.94, 0.95, 0.98, 1.01, 1.10, 1.06])
_LEAKAGE_LIMIT = 0.5


def shocks(rng: np.random.Generator, days: int, deviation: float, correlation: float) -> Array:
    """Return a stationary AR(1) series of log shocks, one per day."""
    steps = rng.standard_normal(days) * deviation * np.sqrt(1 - correlation**2)
    steps[0] = rng.standard_normal() * deviation
    age = np.subtract.outer(np.arange(days), np.arange(days))
    return np.asarray(np.where(age >= 0, correlation ** np.maximum(age, 0), 0.0) @ steps)


def season(start: np.datetime64, days: int) -> Array:
    """Return the weekday factor of each day (1 is an average day)."""
    # 1970-01-01, day 0 of datetime64, was a Thursday: the fourth of WEEKDAYS.
    weekday = (start.astype("datetime64[D]").astype(int) + np.arange(days) + 3) % 7
    return np.asarray(_WEEKDAYS[weekday] / _WEEKDAYS.mean())


def baseline_shape(
    rng: np.random.Generator, start: np.datetime64, days: int, scenario: Scenario
) -> Array:
    """Return demand without influencers, brands × days, summing to 1."""
    growth = 1 + scenario.trend * np.linspace(-0.5, 0.5, days)
    noise = [shocks(rng, days, scenario.noise, scenario.autocorrelation) for _ in BRANDS]
    share = np.array([b.share for b in BRANDS])[:, None]
    shape = share * growth * season(start, days) * np.exp(noise)
    return np.asarray(shape / shape.sum())


@dataclass(frozen=True)
class Demand:
    """Expected orders: the baseline, and one cell per post and day that it acts on.

    Parameters
    ----------
    baseline
        Orders that come anyway, brands × days.
    post, day
        The cell's post (index) and day (offset from the start).
    tracked
        Orders with the influencer's link or code.
    leaked
        Those of them that would have come anyway, taken out of the baseline.
    lift
        Orders that the post caused, tracked or not.
    """

    baseline: Array
    post: Codes
    day: Codes
    tracked: Array
    leaked: Array
    lift: Array

    def by_day(self, values: Array, brand: Codes) -> Array:
        """Sum cells to brands × days."""
        size = self.baseline.shape
        flat = np.bincount(brand[self.post] * size[1] + self.day, values, size[0] * size[1])
        return np.asarray(flat.reshape(size))


def demand(
    rng: np.random.Generator,
    posts: Posts,
    selling: Array,
    incremental_share: Array,
    shape: Array,
    orders: float,
    scenario: Scenario,
) -> Demand:
    """Spread ``orders`` expected tracked orders over posts and the days after them.

    ``selling`` and ``incremental_share`` are per influencer; ``shape`` is the baseline's, brands ×
    days. Response is linear in reach up to saturation on the brand's day.
    """
    post, day, weight = _response(rng, posts, selling, shape.shape[1], scenario)
    cell = posts.brand[post] * shape.shape[1] + day
    weight = _saturated(weight, cell, shape.size, scenario.saturation)
    tracked = weight * orders / weight.sum()
    leaked = tracked * (1 - incremental_share[posts.influencer[post]])
    caused = tracked - leaked
    baseline = shape * scenario.baseline * orders
    leaked = _within(leaked, cell, _LEAKAGE_LIMIT * baseline.ravel())
    lift = caused * (1 + scenario.halo)
    return Demand(baseline, post, day, caused + leaked, leaked, lift)


def _response(
    rng: np.random.Generator, posts: Posts, selling: Array, days: int, scenario: Scenario
) -> tuple[Codes, Codes, Array]:
    """Return (post, day, weight) of every day of the period on which a post still acts."""
    kernel = response(scenario.kernel, scenario.kernel_days)
    strength = posts.reach * selling[posts.influencer] * rng.lognormal(-0.08, 0.4, len(posts))
    if scenario.tiring:
        strength = strength * _number(posts) ** -scenario.tiring
    day = posts.day[:, None] + np.arange(len(kernel))
    post, age = np.nonzero(day < days)
    return post, day[post, age], strength[post] * kernel[age]


def _number(posts: Posts) -> Array:
    """Return which of its influencer's posts each one is, counted from 1."""
    order = np.lexsort((posts.day, posts.influencer))
    owner = posts.influencer[order]
    starts = np.searchsorted(owner, owner)
    number = np.empty(len(posts))
    number[order] = np.arange(len(posts)) - starts + 1
    return number


def _saturated(weight: Array, cell: Codes, size: int, strength: float) -> Array:
    total = np.bincount(cell, weight, size)
    busy = total / total[total > 0].mean()
    return np.asarray(weight / (1 + strength * busy[cell]))


def _within(values: Array, cell: Codes, limit: Array) -> Array:
    """Scale values down where their sum in a cell would exceed its limit."""
    total = np.bincount(cell, values, len(limit))
    factor = np.minimum(1.0, limit / np.maximum(total, 1e-300))
    return np.asarray(values * factor[cell])
