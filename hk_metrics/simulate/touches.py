"""Touches: visits without an order, before one or instead of one, so that journeys have parts."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hk_metrics.simulate.activity import DAY, Posts
from hk_metrics.simulate.catalogue import BRAND_OF_PRODUCT
from hk_metrics.simulate.orders import CODE, SOURCE_SHARES, coded

Array = NDArray[np.float64]
Codes = NDArray[np.int64]

_TOUCHES_BEFORE = np.array([0.64, 0.21, 0.10, 0.05])
_ORGANIC_TOUCHED = 0.08
_SAME_INFLUENCER = 0.4
_WINDOW_DAYS = 10
_GAP_DAYS = 4.0


class Audience:
    """Who is seen when: draws the post behind a touch, by reach and by habit of opening journeys.

    Parameters
    ----------
    posts
        All posts.
    opening
        How readily each influencer starts journeys, relative.
    """

    def __init__(self, posts: Posts, opening: Array) -> None:
        self._span = int(posts.second.max()) + 400 * DAY
        keys = posts.brand * self._span + posts.second
        self._order = np.argsort(keys, kind="stable")
        self._keys = keys[self._order]
        weight = posts.reach**0.7 * opening[posts.influencer]
        self._ends = np.concatenate([[0.0], np.cumsum(weight[self._order])])

    def post_before(self, rng: np.random.Generator, brand: Codes, second: Codes) -> Codes:
        """Draw a post of the brand in the days before each moment; −1 where there is none."""
        moment = brand * self._span + second
        first = moment - np.minimum(second, _WINDOW_DAYS * DAY)
        low = np.searchsorted(self._keys, first, side="left")
        high = np.searchsorted(self._keys, moment, side="right")
        start, end = self._ends[low], self._ends[high]
        drawn = start + rng.random(len(brand)) * (end - start)
        index = np.searchsorted(self._ends, drawn, side="right") - 1
        index = np.clip(index, low, np.maximum(high - 1, low))
        seen = np.append(self._order, -1)[np.where(high > low, index, -1)]
        return np.asarray(seen)


def touches_before(
    rng: np.random.Generator, orders: pl.DataFrame, posts: Posts, audience: Audience
) -> pl.DataFrame:
    """Draw the touches that precede orders, by the same or another influencer."""
    post = orders["post"].to_numpy().astype(np.int64)
    ends = np.cumsum(_TOUCHES_BEFORE)[:-1]
    count = np.searchsorted(ends, rng.random(len(post)))
    count[(post < 0) & (rng.random(len(post)) > _ORGANIC_TOUCHED)] = 0
    row = np.repeat(np.arange(len(post)), count)
    post, bought = post[row], orders["second"].to_numpy().astype(np.int64)[row]
    product = orders["product"].to_numpy().astype(np.int64)[row]
    second = bought - 60 - (rng.exponential(_GAP_DAYS, len(row)) * DAY).astype(np.int64)
    seen = audience.post_before(rng, BRAND_OF_PRODUCT[product], np.maximum(second, 0))
    same = (post >= 0) & (rng.random(len(row)) < _SAME_INFLUENCER)
    since = np.where(same, bought - posts.second[post], 0)
    second = np.where(same, bought - (since * rng.random(len(row))).astype(np.int64), second)
    user = orders["user"].to_numpy()[row]
    return _touches(rng, np.where(same, post, seen), second, user, product, posts)


def touches_alone(
    rng: np.random.Generator,
    count: int,
    pool: int,
    last_second: int,
    posts: Posts,
    audience: Audience,
) -> pl.DataFrame:
    """Draw about ``count`` touches of users who did not order, one to three a user."""
    length = rng.integers(1, 4, max(count // 2, 1))
    row = np.repeat(np.arange(len(length)), length)
    begun = rng.integers(0, len(posts), len(length))[row]
    later = (rng.exponential(_GAP_DAYS, len(row)) * DAY).astype(np.int64) + 60
    second = posts.second[begun] + later
    seen = audience.post_before(rng, posts.brand[begun], second)
    inside = second < last_second
    user = (pool + row)[inside]
    product = posts.product[begun][inside]
    return _touches(rng, seen[inside], second[inside], user, product, posts)


def _touches(
    rng: np.random.Generator, post: Codes, second: Codes, user: Codes, product: Codes, posts: Posts
) -> pl.DataFrame:
    """Return touches as events; a code is used at the till, so touches are by link only."""
    links = SOURCE_SHARES[posts.platform[post]]
    source = (rng.random(len(post)) * links[:, :CODE].sum(axis=1) > links[:, 0]).astype(np.int64)
    valid = (post >= 0) & (second >= 0)
    events = coded(post, second, user, source, product, 0, 0.0, 0.0)
    return events.filter(pl.Series(valid))
