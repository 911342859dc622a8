"""Whether an outcome is the shop's total, and what to add where it is not."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# A file of all orders has some of no influencer on most days; a few strays make no total.
UNTRACKED_DAYS = 0.5
# Rounding and refunds booked on other days may put a total a little below its tracked part.
TOLERANCE = 0.01

WHAT_TO_ADD = (
    "Add the shop's total: either the orders of no influencer in tracking_data (rows without an "
    "influencer_id, or with the source Organic), or a table daily_sales with date, revenue and "
    "orders (and brand, for lift by brand)."
)


def only_tracked(untracked: Array) -> str:
    """Return why tracked orders alone cannot tell; empty where most days have others too."""
    days = int(np.count_nonzero(untracked))
    if days >= UNTRACKED_DAYS * len(untracked):
        return ""
    return (
        f"Only tracked orders are here (orders of no influencer on {days} of {len(untracked)} "
        "days). Coded orders rise after a post even when every one of them would have come "
        f"anyway, so they say nothing about lift. {WHAT_TO_ADD}"
    )


def short(total: Array, tracked: Array) -> str:
    """Return why daily sales below tracked orders are no total; empty where they are not below."""
    if total.sum() >= (1 - TOLERANCE) * tracked.sum():
        return ""
    return (
        f"The table daily_sales holds {total.sum():,.0f}, less than the {tracked.sum():,.0f} of "
        "tracked orders alone, so it is not the shop's total. Import all sales, tracked or not."
    )


def missing_days(days: NDArray[np.datetime64]) -> str:
    """Return which days daily sales leave out; empty where they leave out none."""
    every = np.arange(days.min(), days.max() + 1)
    missing = np.setdiff1d(every, days)
    if not len(missing):
        return ""
    return (
        f"The table daily_sales has no row for {len(missing)} of {len(every)} days (the first: "
        f"{missing[0]}). Add them, with 0 where nothing was sold."
    )


def no_column(names: str) -> str:
    """Return that daily sales cannot be cut by a dimension that they do not have."""
    return (
        f"The table daily_sales has no column {names}, so the total of one {names} is not known. "
        "Add the column, or ask for all of them together."
    )


def no_row() -> str:
    """Return that daily sales hold nothing for the part of the shop that was asked for."""
    return f"The table daily_sales has no row for this choice. {WHAT_TO_ADD}"
