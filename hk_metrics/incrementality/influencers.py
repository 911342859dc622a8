"""Who the lift is due to: a total lift shared over influencers, and over what they worked for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hk_metrics.errors import InsufficientDataError
from hk_metrics.incrementality.mixture import Mixture
from hk_metrics.incrementality.unevenness import spread

Array = NDArray[np.float64]
Codes = NDArray[np.int64]

SEED = 20_250_302
_NOTHING_TRACKED = (
    "Nothing was tracked here, so the lift cannot be shared over its parts. Ask for all of it "
    "together, by brand, or for a longer period; or import tracked orders."
)


@dataclass(frozen=True, eq=False)
class Books:
    """What the books hold per influencer and cell; a cell is an influencer's part in one unit.

    Parameters
    ----------
    orders, revenue, reach
        Of each influencer over the whole data: tracked orders, tracked revenue (money), people.
    influencer, unit
        Codes of each cell; ``unit`` is −1 for what was not asked for (another period, a filter).
    asked
        Whether a cell lies in the period that the lift is for.
    weight
        Tracked orders of each cell, or its reach for influencers without any.
    """

    orders: Array
    revenue: Array
    reach: Array
    influencer: Codes
    unit: Codes
    asked: NDArray[np.bool_]
    weight: Array


def shared(lift: Mixture, books: Books, units: int, *, money: bool, seed: int = SEED + 1) -> Array:
    """Return draws of each unit's lift (units × draws; money, or orders).

    Parameters
    ----------
    lift
        Posterior of the total lift in the asked period.
    books
        Who brought what.
    units
        How many units there are.
    money
        Whether the lift is in money, so that order values count.
    seed
        Of the draws of the total; those of the influencers repeat, since one who works for several
        brands has one lift per tracked order.

    Raises
    ------
    InsufficientDataError
        If nothing was tracked by which to share it.

    Notes
    -----
    Lift per tracked order is the total's (κ = lift ÷ tracked), give or take an influencer's own
    difference from it, which is normal with the deviation of `spread`; tracked orders are the
    gamma–Poisson rate times reach, order values shrunken (`hk_metrics.ranking.shrinkage`). Draws
    of the parts add up to draws of the total.
    """
    if not books.orders.sum() > 0 or (money and not books.revenue.sum() > 0):
        raise InsufficientDataError(_NOTHING_TRACKED)
    pulls, standard = _pulls(books, money=money)
    whole = np.bincount(books.influencer, books.weight, len(books.orders))
    part = books.weight / np.where(whole > 0, whole, 1.0)[books.influencer]
    inside = books.asked
    in_period = np.bincount(books.influencer[inside], part[inside], len(books.orders))
    tracked = in_period @ pulls
    if not (tracked > 0).all():
        raise InsufficientDataError(_NOTHING_TRACKED)
    ratio = lift.draws(pulls.shape[1], seed) / tracked
    # Around their mean, so that what one has more another has less and the total stays.
    standard -= np.einsum("i,id,id->d", in_period, pulls, standard) / tracked
    pulls *= ratio + spread(ratio) * standard
    kept = inside & (books.unit >= 0)
    return _summed(books.unit[kept], books.influencer[kept], part[kept], pulls, units)


def _pulls(books: Books, *, money: bool) -> tuple[Array, Array]:
    """Return draws of what each influencer brought over the whole data (influencers × draws).

    Beside them standard normal draws, by which influencers differ in lift.
    """
    from hk_metrics.ranking.shrinkage import posterior

    pooled = books.orders.sum() / max(books.reach.sum(), 1.0)
    # Orders without any post: as many as there are, at the group's rate.
    exposure = np.where(books.reach > 0, books.reach, books.orders / max(pooled, 1e-300))
    exposure = np.maximum(exposure, 1e-9)
    known = posterior(books.orders, exposure, books.revenue if money else None)
    rng = np.random.default_rng(SEED)
    return known.draws * exposure[:, None], rng.standard_normal(known.draws.shape)


def _summed(unit: Codes, influencer: Codes, part: Array, pulls: Array, units: int) -> Array:
    from scipy.sparse import csr_array

    shares = csr_array((part, (unit, influencer)), shape=(units, len(pulls)))
    return np.asarray(shares @ pulls)
