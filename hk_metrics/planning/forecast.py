"""Forecasts: what the rest of a period will bring, by its weekdays, with an interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hk_metrics.intervals import Z_SCORE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_WEEK = 7
_LOOKS_BACK = 42  # days that the level is taken from
_OLDER = 0.5  # weight of a day as old as the level looks back, against that of yesterday
_SHRUNK = 4.0  # weeks of a usual weekday that a weekday's own pattern is pulled towards
_FEWEST_TRIES = 2.0  # forecasts of the past that do not overlap


@dataclass(frozen=True)
class Forecast:
    """What is to come, and how sure that is.

    Parameters
    ----------
    value, lower, upper
        In the unit of the days; the interval holds 90 %. NaN where it cannot be told.
    reason
        Why not; empty where it can.
    """

    value: float
    lower: float
    upper: float
    reason: str = ""


def forecast(past: Floats, horizon: int, *, done: int = 0) -> Forecast:
    """Return the total of a period of which some days are known: those, and the days to come.

    Parameters
    ----------
    past
        One value per day up to today, without gaps; or two rows of them, of which the total is
        the first by the second (a ratio of sums).
    horizon
        Days to come.
    done
        The last so many days of ``past`` are of the period, too.

    Returns
    -------
    Forecast
        Of the whole period.

    Notes
    -----
    The days to come are like the last 42, the later the more they count, by weekday. How far such a
    forecast goes wrong is seen on the past itself: the same forecast is made from each earlier
    day and held to what came (rolling origin; R. J. Hyndman and G. Athanasopoulos, *Forecasting:
    Principles and Practice*, 3rd ed., 5.10). The interval is 1.645
    times the spread of these errors, taken in logarithms; `make validate` holds its coverage.
    """
    rows = np.atleast_2d(np.nan_to_num(np.asarray(past, np.float64)))
    days = rows.shape[1]
    known = rows[:, days - done :].sum(axis=1) if done else np.zeros(len(rows))
    if horizon <= 0:
        value = _total(known)
        return Forecast(value, value, value)
    tries = (days - _LOOKS_BACK - horizon) / horizon
    if tries < _FEWEST_TRIES:
        need = int(_LOOKS_BACK + (1 + _FEWEST_TRIES) * horizon)
        return _unknown(f"a forecast of {horizon} days needs {need} days before it, not {days}")
    ahead = _ahead(rows, days, horizon)
    value, error = _total(known + ahead), _error(rows, horizon, done)
    if not (np.isfinite(value) and np.isfinite(error)):
        return _unknown("there is nothing to divide by, or nothing to go by")
    wide = float(np.exp(Z_SCORE * error))
    if len(rows) > 1:
        return Forecast(value, value / wide, value * wide)
    coming, base = float(ahead[0]), float(known[0])
    return Forecast(value, base + coming / wide, base + coming * wide)


def _unknown(reason: str) -> Forecast:
    return Forecast(np.nan, np.nan, np.nan, reason)


def _total(sums: Floats) -> float:
    """Return a sum, or the first sum by the second."""
    if len(sums) == 1:
        return float(sums[0])
    return float(sums[0] / sums[1]) if sums[1] else float("nan")


def _ahead(rows: Floats, at: int, horizon: int) -> Floats:
    """Return what the days after day ``at`` are expected to bring in all, for each row."""
    seen = rows[:, :at]
    pattern = np.array([_weekdays(row) for row in seen])
    back = min(_LOOKS_BACK, at)
    when = np.arange(at - back, at)
    weight = _OLDER ** ((at - 1 - when) / _LOOKS_BACK)
    level = (seen[:, when] * weight).sum(axis=1) / (pattern[:, when % _WEEK] * weight).sum(axis=1)
    coming = np.arange(at, at + horizon) % _WEEK
    found: Floats = level * pattern[:, coming].sum(axis=1)
    return found


def _weekdays(values: Floats) -> Floats:
    """Return each weekday's level against the usual one, drawn towards 1 where weeks are few."""
    recent = values[-8 * _WEEK :]
    at = (np.arange(len(values)) % _WEEK)[-len(recent) :]
    mean = recent.mean()
    if not mean > 0:
        return np.ones(_WEEK)
    many = np.bincount(at, minlength=_WEEK)
    sums = np.bincount(at, recent, _WEEK)
    found: Floats = (sums / mean + _SHRUNK) / (many + _SHRUNK)
    return np.maximum(found, 0.05)


def _error(rows: Floats, horizon: int, done: int) -> float:
    """Return how far forecasts of the past went wrong: the root mean square of their logarithms.

    Of a sum it is that of the days to come; of a ratio that of the whole period, as it is told.
    """
    errors = []
    for at in range(_LOOKS_BACK, rows.shape[1] - horizon + 1):
        ahead, actual = _ahead(rows, at, horizon), rows[:, at : at + horizon].sum(axis=1)
        known = rows[:, max(at - done, 0) : at].sum(axis=1) if len(rows) > 1 else 0.0
        ends = _total(known + ahead), _total(known + actual)
        if min(ends) > 0:
            errors.append(np.log(ends[1] / ends[0]))
    return float(np.sqrt(np.mean(np.square(errors)))) if errors else float("nan")
