"""Order values of each member of a group, pulled towards the group's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_SPREADS = np.geomspace(0.02, 2.0, 31)
# Members' order values differ by some tens of per cent, seldom by more than their size.
_USUAL_SPREAD = 0.5
_USUAL_NOISE = np.geomspace(0.2, 2.0, 15)
_LEAST_WEIGHT = 1e-3


@dataclass(frozen=True, eq=False)
class _Law:
    """One spread (money) of members' order values around a mean, and how likely it is (log).

    ``variance`` is that of the mean; ``within`` that of one order value (money²).
    """

    log_weight: float
    mean: float
    variance: float
    between: float
    within: float


def values(
    orders: Floats, revenue: Floats, squares: Floats | None, draws: int, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Return each member's order value (money), and draws of it (members × draws).

    Parameters
    ----------
    orders, revenue
        Of each member.
    squares
        Σ revenue² ÷ orders over the order rows of each member; without it, the spread of single
        order values is told from how the members' means differ.
    draws
        How many.
    rng
        The dice.

    Notes
    -----
    Normal–normal. How far members lie apart is drawn from its posterior and the group's mean from
    its standard error, both shared by all members of a draw.
    """
    laws = _laws(orders, revenue, squares)
    log = np.array([law.log_weight for law in laws])
    weight = np.exp(log - log.max())
    weight = np.where(weight > _LEAST_WEIGHT, weight, 0.0)
    weight /= weight.sum()
    # Money without an order, as a refund of an earlier one, tells nothing of the value of orders.
    own = np.where(orders > 0, revenue, 0.0)
    mean, columns = np.zeros(len(orders)), []
    for law, part, count in zip(laws, weight, rng.multinomial(draws, weight), strict=True):
        if part > 0:
            precision = 1.0 / law.between + orders / law.within
            mean += part * (law.mean / law.between + own / law.within) / precision
            centre = law.mean + np.sqrt(law.variance) * rng.standard_normal(count)
            value = (centre / law.between + (own / law.within)[:, None]) / precision[:, None]
            columns.append(value + rng.standard_normal(value.shape) / np.sqrt(precision)[:, None])
    return mean, np.concatenate(columns, axis=1)[:, rng.permutation(draws)]


def _laws(orders: Floats, revenue: Floats, squares: Floats | None) -> list[_Law]:
    some = orders > 0
    count, value = orders[some], revenue[some] / orders[some]
    usual = float(abs(revenue[some].sum() / count.sum())) or 1.0
    noise = _noise(count, revenue[some], None if squares is None else squares[some], usual)
    each = [[_law(value, count, s, n, usual) for s in _SPREADS] for n in noise]
    return max(each, key=lambda laws: max(law.log_weight for law in laws))


def _noise(orders: Floats, revenue: Floats, squares: Floats | None, usual: float) -> Floats:
    """Return the spread of single order values relative to their mean, or those to try."""
    if squares is None or not (orders > 1).any():
        return _USUAL_NOISE
    left = np.maximum(squares - revenue**2 / orders, 0.0).sum()
    free = np.maximum(orders - 1.0, 0.0).sum()
    return np.array([max(float(np.sqrt(left / free) / usual), 1e-3)])


def _law(value: Floats, count: Floats, spread: float, noise: float, usual: float) -> _Law:
    """Return what the members' means say of one spread, both spreads relative to ``usual``."""
    between, within = (spread * usual) ** 2, (noise * usual) ** 2
    variance = between + within / count
    of_mean = 1.0 / (1.0 / variance).sum()
    mean = float((value / variance).sum() * of_mean)
    misfit = (value - mean) ** 2 / variance
    evidence = -0.5 * (np.log(variance) + misfit).sum() + 0.5 * np.log(of_mean)
    # Even in the spread up to some tens of per cent; the spreads tried are even in its log.
    prior = np.log(spread) - 0.5 * (spread / _USUAL_SPREAD) ** 2
    return _Law(float(evidence + prior), mean, float(of_mean), between, within)
