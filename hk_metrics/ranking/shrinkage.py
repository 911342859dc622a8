"""Rates and order values pulled towards the group's as far as their own evidence is thin.

Orders are Poisson at a rate per exposure (a rupee spent, a person reached); rates of a group follow
a gamma law, order values a normal one. Both laws are found from the group itself by marginal
likelihood (empirical Bayes), and what remains uncertain is carried by draws.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hk_metrics.errors import InsufficientDataError

Floats = NDArray[np.float64]

# Shapes of the gamma law that are tried: .2 is a group of all sorts, 200 one of equals. Their weak
# prior (around 2, a spread of rates of 70 %) keeps small groups from being taken for equals.
_SHAPES = np.geomspace(0.2, 200.0, 25)
_USUAL_SHAPE, _SHAPE_SPREAD = 2.0, 0.7
_SPREADS = np.concatenate([[1e-4], np.geomspace(0.02, 2.0, 40)])
_USUAL_NOISE = np.geomspace(0.2, 2.0, 15)
_CELLS = 2_500_000
SEED = 20_250_301


@dataclass(frozen=True, eq=False)
class Posterior:
    """What is known of each member: the mean, and draws of it (members × draws)."""

    mean: Floats
    draws: Floats

    def quantile(self, level: float) -> Floats:
        """Return a quantile per member."""
        place = round(level * (self.draws.shape[1] - 1))
        cut: Floats = np.partition(self.draws, place, axis=1)[:, place]
        return cut

    def above(self, bar: float) -> Floats:
        """Return the probability (fraction) that each member lies above a bar."""
        share: Floats = (self.draws > bar).mean(axis=1)
        return share


def posterior(
    orders: Floats,
    exposure: Floats,
    revenue: Floats | None = None,
    squares: Floats | None = None,
    noise: Floats | None = None,
) -> Posterior:
    """Return orders, or revenue (money) where given, per unit of exposure for each member.

    Parameters
    ----------
    orders
        Orders of each member.
    exposure
        What they had the chance on, above 0: spend (money), reach (people), posts.
    revenue
        Revenue of each member; None for the rate of orders alone.
    squares
        Σ revenue² ÷ orders over the order rows of each member, from which the spread of order
        values is told; without it, from how the members' means differ.
    noise
        Relative variance of each member's orders beyond that of independent ones, because they
        come in clusters (posts that are hits or flops); none by default.

    Raises
    ------
    InsufficientDataError
        If nobody has an order.

    Notes
    -----
    Rate: o ~ Poisson(e r), r ~ Gamma(a, b), posterior mean (a + o) ÷ (b + e); a is drawn from its
    own posterior. With noise v a count tells as much as o ÷ (1 + v e r) independent orders would,
    on an exposure smaller by the same factor. Order value: normal–normal. Draws of the product are
    draws of both.

    Source: parametric empirical Bayes (Morris 1983, "Parametric Empirical Bayes Inference: Theory
    and Applications"); gamma–Poisson as in DuMouchel 1999, "Bayesian Data Mining in Large Frequency
    Tables".
    """
    if not orders.sum() > 0:
        raise InsufficientDataError("nobody has an order here, so there is nothing to rank by")
    rng = np.random.default_rng(SEED)
    draws = int(np.clip(_CELLS // len(orders), 250, 2_000))
    told, chance = _told(orders, exposure, noise)
    mean, shape, weight = _rate_law(told, chance)
    shapes = shape[rng.choice(len(shape), draws, p=weight)]
    rates = rng.standard_gamma(shapes + told[:, None])
    rates /= shapes / mean + chance[:, None]
    centre = (weight * (shape + told[:, None]) / (shape / mean + chance[:, None])).sum(axis=1)
    if revenue is None:
        return Posterior(centre, rates)
    value, deviation = _values(orders, revenue, squares)
    drawn = value[:, None] + deviation[:, None] * rng.standard_normal(rates.shape)
    # Orders are worth nothing at least, but where more was paid back than came in.
    least = np.where(value < 0, -np.inf, 0.0)[:, None]
    return Posterior(centre * value, rates * np.maximum(drawn, least))


def _told(orders: Floats, exposure: Floats, noise: Floats | None) -> tuple[Floats, Floats]:
    """Return the independent orders that tell as much, and their exposure."""
    if noise is None or not (noise > 0).any():
        return orders, exposure
    told, chance = orders, exposure
    for _ in range(2):
        mean, shape, weight = _rate_law(told, chance)
        usual = float(weight @ shape)
        rate = (usual + told) / (usual / mean + chance)
        less = 1.0 / (1.0 + noise * exposure * rate)
        told, chance = orders * less, exposure * less
    return told, chance


def _rate_law(orders: Floats, exposure: Floats) -> tuple[float, Floats, Floats]:
    """Return the mean of the gamma law, the shapes tried and how likely each of them is."""
    mean = float(orders.sum() / exposure.sum())
    for _ in range(4):
        likelihood = _likelihood(orders, mean * exposure)
        shape = _SHAPES[int(np.argmax(likelihood))]
        # One step of the likeliest mean under this shape: each member counts by its precision.
        weight = 1.0 / (shape / mean + exposure)
        mean = float((weight * orders).sum() / (weight * exposure).sum())
    weights = np.exp(likelihood - likelihood.max())
    return mean, _SHAPES, weights / weights.sum()


def _likelihood(orders: Floats, expected: Floats) -> Floats:
    """Return the log evidence of each shape: negative binomial counts and the weak prior."""
    from scipy.special import gammaln

    prior = -0.5 * (np.log(_SHAPES / _USUAL_SHAPE) / _SHAPE_SPREAD) ** 2
    evidence = [
        (
            gammaln(a + orders)
            - gammaln(a)
            - a * np.log1p(expected / a)
            - orders * np.log1p(a / np.maximum(expected, 1e-300))
        ).sum()
        for a in _SHAPES
    ]
    return np.asarray(prior + np.array(evidence), dtype=np.float64)


def _values(orders: Floats, revenue: Floats, squares: Floats | None) -> tuple[Floats, Floats]:
    """Return each member's posterior order value (money) and its standard deviation."""
    some = orders > 0
    count, value = orders[some], revenue[some] / orders[some]
    noise = _noise(orders[some], revenue[some], None if squares is None else squares[some])
    usual = _usual(orders, revenue)
    law = max((_value_law(value, count, n * usual, usual) for n in noise), key=lambda x: x.evidence)
    precision = 1.0 / law.between + orders / law.within
    pull = 1.0 / law.between / precision
    deviation = np.sqrt(1.0 / precision + pull**2 * law.mean_variance)
    # Money without an order, as a refund of an earlier one, tells nothing of the value of orders.
    own = np.where(some, revenue, 0.0) / law.within / precision
    return pull * law.mean + own, deviation


@dataclass(frozen=True)
class _ValueLaw:
    """How order values spread: between members (around the mean) and within one, in money²."""

    evidence: float
    mean: float
    mean_variance: float
    between: float
    within: float


def _usual(orders: Floats, revenue: Floats) -> float:
    """Return the size of an order value (money); 1 where revenue nets to nothing."""
    return float(abs(revenue.sum() / orders.sum())) or 1.0


def _noise(orders: Floats, revenue: Floats, squares: Floats | None) -> Floats:
    """Return the spread of single order values relative to their mean, or those to try."""
    if squares is None or not (orders > 1).any():
        return _USUAL_NOISE
    left = np.maximum(squares - revenue**2 / orders, 0.0).sum()
    free = np.maximum(orders - 1.0, 0.0).sum()
    spread = np.sqrt(left / free) / _usual(orders, revenue)
    return np.array([max(float(spread), 1e-3)])


def _value_law(value: Floats, count: Floats, noise: float, usual: float) -> _ValueLaw:
    """Return the likeliest law given the spread (money) of single order values."""
    between = (_SPREADS * usual) ** 2
    variance = between[:, None] + noise**2 / count
    mean_variance = 1.0 / (1.0 / variance).sum(axis=1)
    mean = (value / variance).sum(axis=1) * mean_variance
    misfit = (value - mean[:, None]) ** 2 / variance
    evidence = -0.5 * (np.log(variance) + misfit).sum(axis=1)
    best = int(np.argmax(evidence))
    return _ValueLaw(
        evidence=float(evidence[best]),
        mean=float(mean[best]),
        mean_variance=float(mean_variance[best]),
        between=float(between[best]),
        within=noise**2,
    )
