"""Whether an outcome is the shop's total, and what to add where it is not."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# A file of all orders has some of no influencer on most days; a few strays make no total.
_UNTRACKED_DAYS = 0.5
# Rounding and refunds booked on other days may put a total a little below its tracked part.
_TOLERANCE = 0.01

# Beside tracked orders, a total with less than this share of others holds strays.
_STRAYS = 0.05
# How near a total may come, day by day, to a multiple of what is tracked.
_IN_STEP, _UNEXPLAINED, _OWN_LEVEL = 0.10, 0.25, 0.5
# Of neighbouring days in a table of daily counts, few are equal: of Poisson counts one in five.
_LEAST_TO_JUDGE, _MOSTLY, _ALIKE = 14, 0.5, 1e-4
# With this many orders a day, days that differ by a quarter of what chance gives are no counts.
_MANY, _TOO_SMOOTH = 10.0, 0.25

_WHAT_TO_ADD = (
    "Add the shop's total: either the orders of no influencer in tracking_data (rows without an "
    "influencer_id, or with the source Organic), or a table daily_sales with date, revenue and "
    "orders (and brand, for lift by brand)."
)


_COPY = (
    "The total in daily_sales is no more than tracked orders over again ({how}). Coded orders rise "
    "after a post even when every one of them would have come anyway, so they say nothing about "
    "lift. Import all sales of the shop, tracked or not."
)
_SPREAD = (
    "The days in daily_sales are no daily counts ({how}): it seems that totals of weeks or months "
    "were spread over their days, which leaves nothing of what a post did. Import the sales of "
    "each day; or, if there are none, the totals as they are, one row a week or a month."
)


def only_tracked(untracked: Array) -> str:
    """Return why tracked orders alone cannot tell; empty where most days have others too."""
    days = int(np.count_nonzero(untracked))
    if days >= _UNTRACKED_DAYS * len(untracked):
        return ""
    return (
        f"Only tracked orders are here (orders of no influencer on {days} of {len(untracked)} "
        "days). Coded orders rise after a post even when every one of them would have come "
        f"anyway, so they say nothing about lift. {_WHAT_TO_ADD}"
    )


def short(total: Array, tracked: Array) -> str:
    """Return why daily sales below tracked orders are no total; empty where they are not below."""
    if total.sum() >= (1 - _TOLERANCE) * tracked.sum():
        return ""
    return (
        f"The table daily_sales holds {total.sum():,.0f}, less than the {tracked.sum():,.0f} of "
        "tracked orders alone, so it is not the shop's total. Import all sales, tracked or not."
    )


def in_step(total: Array, tracked: Array) -> str:
    """Return why a total that is hardly more than what is tracked is none; empty where it is more.

    Parameters
    ----------
    total, tracked
        The same measure per day.

    Notes
    -----
    A shop sells without influencers too. Where next to nothing is left beside tracked orders, or
    the whole rises and falls with them day by day, the table holds tracked orders, perhaps with
    tax, in another currency, or on the clock of another zone.
    """
    whole, coded = float(total.sum()), float(tracked.sum())
    if not (whole > 0 and coded > 0):
        return ""
    if float(np.maximum(total - tracked, 0.0).sum()) < _STRAYS * whole:
        return _COPY.format(how=f"all but {max(0.0, 1 - coded / whole):.0%} of it is tracked")
    for shift in (-1, 0, 1):
        same = np.roll(tracked, shift)
        rest = total - same * whole / coded
        small = np.abs(rest).sum() < _IN_STEP * whole
        # Sales without a code would be there on days without coded ones, too.
        level = np.polynomial.Polynomial.fit(same, total, 1)(0.0) if same.std() > 0 else 0.0
        nothing = level < _OWN_LEVEL * (whole - coded) / len(total)
        if small and nothing and rest.std() < _UNEXPLAINED * total.std():
            return _COPY.format(how=f"every day it is {whole / coded:.2f} times what is tracked")
    return ""


def spread_evenly(orders: Array, revenue: Array) -> str:
    """Return why daily values that are no daily counts tell nothing; empty where they may be.

    Parameters
    ----------
    orders, revenue
        Of each day.

    Notes
    -----
    What is counted day by day varies at least as chance makes it vary: neighbouring days seldom
    have the same value, and differ by about the root of their number. Weekly or monthly totals cut
    into equal days, or drawn out as a smooth line, do not.
    """
    for values in (orders, revenue):
        busy = values[(values != 0).cumsum() > 0]
        if len(busy) >= _LEAST_TO_JUDGE and np.ptp(busy) <= _ALIKE * abs(busy.mean()):
            return _SPREAD.format(how="all days have the same value")
    for values in (revenue, orders):
        if _steady(values):
            return _SPREAD.format(how="most days repeat the day before, or lie on a line")
    if _too_smooth(orders):
        return _SPREAD.format(how="days differ by less than chance alone makes them differ")
    return ""


def _steady(values: Array) -> bool:
    """Say whether most values repeat the one before, or continue its change."""
    if len(values) < _LEAST_TO_JUDGE:
        return False
    size = np.maximum(np.abs(values[1:]), np.abs(values[:-1]))
    near = _ALIKE * float(np.abs(values).mean())
    step = np.diff(values)
    sold = size > 0
    repeats = float((np.abs(step)[sold] <= near).mean()) if sold.any() else 0.0
    moving = sold[1:] & (np.abs(step[1:]) > near)
    line = np.abs(np.diff(step)) <= near
    lies = float((line & moving).sum() / max(sold.sum(), 1))
    return repeats + lies > _MOSTLY


def _too_smooth(orders: Array) -> bool:
    mean = float(orders.mean())
    if len(orders) < _LEAST_TO_JUDGE or mean < _MANY:
        return False
    place = np.arange(len(orders)) % 7
    usual = np.bincount(place, orders, 7) / np.bincount(place, minlength=7)
    steps = np.diff(orders / np.maximum(usual / usual.mean(), 1e-9)[place])
    return bool(np.median(np.abs(steps)) < _TOO_SMOOTH * 0.6745 * np.sqrt(2 * mean))


def no_column(names: str) -> str:
    """Return that daily sales cannot be cut by a dimension that they do not have."""
    return (
        f"The table daily_sales has no column {names}, so the total of one {names} is not known. "
        "Add the column, or ask for all of them together."
    )


def no_row() -> str:
    """Return that daily sales hold nothing for the part of the shop that was asked for."""
    return f"The table daily_sales has no row for this choice. {_WHAT_TO_ADD}"
