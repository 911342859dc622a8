"""Plan an experiment: by its design, from the data's own noise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hk_metrics.arguments import days, number, text, whole
from hk_metrics.errors import InsufficientDataError, ParameterError, UnknownNameError
from hk_metrics.experiments import cities as markets
from hk_metrics.experiments import codes, staggered, weeks
from hk_metrics.experiments.background import background
from hk_metrics.experiments.panel import Panel
from hk_metrics.experiments.plan import WEEK, ExperimentPlan
from hk_metrics.incrementality.question import Outcome, Question, asked

if TYPE_CHECKING:
    import pandas as pd

    from hk_metrics.dataset import Dataset
    from hk_metrics.view import View

Array = NDArray[np.float64]

DESIGNS = ("weeks", "cities", "codes", "staggered")
CHANGES = ("held_back", "added")
WORLDS = 300
POWER = 0.80
LIFTS = np.concatenate([[0.0], np.geomspace(0.01, 1.5, 23)])
USUAL_SHARE = {"weeks": 0.5, "codes": 0.1, "cities": 0.0, "staggered": 0.0}
OTHER_WEEKS = {"weeks": (8, 12, 16, 24), "codes": (4, 8, 12), "cities": (2, 4, 6, 8),
               "staggered": (8, 12, 16)}  # fmt: skip
NEAR_BEST = 1.1


@dataclass(frozen=True, eq=False)
class Wish:
    """What a plan is asked for; see `plan_experiment`."""

    question: Question
    outcome: str
    weeks: int
    share: float
    lift: float | None
    seed: int
    cities: tuple[str, ...]

    @property
    def part(self) -> Mapping[str, tuple[Any, ...]]:
        """The part of the shop."""
        return self.question.part


@dataclass(frozen=True, eq=False)
class Found:
    """What a design makes of a wish: its draw, its table of power, and its figures."""

    draw: pd.DataFrame
    power: pd.DataFrame
    expected: float
    share: float
    kernel: tuple[float, ...] = ()


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
    that the coming weeks are as noisy as the past.

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
    if text("change", change, "held_back") not in CHANGES:
        raise UnknownNameError.of("change", change, CHANGES)
    length = whole("weeks", weeks, 12, 1, 104)
    held = USUAL_SHARE[design] if share is None else number("share", share, 0.5, 0.0, 1.0)
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
    )  # fmt: skip


def _start(question: Question, start: Any) -> date:
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


def _expected(wish: Wish, tracked: float, total: float) -> float:
    """Return the expected lift as a share of sales."""
    if wish.lift is not None:
        return wish.lift
    share = wish.question.shop.view.ledger.settings.baseline_share
    return (1 - share) * tracked / max(total, 1e-9)


def _by_weeks(wish: Wish) -> Found:
    import pandas as pd

    weeks.checked(wish.weeks, wish.share)
    shop = wish.question.shop
    series = shop.series(wish.part, wish.outcome)
    usual = background(series, shop.activity(wish.part, series.first))
    expected = _expected(wish, series.tracked.sum(), series.outcome.sum())
    rows = []
    for length in sorted({wish.weeks, *OTHER_WEEKS["weeks"]}):
        for share in sorted({wish.share, 0.25, 0.5}):
            lottery = weeks.lottery(length, share, wish.seed, usual.kernel)
            noise = usual.worlds(length * WEEK, WORLDS, wish.seed)
            sums = noise.reshape(WORLDS, length, WEEK).sum(axis=2) / (WEEK * usual.level)
            told = lottery.rejects(sums, np.append(LIFTS, expected)).mean(axis=0)
            cost = expected * usual.level * WEEK * length * share
            rows.append((length, share, smallest(told[:-1]), told[-1], cost,
                         (length, share) == (wish.weeks, wish.share)))  # fmt: skip
    held = weeks.drawn(wish.weeks, wish.share, wish.seed)
    draw = pd.DataFrame(
        {"week": np.arange(wish.weeks), "posts": np.where(held > 0, "hold back", "as usual")}
    )
    return Found(draw, _table(rows), expected, wish.share, tuple(usual.kernel))


def smallest(power: Array, lifts: Array = LIFTS) -> float:
    """Return the lift at which power first reaches four fifths; infinite beyond what was tried.

    >>> smallest(np.array([0.1, 0.7, 0.9]), np.array([0.0, 0.1, 0.2]))
    0.15
    """
    steady = np.maximum.accumulate(power)
    if steady[-1] < POWER:
        return float("inf")
    place = int(np.argmax(steady >= POWER))
    if place == 0:
        return float(lifts[0])
    low, high = steady[place - 1], steady[place]
    part = (POWER - low) / (high - low)
    return round(float(lifts[place - 1] + part * (lifts[place] - lifts[place - 1])), 6)


def _table(rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows, columns=["weeks", "share", "smallest", "power", "cost", "chosen"])


def _panel(wish: Wish) -> tuple[Panel, float]:
    """Return the sales by city, and the expected lift as a share of them."""
    from hk_metrics.incrementality.shop import selected

    sales = wish.question.shop.sales
    panel = Panel.of(None if sales is None else selected(sales, wish.part), wish.outcome)
    series = wish.question.shop.series(wish.part, wish.outcome)
    return panel, _expected(wish, series.tracked.sum(), series.outcome.sum())


def _by_cities(wish: Wish) -> Found:
    import pandas as pd
    from scipy.special import ndtr

    panel, expected = _panel(wish)
    if wish.cities:
        panel.place(wish.cities)
        names = wish.cities
    else:
        sets = markets.selected(panel, wish.weeks * WEEK)
        good = sets[sets["smallest"] <= NEAR_BEST * sets["smallest"].iloc[0]]
        names = good["cities"].iloc[int(np.random.default_rng(wish.seed).integers(len(good)))]
    if len(names) >= len(panel.cities):
        raise ParameterError("cities: leave some cities as they are, to compare with")
    place = panel.place(names)
    sold = float(panel.values[:, place].mean(axis=0).sum())
    part = sold / float(panel.values.mean(axis=0).sum())
    rows = []
    for length in sorted({wish.weeks, *OTHER_WEEKS["cities"]}):
        if length * WEEK > len(panel) - WEEK * 4:
            continue
        doubt = markets.standard_error(panel, place, length * WEEK) / (sold * length * WEEK)
        told = float(ndtr(expected / doubt - 1.645) + ndtr(-expected / doubt - 1.645))
        cost = expected * sold * length * WEEK
        rows.append((length, part, markets.TOLD_AT_80 * doubt, told, cost, length == wish.weeks))
    if not any(row[-1] for row in rows):
        raise InsufficientDataError(
            f"There are {len(panel)} days of sales by city; a test of {wish.weeks} weeks needs "
            f"{(wish.weeks + 4) * WEEK} of them. Plan fewer weeks, or import earlier sales."
        )
    roles = ["changed" if c in set(names) else "compared" for c in panel.cities]
    draw = pd.DataFrame({"city": panel.cities, "role": roles}).sort_values(["role", "city"])
    return Found(draw.reset_index(drop=True), _table(rows), expected, part)


def _staggered(wish: Wish) -> Found:
    import pandas as pd

    panel, expected = _panel(wish)
    rows = []
    for length in sorted({wish.weeks, *OTHER_WEEKS["staggered"]}):
        if length < 2 or length * WEEK > len(panel):
            continue
        lottery, first = staggered.lottery(panel, length, wish.seed)
        noise = staggered.noise(panel, length)
        told = lottery.rejects(noise, np.append(LIFTS, expected)).mean(axis=0)
        usual = panel.values.mean(axis=0)
        cost = expected * float(usual @ first) * WEEK
        rows.append((length, 1.0, smallest(told[:-1]), told[-1], cost, length == wish.weeks))
    if not any(row[-1] for row in rows):
        raise InsufficientDataError(
            f"There are {len(panel)} days of sales by city, fewer than the {wish.weeks} weeks of "
            "the test. Plan fewer weeks, or import earlier sales."
        )
    _, first = staggered.lottery(panel, wish.weeks, wish.seed)
    draw = pd.DataFrame({"city": panel.cities, "week": first}).sort_values(["week", "city"])
    return Found(draw.reset_index(drop=True), _table(rows), expected, 1.0)


def _by_codes(wish: Wish) -> Found:
    import pandas as pd

    if not 0 < wish.share < 1:
        raise ParameterError(f"share={wish.share}: hold the code back from a part, e.g. 0.1")
    view = wish.question.shop.view
    view.require("orders", "revenue")
    totals, period = view.totals(["orders", "revenue"]), view.period
    if period is None or not totals["orders"] > 0:
        raise InsufficientDataError("There are no coded orders here to hold codes back from.")
    a_week = float(totals["orders"]) * WEEK / ((period[1] - period[0]).days + 1)
    value = float(totals["revenue"] / totals["orders"]) if wish.outcome == "revenue" else 1.0
    expected = 1 - view.ledger.settings.baseline_share if wish.lift is None else wish.lift
    lifts = np.linspace(0.0, 1.0, 21)
    rows = []
    for length in sorted({wish.weeks, *OTHER_WEEKS["codes"]}):
        orders = a_week * length
        tried = np.append(lifts, min(expected, 1.0))
        told = codes.power(orders, wish.share, tried, wish.seed)
        cost = expected * orders * wish.share * value
        rows.append((length, wish.share, smallest(told[:-1], lifts), told[-1], cost,
                     length == wish.weeks))  # fmt: skip
    draw = pd.DataFrame(
        {"followers": ["with the code", "without the code"], "share": [1 - wish.share, wish.share]}
    )
    return Found(draw, _table(rows), expected, wish.share)


_PLANNERS: Mapping[str, Callable[[Wish], Found]] = {
    "weeks": _by_weeks, "cities": _by_cities, "codes": _by_codes, "staggered": _staggered,
}  # fmt: skip
