"""What-if: the same budget, or another, moved between influencers along response curves.

An influencer's revenue is taken to grow as a · spend^β with β below 1: each further rupee brings
less. The level a is the shrunken one, because the raw one promises about twice what it delivers;
how fast returns fall, β, can be told only where an influencer's spend took several levels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hk_metrics.errors import InsufficientDataError, ParameterError
from hk_metrics.ranking import influencer_sums
from hk_metrics.response import Response, response
from hk_metrics.shrinkage import SEED, Floats, Posterior, posterior

if TYPE_CHECKING:
    import pandas as pd

    from hk_metrics.view import View

BOUNDS = (0.5, 1.5)
SHOWN = (0.5, 0.7, 0.9)
LEVEL = 0.90
_ASSUMED = (
    "Spend took too few levels, so how fast returns fall cannot be known: β = {beta:g} is assumed. "
    "See the same for β = 0.5, 0.7 and 0.9."
)
_FLAT = (
    "Orders hardly follow spend in this data (β = {beta:.2f}): moving budget changes little, and "
    "spending less may cost little."
)
ASSUMPTION = (
    "Revenue grows as a power of spend below 1, and tracked revenue is what spend brings; "
    "influencers deliver as they did."
)


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


def what_if(
    view: View,
    budget: float | None = None,
    *,
    beta: float | None = None,
    bounds: tuple[float, float] = BOUNDS,
) -> pd.DataFrame:
    """Return the budget that promises the most revenue (money), influencer by influencer.

    Parameters
    ----------
    view
        A view; its filters hold.
    budget
        Money to spend; today's total where absent.
    beta
        How revenue grows with spend, between 0 and 1; estimated where the data can tell, 0.7
        (and said so) otherwise.
    bounds
        Least and most of each influencer's budget, as multiples of today's spend.

    Returns
    -------
    pandas.DataFrame
        Index ``influencer_id``, largest increase first; columns ``spend``, ``proposed``,
        ``change``, ``revenue`` and ``proposed_revenue`` (money, expected), ``beta``. ``attrs``:
        ``gain``, ``lower``, ``upper`` (revenue, 90 %), ``budget``, ``beta_known``, ``assumption``,
        ``warnings``.

    Raises
    ------
    ParameterError
        For a beta outside (0, 1), or a budget that the bounds do not allow.
    InsufficientDataError
        If nobody has both spend and a chance of orders.

    Notes
    -----
    Maximises Σ a_i s_i^β_i under Σ s_i = budget. The interval carries the uncertainty of every
    a_i, and of β where it was estimated. Moving budget on tracked revenue moves it towards who
    is credited; nothing in it is incremental.
    """
    if beta is not None and not 0 < beta < 1:
        raise ParameterError(f"beta={beta!r}: give a number between 0 and 1, e.g. 0.7")
    sums = influencer_sums(view)
    sums = sums[sums["spend"] > 0]
    if sums.empty:
        raise InsufficientDataError("nobody in this view has spend: there is no budget to move")
    curve = response(view, sums.index) if beta is None else Response.fixed(beta, len(sums))
    plan = planned(sums, curve, budget, bounds)
    return _table(sums, plan, curve)


def scenarios(view: View, budget: float | None = None) -> pd.DataFrame:
    """Return the promised gain in revenue (money) for β = 0.5, 0.7 and 0.9, one row each.

    Columns ``gain``, ``lower``, ``upper`` (90 %); index ``beta``.
    """
    import pandas as pd

    plans = {beta: what_if(view, budget, beta=beta).attrs for beta in SHOWN}
    rows = {beta: [a["gain"], a["lower"], a["upper"]] for beta, a in plans.items()}
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["gain", "lower", "upper"])
    table.index.name = "beta"
    return table


def planned(
    sums: pd.DataFrame,
    curve: Response,
    budget: float | None = None,
    bounds: tuple[float, float] = BOUNDS,
) -> Plan:
    """Return the best plan for a plain frame of influencers.

    Parameters
    ----------
    sums
        One row per influencer: ``orders``, ``revenue``, ``spend`` above 0 (money), ``squares``.
    curve
        The response of each.
    budget, bounds
        See `what_if`.
    """
    columns = {c: sums[c].to_numpy(np.float64) for c in ("orders", "spend", "revenue", "squares")}
    spend = columns["spend"]
    roas = posterior(columns["orders"], spend, columns["revenue"], columns["squares"])
    proposed = allocated(roas.mean, curve.beta, spend, budget or float(spend.sum()), bounds)
    now = roas.mean * spend
    then = now * (proposed / spend) ** curve.beta
    return Plan(spend, proposed, now, then, _gains(roas, curve, spend, proposed))


def allocated(
    roas: Floats, beta: Floats, spend: Floats, budget: float, bounds: tuple[float, float] = BOUNDS
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
    low, high = bounds[0] * spend, bounds[1] * spend
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

    reach = np.log(3.0 * bounds[1] / bounds[0])
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


def _table(sums: pd.DataFrame, plan: Plan, curve: Response) -> pd.DataFrame:
    import pandas as pd

    columns = {
        "spend": plan.spend, "proposed": plan.proposed, "change": plan.proposed - plan.spend,
        "revenue": plan.now, "proposed_revenue": plan.then, "beta": curve.beta,
    }  # fmt: skip
    table = pd.DataFrame(columns, index=sums.index).sort_values("change", ascending=False)
    lower, upper = np.quantile(plan.gain, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    table.attrs = {
        "gain": float((plan.then - plan.now).sum()), "lower": float(lower), "upper": float(upper),
        "budget": float(plan.proposed.sum()), "beta_known": curve.known, "assumption": ASSUMPTION,
        "warnings": _warnings(curve),
    }  # fmt: skip
    return table


def _warnings(curve: Response) -> list[str]:
    if not curve.known:
        return [_ASSUMED.format(beta=curve.beta[0])]
    typical = float(np.median(curve.beta))
    return [_FLAT.format(beta=typical)] if typical < 0.2 else []
