"""What a customer brings by an age, on average, although most are not yet followed so long."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hk_metrics.customers.followed import Floats, Followed
from hk_metrics.intervals import TAILS

# Fewer customers say nothing of how much customers differ.
_LEAST = 5


@dataclass(frozen=True, eq=False)
class Cumulative:
    """Means by age, groups × days since the first order; NaN where nobody is followed so long.

    Parameters
    ----------
    customers
        Who has been followed for at least so many days.
    revenue
        Mean revenue of a customer up to and with that day (money).
    repeat
        Share of customers with a second purchase by that day (fraction).
    left
        Of that revenue, the mean of what is left after the cost of goods where orders say it
        (money).
    """

    customers: Floats
    revenue: Floats
    repeat: Floats
    left: Floats


def cumulative(seen: Followed, *, numbered: bool) -> Cumulative:
    """Return what customers bring by each age, and how many have come again.

    Parameters
    ----------
    seen
        The customers.
    numbered
        Whether orders have numbers, so that a second one on the first day counts as another.

    Notes
    -----
    Revenue is the mean cumulative function: to each day of age the mean over those who are
    followed that long, summed. Repeat is Kaplan's and Meier's. Neither is biased by customers who
    came late in the data, as long as those who come late are like the others.

    Source: W. Nelson, "Confidence limits for recurrence data", Technometrics 37 (1995), 147–157;
    J. F. Lawless and C. Nadeau, "Some simple robust methods for the analysis of recurrent events",
    Technometrics 37 (1995), 158–168.
    """
    alive = _followed_by_age(seen)
    revenue, left = (_means(seen, alive, values) for values in (seen.revenue, seen.left))
    return Cumulative(alive, revenue, _repeated(seen, numbered), left)


def _means(seen: Followed, alive: Floats, values: Floats) -> Floats:
    """Return what a customer of each group has brought by each age, on average."""
    sums = _by_age(seen, seen.group[seen.customer], seen.age, values)
    mean = np.divide(sums, alive, out=np.full_like(alive, np.nan), where=alive > 0)
    total: Floats = np.cumsum(mean, axis=1)
    return total


def interval(seen: Followed, known: Cumulative, day: int) -> tuple[Floats, Floats]:
    """Return the ends of 90 % intervals of the mean revenue by a day of age; NaN for few customers.

    Notes
    -----
    The variance is Lawless's and Nadeau's robust one, which takes a customer's purchases to depend
    on each other; on the logarithm, since few customers bring most.
    """
    from scipy.special import stdtrit

    groups = len(seen.labels)
    if day >= known.revenue.shape[1]:
        nothing = np.full(groups, np.nan)
        return nothing, nothing
    value, count = known.revenue[:, day], known.customers[:, day]
    error = np.sqrt(np.bincount(seen.group, _influence(seen, known, day) ** 2, groups))
    whole = known.customers[:, 0]
    error *= np.sqrt(whole / np.maximum(whole - 1, 1))
    enough = (count >= _LEAST) & (value > 0)
    value, error = np.where(enough, value, np.nan), np.where(enough, error, np.nan)
    reach = stdtrit(np.maximum(count - 1, 1), TAILS[1]) * error / value
    return value * np.exp(-reach), value * np.exp(reach)


def _influence(seen: Followed, known: Cumulative, day: int) -> Floats:
    """Return how far each customer moves her group's mean."""
    alive = known.customers[:, : day + 1]
    step = np.diff(known.revenue[:, : day + 1], axis=1, prepend=0.0)
    expected = np.cumsum(np.divide(step, alive, out=np.zeros_like(step), where=alive > 0), axis=1)
    early = seen.age <= day
    who = seen.customer[early]
    own = seen.revenue[early] / alive[seen.group[who], seen.age[early]]
    brought = np.bincount(who, own, len(seen.group))
    moved: Floats = brought - expected[seen.group, np.minimum(seen.days, day)]
    return moved


def _followed_by_age(seen: Followed) -> Floats:
    ended = _by_age(seen, seen.group, seen.days, np.ones(len(seen.group)))
    return np.cumsum(ended[:, ::-1], axis=1)[:, ::-1]


def _repeated(seen: Followed, numbered: bool) -> Floats:
    """Return the share with a second purchase by each age, by Kaplan's and Meier's estimate."""
    total = np.cumsum(seen.purchases)
    starts = np.searchsorted(seen.customer, seen.customer)
    before = np.where(starts > 0, total[starts - 1], 0.0)
    # Credit splits a purchase into fractions whose sum may fall a rounding short of 2.
    again = total - before > 2 - 1e-9 if numbered else (seen.age > 0) & (seen.purchases > 0)
    who, place = np.unique(seen.customer[again], return_index=True)
    age = seen.age[again][place]
    end = seen.days.copy()
    end[who] = age
    at_risk = np.cumsum(
        _by_age(seen, seen.group, end, np.ones(len(end)))[:, ::-1], axis=1
    )[:, ::-1]  # fmt: skip
    returned = _by_age(seen, seen.group[who], age, np.ones(len(who)))
    left = 1.0 - np.divide(returned, at_risk, out=np.zeros_like(returned), where=at_risk > 0)
    alive = _followed_by_age(seen)
    return np.where(alive > 0, 1.0 - np.cumprod(left, axis=1), np.nan)


def _by_age(seen: Followed, group: np.ndarray, age: np.ndarray, values: Floats) -> Floats:
    groups, ages = len(seen.labels), int(seen.days.max(initial=0)) + 1
    flat = np.bincount(group * ages + age, values, groups * ages)
    return flat.reshape(groups, ages).astype(np.float64)
