"""The Markov chain of journeys: counts of moves between players, and its exact solution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hk_metrics.attribution.journeys import Floats, Ints, Journeys, summed

if TYPE_CHECKING:
    from scipy.sparse import csr_array


@dataclass(frozen=True, eq=False)
class Chain:
    """Moves of journeys between players, counted by weight.

    Parameters
    ----------
    opened
        Per player: journeys that began with it.
    moved
        Sparse player × player: moves from row to column; staying with a player is no move.
    ordered, lost
        Per player: journeys that ended after it in an order, or in none.
    earned
        Per player: money of the journeys that ended after it.
    """

    opened: Floats
    moved: csr_array
    ordered: Floats
    lost: Floats
    earned: Floats

    @classmethod
    def of(cls, journeys: Journeys) -> Chain:
        """Count the moves of journeys."""
        from scipy.sparse import coo_array

        n = len(journeys.players)
        player, weight = journeys.player, journeys.weight[journeys.journey]
        ends = player[journeys.is_last]
        following = ~journeys.is_last[:-1] & (player[:-1] != player[1:])
        pairs = (player[:-1][following], player[1:][following])
        moved = coo_array((weight[:-1][following], pairs), shape=(n, n)).tocsr()

        opened = summed(player[journeys.starts], journeys.weight, n)
        ordered = summed(ends, np.where(journeys.converted, journeys.weight, 0.0), n)
        lost = summed(ends, np.where(journeys.converted, 0.0, journeys.weight), n)
        earned = summed(ends, np.where(journeys.converted, journeys.revenue, 0.0), n)
        return cls(opened, moved, ordered, lost, earned)

    @property
    def states(self) -> int:
        """How many states there are, one per player."""
        return len(self.opened)

    def drawn(self, rng: np.random.Generator) -> Chain:
        """Return a chain drawn from the Dirichlet posterior of each row of moves.

        Money per order that ends after a player stays what it was.
        """
        moved = self.moved.copy()
        moved.data = rng.standard_gamma(moved.data)
        ordered = rng.standard_gamma(self.ordered)
        mean = np.divide(self.earned, self.ordered, where=self.ordered > 0,
                         out=np.zeros_like(self.earned))  # fmt: skip
        opened, lost = rng.standard_gamma(self.opened), rng.standard_gamma(self.lost)
        return Chain(opened, moved, ordered, lost, mean * ordered)

    def solve(self) -> Removal:
        """Return what removing each player would cost, for all of them from one inverse.

        Notes
        -----
        With Q the moves and r the orders per visit, N = (I − Q)⁻¹, f = N r, P = s·f; the removal
        effect of c is (sN)_c · f_c ÷ (N_cc · P), (sN)_c ÷ N_cc being the chance that a journey
        meets c at all. For money, r is the money of the journeys that end after a player over
        all journeys that leave it.
        """
        leaving = self.moved.sum(axis=1) + self.ordered + self.lost
        start = self.opened / self.opened.sum()
        visits, chance, money, once = _solved(
            self.moved.multiply(1.0 / leaving[:, None]).tocsr(),
            start, self.ordered / leaving, self.earned / leaving,
        )  # fmt: skip
        met = visits / once
        return Removal(met * chance, met * money, float(start @ chance), float(start @ money))


def _solved(
    moves: csr_array, start: Floats, order: Floats, money: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return sN, N·order, N·money and the diagonal of N = (I − Q)⁻¹ from one factorisation.

    The diagonal of an inverse is that of U⁻¹ L⁻¹ P: two thirds of the work of the whole inverse,
    all in place.
    """
    from scipy.linalg import lu_factor, lu_solve
    from scipy.linalg.lapack import dtrtri

    matrix = moves.toarray()
    np.negative(matrix, out=matrix)
    np.fill_diagonal(matrix, 1.0)
    factors = lu_factor(matrix.T, overwrite_a=True, check_finite=False)
    visits = lu_solve(factors, start)
    chance, earning = (lu_solve(factors, values, trans=1) for values in (order, money))
    upper, _ = dtrtri(factors[0], lower=0, overwrite_c=1)
    both, _ = dtrtri(upper, lower=1, unitdiag=1, overwrite_c=1)
    return visits, chance, earning, _product_diagonal(both, _column_of(factors[1]))


def _column_of(swaps: Ints) -> Ints:
    """Return the column of L⁻¹ that the row swaps of a factorisation bring to each place."""
    order = np.arange(len(swaps))
    for place in np.flatnonzero(swaps != order):
        order[[place, swaps[place]]] = order[[swaps[place], place]]
    return np.argsort(order)


def _product_diagonal(both: Floats, column: Ints, rows: int = 256) -> Floats:
    """Return the diagonal of U L P, with U and the unit triangle L stored in one matrix.

    Row i of U meets ``column[i]`` of L; rows are taken some at a time to spare memory.
    """
    n = len(both)
    place = np.arange(n)
    diagonal = np.empty(n)
    for first in range(0, n, rows):
        row = place[first : first + rows, None]
        other = column[first : first + rows, None]
        upper = np.where(place >= row, both[first : first + rows], 0.0)
        lower = np.where(place > other, both[:, other[:, 0]].T, place == other)
        diagonal[first : first + rows] = (upper * lower).sum(axis=1)
    return diagonal


@dataclass(frozen=True, eq=False)
class Removal:
    """What a journey would lose without each player, and what it brings with all of them.

    Parameters
    ----------
    orders, money
        Per player: orders and money per journey that pass through it.
    all_orders, all_money
        Orders (the chance of one) and money per journey.
    """

    orders: Floats
    money: Floats
    all_orders: float
    all_money: float

    @property
    def effect(self) -> Floats:
        """Removal effect: fraction of the orders that would be lost without the player."""
        effect: Floats = self.orders / self.all_orders
        return effect

    @property
    def share(self) -> Floats:
        """Share of the orders that each player is due, in proportion to its removal effect."""
        share: Floats = self.orders / self.orders.sum()
        return share

    @property
    def money_share(self) -> Floats:
        """Share of the money likewise; that of the orders where money nets to nothing."""
        if self.money.min() < 0 or not self.money.sum() > 0:
            return self.share
        share: Floats = self.money / self.money.sum()
        return share
