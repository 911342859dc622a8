"""Code hold-out: a share of the followers sees each post without its code."""

from __future__ import annotations

from datetime import date, datetime

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from hk_metrics.errors import InsufficientDataError, ParameterError
from hk_metrics.experiments.plan import WEEK, ExperimentPlan
from hk_metrics.experiments.result import Reading, calibrated
from hk_metrics.experiments.wish import Found, Wish, power_table, smallest
from hk_metrics.incrementality.question import LiftQuestion
from hk_metrics.incrementality.result import Check
from hk_metrics.interchange import to_pandas
from hk_metrics.intervals import TAILS

Array = NDArray[np.float64]

_WORLDS = 600
_OTHER_WEEKS = (4, 8, 12)


def share_lift(orders: float, held: float, share: float) -> float:
    """Return the share of coded orders that would not have come without the code.

    Parameters
    ----------
    orders
        Orders of followers who saw the code.
    held
        Orders of those who did not.
    share
        Of the followers, who did not.

    Examples
    --------
    >>> share_lift(900, 50, 0.1)
    0.5
    """
    return 1.0 - (held / share) / (orders / (1.0 - share))


def interval(orders: Array, held: Array, share: float) -> tuple[Array, Array]:
    """Return the 90 % interval of `share_lift`.

    Both groups saw the same posts, so that chance is all that divides their orders (Clopper and
    Pearson 1934, "The Use of Confidence or Fiducial Limits").
    """
    from scipy.stats import beta

    tail = TAILS[0]
    low = np.where(held > 0, beta.ppf(tail, np.maximum(held, 1e-9), orders + 1), 0.0)
    high = np.where(orders > 0, beta.ppf(1 - tail, held + 1, np.maximum(orders, 1e-9)), 1.0)

    def lift(part: Array) -> Array:
        rest = np.maximum(1.0 - part, 1e-12)
        return np.asarray(1.0 - (part / share) / (rest / (1.0 - share)))

    return lift(high), lift(low)


def power(orders: float, share: float, lifts: Array, seed: int) -> Array:
    """Return how often each share of lift is told from none.

    ``orders`` are those that would come if everybody saw the code.
    """
    rng = np.random.default_rng(seed)
    seen = rng.poisson(orders * (1 - share), (len(lifts), _WORLDS))
    held = rng.poisson(orders * share * (1 - lifts[:, None]), (len(lifts), _WORLDS))
    lower, upper = interval(seen.astype(np.float64), held.astype(np.float64), share)
    return np.asarray(((lower > 0) | (upper < 0)).mean(axis=1))


def plan(wish: Wish) -> Found:
    """Return what followers without the code can show."""
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
    for length in sorted({wish.weeks, *_OTHER_WEEKS}):
        orders = a_week * length
        tried = np.append(lifts, min(expected, 1.0))
        chances = power(orders, wish.share, tried, wish.seed)
        cost = expected * orders * wish.share * value
        rows.append((length, wish.share, smallest(chances[:-1], lifts), chances[-1], cost,
                     length == wish.weeks))  # fmt: skip
    draw = pd.DataFrame(
        {"followers": ["with the code", "without the code"], "share": [1 - wish.share, wish.share]}
    )
    return Found(draw, power_table(rows), expected, wish.share)


def read(plan: ExperimentPlan, question: LiftQuestion) -> Reading:
    """Return what the code brought, by the orders of those who saw it and those who did not."""
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
    estimate = share_lift(seen, held, plan.share)
    low, high = (float(e) for e in interval(np.array(seen), np.array(held), plan.share))
    part = held / (held + seen)
    fair = part <= plan.share * 1.5
    check = Check("balance", fair, f"{part:.1%} of the orders came without the code, of "
                  f"{plan.share:.0%} of the followers.")  # fmt: skip
    return Reading(
        plan.design, plan.outcome, estimate, low, high, _chance(seen, held, plan.share),
        "Orders per follower with and without the code, exact interval", (check,),
        calibrated(plan, estimate, (low, high), 1.0),
    )  # fmt: skip


def _chance(seen: float, held: float, share: float) -> float:
    from scipy.stats import binomtest

    return float(binomtest(round(held), round(held + seen), share).pvalue)


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)
