"""The history of orders by age: how many were delivered, are open, or came back."""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True, eq=False)
class History:
    """Revenue of orders by stratum, age and state, with what is known of its noise.

    Parameters
    ----------
    strata
        One row per payment mode × brand: ``payment_mode``, ``brand``.
    mode
        Payment mode of each stratum, as a number.
    revenue, squares
        Σ revenue and Σ revenue², strata × states × ages (days).
    said
        Whether statuses say what was delivered, so that what was is no longer open.
    """

    strata: pl.DataFrame
    mode: NDArray[np.int64]
    revenue: Floats
    squares: Floats
    said: bool

    @property
    def ages(self) -> int:
        """How many days of age there are."""
        return int(self.revenue.shape[2])


def history(orders: pl.DataFrame) -> History:
    """Return the history of orders.

    Parameters
    ----------
    orders
        One row per order: ``payment_mode`` and ``brand`` (text), ``age`` (days), ``state`` and
        ``revenue`` (money, above 0).

    Notes
    -----
    Where orders come back after they were delivered, delivery settles nothing: what is delivered is
    then taken for open until the age at which nothing more comes back.
    """
    keys = ["payment_mode", "brand"]
    strata = orders.select(keys).unique().sort(keys).with_row_index("stratum")
    coded = orders.join(strata, on=keys, nulls_equal=True, maintain_order="left")
    said = bool((coded["state"] == DELIVERED).any())
    shape = (strata.height, 3, int(orders["age"].max() or 0) + 1)  # type: ignore[arg-type]
    place = [coded[c].to_numpy().astype(np.int64) for c in ("stratum", "state", "age")]
    flat = np.ravel_multi_index(tuple(place), shape)
    money = coded["revenue"].to_numpy()
    revenue, squares = (
        np.bincount(flat, values, int(np.prod(shape))).reshape(shape).astype(np.float64)
        for values in (money, money**2)
    )
    mode = strata["payment_mode"].rank("dense").fill_null(0).to_numpy().astype(np.int64)
    found = History(strata, np.unique(mode, return_inverse=True)[1], revenue, squares, said)
    return _undelivered(found) if said and _comes_back_late(found) else found


def _undelivered(known: History) -> History:
    """Return the history with what was delivered among what is open."""
    revenue, squares = known.revenue.copy(), known.squares.copy()
    for values in (revenue, squares):
        values[:, OPEN] += values[:, DELIVERED]
        values[:, DELIVERED] = 0.0
    return History(known.strata, known.mode, revenue, squares, said=False)


def _comes_back_late(known: History) -> bool:
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
    early, late = _share(known, begin, begin + _RUN), _share(known, max(old, begin + _RUN), None)
    if min(early[1], late[1]) == 0:
        return False
    pooled = (early[0] * early[1] + late[0] * late[1]) / (early[1] + late[1])
    error = np.sqrt(max(pooled * (1 - pooled), 1e-9) * (1 / early[1] + 1 / late[1]))
    return bool(late[0] - early[0] > max(2 * error, 0.01))


def isotonic(values: Floats, weights: Floats, *, increasing: bool = True) -> Floats:
    """Return the nearest series that never falls, or never rises."""
    from scipy.optimize import isotonic_regression

    fitted: Floats = isotonic_regression(
        values, weights=np.maximum(weights, 1e-9), increasing=increasing
    ).x
    return fitted


def _share(known: History, begin: int, end: int | None) -> tuple[float, float]:
    """Return the share that is back among orders of some ages, and of how many it is told."""
    money = known.revenue[:, :, begin:end].sum(axis=(0, 2))
    squares = float(known.squares[:, :, begin:end].sum())
    whole = float(money.sum())
    return (float(money[RETURNED]) / whole, whole**2 / squares) if squares else (0.0, 0.0)
