"""Noise: how far two periods differ by the ups and downs of their days alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from hk_metrics.view.query import Floats

_LEVEL = 0.95  # of one side: the band holds 90 % of what nothing but noise would show
_FEWEST_DAYS = 14
_FOLLOWING = 0.8  # days follow each other no closer than this, however few are known
_WEEK = 7


def change_noise(previous: ArrayLike, current: ArrayLike) -> float:
    """Return the largest change of a sum that days alone bring in nine cases of ten.

    Parameters
    ----------
    previous, current
        One value per day of either period, in the unit of the sum, without gaps.

    Returns
    -------
    float
        A change smaller than this, up or down, says nothing; NaN for fewer than 14 days in all.

    Notes
    -----
    Days are taken about their weekday and a parabola over each period; what one day has above
    that, the next may have in part, which widens the band.

    Examples
    --------
    >>> change_noise([100.0] * 14, [100.0] * 14)
    0.0
    """
    periods = [np.nan_to_num(np.asarray(p, np.float64)) for p in (previous, current)]
    days = sum(map(len, periods))
    if days < _FEWEST_DAYS or not all(map(len, periods)):
        return float("nan")
    from scipy.special import stdtrit

    rest, free = zip(*map(_about_course, periods), strict=True)
    if sum(free) < 1:
        return float("nan")
    spread = sum(float(r @ r) for r in rest) / sum(free)
    return float(stdtrit(sum(free), _LEVEL) * np.sqrt(days * spread * _inflation(rest)))


def _about_course(values: Floats) -> tuple[Floats, int]:
    """Return what is left of days about weekdays and the course of the period; how many are free.

    A rise and fall over weeks is the plan's doing, and no luck of days.
    """
    day = np.arange(len(values))
    columns = [np.ones(len(values))]
    if len(values) >= 2 * _WEEK:
        columns += [day / len(values), (day / len(values)) ** 2]
        columns += [(day % _WEEK == d).astype(np.float64) for d in range(1, _WEEK)]
    known = np.column_stack(columns)
    fitted = known @ np.linalg.lstsq(known, values, rcond=None)[0]
    left: Floats = np.where(np.isclose(fitted, values, rtol=1e-9, atol=1e-9), 0.0, values - fitted)
    return left, len(values) - len(columns)


def _inflation(rest: Sequence[Floats]) -> float:
    """Return by how much days that follow each other widen the variance of their sum."""
    below = sum(float(r @ r) for r in rest)
    follow = sum(float(r[1:] @ r[:-1]) for r in rest) / below if below else 0.0
    follow = min(max(follow, 0.0), _FOLLOWING)
    return (1 + follow) / (1 - follow)
