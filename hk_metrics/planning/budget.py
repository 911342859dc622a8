"""What-if: the same budget, or another, moved between influencers along response curves.

What an influencer brings is taken to grow as a · spend^β with β below 1: each further rupee brings
less. The level a is the shrunken one, because the raw one promises about twice what it delivers;
how fast returns fall, β, can be told only where an influencer's spend took several levels.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np

from hk_metrics.arguments import number, view_of
from hk_metrics.errors import InsufficientDataError, ParameterError
from hk_metrics.intervals import TAILS
from hk_metrics.metrics import Unit
from hk_metrics.planning.allocation import BOUNDS, Plan, planned
from hk_metrics.planning.incremental import TRACKED_ONLY, brought, known_lift
from hk_metrics.planning.limits import limits
from hk_metrics.planning.months import level_of_part, of_part, target_month
from hk_metrics.planning.response import Response, doubled, response
from hk_metrics.ranking import influencer_sums
from hk_metrics.ranking.post_spread import post_spread
from hk_metrics.results.output import Output, given_as
from hk_metrics.results.presentation import Presentation

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    import polars as pl

    from hk_metrics.dataset import Dataset
    from hk_metrics.results.result import Result
    from hk_metrics.view import View

_SHOWN = (0.5, 0.7, 0.9)
_ASSUMED = (
    "Spend took too few levels, so how fast returns fall cannot be known. It is assumed that twice "
    "the spend brings {doubled:.2f} times the revenue, give or take a tenth. See what changes if "
    "returns fall faster or more slowly."
)
_FLAT = (
    "Orders hardly follow spend in this data (twice the spend brings {doubled:.2f} times the "
    "revenue): moving budget changes little, and spending less may cost little."
)
_FOLLOWS = (
    "{share:.0%} of this spend is paid to influencers with a price per order or a commission. It "
    "follows orders, so a plan moves it only by how much such influencers are asked to do."
)
_GROWS = "grows more slowly than spend does; influencers deliver as they did."


@overload
def what_if(
    view: View | Dataset,
    budget: float | None = ...,
    *,
    beta: float | None = ...,
    bounds: tuple[float, float] | Mapping[str, tuple[float, float]] = ...,
    locked: Iterable[str] = ...,
    month: str | None = ...,
    lift: pd.DataFrame | str | None = ...,
    output: Literal["pandas"] = ...,
) -> Result: ...
@overload
def what_if(
    view: View | Dataset,
    budget: float | None = ...,
    *,
    beta: float | None = ...,
    bounds: tuple[float, float] | Mapping[str, tuple[float, float]] = ...,
    locked: Iterable[str] = ...,
    month: str | None = ...,
    lift: pd.DataFrame | str | None = ...,
    output: Literal["polars"],
) -> pl.DataFrame: ...
def what_if(
    view: View | Dataset,
    budget: float | None = None,
    *,
    beta: float | None = None,
    bounds: tuple[float, float] | Mapping[str, tuple[float, float]] = BOUNDS,
    locked: Iterable[str] = (),
    month: str | None = None,
    lift: pd.DataFrame | str | None = None,
    output: Output = "pandas",
) -> Result | pl.DataFrame:
    """Return the budget that promises the most (money), influencer by influencer.

    Parameters
    ----------
    view
        A view; its filters hold. A dataset stands for the view of all of it, and brings its lift.
    budget
        Money to spend; today's total where absent.
    beta
        How what is brought grows with spend, between 0 and 1; estimated where the data can tell,
        0.7 give or take .15 (and said so) otherwise.
    bounds
        Least and most of each influencer's budget, as multiples of today's spend; or influencer →
        (least, most), the others keeping the usual ones.
    locked
        Influencers whose spend stays as it is.
    month
        The month that the budget is for, e.g. "2025-11": today's spend and what it brings are then
        those of a month as long. Without it the budget is for a time as long as the view's.
    lift
        What is incremental: a result of `hk_metrics.lift` by influencer_id, or the name of its
        method. By default that of the view (``data.view(lift="post_response")``), or of the dataset
        where one is given and its lift can be told; tracked revenue otherwise.
    output
        ``polars`` gives a Polars frame, the index as columns; attrs stay with pandas.

    Returns
    -------
    pandas.DataFrame
        Index ``influencer_id``, largest increase first; columns ``spend``, ``proposed``,
        ``change``, ``revenue`` and ``proposed_revenue`` (money, expected; incremental where
        ``attrs["incremental"]``), ``beta``. ``attrs``: ``gain``, ``lower``, ``upper`` (money,
        90 %), ``budget``, ``beta_known``, ``incremental``, ``assumption``, ``warnings``.

    Raises
    ------
    ParameterError
        For a beta outside (0, 1), bounds that are none, a budget that they do not allow, or any
        other value of a wrong kind.
    UnknownNameError
        For an influencer who has no spend here.
    InsufficientDataError
        If nobody has both spend and a chance of orders, the data has none of them, or the lift that
        was asked for cannot be told.

    Notes
    -----
    Maximises Σ a_i s_i^β_i under Σ s_i = budget. The interval carries the uncertainty of every
    a_i, that posts of one influencer differ, and that of β where it is not given. Moving budget on
    tracked revenue moves it towards who is credited, and nothing in it is incremental.

    Examples
    --------
    >>> import hk_metrics as hk
    >>> data, _ = hk.simulate(seed=7, influencers=12, days=30, events=500)
    >>> plan = hk.what_if(data.view(), beta=0.7)
    >>> bool(abs(plan["change"].sum()) < 0.01)
    True
    """
    if beta is not None and not 0 < number("beta", beta, 0.7) < 1:
        raise ParameterError(f"beta={beta!r}: give a number between 0 and 1, e.g. 0.7")
    if budget is not None:
        number("budget", budget, 100_000, 0.0)
    asked = view_of(view, "what_if()")
    asked.require("spend", "orders", "revenue")
    sums = influencer_sums(asked)
    warnings = list(sums.attrs["warnings"])
    sums = sums[sums["spend"] > 0]
    if sums.empty:
        raise InsufficientDataError("nobody in this view has spend: there is no budget to move")
    sums = post_spread(asked).beside(sums)
    part = target_month(month, asked)
    found, reason = known_lift(view, asked, lift)
    level = None if found is None else brought(found, sums)
    curve = response(asked, sums.index) if beta is None else Response.fixed(beta, len(sums))
    kept = limits(sums.index, bounds, locked)
    plan = planned(of_part(sums, part), curve, budget, kept, level_of_part(level, part))
    warned = [*_warnings(curve), *_follows(asked), *([reason] if reason else []), *warnings]
    table = _table(sums, plan, curve, warned, incremental=found is not None)
    title = "What to move: change in spend"
    money: dict[str, Unit] = dict.fromkeys(("proposed", "change", "proposed_revenue"), "money")
    return given_as(
        table, output,
        Presentation("amounts", asked.ledger.settings, "change", money, title=title),
    )  # fmt: skip


def scenarios(view: View, budget: float | None = None) -> pd.DataFrame:
    """Return the promised gain in revenue (money) for β = 0.5, 0.7 and 0.9, one row each.

    Columns ``gain``, ``lower``, ``upper`` (90 %); index ``beta``.
    """
    import pandas as pd

    plans = {beta: what_if(view, budget, beta=beta).attrs for beta in _SHOWN}
    rows = {beta: [a["gain"], a["lower"], a["upper"]] for beta, a in plans.items()}
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["gain", "lower", "upper"])
    table.index.name = "beta"
    return table


def _table(
    sums: pd.DataFrame, plan: Plan, curve: Response, warnings: list[str], *, incremental: bool
) -> pd.DataFrame:
    import pandas as pd

    columns: dict[str, Any] = {
        "spend": plan.spend, "proposed": plan.proposed, "change": plan.proposed - plan.spend,
        "revenue": plan.now, "proposed_revenue": plan.then, "beta": curve.beta,
    }  # fmt: skip
    table = pd.DataFrame(columns, index=sums.index).sort_values("change", ascending=False)
    lower, upper = np.quantile(plan.gain, TAILS)
    assumption = f"Incremental revenue {_GROWS}" if incremental else f"{TRACKED_ONLY} It {_GROWS}"
    table.attrs = {
        "gain": float((plan.then - plan.now).sum()), "lower": float(lower), "upper": float(upper),
        "budget": float(plan.proposed.sum()), "beta_known": curve.known,
        "incremental": incremental, "assumption": assumption, "warnings": warnings,
    }  # fmt: skip
    return table


def _follows(view: View) -> list[str]:
    """Say how much of the spend follows orders instead of bringing them."""
    spend = view.by("basis", metrics=["spend"])["spend"]
    share = 1.0 - spend.get("post", 0.0) / spend.sum()
    return [_FOLLOWS.format(share=share)] if share >= 0.005 else []


def _warnings(curve: Response) -> list[str]:
    if not curve.known:
        return [_ASSUMED.format(doubled=doubled(curve.beta[0]))]
    typical = float(np.median(curve.beta))
    return [_FLAT.format(doubled=doubled(typical))] if typical < 0.2 else []
