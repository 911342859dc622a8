"""The best plan for a budget along response curves, and what it promises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hk_metrics.errors import ParameterError
from hk_metrics.planning.response import Response
from hk_metrics.ranking.shrinkage import SEED, Floats, Posterior, posterior

if TYPE_CHECKING:
    import pandas as pd

BOUNDS = (0.5, 1.5)
Bounds = tuple[float | Floats, float | Floats]


@dataclass(frozen=True, eq=False)
class Plan:
    """A budget over influencers, with what it is expected to bring.

    Parameters
    ----------
    spend, proposed
        Money per influencer, today's and the plan's.
    now, then
        Expected revenue (money) per influencer, with either.
    gain
        Draws of the whole gain in revenue (money).
    """

    spend: Floats
    proposed: Floats
    now: Floats
    then: Floats
    gain: Floats


def planned(
    sums: pd.DataFrame,
    curve: Response,
    budget: float | None = None,
    bounds: Bounds = BOUNDS,
    brought: Posterior | None = None,
) -> Plan:
    """Return the best plan for a plain frame of influencers.

    Parameters
    ----------
    sums
        One row per influencer: ``orders``, ``revenue``, ``spend`` above 0 (money), ``squares``;
        optionally ``excess``, ``noise``, ``noise_error`` (`hk_metrics.ranking.table.ranked`).
    curve
        The response of each.
    budget, bounds
        See `what_if`; bounds may be one pair, or two arrays with one value per influencer.
    brought
        What today's spend brings (money), where it is not the tracked revenue.
    """
    spend = sums["spend"].to_numpy(np.float64)
    today = float(spend.sum())
    roas = _returns(sums) if brought is None else _per_rupee(brought, spend)
    proposed = allocated(roas.mean, curve.beta, spend, today if budget is None else budget, bounds)
    now = roas.mean * spend
    then = now * (proposed / spend) ** curve.beta
    return Plan(spend, proposed, now, then, _gains(roas, curve, spend, proposed))


def _returns(sums: pd.DataFrame) -> Posterior:
    """Return tracked revenue per rupee of each influencer, shrunken."""
    orders, spend, revenue, squares = (
        sums[c].to_numpy(np.float64) for c in ("orders", "spend", "revenue", "squares")
    )
    names = ("excess", "noise", "noise_error")
    excess, noise, error = (sums[c].to_numpy(np.float64) if c in sums else None for c in names)
    cut = revenue if excess is None else revenue - excess
    return posterior(np.maximum(orders, 0.0), spend, cut, squares, noise, error)


def _per_rupee(brought: Posterior, spend: Floats) -> Posterior:
    return Posterior(brought.mean / spend, brought.draws / spend[:, None])


def allocated(
    roas: Floats, beta: Floats, spend: Floats, budget: float, bounds: Bounds = BOUNDS
) -> Floats:
    """Return the spend (money) of each influencer that brings the most revenue in total.

    Parameters
    ----------
    roas
        Expected revenue per rupee at today's spend.
    beta
        Exponent of each response.
    spend
        Today's (money), above 0.
    budget
        To be spent in total.
    bounds
        As multiples of today's spend.

    Notes
    -----
    At the best plan one more rupee brings the same everywhere, a β s^(β−1) = λ, but where a bound
    holds; λ is found by halving.

    Examples
    --------
    >>> import numpy as np
    >>> twice = allocated(np.array([2.0, 1.0]), np.array([0.5, 0.5]), np.array([100.0, 100.0]), 200)
    >>> twice.round(6).tolist()
    [150.0, 50.0]
    """
    least, most = (np.broadcast_to(np.asarray(b, dtype=np.float64), spend.shape) for b in bounds)
    if not ((least > 0) & (least <= most) & (most < np.inf)).all():
        raise ParameterError(
            f"bounds={bounds!r}: give the least and the most of today's spend, above 0, e.g. "
            f"{BOUNDS}"
        )
    low, high = least * spend, most * spend
    if not low.sum() * (1 - 1e-9) <= budget <= high.sum() * (1 + 1e-9):
        raise ParameterError(
            f"a budget of {budget:,.0f} is outside what the bounds allow: give {low.sum():,.0f} "
            f"to {high.sum():,.0f}, or other bounds"
        )
    marginal = np.log(np.maximum(roas, 1e-12) * beta)

    def spent(price: float) -> Floats:
        """Return the plan at which a further rupee brings exp(price)."""
        free = spend * np.exp((marginal - price) / (1 - beta))
        return np.clip(free, low, high)

    reach = 1.0 + max(float(np.abs(np.log(b)).max()) for b in (least, most))
    cheap, dear = marginal.min() - reach, marginal.max() + reach
    for _ in range(100):
        middle = (cheap + dear) / 2
        if spent(middle).sum() > budget:
            cheap = middle
        else:
            dear = middle
    return spent(dear)


def _gains(roas: Posterior, curve: Response, spend: Floats, proposed: Floats) -> Floats:
    """Return draws of the gain, over the levels and, where it was estimated, over β."""
    rng = np.random.default_rng(SEED)
    shift = rng.standard_normal(roas.draws.shape[1])
    beta = np.clip(curve.beta[:, None] + curve.deviation[:, None] * shift, 0.05, 0.99)
    growth = np.expm1(beta * np.log(proposed / spend)[:, None])
    gains: Floats = (roas.draws * spend[:, None] * growth).sum(axis=0)
    return gains
