"""What posts pull in each week of a test: as drawn, as moved, and as they really were."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hk_metrics.experiments.plan import WEEK
from hk_metrics.incrementality.series import Activity

Array = NDArray[np.float64]


def response_of(held: Array, kernel: Array) -> Array:
    """Return what a lift of 1 in every week with posts brings in each week (… × weeks).

    Posts fall evenly on the days of a week; what they bring later falls into the next, held back or
    not. The weeks before the experiment had posts.
    """
    before = -(-len(kernel) // WEEK)
    posting = np.concatenate([np.ones((*held.shape[:-1], before)), 1.0 - held], axis=-1)
    return _weekly(np.repeat(posting / WEEK, WEEK, axis=-1), kernel)[..., before:]


def moved_doses(pull: Array, held: Array, kernel: Array, count: int) -> Array:
    """Return what a lift of 1 a week brings in each week of tests that could be (count × weeks).

    Parameters
    ----------
    pull
        Of each day's posts so far.
    held
        1 for weeks that are held back, 0 for the others; their posts move to the nearest other.
    kernel
        How the response to a post spreads over days.
    count
        How many tests, each on another stretch of the past, which repeats where it is short.
    """
    past = len(pull) // WEEK
    before = -(-len(kernel) // WEEK)
    even = np.broadcast_to(response_of(held, kernel), (count, len(held)))
    if past == 0:
        return even
    week = np.arange(past)[:, None] + np.arange(before + len(held))
    daily = pull[len(pull) - past * WEEK :].reshape(past, WEEK)[week % past]
    daily[:, before:] = np.einsum("ij,tjd->tid", _moves(held), daily[:, before:])
    doses = _weekly(daily.reshape(past, -1), kernel)[:, before:]
    size = doses.mean(axis=1, keepdims=True)
    stretch = np.arange(count) % past
    return np.where(size > 0, doses / np.where(size > 0, size, 1.0), even[:1])[stretch]


def posted(activity: Activity, kernel: Array, days: int) -> Array:
    """Return what the posts that there really were pull on each day.

    The draw says which weeks are compared, and this how much more was done in some than in others.
    """
    pull = activity.exposure(days)
    return np.asarray(np.convolve(pull, kernel)[: len(pull)][-days:])


def _moves(held: Array) -> Array:
    """Return which week's posts fall into which (to × from): those of held-back weeks move.

    >>> _moves(np.array([0.0, 1.0, 1.0, 0.0])).tolist()
    [[1.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 1.0, 1.0]]
    """
    open_weeks = np.flatnonzero(held == 0)
    apart = np.abs(np.subtract.outer(open_weeks, np.arange(len(held))))
    moves = np.zeros((len(held), len(held)))
    moves[open_weeks[apart.argmin(axis=0)], np.arange(len(held))] = 1.0
    return moves


def _weekly(daily: Array, kernel: Array) -> Array:
    """Return the response to each day's posts, summed by week (… × weeks)."""
    length = daily.shape[-1]
    spread = np.zeros_like(daily)
    for age, part in enumerate(kernel[:length]):
        spread[..., age:] += part * daily[..., : length - age]
    return np.asarray(spread.reshape(*daily.shape[:-1], -1, WEEK).sum(axis=-1))
