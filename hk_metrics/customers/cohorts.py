"""The table of cohorts: share and cost of new customers, what they bring, when they paid back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from hk_metrics.customers.cumulative import Cumulative, cumulative, interval
from hk_metrics.customers.followed import Floats, Followed, followed

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

DAYS = (30, 60, 90)
ASSUMPTION = (
    "Customers who came lately are followed for fewer days: each day of age counts those who are "
    "seen that long, and late customers are taken to be like earlier ones."
)


def what_is_new(listed: bool) -> str:
    """Return what "new" means, with and without a list of earlier customers.

    >>> what_is_new(False)
    'New is new to this data: there is no list of earlier customers (table customers).'
    """
    if listed:
        return "New are customers whom the list of earlier customers does not have before."
    return "New is new to this data: there is no list of earlier customers (table customers)."


def what_is_repeat(numbered: bool) -> str:
    """Return what a repeat purchase is, with and without order numbers.

    >>> what_is_repeat(False)
    'Repeat is a second purchase on another day, as orders have no numbers.'
    """
    if numbered:
        return "Repeat is a second order by its number, be it on the same day."
    return "Repeat is a second purchase on another day, as orders have no numbers."


def cohorts(
    first: pl.LazyFrame,
    events: pl.LazyFrame,
    *,
    days: Sequence[int] = DAYS,
    numbered: bool = True,
    cost: pd.Series[float] | None = None,
    margin: float = 1.0,
) -> pd.DataFrame:
    """Return what the new customers of each group bring by some ages.

    Parameters
    ----------
    first, events
        See `hk_metrics.customers.followed.followed`.
    days
        Ages (days since the first order, which is day 0; that day is counted).
    numbered
        Whether orders have numbers.
    cost
        Group → spend (money), for cost per new customer and payback; none where not given.
    margin
        Share of revenue kept before spend (fraction); 1 where order rows say what is left of theirs
        (``gross_margin``).

    Returns
    -------
    DataFrame
        One row per group (index ``group``, None where it has none): ``new_customers``,
        ``followed_days`` (of the earliest customer), for each age N ``revenue_N`` (money per
        customer) with ``revenue_N_lower`` and ``revenue_N_upper`` (90 %), ``followed_N``
        (customers seen for so long) and ``repeat_N`` (fraction); ``cac`` (money) and
        ``payback_days``, the first day of age on which margin × revenue per customer reaches it.
        NaN where nobody has been followed so long, or it is not reached yet.
    """
    import pandas as pd

    seen = followed(first, events)
    known = cumulative(seen, numbered=numbered)
    whole = np.bincount(seen.group, minlength=len(seen.labels)).astype(np.float64)
    reach = np.where(known.customers > 0, np.arange(known.customers.shape[1]), 0)
    columns = {"new_customers": whole, "followed_days": reach.max(axis=1).astype(np.float64)}
    for day in days:
        columns |= _by(seen, known, day)
    table = pd.DataFrame(columns, index=pd.Index(seen.labels, name="group", dtype=object))
    if cost is not None:
        spent = cost.reindex(table.index).to_numpy(np.float64)
        table["cac"] = spent / whole
        table["payback_days"] = _payback(known.left, spent / whole, margin)
    return table


def _by(seen: Followed, known: Cumulative, day: int) -> dict[str, Floats]:
    """Return the columns of one age."""
    inside = day < known.revenue.shape[1]
    nothing = np.full(len(seen.labels), np.nan)
    lower, upper = interval(seen, known, day)
    return {
        f"revenue_{day}": known.revenue[:, day] if inside else nothing,
        f"revenue_{day}_lower": lower,
        f"revenue_{day}_upper": upper,
        f"followed_{day}": known.customers[:, day] if inside else np.zeros(len(seen.labels)),
        f"repeat_{day}": known.repeat[:, day] if inside else nothing,
    }


def _payback(revenue: Floats, cost: Floats, margin: float) -> Floats:
    """Return the first day of age on which what a customer leaves has paid for her."""
    paid = np.nan_to_num(margin * revenue, nan=-np.inf) >= cost[:, None] - 1e-9
    return np.where(paid.any(axis=1), paid.argmax(axis=1).astype(np.float64), np.nan)
