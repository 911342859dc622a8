"""Rates of posts and their half-life by expectation and maximisation (EM)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hk_metrics.attribution.journeys import Floats, Ints, summed

_HALF_LIVES = np.geomspace(0.4, 16.0, 10)
_PRIORS = np.geomspace(0.5, 64.0, 8)
_ROUNDS = 5
_LAST_ROUNDS = 20


@dataclass(frozen=True, eq=False)
class Fit:
    """Rates of posts under one half-life, and how well they explain the orders."""

    half_life: float
    rate: Floats
    share: Floats
    likelihood: float


@dataclass(frozen=True, eq=False)
class Cases:
    """Posts that may have brought the orders of an influencer's day.

    ``day``, ``post`` and ``age`` are per pair of an influencer's day and a post; ``orders`` per
    influencer's day; ``influencer``, ``reach`` and ``observed`` (days seen since) per post.
    """

    day: Ints
    post: Ints
    age: Floats
    orders: Floats
    influencer: Ints
    reach: Floats
    observed: Floats
    window: int


def best_fit(cases: Cases) -> Fit:
    """Return the fit under the likeliest half-life, searched on a grid and then between."""
    if not len(cases.post):
        return Fit(float("nan"), np.ones(len(cases.reach)), np.empty(0), 0.0)
    coarse = _tried(cases, _HALF_LIVES, _strength(cases))
    step = _HALF_LIVES[1] / _HALF_LIVES[0]
    between = coarse.half_life * step ** np.array([-0.67, -0.33, 0.0, 0.33, 0.67])
    fine = _tried(cases, between, coarse.rate)
    return _fitted(cases, fine.half_life, fine.rate, _LAST_ROUNDS)


def _tried(cases: Cases, half_lives: Floats, rate: Floats) -> Fit:
    """Return the likeliest of a few half-lives; each starts from the rates of the one before."""
    fits = []
    for half_life in half_lives:
        fits.append(_fitted(cases, float(half_life), rate, _ROUNDS))
        rate = fits[-1].rate
    return max(fits, key=lambda fit: fit.likelihood)


def _fitted(cases: Cases, half_life: float, rate: Floats, rounds: int) -> Fit:
    """Alternate between sharing orders by the posts' rates and rates by the shared orders."""
    decay = 0.5 ** (1.0 / half_life)
    whole = 1.0 - decay ** (cases.window + 1)
    kernel = (1.0 - decay) / whole * decay**cases.age
    seen = (1.0 - decay ** (cases.observed + 1)) / whole
    orders = cases.orders[cases.day]
    for _ in range(rounds):
        strength = rate[cases.post] * kernel
        together = summed(cases.day, strength, len(cases.orders))
        share = strength / together[cases.day]
        rate = _rates(cases, summed(cases.post, share * orders, len(cases.reach)), seen)
    explained = together > 0
    log_rate = np.log(together[explained]) * cases.orders[explained]
    return Fit(half_life, rate, share, float(log_rate.sum() - (rate * seen).sum()))


def _strength(cases: Cases) -> Floats:
    """Return the reach of each post; the influencer's mean, or 1, where it is not known."""
    groups = int(cases.influencer.max()) + 1
    known = cases.reach > 0
    count = summed(cases.influencer, known.astype(float), groups)
    mean = summed(cases.influencer, cases.reach, groups) / np.maximum(count, 1.0)
    filled = np.where(known, cases.reach, mean[cases.influencer])
    return np.where(filled > 0, filled, 1.0)


def _rates(cases: Cases, brought: Floats, seen: Floats) -> Floats:
    """Return each post's orders, pulled towards the influencer's orders per reach.

    The pull is that of a gamma prior whose shape makes the brought orders likeliest.
    """
    strength, groups = _strength(cases), int(cases.influencer.max()) + 1
    total = summed(cases.influencer, brought, groups)
    exposure = summed(cases.influencer, strength * seen, groups)
    expected: Floats = np.maximum((total / exposure)[cases.influencer] * strength, 1e-9)
    shape = max(_PRIORS, key=lambda a: _evidence(a, brought, expected * seen))
    rates: Floats = (shape + brought) / (shape / expected + seen)
    return rates


def _evidence(shape: float, brought: Floats, expected: Floats) -> float:
    """Return the log likelihood of counts under a gamma–Poisson with this shape."""
    from scipy.special import gammaln

    log_shape = np.log(shape / (shape + expected))
    log_rate = np.log(expected / (shape + expected))
    return float(
        (gammaln(shape + brought) - gammaln(shape) + shape * log_shape + brought * log_rate).sum()
    )
