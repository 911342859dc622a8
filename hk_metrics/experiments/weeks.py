"""Hold-back weeks: no posts in weeks that a lottery draws."""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

from hk_metrics.errors import ParameterError
from hk_metrics.experiments.background import background
from hk_metrics.experiments.dose import moved_doses, posted, response_of
from hk_metrics.experiments.plan import WEEK, ExperimentPlan
from hk_metrics.experiments.randomisation import Lottery
from hk_metrics.experiments.result import Reading, calibrated, inside
from hk_metrics.experiments.wish import LIFTS, WORLDS, Found, Wish, power_table, smallest
from hk_metrics.incrementality.question import LiftQuestion
from hk_metrics.incrementality.result import Check
from hk_metrics.incrementality.unevenness import of_posts
from hk_metrics.intervals import Z_SCORE

Array = NDArray[np.float64]

_BLOCK = 4
_LEAST_WEEKS = 8
_MOST_DRAWS = 600
# Between the shares of weeks that a block of four can hold back.
_SHARES = (0.25, 0.5, 0.75)
_OTHER_WEEKS = (8, 12, 16, 24)
_OBEYED = 0.05


def checked(weeks: int, share: float) -> None:
    """Refuse a number of weeks or a share that cannot be drawn."""
    if weeks % _BLOCK or weeks < _LEAST_WEEKS:
        raise ParameterError(
            f"weeks={weeks}: weeks are drawn in blocks of {_BLOCK}, so give {_LEAST_WEEKS}, "
            f"{_LEAST_WEEKS + _BLOCK}, {_LEAST_WEEKS + 2 * _BLOCK} …"
        )
    if share not in _SHARES:
        raise ParameterError(f"share={share}: hold back {_SHARES} of the weeks")


def drawn(weeks: int, share: float, seed: int) -> Array:
    """Return whether each week is held back (1) or not (0), as the lottery of this seed has it."""
    rng = np.random.default_rng(seed)
    block = np.arange(_BLOCK) < round(_BLOCK * share)
    return np.concatenate([rng.permutation(block) for _ in range(weeks // _BLOCK)]).astype(float)


def possible(weeks: int, share: float, seed: int) -> Array:
    """Return all draws there could have been, or many of them, the drawn one first."""
    own = drawn(weeks, share, seed)
    held = round(_BLOCK * share)
    blocks = [b for b in product((0.0, 1.0), repeat=_BLOCK) if sum(b) == held]
    count = weeks // _BLOCK
    if len(blocks) ** count <= _MOST_DRAWS:
        every = np.array([np.concatenate(c) for c in product(blocks, repeat=count)])
        others = every[(every != own).any(axis=1)]
    else:
        rng = np.random.default_rng([seed, 1])
        chosen = rng.integers(0, len(blocks), (_MOST_DRAWS, count))
        others = np.array(blocks)[chosen].reshape(_MOST_DRAWS, weeks)
    return np.vstack([own, others])


def lottery(weeks: int, share: float, seed: int, kernel: Array) -> Lottery:
    """Return the lottery over weeks, with level and trend held constant."""
    time = np.linspace(-1.0, 1.0, weeks)
    nuisance = np.column_stack([np.ones(weeks), time])
    return Lottery(response_of(possible(weeks, share, seed), kernel), nuisance)


def plan(wish: Wish) -> Found:
    """Return what hold-back weeks can show, and which are drawn.

    Notes
    -----
    Power is that of tests in which posts are as uneven as they were, those of held-back weeks being
    moved to the nearest others, and the shop as noisy as its days were.
    """
    import pandas as pd

    checked(wish.weeks, wish.share)
    shop = wish.question.shop
    series = shop.series(wish.part, wish.outcome)
    activity = shop.activity(wish.part, series.first)
    usual = background(series, activity)
    expected = wish.expected(series.tracked.sum(), series.outcome.sum())
    pull = activity.exposure(series.days)[-series.days :]
    rows = []
    for length in sorted({wish.weeks, *_OTHER_WEEKS}):
        noise = usual.worlds(length * WEEK, WORLDS, wish.seed)
        sums = noise.reshape(WORLDS, length, WEEK).sum(axis=2) / (WEEK * usual.level)
        for share in sorted({wish.share, 0.25, 0.5}):
            draws = lottery(length, share, wish.seed, usual.kernel)
            held = drawn(length, share, wish.seed)
            doses = moved_doses(pull, held, usual.kernel, WORLDS)
            chances = draws.rejects(sums, np.append(LIFTS, expected), doses).mean(axis=0)
            cost = expected * usual.level * WEEK * length * share
            rows.append((length, share, smallest(chances[:-1]), chances[-1], cost,
                         (length, share) == (wish.weeks, wish.share)))  # fmt: skip
    held = drawn(wish.weeks, wish.share, wish.seed)
    draw = pd.DataFrame(
        {"week": np.arange(wish.weeks), "posts": np.where(held > 0, "hold back", "as usual")}
    )
    return Found(draw, power_table(rows), expected, wish.share, tuple(usual.kernel))


def read(plan: ExperimentPlan, question: LiftQuestion) -> Reading:
    """Return what hold-back weeks found.

    Notes
    -----
    Lift per unit of what was really posted, by randomisation inference; that posts of equal reach
    bring different amounts widens the interval.
    """
    shop, part = question.shop, question.part
    series = shop.series(part, plan.outcome)
    series.require_total()
    begin, end = inside(plan, series.first, series.days)
    outcome = _weekly(series.outcome, begin, end)
    activity = shop.activity(part, series.first)
    # The test itself shows best how long a response lasts: weeks without posts follow on such with.
    kernel = background(series, activity).kernel
    draws = lottery(plan.weeks, plan.share, plan.seed, kernel)
    dose = _weekly(posted(activity, kernel, series.days), begin, end)
    whole = float(dose.sum())
    estimate = draws.per_dose(outcome, dose) * whole
    weight, window = np.zeros((2, series.days))
    weight[begin:end] = np.repeat(draws.slopes[0] * whole / (draws.slopes[0] @ dose), WEEK)
    window[begin:end] = 1.0
    uneven = Z_SCORE * abs(estimate) * of_posts(weight, window, kernel, activity) ** 0.5
    low, high = (e * whole - estimate for e in draws.interval(outcome, dose))
    lower, upper = estimate - np.hypot(low, uneven), estimate + np.hypot(high, uneven)
    held = drawn(plan.weeks, plan.share, plan.seed) > 0
    obeyed = _obeyed(activity.day[(activity.day >= begin) & (activity.day < end)] - begin, held)
    tracked = float(series.tracked[begin:end].sum())
    return Reading(
        plan.design, plan.outcome, estimate, lower, upper, draws.p_value(outcome),
        "Randomisation inference over the weeks that could have been drawn",
        (obeyed, _balanced(held), _spilled(kernel)),
        calibrated(plan, estimate, (lower, upper), tracked) if obeyed.passed else None,
    )  # fmt: skip


def _weekly(daily: Array, begin: int, end: int) -> Array:
    return np.asarray(daily[begin:end].reshape(-1, WEEK).sum(axis=1))


def _obeyed(day: NDArray[np.int64], held: NDArray[np.bool_]) -> Check:
    within = int(held[day // WEEK].sum())
    share = within / max(len(day), 1)
    text = f"{within} of {len(day)} posts fell into weeks that were to be held back."
    if share > _OBEYED:
        text += " Weeks then differ by less than planned, so this calibrates nothing."
    return Check("compliance", share <= _OBEYED, text)


def _balanced(held: NDArray[np.bool_]) -> Check:
    place = np.arange(len(held)) / max(len(held) - 1, 1)
    apart = float(abs(place[held].mean() - place[~held].mean()))
    text = f"Held-back weeks lie {apart:.0%} of the test's length earlier or later than the others."
    return Check("balance", apart < 0.25, text)


def _spilled(kernel: Array) -> Check:
    day = np.arange(len(kernel))
    # Posts fall on any day of the week, so a response of age a leaves it with a / 7.
    share = float(kernel @ np.minimum(day / WEEK, 1.0))
    text = f"{share:.0%} of the response falls into a later week, and is counted there."
    return Check("spill_over", share < 0.6, text)
