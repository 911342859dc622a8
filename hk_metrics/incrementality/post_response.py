"""Lift from how the total outcome answers to posts, day by day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

import numpy as np
from numpy.typing import NDArray

from hk_metrics.errors import InsufficientDataError
from hk_metrics.incrementality.controls import condensed, controls_check, touched
from hk_metrics.incrementality.kernels import delay, responses
from hk_metrics.incrementality.mixture import Mixture
from hk_metrics.incrementality.regression import (
    averaged,
    baseline_columns,
    coefficient,
    deviations,
    likely_noises,
    shape_weights,
    weighted,
    within,
)
from hk_metrics.incrementality.result import Check, Lift
from hk_metrics.incrementality.series import Activity, Series
from hk_metrics.incrementality.unevenness import unevenness, widened, with_postless
from hk_metrics.intervals import LEVEL

_Array = NDArray[np.float64]

METHOD = "post_response"
ASSUMPTION = "Posts are not timed to demand that would have come anyway."
_LEAST_POST_DAYS = 5
# In simulation ten days alone missed a third of the worlds with posts placed on surges of demand;
# with five days beside it, none.
# Each at 95 % keeps false alarms of the two together near one in ten.
_LEADS = (10, 5)
_LEAD_LEVEL = 0.95
# Share of the response that may come later than the days in which an order must follow a post.
_LATE = 0.05
_MOST_LEFT_OUT = 6
_TOLERATED = 0.05


def fit(series: Series, activity: Activity, *, level: float = LEVEL) -> Lift:
    """Estimate lift from the total outcome's response to posts (orders, or money).

    Parameters
    ----------
    series
        Total outcome per day.
    activity
        Posts of the same unit.
    level
        Probability that the interval holds the lift.

    Returns
    -------
    Lift
        Over the asked days.

    Raises
    ------
    InsufficientDataError
        If the outcome is not a total, posts fall on every day or on fewer than five, or the lead
        placebo finds a "response" before the posts.

    Notes
    -----
    Outcome = level + trend + weekday + controls + β · F(t) + noise, F being the posts' pull spread
    by a kernel and scaled to sum to 1, so that β is the lift; the asked days get their share of it.
    Averaged over kernels and noises by marginal likelihood. It does *not* see lift that comes later
    than two months after a post, nor a lift that never varies.

    Source: the carry-over form is that of media-mix models (Jin et al. 2017, "Bayesian Methods for
    Media Mix Modeling with Carryover and Shape Effects"); the noise is a structural time series.
    """
    _require_contrast(series, activity)
    model = _model(series, activity)
    posterior = coefficient(model.outcome, model.baseline, model.columns)
    model, posterior, controlled = _controlled(model, series, posterior)
    placebo = _lead_placebo(model, series, likely_noises(posterior, model.count))
    if not placebo.passed:
        raise InsufficientDataError(placebo.text)
    kernel = shape_weights(posterior, model.count)
    share = model.shapes[series.window].sum(axis=0)
    spread = unevenness(
        posterior, model.explained, model.columns, model.deviation, activity, series, share
    )
    unseen, missing = _missing_posts(activity, kernel)
    posterior = with_postless(widened(within(posterior, share), spread), unseen)
    lower, upper = posterior.interval(level)
    checks = (*_sums(series), *controlled, placebo, _delay(kernel), missing)
    return Lift(posterior.mean, lower, upper, METHOD, ASSUMPTION, checks, posterior)


@dataclass(frozen=True, eq=False)
class _ResponseModel:
    """The regression: what is explained, and by what; rows are days, or longer periods.

    ``shapes`` are the responses day by day; ``outcome``, ``baseline`` and ``columns`` (the shapes,
    summed to the periods) are divided by each row's relative standard ``deviation``.
    """

    outcome: _Array
    baseline: _Array
    columns: _Array
    shapes: _Array
    deviation: _Array
    covariates: _Array | None = None

    @property
    def explained(self) -> _Array:
        """Everything that is held constant."""
        more = [] if self.covariates is None else [self.covariates]
        return np.hstack([self.baseline, *more])

    @property
    def count(self) -> int:
        """How many shapes there are."""
        return int(self.shapes.shape[1])


def _model(series: Series, activity: Activity) -> _ResponseModel:
    shapes = _scaled(responses(activity.exposure(series.days), series.days), series.window)
    acting, whole = series.summed(shapes), series.summed(series.outcome)
    baseline = baseline_columns(series)
    deviation = deviations(_expected(whole, baseline, acting))
    outcome, columns, plain = weighted(deviation, whole, acting, baseline)
    return _ResponseModel(outcome, plain, columns, shapes, deviation)


def _controlled(
    model: _ResponseModel, series: Series, plain: Mixture
) -> tuple[_ResponseModel, Mixture, list[Check]]:
    """Return the model and the posterior with controls as far as they help, and what they say."""
    if not series.covariates.size:
        return model, plain, []
    noises = likely_noises(plain, model.count)
    values = series.summed(series.covariates)
    moved = touched(values, model.baseline, model.columns, model.deviation, noises)
    checks = [controls_check(series.covariate_names, moved)]
    if moved.all():
        return model, plain, checks
    kept = np.flatnonzero(~moved)

    def fitted(places: NDArray[np.int64]) -> tuple[_Array, Mixture]:
        chosen = condensed(values[:, places]) / model.deviation[:, None]
        found = coefficient(model.outcome, model.baseline, model.columns, covariates=chosen)
        return chosen, averaged(plain, found)

    chosen, posterior = fitted(kept)
    if 1 < len(kept) <= _MOST_LEFT_OUT:
        # Without each control in turn: an answer that hangs on one of them is as good as that one.
        share = model.shapes[series.window].sum(axis=0)
        means = [within(fitted(kept[kept != k])[1], share).mean for k in kept]
        text = f"Without any one control the lift lies from {min(means):,.0f} to {max(means):,.0f}."
        checks.append(Check("leave_one_out", True, text))
    return replace(model, covariates=chosen), posterior, checks


def _require_contrast(series: Series, activity: Activity) -> None:
    series.require_total()
    days = activity.within(series.days)
    if len(days) == series.days:
        raise InsufficientDataError(
            "There is no day without a post, so the outcome without posts is never seen. Ask for "
            "a brand or a longer period that has days without posts."
        )
    if len(days) < _LEAST_POST_DAYS:
        raise InsufficientDataError(
            f"Posts fall on {len(days)} distinct days; at least {_LEAST_POST_DAYS} are needed to "
            "tell a response from chance. Ask for a longer period, or all brands together."
        )


def _scaled(shapes: _Array, window: NDArray[np.bool_]) -> _Array:
    """Scale each shape so that it sums to 1."""
    if not shapes[window].any():
        raise InsufficientDataError("No post acts on the days asked for. Ask for a longer period.")
    return np.asarray(shapes / shapes.sum(axis=0))


def _expected(outcome: _Array, baseline: _Array, shapes: _Array) -> _Array:
    """Return a first guess of each day's expected outcome, for its weight only."""
    weight = np.ones(shapes.shape[1]) / shapes.shape[1]
    shape = shapes @ weight
    slopes, *_ = np.linalg.lstsq(np.column_stack([baseline, shape]), outcome, rcond=None)
    lift = max(slopes[-1], 0.0) * shape
    rest, *_ = np.linalg.lstsq(baseline, outcome - lift, rcond=None)
    return np.asarray(baseline @ rest + lift)


def _lead_placebo(model: _ResponseModel, series: Series, noises: Sequence[int]) -> Check:
    """Ask whether the outcome moves before the posts, beside their own response."""
    acting = model.columns * model.deviation[:, None]
    for rows, days in _leads(series):
        kept = len(model.outcome) - rows
        lead = acting[rows:] / model.deviation[:kept, None]
        posterior = coefficient(
            model.outcome[:kept], model.baseline[:kept], lead, model.columns[:kept], noises,
            None if model.covariates is None else model.covariates[:kept],
        )  # fmt: skip
        below = posterior.probability_below(0.0)
        if min(below, 1 - below) < (1 - _LEAD_LEVEL) / 2:
            return Check("lead_placebo", False, _timed(days, "higher" if below < 0.5 else "lower"))
    leads = " and ".join(str(days) for _, days in sorted(_leads(series)))
    return Check("lead_placebo", True, f"Nothing is seen {leads} days before the posts.")


def _leads(series: Series) -> list[tuple[int, int]]:
    """Return how far the placebo looks ahead: in rows of the regression, and in days."""
    if series.daily:
        return [(days, days) for days in _LEADS]
    each = round(series.days / len(series.starts))
    return [(rows, rows * each) for rows in ((2, 1) if each < 15 else (1,))]


def _sums(series: Series) -> list[Check]:
    """Say so where only totals of longer periods are known."""
    if series.daily:
        return []
    each = round(series.days / len(series.starts))
    text = (
        f"Only {len(series.starts)} totals of {each} days each are known, so posts within one are "
        "not told apart. Import the sales of each day for a narrower interval."
    )
    return [Check("sums", True, text)]


def _timed(days: int, word: str) -> str:
    return (
        f"Demand was already {word} {days} days before the posts, so they seem to be timed to it "
        "and lift cannot be told from it. Give the events that posts are timed to (sales, "
        "holidays) as controls, or hold posts back in a few random weeks."
    )


def _delay(kernel: _Array) -> Check:
    days = delay(kernel)
    return Check("delay", True, f"Half of the response comes within {days:.1f} days of a post.")


def _missing_posts(activity: Activity, kernel: _Array) -> tuple[float, Check]:
    """Return the share of tracked orders that no known post explains, and the check of it."""
    days = ceil(delay(kernel, 1 - _LATE))
    share = activity.postless(days)
    unseen = max(0.0, (share - _LATE) / (1 - _LATE))
    text = f"{share:.0%} of tracked orders follow no post of the {days} days before."
    if unseen > _TOLERATED:
        text += (
            " Some posts seem to be missing: the lift of these orders is counted as anything from "
            "none to that of the others. Import all posts."
        )
    return min(unseen, 0.5), Check("missing_posts", unseen <= _TOLERATED, text)
