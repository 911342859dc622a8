"""Which cities to change: those that the others foretell best, so that they show the least."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hk_metrics.errors import InsufficientDataError, ParameterError
from hk_metrics.experiments.panel import LEAST_BEFORE, CityPanel, effect, synthetic
from hk_metrics.experiments.plan import WEEK, ExperimentPlan
from hk_metrics.experiments.result import Reading, calibrated, inside
from hk_metrics.experiments.wish import Found, Wish, power_table
from hk_metrics.incrementality.calibration import Calibration
from hk_metrics.incrementality.question import LiftQuestion
from hk_metrics.incrementality.result import Check
from hk_metrics.incrementality.shop import selected as sold_in
from hk_metrics.intervals import TAILS, Z_SCORE, error_of

_Array = NDArray[np.float64]

# Standard errors between nothing and a lift that is told in four of five experiments at 90 %.
_DETECTED_AT_80 = Z_SCORE + 0.842
_WINDOWS = 3
_SIZES = (1, 2, 3, 4, 5)
_SHORTLIST = 24
_OTHER_WEEKS = (2, 4, 6, 8)
_NEAR_BEST = 1.1
_FITS = 0.8
_DESIGN_COLUMNS = ("cities", "days", "smallest", "share_of_sales", "sales")


def selected(panel: CityPanel, days: int, sizes: Sequence[int] = _SIZES) -> pd.DataFrame:
    """Return sets of cities by the smallest lift that they show, the best first.

    Parameters
    ----------
    panel
        The past.
    days
        Length of the experiment (days).
    sizes
        How many cities to change.

    Returns
    -------
    DataFrame
        ``cities`` (names), ``days``, ``smallest`` (lift as a share of their sales, told in four of
        five experiments), ``share_of_sales`` (of all cities' sales, theirs), ``sales`` (per day).

    Notes
    -----
    A set is a city with those most alike to it, or of all sizes. Each is tried on the last days of
    the past, as if they were the experiment: what is found there without a change is the noise.
    """
    usual = panel.values.mean(axis=0)
    rough = sorted(_candidates(panel, sizes), key=lambda s: _misfit(panel, s))[:_SHORTLIST]
    rows = []
    for cities in rough:
        doubt = standard_error(panel, cities, days)
        sold = float(usual[list(cities)].sum())
        rows.append(
            (tuple(panel.cities[c] for c in cities), days, _DETECTED_AT_80 * doubt / (sold * days),
             sold / float(usual.sum()), sold)
        )  # fmt: skip
    table = pd.DataFrame(rows, columns=list(_DESIGN_COLUMNS))
    return table.sort_values(["smallest", "share_of_sales"]).reset_index(drop=True)


def standard_error(panel: CityPanel, cities: Sequence[int], days: int) -> float:
    """Return how far off the effect is found where there is none, in money or orders."""
    found = []
    for window in range(_WINDOWS):
        end = len(panel) - window * days
        if end - days < LEAST_BEFORE:
            break
        gap = effect(panel.until(end), cities, end - days, end)
        found.append((gap.mean, error_of(*map(gap.quantile, TAILS))))
    missed = float(np.sqrt(np.mean([m**2 for m, _ in found])))
    stated = float(np.mean([s for _, s in found]))
    # Three windows say little of the error themselves; what the model states says more.
    return float(np.sqrt((len(found) * missed**2 + 6 * stated**2) / (len(found) + 6)))


def _candidates(panel: CityPanel, sizes: Sequence[int]) -> set[tuple[int, ...]]:
    alike: _Array = np.nan_to_num(np.asarray(np.corrcoef(panel.values, rowvar=False)))
    most = len(panel.cities) // 2
    return {
        tuple(sorted(int(c) for c in np.argsort(-alike[city])[:size]))
        for city in range(len(panel.cities))
        for size in sizes
        if size <= most
    }


def _misfit(panel: CityPanel, cities: Sequence[int]) -> float:
    """Return what the other cities' sum leaves of theirs, relative to it."""
    inside = panel.values[:, list(cities)].sum(axis=1)
    outside = panel.values.sum(axis=1) - inside
    columns = np.column_stack([np.ones(len(panel)), outside])
    slopes, *_ = np.linalg.lstsq(columns, inside, rcond=None)
    return float((inside - columns @ slopes).std() / max(inside.mean(), 1e-9))


def sales_by_city(wish: Wish) -> tuple[CityPanel, float]:
    """Return the sales by city, and the expected lift as a share of them."""
    panel = panel_of(wish.question, wish.outcome)
    series = wish.question.shop.series(wish.part, wish.outcome)
    return panel, wish.expected(series.tracked.sum(), series.outcome.sum())


def panel_of(question: LiftQuestion, outcome: str) -> CityPanel:
    """Return the sales by city of the part of the shop that was asked for."""
    sales = question.shop.sales
    return CityPanel.of(None if sales is None else sold_in(sales, question.part), outcome)


def plan(wish: Wish) -> Found:
    """Return what a change in some cities can show, and which are to be changed."""
    from scipy.special import ndtr

    panel, expected = sales_by_city(wish)
    if wish.cities:
        panel.place(wish.cities)
        names = wish.cities
    else:
        sets = selected(panel, wish.weeks * WEEK)
        good = sets[sets["smallest"] <= _NEAR_BEST * sets["smallest"].iloc[0]]
        names = good["cities"].iloc[int(np.random.default_rng(wish.seed).integers(len(good)))]
    if len(names) >= len(panel.cities):
        raise ParameterError("cities: leave some cities as they are, to compare with")
    place = panel.place(names)
    sold = float(panel.values[:, place].mean(axis=0).sum())
    part = sold / float(panel.values.mean(axis=0).sum())
    rows = []
    for length in sorted({wish.weeks, *_OTHER_WEEKS}):
        if length * WEEK > len(panel) - WEEK * 4:
            continue
        doubt = standard_error(panel, place, length * WEEK) / (sold * length * WEEK)
        chance = float(ndtr(expected / doubt - Z_SCORE) + ndtr(-expected / doubt - Z_SCORE))
        cost = expected * sold * length * WEEK
        rows.append((length, part, _DETECTED_AT_80 * doubt, chance, cost, length == wish.weeks))
    if not any(row[-1] for row in rows):
        raise InsufficientDataError(
            f"There are {len(panel)} days of sales by city; a test of {wish.weeks} weeks needs "
            f"{(wish.weeks + 4) * WEEK} of them. Plan fewer weeks, or import earlier sales."
        )
    roles = ["changed" if c in set(names) else "compared" for c in panel.cities]
    draw = pd.DataFrame({"city": panel.cities, "role": roles}).sort_values(["role", "city"])
    return Found(draw.reset_index(drop=True), power_table(rows), expected, part)


def read(plan: ExperimentPlan, question: LiftQuestion) -> Reading:
    """Return what a change in some cities did."""
    panel = panel_of(question, plan.outcome)
    begin, end = inside(plan, panel.first, len(panel))
    names = plan.draw.loc[plan.draw["role"] == "changed", "city"].tolist()
    place = panel.place(names)
    found = effect(panel, place, begin, end)
    sign = -1.0 if plan.change == "held_back" else 1.0
    low, high = found.interval()
    estimate, ends = sign * found.mean, sorted((sign * low, sign * high))
    below = found.probability_below(0.0)
    control, weights = synthetic(panel, place, begin)
    past = panel.values[:begin, place].sum(axis=1)
    fit = 1.0 - float(((past - control[:begin]) ** 2).sum() / ((past - past.mean()) ** 2).sum())
    used = [panel.cities[n] for n in np.argsort(-weights)[:3] if weights[n] > 0]
    checks = (
        Check("balance", fit > _FITS, f"The other cities explain {fit:.0%} of the days before."),
        Check("spill_over", True, f"Compared most with {', '.join(used)}: were their followers "
              "shown the change too, the lift would be found too small."),
    )  # fmt: skip
    return Reading(
        plan.design, plan.outcome, estimate, ends[0], ends[1], 2 * min(below, 1 - below),
        "Synthetic control of the cities that stayed as they were", checks,
        _of_cities(plan, question, panel, place, (begin, end), estimate, (ends[0], ends[1])),
    )  # fmt: skip


def _of_cities(
    plan: ExperimentPlan, question: LiftQuestion, panel: CityPanel, place: list[int],
    days: tuple[int, int], estimate: float, ends: tuple[float, float],
) -> Calibration | None:  # fmt: skip
    """Compare the lift's share of the cities' sales with the tracked share of all sales."""
    if plan.change != "held_back":
        return None
    series = question.shop.series(question.part, plan.outcome)
    whole = panel.values[: days[0]].sum()
    tracked = float(series.tracked[: days[0]].sum()) / max(float(whole), 1e-9)
    sold = float(panel.values[days[0] : days[1], place].sum()) + estimate
    return calibrated(plan, estimate, ends, tracked * sold)
