"""Hold-back weeks: no posts in weeks that a lottery draws."""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

from hk_metrics.errors import ParameterError
from hk_metrics.experiments.randomisation import Lottery

Array = NDArray[np.float64]

BLOCK = 4
WEEK = 7
LEAST_WEEKS = 8
MOST_DRAWS = 600
# Between the shares of weeks that a block of four can hold back.
SHARES = (0.25, 0.5, 0.75)


def checked(weeks: int, share: float) -> None:
    """Refuse a number of weeks or a share that cannot be drawn."""
    if weeks % BLOCK or weeks < LEAST_WEEKS:
        raise ParameterError(
            f"weeks={weeks}: weeks are drawn in blocks of {BLOCK}, so give {LEAST_WEEKS}, "
            f"{LEAST_WEEKS + BLOCK}, {LEAST_WEEKS + 2 * BLOCK} …"
        )
    if share not in SHARES:
        raise ParameterError(f"share={share}: hold back {SHARES} of the weeks")


def drawn(weeks: int, share: float, seed: int) -> Array:
    """Return whether each week is held back (1) or not (0), as the lottery of this seed has it."""
    rng = np.random.default_rng(seed)
    block = np.arange(BLOCK) < round(BLOCK * share)
    return np.concatenate([rng.permutation(block) for _ in range(weeks // BLOCK)]).astype(float)


def possible(weeks: int, share: float, seed: int) -> Array:
    """Return all draws there could have been, or many of them, the drawn one first."""
    own = drawn(weeks, share, seed)
    held = round(BLOCK * share)
    blocks = [b for b in product((0.0, 1.0), repeat=BLOCK) if sum(b) == held]
    count = weeks // BLOCK
    if len(blocks) ** count <= MOST_DRAWS:
        every = np.array([np.concatenate(c) for c in product(blocks, repeat=count)])
        others = every[(every != own).any(axis=1)]
    else:
        rng = np.random.default_rng([seed, 1])
        chosen = rng.integers(0, len(blocks), (MOST_DRAWS, count))
        others = np.array(blocks)[chosen].reshape(MOST_DRAWS, weeks)
    return np.vstack([own, others])


def response_of(held: Array, kernel: Array) -> Array:
    """Return what a lift of 1 in every week with posts brings in each week (… × weeks).

    Posts fall evenly on the days of a week; what they bring later falls into the next, held back or
    not. The weeks before the experiment had posts.
    """
    before = -(-len(kernel) // WEEK)
    posting = np.concatenate([np.ones((*held.shape[:-1], before)), 1.0 - held], axis=-1)
    daily = np.repeat(posting / WEEK, WEEK, axis=-1)
    length = daily.shape[-1]
    spread = np.zeros_like(daily)
    for age, part in enumerate(kernel):
        spread[..., age:] += part * daily[..., : length - age]
    sums = spread.reshape(*spread.shape[:-1], -1, WEEK).sum(axis=-1)
    return np.asarray(sums[..., before:])


def lottery(weeks: int, share: float, seed: int, kernel: Array) -> Lottery:
    """Return the lottery over weeks, with level and trend held constant."""
    time = np.linspace(-1.0, 1.0, weeks)
    nuisance = np.column_stack([np.ones(weeks), time])
    return Lottery(response_of(possible(weeks, share, seed), kernel), nuisance)
