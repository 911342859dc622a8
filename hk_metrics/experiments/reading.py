"""Read an experiment by its design: estimate, interval, checks, and what it calibrates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from hk_metrics.arguments import kind_of
from hk_metrics.errors import InsufficientDataError, ParameterError
from hk_metrics.experiments import codes, staggered, weeks
from hk_metrics.experiments.background import background
from hk_metrics.experiments.panel import Panel, effect, synthetic
from hk_metrics.experiments.plan import WEEK, ExperimentPlan
from hk_metrics.incrementality.calibration import Calibration
from hk_metrics.incrementality.question import Question, asked
from hk_metrics.incrementality.result import Check
from hk_metrics.incrementality.series import Activity
from hk_metrics.incrementality.shop import selected
from hk_metrics.interchange import to_pandas

if TYPE_CHECKING:
    from hk_metrics.dataset import Dataset
    from hk_metrics.view import View

Array = NDArray[np.float64]

NORMAL_90 = 1.645
OBEYED = 0.05
FITS = 0.8


@dataclass(frozen=True, eq=False)
class Reading:
    """What an experiment found.

    Parameters
    ----------
    design, outcome
        As planned.
    estimate, lower, upper
        Lift during the test, with its 90 % interval (orders, or money; the share of coded orders
        for ``codes``).
    p_value
        How often chance alone finds as much.
    method
        How it was read.
    checks
        Compliance, balance, spill-over.
    calibration
        Lift ÷ tracked, for `hk_metrics.lift`; None where it cannot be told.
    """

    design: str
    outcome: str
    estimate: float
    lower: float
    upper: float
    p_value: float
    method: str
    checks: tuple[Check, ...]
    calibration: Calibration | None

    @property
    def text(self) -> str:
        """The reading in words."""
        ends = [f"{v:.0%}" if self.design == "codes" else f"{v:,.0f}"
                for v in (self.estimate, self.lower, self.upper)]  # fmt: skip
        of = "of coded orders" if self.design == "codes" else f"of {self.outcome}"
        lines = [
            f"Lift: {ends[0]} {of} ({ends[1]} to {ends[2]}, 90 %); chance alone finds as much in "
            f"{self.p_value:.0%}. {self.method}.",
            *(str(c) for c in self.checks),
            *([self.calibration.text] if self.calibration else []),
        ]
        return "\n".join(lines)


def read_experiment(plan: ExperimentPlan, data: Dataset | View, *, sales: Any = None) -> Reading:
    """Return what an experiment found, read as it was planned.

    Parameters
    ----------
    plan
        From `plan_experiment`, before the test.
    data
        A dataset that holds the days of the test, or a view of one.
    sales
        The shop's total sales, as in `hk_metrics.lift`.

    Raises
    ------
    ParameterError
        For what is no plan or no data.
    InsufficientDataError
        If the data end before the test, or lack what its design needs.

    Notes
    -----
    Give the result to `hk_metrics.lift` as ``calibration``.
    """
    if not isinstance(plan, ExperimentPlan):
        raise ParameterError(f"plan: give one of hk.plan_experiment, not {kind_of(plan)}")
    outcome: Any = plan.outcome
    question = asked(data, "post_response", None, outcome, sales, None, plan.filters)
    return _READERS[plan.design](plan, question)


def _inside(plan: ExperimentPlan, first: np.datetime64, days: int) -> tuple[int, int]:
    """Return the first day of the test and the day after it, counted from the data's first."""
    begin = int((np.datetime64(plan.start, "D") - first).astype(int))
    end = begin + WEEK * plan.weeks
    if begin < 0 or end > days:
        raise InsufficientDataError(
            f"The test runs from {plan.start} to the day before {plan.end}; the sales hold {first} "
            f"to {first + (days - 1)}. Import all of its days."
        )
    return begin, end


def _label(plan: ExperimentPlan) -> str:
    return f"the test of {plan.start:%B %Y}"


def _calibration(
    plan: ExperimentPlan, estimate: float, ends: tuple[float, float], tracked: float
) -> Calibration | None:
    if not tracked > 0 or not np.isfinite(ends).all():
        return None
    error = (ends[1] - ends[0]) / (2 * NORMAL_90) / tracked
    return Calibration(estimate / tracked, error, _label(plan))


def _weeks(plan: ExperimentPlan, question: Question) -> Reading:
    shop, part = question.shop, question.part
    series = shop.series(part, plan.outcome)
    series.require_total()
    begin, end = _inside(plan, series.first, series.days)
    outcome = series.outcome[begin:end].reshape(plan.weeks, WEEK).sum(axis=1)
    activity = shop.activity(part, series.first)
    # The test itself shows best how long a response lasts: weeks without posts follow on such with.
    kernel = background(series, activity).kernel
    lottery = weeks.lottery(plan.weeks, plan.share, plan.seed, kernel)
    dose = _dose(activity, kernel, series.days)[begin:end].reshape(plan.weeks, WEEK).sum(axis=1)
    estimate = lottery.per_dose(outcome, dose) * float(dose.sum())
    lower, upper = (e * float(dose.sum()) for e in lottery.interval(outcome, dose))
    held = weeks.drawn(plan.weeks, plan.share, plan.seed) > 0
    tracked = float(series.tracked[begin:end].sum())
    checks = (
        _obeyed(activity.day[(activity.day >= begin) & (activity.day < end)] - begin, held),
        _balanced(held),
        _spilled(kernel),
    )
    return Reading(
        plan.design, plan.outcome, estimate, lower, upper, lottery.p_value(outcome),
        "Randomisation inference over the weeks that could have been drawn", checks,
        _calibration(plan, estimate, (lower, upper), tracked),
    )  # fmt: skip


def _dose(activity: Activity, kernel: Array, days: int) -> Array:
    """Return what the posts that there really were pull on each day.

    The draw says which weeks are compared, and this how much more was done in some than in others.
    """
    pull = activity.exposure(days)
    return np.asarray(np.convolve(pull, kernel)[: len(pull)][-days:])


def _obeyed(day: NDArray[np.int64], held: NDArray[np.bool_]) -> Check:
    inside = int(held[day // WEEK].sum())
    share = inside / max(len(day), 1)
    text = f"{inside} of {len(day)} posts fell into weeks that were to be held back."
    if share > OBEYED:
        text += " The lift is then found too small: weeks differ by less than planned."
    return Check("compliance", share <= OBEYED, text)


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


def _cities(plan: ExperimentPlan, question: Question) -> Reading:
    panel = _panel(plan, question)
    begin, end = _inside(plan, panel.first, len(panel))
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
        Check("balance", fit > FITS, f"The other cities explain {fit:.0%} of the days before."),
        Check("spill_over", True, f"Compared most with {', '.join(used)}: were their followers "
              "shown the change too, the lift would be found too small."),
    )  # fmt: skip
    return Reading(
        plan.design, plan.outcome, estimate, ends[0], ends[1], 2 * min(below, 1 - below),
        "Synthetic control of the cities that stayed as they were", checks,
        _of_cities(plan, question, panel, place, (begin, end), estimate, (ends[0], ends[1])),
    )  # fmt: skip


def _of_cities(
    plan: ExperimentPlan, question: Question, panel: Panel, place: list[int],
    days: tuple[int, int], estimate: float, ends: tuple[float, float],
) -> Calibration | None:  # fmt: skip
    """Compare the lift's share of the cities' sales with the tracked share of all sales."""
    if plan.change != "held_back":
        return None
    series = question.shop.series(question.part, plan.outcome)
    whole = panel.values[: days[0]].sum()
    tracked = float(series.tracked[: days[0]].sum()) / max(float(whole), 1e-9)
    sold = float(panel.values[days[0] : days[1], place].sum()) + estimate
    return _calibration(plan, estimate, ends, tracked * sold)


def _panel(plan: ExperimentPlan, question: Question) -> Panel:
    sales = question.shop.sales
    return Panel.of(None if sales is None else selected(sales, question.part), plan.outcome)


def _staggered(plan: ExperimentPlan, question: Question) -> Reading:
    panel = _panel(plan, question)
    begin, end = _inside(plan, panel.first, len(panel))
    usual = panel.values[: begin or None].mean(axis=0)
    lottery, first = staggered.lottery(panel, plan.weeks, plan.seed)
    outcome = staggered.relative(panel.values[begin:end], usual)
    brought = float(usual @ (plan.weeks - first)) * WEEK
    lower, upper = (e * brought for e in lottery.interval(outcome))
    checks = (
        Check("balance", True, f"{len(first)} cities begin in {len(set(first.tolist()))} weeks."),
        Check("spill_over", True, "Followers in cities that had not begun must not see posts."),
    )
    return Reading(
        plan.design, plan.outcome, float(lottery.estimates(outcome)[0]) * brought, lower, upper,
        lottery.p_value(outcome), "Randomisation inference over the orders of starting", checks,
        None,
    )  # fmt: skip


def _codes(plan: ExperimentPlan, question: Question) -> Reading:
    view = question.shop.view
    view.require("orders")
    span = (nw.col("date") >= _at(plan.start)) & (nw.col("date") < _at(plan.end))
    rows = view.rows.filter(nw.col("kind") == "order", span)
    if "source" not in view.dimensions:
        raise InsufficientDataError(f"Orders have no source; mark held-back ones “{plan.label}”.")
    by_source = rows.group_by("source").agg(nw.col("orders").sum()).collect().pipe(to_pandas)
    held = float(by_source.loc[by_source["source"].astype(str) == plan.label, "orders"].sum())
    seen = float(by_source["orders"].sum()) - held
    if not seen > 0 or not held > 0:
        raise InsufficientDataError(
            f"From {plan.start} to the day before {plan.end} there are {seen:.0f} orders with the "
            f"code and {held:.0f} with the source “{plan.label}”; both are needed."
        )
    estimate = codes.share_lift(seen, held, plan.share)
    low, high = (float(e) for e in codes.interval(np.array(seen), np.array(held), plan.share))
    part = held / (held + seen)
    fair = part <= plan.share * 1.5
    check = Check("balance", fair, f"{part:.1%} of the orders came without the code, of "
                  f"{plan.share:.0%} of the followers.")  # fmt: skip
    return Reading(
        plan.design, plan.outcome, estimate, low, high, _chance(seen, held, plan.share),
        "Orders per follower with and without the code, exact interval", (check,),
        _calibration(plan, estimate, (low, high), 1.0),
    )  # fmt: skip


def _chance(seen: float, held: float, share: float) -> float:
    from scipy.stats import binomtest

    return float(binomtest(round(held), round(held + seen), share).pvalue)


def _at(day: Any) -> Any:
    from datetime import datetime

    return datetime(day.year, day.month, day.day)


_READERS: Mapping[str, Callable[[ExperimentPlan, Question], Reading]] = {
    "weeks": _weeks, "cities": _cities, "codes": _codes, "staggered": _staggered,
}  # fmt: skip
