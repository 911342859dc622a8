"""Plan an experiment: by its design, from the data's own noise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from hk_metrics.arguments import days, number, text, whole
from hk_metrics.errors import InsufficientDataError, UnknownNameError
from hk_metrics.experiments import cities as markets
from hk_metrics.experiments import codes, staggered
from hk_metrics.experiments import weeks as holding_back
from hk_metrics.experiments.plan import WEEK, ExperimentPlan
from hk_metrics.experiments.wish import Found, Wish
from hk_metrics.incrementality.question import LiftQuestion, Outcome, asked

if TYPE_CHECKING:
    import pandas as pd

    from hk_metrics.dataset import Dataset
    from hk_metrics.view import View

DESIGNS = ("weeks", "cities", "codes", "staggered")
_CHANGES = ("held_back", "added")
_USUAL_SHARE = {"weeks": 0.5, "codes": 0.1, "cities": 0.0, "staggered": 0.0}


def plan_experiment(
    data: Dataset | View,
    design: str = "weeks",
    *,
    weeks: int = 12,
    share: float | None = None,
    lift: float | None = None,
    outcome: Outcome = "revenue",
    start: Any = None,
    cities: tuple[str, ...] | list[str] = (),
    change: str = "held_back",
    seed: int = 1,
    sales: Any = None,
    **filters: Any,
) -> ExperimentPlan:
    """Return what an experiment of some weeks can show, its draw, its cost, and a page about it.

    Parameters
    ----------
    data
        A dataset with the shop's daily sales (and their cities, for ``cities`` and
        ``staggered``), or a view of one.
    design
        ``weeks``: no posts in weeks drawn at random; ``cities``: posts changed in cities that the
        others foretell; ``codes``: a share of the followers sees posts without the code;
        ``staggered``: cities begin one after another.
    weeks
        Length (weeks).
    share
        Of the weeks, or of the followers, held back; .5 and .1 by default.
    lift
        The lift that is expected, as a share of sales (of coded orders for ``codes``); by default
        what the settings suppose of tracked orders.
    outcome
        ``revenue`` or ``orders``.
    start
        First day; by default the Monday after the data.
    cities
        Which cities to change; by default those that show the most.
    change
        ``held_back`` or ``added``: what happens in the changed cities.
    seed
        Of the draw.
    sales
        The shop's total sales, as in `hk_metrics.lift`.
    filters
        A part of the shop: ``brand``, ``product``.

    Raises
    ------
    UnknownNameError
        For a design that there is not.
    ParameterError
        For a length, share or lift that cannot be.
    InsufficientDataError
        If the data do not hold what the design needs.

    Notes
    -----
    Power is found by simulation: the noise of the shop's own days, as the history shows them once
    posts are taken out, with lifts of many sizes added and read as they will be read. It supposes
    that the coming weeks are as noisy as the past and posts as uneven, and, for ``weeks``, that the
    posts of held-back weeks move to the nearest others: that is half of what such a test shows.

    Examples
    --------
    >>> import hk_metrics as hk
    >>> data, _ = hk.simulate(seed=7, influencers=12, events=3000)
    >>> plan = hk.plan_experiment(data, weeks=8)
    >>> len(plan.draw), int((plan.draw["posts"] == "hold back").sum())
    (8, 4)
    """
    if text("design", design, "weeks") not in DESIGNS:
        raise UnknownNameError.of("design", design, DESIGNS)
    if text("change", change, "held_back") not in _CHANGES:
        raise UnknownNameError.of("change", change, _CHANGES)
    length = whole("weeks", weeks, 12, 1, 104)
    held = _USUAL_SHARE[design] if share is None else number("share", share, 0.5, 0.0, 1.0)
    if lift is not None:
        number("lift", lift, 0.1, 0.0, 10.0)
    question = asked(data, "post_response", None, outcome, sales, None, filters)
    first = _start(question, start)
    named = tuple(text("cities", c, "Pune") for c in cities)
    wish = Wish(question, outcome, length, held, lift, whole("seed", seed, 1), named)
    found = _PLANNERS[design](wish)
    own = found.power[found.power["chosen"]].iloc[0]
    return ExperimentPlan(
        design, outcome, first, length, found.share, wish.seed, _dated(found.draw, first),
        found.power.drop(columns="chosen"), float(own["smallest"]), found.expected,
        float(own["power"]), float(own["cost"]), dict(filters), found.kernel, change,
        settings=question.shop.view.ledger.settings,
    )  # fmt: skip


def _start(question: LiftQuestion, start: Any) -> date:
    if start is not None:
        first: date = days("start", start)[0].item()
        return first
    period = question.shop.view.ledger.period
    if period is None:
        raise InsufficientDataError("Nothing in the data has a date, so there is no history.")
    after = period[1] + timedelta(days=1)
    return after + timedelta(days=-after.weekday() % WEEK)


def _dated(draw: pd.DataFrame, first: date) -> pd.DataFrame:
    """Return the draw with the first day of each week in the place of its number."""
    if "week" not in draw:
        return draw
    begins = [first + timedelta(days=WEEK * int(w)) for w in draw["week"]]
    return draw.assign(week=begins)


_PLANNERS: Mapping[str, Callable[[Wish], Found]] = {
    "weeks": holding_back.plan, "cities": markets.plan, "codes": codes.plan,
    "staggered": staggered.plan,
}  # fmt: skip
