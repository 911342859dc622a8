"""Tracked events: orders with a code or link, organic orders, and refunds, as codes.

Events stay small integer codes until the table is written, so that ten million fit in memory.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hk_metrics.simulate.activity import DAY, Posts, seconds_of_day
from hk_metrics.simulate.catalogue import (
    BRAND_NAMES,
    BRAND_OF_PRODUCT,
    CODE_DISCOUNT,
    MEAN_UNITS,
    PRICES,
    PRODUCTS,
    UNIT_SHARES,
    UNITS,
    draw_products,
    usual_value,
)
from hk_metrics.simulate.demand import Demand

Array = NDArray[np.float64]
Codes = NDArray[np.int64]

SOURCES = ("SwipeUp", "BioLink", "PromoCode", "Organic")
CODE, _ORGANIC = 2, 3
# Share of SwipeUp, BioLink, PromoCode among orders, by the platform of the post.
SOURCE_SHARES = np.array([[0.42, 0.28, 0.30], [0.0, 0.52, 0.48], [0.0, 0.62, 0.38]])
_FEATURED_SHARE = 0.55
REFUND_DAYS = (3, 14)
_NO_POST = -1
# Buyers are drawn from a pool this many times the orders: about a fifth of them come back.
POOL = 2.5


def order_value(posts: Posts) -> Array:
    """Return the expected value of an order that each post brings, before refunds (rupees)."""
    featured = _FEATURED_SHARE * PRICES[posts.product] * MEAN_UNITS
    other = (1 - _FEATURED_SHARE) * usual_value()[posts.brand]
    discount = CODE_DISCOUNT * SOURCE_SHARES[posts.platform, CODE]
    return np.asarray((featured + other) * (1 - discount))


def tracked_orders(
    rng: np.random.Generator, posts: Posts, demand: Demand, pool: int
) -> pl.DataFrame:
    """Draw the orders that carry an influencer's link or code, one row per order."""
    cell = np.repeat(np.arange(len(demand.post)), rng.poisson(demand.tracked))
    post, day = demand.post[cell], demand.day[cell]
    time = seconds_of_day(rng, len(cell))
    posted = posts.second[post] % DAY
    later = (posted + rng.random(len(cell)) * (DAY - 1 - posted)).astype(np.int64)
    second = day * DAY + np.where(day == posts.day[post], later, time)
    edges = np.cumsum(SOURCE_SHARES, axis=1)[posts.platform[post]]
    source = (rng.random((len(cell), 1)) > edges[:, :CODE]).sum(axis=1)
    featured = rng.random(len(cell)) < _FEATURED_SHARE
    product = np.where(featured, posts.product[post], draw_products(rng, posts.brand[post]))
    return _purchases(rng, post, second, product, source, pool)


def organic_orders(rng: np.random.Generator, expected: Array, pool: int) -> pl.DataFrame:
    """Draw orders that no influencer is credited with; ``expected`` is brands × days."""
    count = rng.poisson(expected).ravel()
    cell = np.repeat(np.arange(expected.size), count)
    brand, day = np.divmod(cell, expected.shape[1])
    second = day * DAY + seconds_of_day(rng, len(cell))
    nobody = np.full(len(cell), _NO_POST)
    product = draw_products(rng, brand)
    return _purchases(rng, nobody, second, product, np.full(len(cell), _ORGANIC), pool)


def _purchases(
    rng: np.random.Generator, post: Codes, second: Codes, product: Codes, source: Codes, pool: int
) -> pl.DataFrame:
    units = UNITS[np.searchsorted(np.cumsum(UNIT_SHARES)[:-1], rng.random(len(post)))]
    listed = PRICES[product] * units
    discount = np.where(source == CODE, CODE_DISCOUNT * listed, 0.0).round(2)
    return coded(
        post, second, rng.integers(0, pool, len(post)), source, product, 1, listed - discount,
        discount,
    )  # fmt: skip


def coded(
    post: Codes,
    second: Codes,
    user: Codes,
    source: Codes,
    product: Codes,
    orders: int,
    revenue: Array | float,
    discount: Array | float,
) -> pl.DataFrame:
    """Return events as a frame of codes, one row per event."""
    size = len(post)
    return pl.DataFrame(
        {
            "post": post.astype(np.int32),
            "second": second.astype(np.int32),
            "user": user.astype(np.int32),
            "source": source.astype(np.int8),
            "product": product.astype(np.int8),
            "orders": np.full(size, orders, dtype=np.int8),
            "revenue": np.broadcast_to(np.asarray(revenue, dtype=np.float64), size),
            "discount": np.broadcast_to(np.asarray(discount, dtype=np.float64), size),
            "returned": np.zeros(size, dtype=bool),
        }
    )


def with_refunds(
    rng: np.random.Generator, orders: pl.DataFrame, share: float, days: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the orders, marked where they came back, and one negative row for each of those.

    A refund that falls after the last day has not happened yet: its order is not marked.
    """
    low, high = REFUND_DAYS
    delay = rng.integers(low, high + 1, len(orders), dtype=np.int32) * np.int32(DAY)
    sent_back = pl.Series(rng.random(len(orders)) < share)
    again = pl.col("second") + pl.Series(delay)
    marked = orders.with_columns(returned=sent_back & (again < days * DAY))
    refunds = marked.with_columns(second=again).filter("returned")
    return marked, refunds.with_columns(
        orders=pl.lit(0, pl.Int8),
        revenue=-pl.col("revenue"),
        discount=pl.lit(0.0),
        returned=pl.lit(False),
    )


def untracked_sales(
    rng: np.random.Generator, expected: Array, refunds: float
) -> tuple[Codes, Array]:
    """Draw the shop's orders and net revenue outside tracking, both brands × days."""
    days = expected.shape[1]
    share = np.array([p.share for p in PRODUCTS])[:, None] * UNIT_SHARES
    mean = expected[BRAND_OF_PRODUCT][:, None, :] * share[:, :, None]
    sold = rng.poisson(mean)
    low, high = REFUND_DAYS
    spread = np.full(high - low + 1, 1 / (high - low + 1))
    back = rng.multinomial(rng.binomial(sold, refunds), spread)
    net = sold.astype(np.int64)
    for n, delay in enumerate(range(low, min(high + 1, days))):
        net[:, :, delay:] -= back[:, :, :-delay, n]
    value = PRICES[:, None, None] * UNITS[:, None]
    by_brand = np.arange(len(BRAND_NAMES))[:, None] == BRAND_OF_PRODUCT
    return by_brand @ sold.sum(axis=1), by_brand @ (net * value).sum(axis=1)
