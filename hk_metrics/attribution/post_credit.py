"""Which post brought the order: an influencer's orders shared among that influencer's posts.

The code or link fixes the influencer, not the post. Each post p is taken to bring orders at the
rate λ_p · k(age), k halving every h days; an order belongs to the recent posts in proportion to
their rates on that day. λ and h are those that make the observed orders likeliest, by expectation
and maximisation (EM), with λ pulled towards the influencer's orders per reach.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np
import polars as pl

from hk_metrics.attribution.credit import Tables
from hk_metrics.attribution.journeys import Floats, Ints, summed
from hk_metrics.errors import ParameterError
from hk_metrics.ledger.events import is_organic

if TYPE_CHECKING:
    import pandas as pd

WINDOW_DAYS = 60
ASSUMPTION = (
    "An order follows one of its influencer's recent posts, more likely a near one and a strong "
    "one; nothing but posts brings orders."
)
_HALF_LIVES = np.geomspace(0.4, 16.0, 10)
_PRIORS = np.geomspace(0.5, 64.0, 8)
_ROUNDS = 5
_LAST_ROUNDS = 20


@dataclass(frozen=True, eq=False)
class _Fit:
    """Rates of posts under one half-life, and how well they explain the orders."""

    half_life: float
    rate: Floats
    share: Floats
    likelihood: float


@dataclass(frozen=True, eq=False)
class _Cases:
    """Posts that may have brought the orders of an influencer's day.

    ``day``, ``post`` and ``age`` are per pair of an influencer's day and a post; ``orders`` per
    influencer's day; ``influencer``, ``reach`` and ``observed`` (days seen since) per post.
    """

    day: Ints
    post: Ints
    age: Floats
    orders: Floats
    influencer: Ints
    reach: Floats
    observed: Floats
    window: int


def post_credit(data: Tables, window_days: int = WINDOW_DAYS) -> pd.DataFrame:
    """Return the orders and revenue (money) credited to each post.

    Parameters
    ----------
    data
        A dataset.
    window_days
        Oldest age (days) at which a post may bring an order.

    Returns
    -------
    pandas.DataFrame
        One row per row of the `posts` table, in its order (index ``post`` = row number); columns
        ``influencer_id``, ``date``, ``orders``, ``revenue``. ``attrs``: ``half_life_days``,
        ``unassigned_orders`` and ``unassigned_revenue`` (no post of the influencer within the
        window), ``method``, ``assumption``.

    Raises
    ------
    ParameterError
        For a window below 0 days.

    Notes
    -----
    Credited orders and the unassigned ones add to all attributed orders. The ledger's own split
    stays with the influencer's latest post, which is simpler and stated there.
    """
    if window_days < 0:
        raise ParameterError(f"window_days={window_days!r}: give a number of days, e.g. 60")
    posts = _posts(data.tables["posts"])
    days = _days(data.tables["tracking_data"])
    cases, pairs = _cases(posts, days, window_days)
    fit = _best(cases)
    n = len(posts)
    columns = {m: summed(cases.post, fit.share * pairs[m].to_numpy(), n)
               for m in ("orders", "revenue")}  # fmt: skip
    result = posts.select("influencer_id", "date").to_pandas().assign(**columns)
    result.index.name = "post"
    result.attrs = {
        "method": "Shares by recency and strength of the influencer's posts (EM)",
        "assumption": ASSUMPTION,
        "half_life_days": float(fit.half_life),
        **{f"unassigned_{m}": float(days[m].sum() - columns[m].sum()) for m in columns},
    }
    return result


def _posts(posts: pl.DataFrame) -> pl.DataFrame:
    return posts.select(
        "influencer_id",
        pl.col("date").dt.truncate("1d"),
        pl.col("reach").cast(pl.Float64).fill_null(0.0).clip(0.0),
    ).with_row_index("post")


def _days(tracking: pl.DataFrame) -> pl.DataFrame:
    """Return attributed orders and revenue per influencer and day."""
    frame = nw.from_native(tracking).with_columns(is_organic()).to_native()
    return (
        frame.filter(~pl.col("organic") & ((pl.col("orders") != 0) | (pl.col("revenue") != 0)))
        .group_by("influencer_id", day=pl.col("date").dt.truncate("1d"), maintain_order=True)
        .agg(pl.col("orders").cast(pl.Float64).sum(), pl.col("revenue").cast(pl.Float64).sum())
        .with_row_index("cell")
    )


def _cases(posts: pl.DataFrame, days: pl.DataFrame, window: int) -> tuple[_Cases, pl.DataFrame]:
    age = (pl.col("day") - pl.col("date")).dt.total_days()
    pairs = (
        days.join(posts, on="influencer_id")
        .with_columns(age.cast(pl.Float64).alias("age"))
        .filter(pl.col("age").is_between(0, window))
        .sort("cell", "post")
    )
    last = pl.max_horizontal(days["day"].max(), posts["date"].max())
    observed = posts.select((last - pl.col("date")).dt.total_days().clip(0, window))
    cases = _Cases(
        pairs["cell"].cast(pl.Int64).to_numpy(),
        pairs["post"].cast(pl.Int64).to_numpy(),
        pairs["age"].to_numpy(),
        days["orders"].to_numpy(),
        (posts["influencer_id"].rank("dense").cast(pl.Int64) - 1).to_numpy(),
        posts["reach"].to_numpy(),
        observed.to_series().cast(pl.Float64).to_numpy(),
        window,
    )
    return cases, pairs


def _best(cases: _Cases) -> _Fit:
    """Return the fit under the likeliest half-life, searched on a grid and then between."""
    if not len(cases.post):
        return _Fit(float("nan"), np.ones(len(cases.reach)), np.empty(0), 0.0)
    coarse = _tried(cases, _HALF_LIVES, _strength(cases))
    step = _HALF_LIVES[1] / _HALF_LIVES[0]
    between = coarse.half_life * step ** np.array([-0.67, -0.33, 0.0, 0.33, 0.67])
    fine = _tried(cases, between, coarse.rate)
    return _fitted(cases, fine.half_life, fine.rate, _LAST_ROUNDS)


def _tried(cases: _Cases, half_lives: Floats, rate: Floats) -> _Fit:
    """Return the likeliest of a few half-lives; each starts from the rates of the one before."""
    fits = []
    for half_life in half_lives:
        fits.append(_fitted(cases, float(half_life), rate, _ROUNDS))
        rate = fits[-1].rate
    return max(fits, key=lambda fit: fit.likelihood)


def _fitted(cases: _Cases, half_life: float, rate: Floats, rounds: int) -> _Fit:
    """Alternate between sharing orders by the posts' rates and rates by the shared orders."""
    decay = 0.5 ** (1.0 / half_life)
    whole = 1.0 - decay ** (cases.window + 1)
    kernel = (1.0 - decay) / whole * decay**cases.age
    seen = (1.0 - decay ** (cases.observed + 1)) / whole
    orders = cases.orders[cases.day]
    for _ in range(rounds):
        strength = rate[cases.post] * kernel
        together = summed(cases.day, strength, len(cases.orders))
        share = strength / together[cases.day]
        rate = _rates(cases, summed(cases.post, share * orders, len(cases.reach)), seen)
    explained = together > 0
    log_rate = np.log(together[explained]) * cases.orders[explained]
    return _Fit(half_life, rate, share, float(log_rate.sum() - (rate * seen).sum()))


def _strength(cases: _Cases) -> Floats:
    """Return the reach of each post; the influencer's mean, or 1, where it is not known."""
    groups = int(cases.influencer.max()) + 1
    known = cases.reach > 0
    count = summed(cases.influencer, known.astype(float), groups)
    mean = summed(cases.influencer, cases.reach, groups) / np.maximum(count, 1.0)
    filled = np.where(known, cases.reach, mean[cases.influencer])
    return np.where(filled > 0, filled, 1.0)


def _rates(cases: _Cases, brought: Floats, seen: Floats) -> Floats:
    """Return each post's orders, pulled towards the influencer's orders per reach.

    The pull is that of a gamma prior whose shape makes the brought orders likeliest.
    """
    strength, groups = _strength(cases), int(cases.influencer.max()) + 1
    total = summed(cases.influencer, brought, groups)
    exposure = summed(cases.influencer, strength * seen, groups)
    expected: Floats = np.maximum((total / exposure)[cases.influencer] * strength, 1e-9)
    shape = max(_PRIORS, key=lambda a: _evidence(a, brought, expected * seen))
    rates: Floats = (shape + brought) / (shape / expected + seen)
    return rates


def _evidence(shape: float, brought: Floats, expected: Floats) -> float:
    """Return the log likelihood of counts under a gamma–Poisson with this shape."""
    from scipy.special import gammaln

    log_shape = np.log(shape / (shape + expected))
    log_rate = np.log(expected / (shape + expected))
    return float(
        (gammaln(shape + brought) - gammaln(shape) + shape * log_shape + brought * log_rate).sum()
    )
