"""The history of orders by age: how many were delivered, are open, or came back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import polars as pl

Floats = NDArray[np.float64]

DELIVERED, OPEN, RETURNED = range(3)
# What an order's status says, as the column ``outcome`` of tracking_data has it.
OUTCOMES = ("delivered", "open", "returned")
_RUN = 7
# Of orders that came back with a row that says when: what tells how late they do, and its least.
_LATEST, _LEAST_PAIRS, _LEAST_SHARE = 0.995, 30, 0.8


@dataclass(frozen=True, eq=False)
class OrderHistory:
    """Revenue of orders by stratum, age and state, with what is known of its noise.

    Parameters
    ----------
    strata
        One row per payment mode × brand: ``payment_mode``, ``brand``.
    mode
        Payment mode of each stratum, as a number.
    revenue, squares
        Σ revenue and Σ revenue², strata × states × ages (days).
    stated
        Whether statuses say what was delivered, so that what was is no longer open.
    latest
        Days after which no more orders come back, by the rows that took them back; None where too
        few have one.
    """

    strata: pl.DataFrame
    mode: NDArray[np.int64]
    revenue: Floats
    squares: Floats
    stated: bool
    latest: int | None = None

    @property
    def ages(self) -> int:
        """How many days of age there are."""
        return int(self.revenue.shape[2])


def history(orders: pl.DataFrame) -> OrderHistory:
    """Return the history of orders.

    Parameters
    ----------
    orders
        One row per order: ``payment_mode`` and ``brand`` (text), ``age`` (days), ``state`` and
        ``revenue`` (money, above 0); ``back_after`` (days until the row that took it back, or
        null).

    Notes
    -----
    Where orders come back after they were delivered, delivery settles nothing: what is delivered is
    then taken for open until the age at which nothing more comes back.
    """
    keys = ["payment_mode", "brand"]
    strata = orders.select(keys).unique().sort(keys).with_row_index("stratum")
    coded = orders.join(strata, on=keys, nulls_equal=True, maintain_order="left")
    stated = bool((coded["state"] == DELIVERED).any())
    shape = (strata.height, 3, int(orders["age"].max() or 0) + 1)  # type: ignore[arg-type]
    place = [coded[c].to_numpy().astype(np.int64) for c in ("stratum", "state", "age")]
    flat = np.ravel_multi_index(tuple(place), shape)
    money = coded["revenue"].to_numpy()
    revenue, squares = (
        np.bincount(flat, values, int(np.prod(shape))).reshape(shape).astype(np.float64)
        for values in (money, money**2)
    )
    mode = strata["payment_mode"].rank("dense").fill_null(0).to_numpy().astype(np.int64)
    modes = np.unique(mode, return_inverse=True)[1]
    found = OrderHistory(strata, modes, revenue, squares, stated, _latest(coded))
    return _undelivered(found) if stated and _comes_back_late(found) else found


def _undelivered(known: OrderHistory) -> OrderHistory:
    """Return the history with what was delivered among what is open."""
    revenue, squares = known.revenue.copy(), known.squares.copy()
    for values in (revenue, squares):
        values[:, OPEN] += values[:, DELIVERED]
        values[:, DELIVERED] = 0.0
    return replace(known, revenue=revenue, squares=squares, stated=False)


def _latest(orders: pl.DataFrame) -> int | None:
    """Return the days after which no more orders come back, as the rows of refunds tell it."""
    back = orders.filter(orders["state"] == RETURNED)
    old = back.filter(back["age"] >= int(orders["age"].max() or 0) // 2)  # type: ignore[arg-type]
    for of in (old, back):  # of recent orders only those are back that came back soon
        days = of["back_after"].drop_nulls()
        if len(days) >= max(_LEAST_PAIRS, _LEAST_SHARE * of.height):
            return int(days.quantile(_LATEST, "higher") or 0) + 1
    return None


def _comes_back_late(known: OrderHistory) -> bool:
    """Whether orders come back after delivery: more are back late than once all were delivered."""
    by_state = known.revenue.sum(axis=0)
    whole = by_state.sum(axis=0)
    left = np.divide(by_state[OPEN], whole, out=np.ones_like(whole), where=whole > 0)
    falling = isotonic(left, whole, increasing=False)
    old = len(whole) // 2
    settled = np.flatnonzero(falling <= max(0.01, 1.5 * float(falling[old])))
    if not len(settled):
        return False
    begin = int(settled[0])
    late = _share(known, RETURNED, max(old, begin + _RUN), None)
    early = _share(known, RETURNED, begin, begin + _RUN)
    if _exceeds(late, early, 1.0):
        return True
    # What was delivered falls again where it comes back: its height is before that.
    delivered = _share(known, DELIVERED, max(old, begin + _RUN), None)
    heights = [_share(known, DELIVERED, n, n + 2 * _RUN) for n in range(_RUN, begin, _RUN)]
    return any(_exceeds(height, delivered, 1.5) for height in heights)


def _exceeds(more: tuple[float, float], less: tuple[float, float], errors: float) -> bool:
    """Whether one share lies above another by some standard errors of the difference."""
    if min(more[1], less[1]) == 0:
        return False
    pooled = (more[0] * more[1] + less[0] * less[1]) / (more[1] + less[1])
    error = np.sqrt(max(pooled * (1 - pooled), 1e-9) * (1 / more[1] + 1 / less[1]))
    return bool(more[0] - less[0] > max(errors * error, 0.005))


def isotonic(values: Floats, weights: Floats, *, increasing: bool = True) -> Floats:
    """Return the nearest series that never falls, or never rises (adjacent violators pooled).

    As `scipy.optimize.isotonic_regression`, whose import takes longer than first totals do.

    >>> isotonic(np.array([1.0, 3.0, 2.0]), np.ones(3))
    array([1. , 2.5, 2.5])
    """
    if not increasing:
        return -isotonic(-values, weights)
    blocks: list[tuple[float, float, int]] = []
    for value, weight in zip(values.tolist(), np.maximum(weights, 1e-9).tolist(), strict=True):
        mean, total, count = value, weight, 1
        while blocks and blocks[-1][0] >= mean:
            before, by, of = blocks.pop()
            mean = (before * by + mean * total) / (by + total)
            total, count = total + by, count + of
        blocks.append((mean, total, count))
    return np.repeat([b[0] for b in blocks], [b[2] for b in blocks])


def _share(known: OrderHistory, state: int, begin: int, end: int | None) -> tuple[float, float]:
    """Return the share in a state among orders of some ages, and of how many it is told."""
    money = known.revenue[:, :, begin:end].sum(axis=(0, 2))
    squares = float(known.squares[:, :, begin:end].sum())
    whole = float(money.sum())
    return (float(money[state]) / whole, whole**2 / squares) if squares else (0.0, 0.0)
