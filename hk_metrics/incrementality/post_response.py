"""Lift from how the total outcome answers to posts, day by day."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hk_metrics.errors import InsufficientDataError
from hk_metrics.incrementality.kernels import median_delay, responses
from hk_metrics.incrementality.mixture import Mixture
from hk_metrics.incrementality.regression import (
    baseline_columns,
    coefficient,
    deviations,
    shape_weights,
    weighted,
)
from hk_metrics.incrementality.result import Check, Lift
from hk_metrics.incrementality.series import Activity, Series

Array = NDArray[np.float64]

METHOD = "post_response"
ASSUMPTION = "Posts are not timed to demand that would have come anyway."
LEAST_POST_DAYS = 5
LEAD_DAYS = 10


def fit(series: Series, activity: Activity, *, level: float = 0.90) -> Lift:
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
    by a kernel and scaled to sum to 1 over the asked days, so that β is the lift. Averaged over
    kernels and noises by marginal likelihood. It does *not* see lift that comes later than two
    months after a post, nor a lift that never varies.

    Source: the carry-over form is that of media-mix models (Jin et al. 2017, "Bayesian Methods for
    Media Mix Modeling with Carryover and Shape Effects"); the noise is a structural time series.
    """
    _require_contrast(series, activity)
    shapes = _scaled(responses(activity.exposure(series.days), series.days), series.window)
    baseline = baseline_columns(series.days, series.controls)
    deviation = deviations(_expected(series.outcome, baseline, shapes))
    outcome, baseline, columns = weighted(deviation, series.outcome, baseline, shapes)
    placebo = _lead_placebo(outcome, baseline, columns, shapes, deviation)
    if not placebo.passed:
        raise InsufficientDataError(placebo.text)
    posterior = coefficient(outcome, baseline, columns)
    lower, upper = posterior.interval(level)
    kernel = shape_weights(posterior, shapes.shape[1])
    checks = (placebo, _delay(kernel))
    daily = shapes @ kernel * posterior.mean
    return Lift(posterior.mean, lower, upper, METHOD, ASSUMPTION, checks, posterior, daily)


def _require_contrast(series: Series, activity: Activity) -> None:
    series.require_total()
    days = activity.within(series.days)
    if len(days) == series.days:
        raise InsufficientDataError(
            "There is no day without a post, so the outcome without posts is never seen. Ask for "
            "a brand or a longer period that has days without posts."
        )
    if len(days) < LEAST_POST_DAYS:
        raise InsufficientDataError(
            f"Posts fall on {len(days)} distinct days; at least {LEAST_POST_DAYS} are needed to "
            "tell a response from chance. Ask for a longer period, or all brands together."
        )


def _scaled(shapes: Array, window: NDArray[np.bool_]) -> Array:
    """Scale each shape so that it sums to 1 over the asked days."""
    inside = shapes[window].sum(axis=0)
    if not (inside > 0).all():
        raise InsufficientDataError("No post acts on the days asked for. Ask for a longer period.")
    return np.asarray(shapes / inside)


def _expected(outcome: Array, baseline: Array, shapes: Array) -> Array:
    """Return a first guess of each day's expected outcome, for its weight only."""
    weight = np.ones(shapes.shape[1]) / shapes.shape[1]
    shape = shapes @ weight
    slopes, *_ = np.linalg.lstsq(np.column_stack([baseline, shape]), outcome, rcond=None)
    lift = max(slopes[-1], 0.0) * shape
    rest, *_ = np.linalg.lstsq(baseline, outcome - lift, rcond=None)
    return np.asarray(baseline @ rest + lift)


def _lead_placebo(
    outcome: Array, baseline: Array, columns: Array, shapes: Array, deviation: Array
) -> Check:
    """Ask whether the outcome moves ten days before the posts, beside their own response."""
    kept = len(outcome) - LEAD_DAYS
    lead = shapes[LEAD_DAYS:] / deviation[:kept, None]
    before = baseline[:kept]
    posterior = coefficient(outcome[:kept], before, lead, columns[:kept])
    lower, upper = posterior.interval(0.90)
    passed = lower <= 0 <= upper
    if passed:
        text = f"No response is seen {LEAD_DAYS} days before the posts, as it should be."
    else:
        word = "higher" if lower > 0 else "lower"
        text = (
            f"Demand was already {word} {LEAD_DAYS} days before the posts, so they seem to be "
            "timed to it and lift cannot be told from it. Give the events that posts are timed "
            "to (sales, holidays) as controls, or hold posts back in a few random weeks."
        )
    return Check("lead_placebo", passed, text)


def _delay(kernel: Array) -> Check:
    days = median_delay(kernel)
    return Check("delay", True, f"Half of the response comes within {days:.1f} days of a post.")
