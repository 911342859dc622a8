"""Daily series of one brand with a known lift: the worlds in which lift estimators are tried.

Each regime breaks one thing. `REGIMES[name].holds` says which estimators' assumption survives:
those must cover the truth; the others must refuse, or fail their own placebo.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hk_metrics.errors import UnknownNameError
from hk_metrics.simulate.demand import season, shocks
from hk_metrics.simulate.kernels import response
from hk_metrics.simulate.worlds import REGIMES, Regime, SimulatedSeries

_Array = NDArray[np.float64]

_START = np.datetime64("2025-01-01", "D")
_DAYS = 180
_INFLUENCERS = 30
_POSTS_PER_BURST = 30
_BASELINE = 200.0
_KAPPA_SPREAD = 0.25
_LEAKAGE_LIMIT = 0.6
# Order values 400 + 1500 × Pareto(2.5): mean ₹1,400, finite variance, infinite third moment.
VALUE_FLOOR, VALUE_SCALE, VALUE_TAIL = 400.0, 1500.0, 2.5
MEAN_VALUE = VALUE_FLOOR + VALUE_SCALE / (VALUE_TAIL - 1)


def series(regime: str, seed: int, lift: float | None = None, days: int = _DAYS) -> SimulatedSeries:
    """Return one invented series of a regime, with its truth.

    Parameters
    ----------
    regime
        A key of `REGIMES`.
    seed
        Same seed, same series.
    lift
        Expected lift as a share of the active period's baseline; by default the regime's.
    days
        Length (days).

    Raises
    ------
    UnknownNameError
        If there is no such regime.

    Examples
    --------
    >>> made = series("leakage", seed=1)
    >>> float(made.lift.sum()), bool(made.tracked.sum() > 0)
    (0.0, True)
    """
    if regime not in REGIMES:
        raise UnknownNameError.of("regime", regime, REGIMES)
    world = REGIMES[regime]
    rng = np.random.default_rng([seed, list(REGIMES).index(regime)])
    surge, peaks = _surges(rng, world, days)
    count = _posts(rng, world, days, peaks)
    promoted = _promotions(rng, world, count)
    baseline = _baseline(rng, world, days) * surge * (1 + world.promotion * promoted)
    audience = rng.lognormal(np.log(40_000), 0.6, _INFLUENCERS)
    reach = count * (audience * rng.lognormal(0, 0.3, count.shape)).round()
    acting = _acting(rng, world, reach)
    active = baseline[np.argmax(count.any(axis=1)) :].sum()
    kappa = rng.lognormal(0, _KAPPA_SPREAD, _INFLUENCERS)
    share = world.lift if lift is None else lift
    added = share * active * acting * kappa / (acting * kappa).sum()
    coded = world.tracked * active * acting / acting.sum()
    tracked, other = _orders(rng, baseline, added, coded)
    value, others_value = _valued(rng, world, tracked), _valued(rng, world, other[:, None])
    seen = rng.random(count.shape) >= world.unobserved
    unit = MEAN_VALUE if world.heavy_tail else 1.0
    return SimulatedSeries(
        name=regime,
        regime=world,
        dates=_START + np.arange(days),
        outcome=value.sum(axis=1) + others_value[:, 0],
        posts=count * seen,
        reach=reach * seen,
        tracked=tracked,
        tracked_value=value,
        controls=promoted[:, None] if world.promotion_known else np.empty((days, 0)),
        baseline=baseline * unit,
        lift=added.sum(axis=1) * unit,
        influencer_lift=added.sum(axis=0) * unit,
    )


def _surges(rng: np.random.Generator, world: Regime, days: int) -> tuple[_Array, _Array]:
    """Return the factor of demand surges per day, and the days of their peaks."""
    step = days // 6
    regular = np.arange(step // 2, days, step)
    peaks = regular + rng.integers(-6, 7, len(regular))
    distance = np.arange(days)[:, None] - peaks
    bumps = np.exp(-0.5 * (distance / 6.0) ** 2).sum(axis=1)
    return 1 + world.surges * bumps, peaks.astype(np.float64)


def _posts(rng: np.random.Generator, world: Regime, days: int, peaks: _Array) -> _Array:
    """Return the number of posts, days × influencers."""
    if world.every_day:
        day = np.repeat(np.arange(days), (rng.random(days) < 0.4) * rng.integers(3, 9, days))
    elif world.surges:
        peak = np.repeat(peaks[peaks > world.quiet_days], _POSTS_PER_BURST)
        day = np.rint(rng.normal(peak, 3.0)).astype(np.int64)
    else:
        first = world.quiet_days + np.cumsum(rng.integers(13, 22, days // 8)) - 13
        burst = np.repeat(first[first < days - 10], _POSTS_PER_BURST)
        day = burst + rng.integers(0, 7, len(burst))
    day = day[(day >= world.quiet_days) & (day < days)]
    count = np.zeros((days, _INFLUENCERS))
    np.add.at(count, (day, rng.integers(0, _INFLUENCERS, len(day))), 1.0)
    return count


def _promotions(rng: np.random.Generator, world: Regime, count: _Array) -> _Array:
    """Return 1 on promotion days: most days of posts, a few others."""
    if not world.promotion:
        return np.zeros(len(count))
    odds = np.where(count.any(axis=1), 0.6, 0.1)
    return (rng.random(len(count)) < odds).astype(np.float64)


def _baseline(rng: np.random.Generator, world: Regime, days: int) -> _Array:
    growth = 1 + world.trend * np.linspace(0.0, 1.0, days)
    walk = np.cumsum(rng.standard_normal(days) * world.drift)
    noise = shocks(rng, days, world.noise, world.autocorrelation)
    return np.asarray(_BASELINE * growth * season(_START, days) * np.exp(walk + noise))


def _acting(rng: np.random.Generator, world: Regime, reach: _Array) -> _Array:
    """Return the response in force, days × influencers, in no particular unit."""
    rate = rng.gamma(4.0, 0.25, reach.shape[1])
    impulse = reach * rate * rng.lognormal(-0.045, 0.3, reach.shape)
    age = np.subtract.outer(np.arange(len(reach)), np.arange(len(reach)))
    kernel = np.append(response(world.kernel, world.kernel_days), 0.0)
    felt = kernel[np.clip(np.where(age < 0, len(kernel) - 1, age), 0, len(kernel) - 1)] @ impulse
    total = felt.sum(axis=1, keepdims=True)
    return np.asarray(felt / (1 + world.saturation * total / total[total > 0].mean()))


def _orders(
    rng: np.random.Generator, baseline: _Array, added: _Array, coded: _Array
) -> tuple[_Array, _Array]:
    """Draw tracked orders (days × influencers) and all others (days).

    Coded orders are lift as far as there is lift; the rest are buyers who would have come anyway,
    and are missing among the others.
    """
    caused = np.minimum(added, coded)
    leaked = coded - caused
    most = _LEAKAGE_LIMIT * baseline / np.maximum(leaked.sum(axis=1), 1e-300)
    leaked = leaked * np.minimum(most, 1.0)[:, None]
    others = baseline - leaked.sum(axis=1) + (added - caused).sum(axis=1)
    return rng.poisson(caused + leaked).astype(np.float64), rng.poisson(others).astype(np.float64)


def _valued(rng: np.random.Generator, world: Regime, orders: _Array) -> _Array:
    """Return the outcome of orders: their number, or the sum of their heavy-tailed values."""
    if not world.heavy_tail:
        return orders
    cell = np.repeat(np.arange(orders.size), orders.ravel().astype(np.int64))
    values = VALUE_FLOOR + VALUE_SCALE * rng.pareto(VALUE_TAIL, len(cell))
    return np.asarray(np.bincount(cell, values, orders.size).reshape(orders.shape))


__all__ = ["REGIMES", "Regime", "SimulatedSeries", "series"]
