"""What-if: the same budget, or another, moved between influencers along response curves.

An influencer's revenue is taken to grow as a · spend^β with β below 1: each further rupee brings
less. The level a is the shrunken one, because the raw one promises about twice what it delivers;
how fast returns fall, β, can be told only where an influencer's spend took several levels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hk_metrics.errors import InsufficientDataError, ParameterError
from hk_metrics.planning.allocation import BOUNDS, Plan, allocated, planned
from hk_metrics.planning.response import Response, response
from hk_metrics.ranking import influencer_sums

if TYPE_CHECKING:
    import pandas as pd

    from hk_metrics.view import View

__all__ = ["BOUNDS", "SHOWN", "Plan", "Response", "allocated", "planned", "scenarios", "what_if"]

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
_FOLLOWS = (
    "{share:.0%} of this spend is paid to influencers with a price per order or a commission. It "
    "follows orders, so a plan moves it only by how much such influencers are asked to do."
)
ASSUMPTION = (
    "Revenue grows as a power of spend below 1, and tracked revenue is what spend brings; "
    "influencers deliver as they did."
)


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
        For a beta outside (0, 1), bounds that are none, or a budget that they do not allow.
    InsufficientDataError
        If nobody has both spend and a chance of orders, or the data has none of them.

    Notes
    -----
    Maximises Σ a_i s_i^β_i under Σ s_i = budget. The interval carries the uncertainty of every
    a_i, and of β where it was estimated. Moving budget on tracked revenue moves it towards who
    is credited; nothing in it is incremental.
    """
    if beta is not None and not 0 < beta < 1:
        raise ParameterError(f"beta={beta!r}: give a number between 0 and 1, e.g. 0.7")
    view.require("spend", "orders", "revenue")
    sums = influencer_sums(view)
    sums = sums[sums["spend"] > 0]
    if sums.empty:
        raise InsufficientDataError("nobody in this view has spend: there is no budget to move")
    curve = response(view, sums.index) if beta is None else Response.fixed(beta, len(sums))
    plan = planned(sums, curve, budget, bounds)
    return _table(sums, plan, curve, [*_warnings(curve), *_follows(view)])


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


def _table(sums: pd.DataFrame, plan: Plan, curve: Response, warnings: list[str]) -> pd.DataFrame:
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
        "warnings": warnings,
    }  # fmt: skip
    return table


def _follows(view: View) -> list[str]:
    """Say how much of the spend follows orders instead of bringing them."""
    spend = view.by("basis", metrics=["spend"])["spend"]
    share = 1.0 - spend.get("post", 0.0) / spend.sum()
    return [_FOLLOWS.format(share=share)] if share >= 0.005 else []


def _warnings(curve: Response) -> list[str]:
    if not curve.known:
        return [_ASSUMED.format(beta=curve.beta[0])]
    typical = float(np.median(curve.beta))
    return [_FLAT.format(beta=typical)] if typical < 0.2 else []
