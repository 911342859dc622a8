"""Staggered starts: cities begin one after another, in an order that a lottery draws."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hk_metrics.errors import InsufficientDataError
from hk_metrics.experiments.cities import panel_of, sales_by_city
from hk_metrics.experiments.panel import CityPanel
from hk_metrics.experiments.plan import WEEK, ExperimentPlan
from hk_metrics.experiments.randomisation import Lottery
from hk_metrics.experiments.result import Reading, inside
from hk_metrics.experiments.wish import LIFTS, Found, Wish, power_table, smallest
from hk_metrics.incrementality.question import LiftQuestion
from hk_metrics.incrementality.result import Check

Array = NDArray[np.float64]
Codes = NDArray[np.int64]

_DRAWS = 600
_OTHER_WEEKS = (8, 12, 16)


def starts(cities: int, weeks: int, seed: int) -> Codes:
    """Return the week in which each city begins, spread over the weeks after the first."""
    rng = np.random.default_rng(seed)
    evenly = 1 + np.arange(cities) * (weeks - 1) // cities
    return np.asarray(rng.permutation(evenly), dtype=np.int64)


def lottery(panel: CityPanel, weeks: int, seed: int) -> tuple[Lottery, Codes]:
    """Return the lottery over the cities' weeks, flattened, and each city's start.

    Each city's level and each week are held constant, so that a city is compared with those that
    have not begun. Effects are relative to a city's usual sales, so that large ones do not decide.
    """
    cities = len(panel.cities)
    first = starts(cities, weeks, seed)
    rng = np.random.default_rng([seed, 1])
    orders = [first, *(rng.permutation(first) for _ in range(_DRAWS))]
    begun = np.array([(np.arange(weeks)[:, None] >= o).ravel() for o in orders], dtype=float)
    city = np.tile(np.eye(cities), (weeks, 1))
    week = np.repeat(np.eye(weeks)[:, 1:], cities, axis=0)
    return Lottery(begun, np.hstack([city, week])), first


def relative(values: Array, usual: Array) -> Array:
    """Return sales of whole weeks per city as shares of the usual, flattened by week."""
    weeks = len(values) // WEEK
    sums = values[: weeks * WEEK].reshape(weeks, WEEK, -1).sum(axis=1)
    return np.asarray((sums / (WEEK * np.maximum(usual, 1e-9))).ravel())


def noise(panel: CityPanel, weeks: int, count: int = 60) -> Array:
    """Return stretches of the past as they would be in the experiment (worlds × city-weeks)."""
    usual = panel.values.mean(axis=0)
    last = len(panel) - weeks * WEEK
    steps = np.unique(np.linspace(0, max(last, 0), count).astype(int))
    return np.array([relative(panel.values[s : s + weeks * WEEK], usual) for s in steps])


def plan(wish: Wish) -> Found:
    """Return what starts one after another can show, and when each city begins."""
    import pandas as pd

    panel, expected = sales_by_city(wish)
    rows = []
    for length in sorted({wish.weeks, *_OTHER_WEEKS}):
        if length < 2 or length * WEEK > len(panel):
            continue
        drawn, first = lottery(panel, length, wish.seed)
        past = noise(panel, length)
        chances = drawn.rejects(past, np.append(LIFTS, expected)).mean(axis=0)
        usual = panel.values.mean(axis=0)
        cost = expected * float(usual @ first) * WEEK
        rows.append((length, 1.0, smallest(chances[:-1]), chances[-1], cost, length == wish.weeks))
    if not any(row[-1] for row in rows):
        raise InsufficientDataError(
            f"There are {len(panel)} days of sales by city, fewer than the {wish.weeks} weeks of "
            "the test. Plan fewer weeks, or import earlier sales."
        )
    _, first = lottery(panel, wish.weeks, wish.seed)
    draw = pd.DataFrame({"city": panel.cities, "week": first}).sort_values(["week", "city"])
    return Found(draw.reset_index(drop=True), power_table(rows), expected, 1.0)


def read(plan: ExperimentPlan, question: LiftQuestion) -> Reading:
    """Return what starts one after another brought."""
    panel = panel_of(question, plan.outcome)
    begin, end = inside(plan, panel.first, len(panel))
    usual = panel.values[: begin or None].mean(axis=0)
    drawn, first = lottery(panel, plan.weeks, plan.seed)
    outcome = relative(panel.values[begin:end], usual)
    brought = float(usual @ (plan.weeks - first)) * WEEK
    lower, upper = (e * brought for e in drawn.interval(outcome))
    checks = (
        Check("balance", True, f"{len(first)} cities begin in {len(set(first.tolist()))} weeks."),
        Check("spill_over", True, "Followers in cities that had not begun must not see posts."),
    )
    return Reading(
        plan.design, plan.outcome, float(drawn.estimates(outcome)[0]) * brought, lower, upper,
        drawn.p_value(outcome), "Randomisation inference over the orders of starting", checks,
        None,
    )  # fmt: skip
