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
from hk_metrics.ranking.rates import rates
from hk_metrics.ranking.values import values

Floats = NDArray[np.float64]

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

    def above(self, bar: float | Floats) -> Floats:
        """Return the probability (fraction) that each member lies above a bar, or its own."""
        share: Floats = (self.draws > np.reshape(bar, (-1, 1))).mean(axis=1)
        return share


def posterior(
    orders: Floats,
    exposure: Floats,
    revenue: Floats | None = None,
    squares: Floats | None = None,
    noise: Floats | None = None,
    noise_error: Floats | None = None,
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
    noise_error
        Its standard error, in which all members are off together.

    Raises
    ------
    InsufficientDataError
        If nobody has an order.

    Notes
    -----
    Rates as in `hk_metrics.ranking.rates.rates`, order values as in
    `hk_metrics.ranking.values.values`; draws of the product are draws of both.

    Source: parametric empirical Bayes (Morris 1983, "Parametric Empirical Bayes Inference: Theory
    and Applications"); gamma–Poisson as in DuMouchel 1999, "Bayesian Data Mining in Large Frequency
    Tables".
    """
    if not orders.sum() > 0:
        raise InsufficientDataError("nobody has an order here, so there is nothing to rank by")
    rng = np.random.default_rng(SEED)
    draws = int(np.clip(_CELLS // len(orders), 250, 2_000))
    none = np.zeros(len(orders))
    noise = none if noise is None else noise
    error = none if noise_error is None else noise_error
    centre, rate = rates(orders, exposure, noise, error, draws, rng)
    if revenue is None:
        return Posterior(centre, rate)
    value, drawn = values(orders, revenue, squares, draws, rng)
    # Orders are worth nothing at least, but where more was paid back than came in.
    least = np.where(value < 0, -np.inf, 0.0)[:, None]
    return Posterior(centre * value, rate * np.maximum(drawn, least))
