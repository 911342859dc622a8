"""How likely an order that is still open stands in the end, by age, payment mode and brand."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from hk_metrics.errors import InsufficientDataError
from hk_metrics.maturing.history import DELIVERED, OPEN, RETURNED, Floats, OrderHistory, isotonic

if TYPE_CHECKING:
    import polars as pl

_SEED = 20_250_317
# Of a window's standard errors: how far below the level it may lie.
_DOUBT, _NEAR = 0.5, 0.0005
# Days of age that are alike (a week).
_AROUND = 7
_LEAST_DAYS = 14
_LEAST_ORDERS = 30.0
_PRIOR = 20.0
_SHORT = (
    "the orders that are old enough to be settled are too few to say how many stand in the end: "
    "import a longer period"
)


@dataclass(frozen=True, eq=False)
class Outlook:
    """The share of open revenue that stands in the end.

    Parameters
    ----------
    strata
        Payment mode and brand of each row of ``share``.
    share
        Strata × days of age (fraction).
    draws
        Draws of it (draws × strata × ages): what is not known of the shares.
    settled
        Age (days) from which nothing more comes back.
    shared
        Variance of all open revenue's share, relative to its square, since what has come home by
        each age is told by the same orders that are still on their way: what more than usual of
        them is home already seems to be speed, and is not.
    """

    strata: pl.DataFrame
    share: Floats
    draws: Floats
    settled: int
    shared: float


def outlook(known: OrderHistory, *, draws: int = 0) -> Outlook:
    """Return how likely open orders stand in the end, from the data's own history.

    Parameters
    ----------
    known
        What became of orders so far, by age.
    draws
        How many draws of the shares to take; none where only the shares are wanted.

    Raises
    ------
    InsufficientDataError
        If too few orders are old enough to be settled, or none came back.

    Notes
    -----
    Of the revenue of an age and stratum the share S stands in the end (Beta, of settled orders,
    pulled towards its payment mode's). Of what stands, F has been delivered by that age, of what
    comes back, G is back (isotonic in the age, by payment mode). Of what is still open
    S (1 − F) ÷ (S (1 − F) + (1 − S) (1 − G)) stands. It does *not* see that recent orders come back
    more often than earlier ones did.
    """
    if not known.revenue[:, RETURNED].sum() > 0:
        raise InsufficientDataError("no order is known to have come back")
    settled = _settled(known)
    share = _shares(known.revenue, known, settled, None)
    rng = np.random.default_rng(_SEED)
    drawn = [_drawn(known, settled, rng) for _ in range(draws)]
    empty = np.empty((0, *share.shape))
    shared = _shared(known, share, settled)
    return Outlook(known.strata, share, np.stack(drawn) if drawn else empty, settled, shared)


def _drawn(known: OrderHistory, settled: int, rng: np.random.Generator) -> Floats:
    """Return the shares as another history might have told them, the settled age among it."""
    again = replace(known, revenue=_redrawn(known, rng))
    if not known.stated and known.latest is None:
        with suppress(InsufficientDataError):
            settled = _settled(again)
    return _shares(again.revenue, known, settled, rng)


def _shared(known: OrderHistory, share: Floats, settled: int) -> float:
    """Return the variance that all open orders have together, beyond chance among them."""
    young = slice(0, settled)
    stands = _standing(known, settled, None)
    whole = known.squares[:, :, young].sum(axis=(1, 2)) @ (stands * (1 - stands))
    left = share[:, young] * (1 - share[:, young])
    chance = float((known.squares[:, OPEN, young] * left).sum())
    money = float(known.revenue[:, OPEN, young].sum())
    return max(float(whole) - chance, 0.0) / money**2 if money > 0 else 0.0


def _settled(known: OrderHistory) -> int:
    """Return the age from which nothing more happens, or refuse where too few orders reach it."""
    by_state = known.revenue.sum(axis=0)
    whole, squares = by_state.sum(axis=0), known.squares.sum(axis=(0, 1))
    done = by_state[[DELIVERED, RETURNED] if known.stated else [RETURNED]].sum(axis=0)
    if not whole[known.ages // 2 :].sum() > 0:
        raise InsufficientDataError(_SHORT)
    # Where statuses tell, all orders are settled in the end: no chance is in that.
    age = (None if known.stated else known.latest) or _level(
        done, whole, squares, 0.0 if known.stated else _DOUBT
    )
    number = whole[age:].sum() ** 2 / max(float(known.squares[:, :, age:].sum()), 1e-9)
    if known.ages - age < _LEAST_DAYS or number < _LEAST_ORDERS:
        raise InsufficientDataError(_SHORT)
    return age


def _level(done: Floats, whole: Floats, squares: Floats, doubt: float) -> int:
    """Return the age from which the settled share rises no more, as far as chance lets it tell."""
    old = len(done) // 2
    level = float(done[old:].sum() / whole[old:].sum())
    here, of, noise = (
        np.convolve(v, np.ones(_LEAST_DAYS))[_LEAST_DAYS - 1 :] for v in (done, whole, squares)
    )
    share = np.divide(here, of, out=np.zeros_like(here), where=of > 0)
    chance = np.divide(noise, of**2, out=np.ones_like(of), where=of > 0)
    error = np.sqrt(level * (1 - level) * chance)
    near = share >= level - np.maximum(doubt * error, _NEAR)
    if not doubt:
        rest = np.cumsum(done[::-1])[::-1] / np.maximum(np.cumsum(whole[::-1])[::-1], 1e-9)
        near &= rest >= level - _NEAR
    return int(np.argmax(near))


def _redrawn(known: OrderHistory, rng: np.random.Generator) -> Floats:
    """Return revenue by state as another history of as many orders might have had it.

    By payment mode, of which a day has enough orders to have chance; what an age is like is told by
    the days around it, since a day on which all were delivered says not that all always are.
    """
    again = np.zeros_like(known.revenue)
    for mode in np.unique(known.mode):
        of = known.mode == mode
        money, squares = known.revenue[of].sum(axis=0), known.squares[of].sum(axis=(0, 1))
        near = np.stack([np.convolve(v, np.ones(_AROUND), "same") for v in money])
        whole = money.sum(axis=0)
        each = near / np.maximum(near.sum(axis=0), 1e-9)
        number = np.divide(whole**2, squares, out=np.zeros_like(whole), where=squares > 0)
        around = rng.gamma(np.maximum(number * each, 1e-12))
        total = around.sum(axis=0)
        drawn = np.divide(around, total, out=each.copy(), where=total > 0)
        # What is seen is one draw; another one lies as far from what is expected.
        again[np.flatnonzero(of)[0]] = np.clip(money + whole * (drawn - each), 0.0, None)
    return again


def _shares(
    revenue: Floats, known: OrderHistory, settled: int, rng: np.random.Generator | None
) -> Floats:
    stands = _standing(known, settled, rng)
    result = np.empty((len(stands), known.ages))
    for mode in np.unique(known.mode):
        of = known.mode == mode
        delivered, back = _progress(revenue[of].sum(axis=0), settled, known.stated)
        good = stands[of][:, None] * (1 - delivered)
        bad = (1 - stands[of][:, None]) * (1 - back)
        left = good + bad
        old = stands[of][:, None] if known.stated else np.ones((int(of.sum()), 1))
        result[of] = np.where(left > 1e-6, good / np.maximum(left, 1e-12), old)
    return result


def _standing(known: OrderHistory, settled: int, rng: np.random.Generator | None) -> Floats:
    """Return the share of each stratum that stands in the end, of settled orders."""
    old, squares = known.revenue[:, :, settled:].sum(axis=2), known.squares[:, :, settled:]
    good = old[:, DELIVERED] if known.stated else old[:, OPEN]
    whole, spread = good + old[:, RETURNED], squares.sum(axis=(1, 2))
    number = np.divide(whole**2, spread, out=np.zeros_like(whole), where=spread > 0)
    share = np.divide(good, whole, out=np.zeros_like(whole), where=whole > 0)
    overall = good.sum() / whole.sum()
    modes = np.unique(known.mode)
    by_mode = {
        m: _pulled(
            float(good[known.mode == m].sum() / max(whole[known.mode == m].sum(), 1e-9)),
            float(number[known.mode == m].sum()), float(overall),
        )
        for m in modes
    }  # fmt: skip
    centre = np.array([by_mode[m] for m in known.mode])
    a, b = number * share + _PRIOR * centre, number * (1 - share) + _PRIOR * (1 - centre)
    a, b = np.maximum(a, 1e-6), np.maximum(b, 1e-6)
    return np.asarray(a / (a + b) if rng is None else rng.beta(a, b))


def _pulled(share: float, number: float, centre: float) -> float:
    return (number * share + _PRIOR * centre) / (number + _PRIOR)


def _progress(revenue: Floats, settled: int, stated: bool) -> tuple[Floats, Floats]:
    """Return which part of what stands is delivered, and of what comes back is back, by age."""
    whole = revenue.sum(axis=0)
    final = revenue[:, settled:].sum(axis=1)
    good = final[DELIVERED] if stated else final[OPEN]
    ends = {DELIVERED: good, RETURNED: final[RETURNED]}
    found = []
    for state, end in ends.items():
        share = end / max(good + final[RETURNED], 1e-9)
        seen = np.divide(revenue[state], whole, out=np.zeros_like(whole), where=whole > 0)
        part = isotonic(seen / share if share > 0 else np.ones_like(seen), whole)
        part = np.clip(part, 0.0, 1.0)
        part[settled:] = 1.0
        found.append(part)
    delivered, back = found
    return delivered if stated else np.zeros_like(delivered), back
