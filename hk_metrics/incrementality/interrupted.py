"""Lift as actual minus forecast, after a time without posts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hk_metrics.errors import InsufficientDataError
from hk_metrics.incrementality.controls import condensed
from hk_metrics.incrementality.kernels import LENGTH, responses
from hk_metrics.incrementality.mixture import Mixture
from hk_metrics.incrementality.noise import noise_grid
from hk_metrics.incrementality.regression import (
    baseline_columns,
    coefficient,
    independent,
    noise_evidence,
)
from hk_metrics.incrementality.result import Check, Lift
from hk_metrics.incrementality.series import Activity, Series
from hk_metrics.intervals import LEVEL

_Array = NDArray[np.float64]

METHOD = "interrupted"
ASSUMPTION = "No other shock then; controls untouched by the campaign."
_LEAST_BEFORE = 28
_TAIL_DAYS = 28


def fit(
    series: Series, activity: Activity, *, level: float = LEVEL, start: int | None = None
) -> Lift:
    """Estimate lift as actual minus forecast over the days of activity (orders, or money).

    Parameters
    ----------
    series
        Total outcome per day.
    activity
        Posts of the same unit.
    level
        Probability that the interval holds the lift.
    start
        First day of the activity, counted from the series' first; by default that of the first
        post.

    Returns
    -------
    Lift
        From ``start`` to four weeks after the last post, or the end of the series.

    Raises
    ------
    InsufficientDataError
        If the outcome is not a total, fewer than 28 days or fewer than those of the activity lie
        before it, or posts lie before it.

    Notes
    -----
    Level, trend, weekday, controls and the noise's size are learnt from the days before only; how
    the noise hangs together, from all days with the posts' response and a step taken out, because
    three months seldom show whether a baseline wanders. This is *not* a difference of averages.

    Source: intervention analysis (Box and Tiao 1975, "Intervention Analysis with Applications to
    Economic and Environmental Problems"); the forecast as counterfactual is that of Brodersen et
    al. 2015, "Inferring Causal Impact Using Bayesian Structural Time-Series Models".
    """
    series.require_total()
    if not series.daily:
        raise InsufficientDataError(
            f"Only totals of longer periods are known ({len(series.starts)} of them), and this "
            "method takes the sales of each day. Import those, or ask for the response to posts."
        )
    begin, end = _active(series, activity, start)
    baseline = _held(series)[:end]
    asked = np.zeros(end)
    asked[begin:] = series.window[begin:end]
    if not asked.any():
        raise InsufficientDataError(
            f"The asked days lie outside the activity, {series.day(begin)} to "
            f"{series.day(end - 1)}. Ask for a period that overlaps it."
        )
    noises = _noises(series, activity, begin)
    posterior = _forecast_gap(series.outcome[:end], baseline, begin, asked, noises)
    lower, upper = posterior.interval(level)
    check = _pre_placebo(series, begin, noises)
    return Lift(posterior.mean, lower, upper, METHOD, ASSUMPTION, (check,), posterior)


def _held(series: Series) -> _Array:
    """Return what is held constant: the baseline, and controls where there are any."""
    plain = baseline_columns(series)
    more = [condensed(series.covariates)] if series.covariates.size else []
    columns = np.hstack([plain, *more])
    return np.asarray(columns[:, independent(columns)])


def _noises(series: Series, activity: Activity, begin: int) -> _Array:
    """Return the log evidence of each noise from all days, whatever the activity changed."""
    shapes = responses(activity.exposure(series.days), series.days)
    step = (np.arange(series.days) >= begin).astype(np.float64)
    baseline = np.column_stack([_held(series), step])
    found = coefficient(series.outcome, baseline, shapes / shapes.sum(axis=0))
    return noise_evidence(found, shapes.shape[1])


def _forecast_gap(
    outcome: _Array, baseline: _Array, begin: int, asked: _Array, log_evidence: _Array
) -> Mixture:
    """Return the posterior of Σ asked · (actual − forecast), learnt from the days before ``begin``.

    Parameters
    ----------
    outcome
        One value per day.
    baseline
        Columns of the baseline, days × k.
    begin
        Number of days to learn from.
    asked
        Weight of each day, 0 before ``begin``.
    log_evidence
        Of each noise of the grid.
    """
    days = len(outcome)
    # A column that the days before cannot tell apart, e.g. a sale that came later, is left out.
    columns = baseline[:, independent(baseline[:begin])]
    freedom = begin - columns.shape[1]
    cells = []
    for past, whole in zip(noise_grid(begin), noise_grid(days), strict=True):
        white = past.whiten(np.column_stack([outcome, columns])[:begin])
        q, r = np.linalg.qr(white[:, 1:])
        slopes = np.linalg.solve(r, q.T @ white[:, 0])
        rest = white[:, 0] - white[:, 1:] @ slopes
        size = rest @ rest
        # asked'u = h'z: the past's part of z is known, the rest is the forecast's own noise
        h = whole.pull(asked)
        known, ahead = h[:begin], h[begin:]
        forecast = asked @ columns @ slopes + known @ rest
        lever = np.linalg.solve(r.T, columns.T @ asked - white[:, 1:].T @ known)
        scale = np.sqrt(size / freedom * (ahead @ ahead + lever @ lever))
        cells.append((asked @ outcome - forecast, scale))
    location, spread = np.array(cells).T
    return Mixture(location, spread, np.full_like(location, freedom), log_evidence)


def _active(series: Series, activity: Activity, start: int | None) -> tuple[int, int]:
    """Return first and one past the last day of the activity; refuse where it leaves no before."""
    days = activity.within(series.days)
    if len(days) == 0:
        raise InsufficientDataError("There are no posts in this period, so there is no activity.")
    begin = int(days[0]) if start is None else start
    if not 0 <= begin < series.days:
        raise InsufficientDataError(
            f"The start {series.day(begin)} lies outside the data. Name a day from "
            f"{series.day(0)} to {series.day(series.days - 1)}."
        )
    # Posts of two months before the series no longer act on it.
    early = activity.day[(activity.day < begin) & (activity.day > -LENGTH)]
    if len(early):
        raise InsufficientDataError(
            f"{len(early)} posts lie before the activity ({series.day(begin)}), so the time before "
            "is not one without posts. Name a start before the first post, or "
            "ask for the response to posts."
        )
    end = min(series.days, int(days[-1]) + 1 + _TAIL_DAYS)
    before, after = begin, end - begin
    if before < _LEAST_BEFORE or before < after:
        raise InsufficientDataError(
            f"There are {before} days before the activity and {after} of it; at least "
            f"{max(_LEAST_BEFORE, after)} days before are needed. Add earlier sales, or ask "
            "for the response to posts."
        )
    return begin, end


def _pre_placebo(series: Series, begin: int, noises: _Array) -> Check:
    """Pretend that the activity began earlier, when nothing happened."""
    pretended = begin - max(begin // 4, 7)
    asked = np.zeros(begin)
    asked[pretended:] = 1.0
    columns = _held(series)[:begin]
    columns = columns[:, independent(columns)]
    gap = _forecast_gap(series.outcome[:begin], columns, pretended, asked, noises)
    passed = 0.05 <= gap.probability_below(0.0) <= 0.95
    found = "finds nothing" if passed else "finds an effect"
    since = series.day(pretended)
    return Check("pre_placebo", passed, f"A pretended start on {since}, before any post, {found}.")
