"""A unit's days and its posts, as the estimators take them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hk_metrics.errors import InsufficientDataError
from hk_metrics.incrementality.kernels import LENGTH

Array = NDArray[np.float64]
Codes = NDArray[np.int64]

_LEAST_DAYS = 28
_LEAST_PERIODS = 16


@dataclass(frozen=True, eq=False)
class Series:
    """The outcome of one unit, day by day without gaps (orders, or money, per day).

    Parameters
    ----------
    first
        First day.
    outcome
        Total outcome per day, tracked or not.
    tracked
        The part of it that an influencer's link or code brought.
    controls
        Days × controls: promotions and holidays as 0/1; possibly none.
    asked
        Which days the lift is asked for; all by default.
    not_total
        Why ``outcome`` is not the total and what to add; empty where it is.
    covariates
        Days × controls that move as the outcome does, with mean 0 and deviation 1; possibly none.
    covariate_names
        What they are called.
    starts
        First day of each period where only totals of periods are known, counted from ``first``;
        ``outcome`` then spreads each of them over its days. Empty for totals of days.
    """

    first: np.datetime64
    outcome: Array
    tracked: Array
    controls: Array = field(default_factory=lambda: np.empty((0, 0)))
    asked: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, dtype=bool))
    not_total: str = ""
    starts: Codes = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    covariates: Array = field(default_factory=lambda: np.empty((0, 0)))
    covariate_names: tuple[str, ...] = ()

    @property
    def daily(self) -> bool:
        """Whether the outcome of each day is known."""
        return not self.starts.size

    @property
    def lengths(self) -> Codes:
        """Length (days) of each period whose total is known."""
        return np.diff(np.append(self.starts, self.days))

    def summed(self, columns: Array) -> Array:
        """Return columns of days (days × …) summed to the periods whose totals are known."""
        return columns if self.daily else np.add.reduceat(columns, self.starts, axis=0)

    @property
    def days(self) -> int:
        """Length of the series (days)."""
        return len(self.outcome)

    @property
    def window(self) -> NDArray[np.bool_]:
        """The asked days, all of them where none were named."""
        return self.asked if self.asked.size else np.ones(self.days, dtype=bool)

    def day(self, index: int) -> str:
        """Return a day of the series as ISO text."""
        return str(self.first.astype("datetime64[D]") + np.timedelta64(int(index), "D"))

    def require_total(self) -> None:
        """Refuse a series that lies on one day, is too short, or holds tracked orders only."""
        busy = np.flatnonzero(self.outcome)
        if len(busy) == 0:
            raise InsufficientDataError("There are no orders here, so there is nothing to lift.")
        if len(busy) == 1:
            raise InsufficientDataError(
                f"All orders lie on one day ({self.day(busy[0])}), so no day without the posts' "
                "effect can be compared with one that has it. Import the date of each order."
            )
        if self.not_total:
            raise InsufficientDataError(self.not_total)
        if self.days < _LEAST_DAYS:
            raise InsufficientDataError(
                f"There are {self.days} days of orders; at least {_LEAST_DAYS} are needed to tell "
                "a lift from the days' own ups and downs."
            )
        if not self.daily and len(self.starts) < _LEAST_PERIODS:
            raise InsufficientDataError(
                f"There are {len(self.starts)} totals, each of {self._length} days; at least "
                f"{_LEAST_PERIODS} are needed. Import the sales of each day, or of more time; days "
                "show far more than their sums."
            )

    @property
    def _length(self) -> str:
        return f"{round(self.days / max(len(self.starts), 1))}"


@dataclass(frozen=True, eq=False)
class Activity:
    """The posts of one unit, and what their influencers' links and codes brought.

    Parameters
    ----------
    influencers
        How many there are; their codes run from 0.
    day, influencer, reach
        One row per post: its day, counted from the series' first and negative before it; who
        posted (code); people reached.
    order_day, order_influencer, orders
        One row per day and influencer with tracked orders: the day, who (code), how many.
    """

    influencers: int
    day: Codes
    influencer: Codes
    reach: Array
    order_day: Codes
    order_influencer: Codes
    orders: Array

    def within(self, days: int) -> Codes:
        """Return the distinct days with a post within the series, in order."""
        inside = (self.day >= 0) & (self.day < days)
        return np.asarray(np.unique(self.day[inside]), dtype=np.int64)

    @cached_property
    def tracked(self) -> Array:
        """Tracked orders by influencer."""
        return _summed(self.order_influencer, self.orders, self.influencers)

    @cached_property
    def reached(self) -> Array:
        """People reached by influencer, over all posts."""
        return _summed(self.influencer, self.reach, self.influencers)

    @cached_property
    def rates(self) -> Array:
        """Tracked orders per person reached, by influencer, shrunken to the group's.

        Equal rates where nobody who posted has a tracked order.
        """
        from hk_metrics.ranking.shrinkage import posterior

        rates = np.ones(self.influencers)
        posted = self.reached > 0
        if self.tracked[posted].sum() > 0:
            rates[posted] = posterior(self.tracked[posted], self.reached[posted]).mean
        return rates

    def pull(self, days: int) -> tuple[Array, Codes]:
        """Return each post's expected pull and its day, counted from ``LENGTH`` before the series.

        Posts that cannot act on the series have no pull.

        Notes
        -----
        Reach × the influencer's shrunken tracked orders per reach: an influencer whose followers
        buy counts for more than one with as many who do not. Where no post has a reach, all count
        the same.
        """
        index = self.day + LENGTH
        inside = (index >= 0) & (index < days + LENGTH)
        reach = self.reach if self.reach.sum() > 0 else np.ones(len(self.reach))
        pull = np.where(inside, reach * self.rates[self.influencer], 0.0)
        return pull, np.clip(index, 0, days + LENGTH - 1)

    def exposure(self, days: int) -> Array:
        """Return the pull of each day's posts, from ``LENGTH`` days before the series on."""
        pull, index = self.pull(days)
        return _summed(index, pull, days + LENGTH)

    def postless(self, days: int) -> float:
        """Return the share of tracked orders whose influencer did not post in the ``days`` before.

        The day of the post counts; 0 where there are no tracked orders.
        """
        if not self.orders.sum() > 0:
            return 0.0
        span = (
            1
            + max(self.day.max(initial=0), self.order_day.max())
            - min(self.day.min(initial=0), self.order_day.min())
        )
        # One axis for all influencers, far enough apart that nobody's posts reach the next.
        gap = int(span) + days + 1
        posts = np.sort(self.influencer * gap + self.day)
        ordered = self.order_influencer * gap + self.order_day
        latest = np.searchsorted(posts, ordered, side="right") - 1
        since = np.where(latest >= 0, ordered - posts[np.maximum(latest, 0)], gap)
        return float(self.orders[since > days].sum() / self.orders.sum())


def _summed(codes: Codes, values: Array, size: int) -> Array:
    return np.bincount(codes, values, size).astype(np.float64)
