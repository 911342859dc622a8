"""A code's orders day by day: what its posts predict, and a level that they do not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hk_metrics.incrementality.kernels import kernels
from hk_metrics.intervals import Z_SCORE

Floats = NDArray[np.float64]

# Squared spread of one influencer's posts beyond chance, as `hk_metrics.ranking` supposes it.
_SPREAD = 0.25
_EVERGREEN_HALF_LIFE = 30.0
_STEP = 7
_LEAST_DAYS = 14
_ROUNDS = 3
_AT_ONCE = 256
# Of twice the logarithm of the likelihood.
_BETTER = 2.0


@dataclass(frozen=True)
class Excess:
    """Orders above what posts predict, as a level from some day on.

    Parameters
    ----------
    orders, error
        How many, and their standard error.
    begin
        The day (from 0) on which the level begins.
    """

    orders: float
    error: float
    begin: int


def shapes(posts: Floats) -> Floats:
    """Return each code's response to its posts under each kernel (kernels × codes × days)."""
    days = posts.shape[1]
    return np.stack([_spread(posts, kernel[:days]) for kernel in kernels()])


def evergreen(posts: Floats) -> Floats:
    """Return the response to posts that keep working for months (codes × days)."""
    return _spread(posts, 0.5 ** (np.arange(posts.shape[1]) / _EVERGREEN_HALF_LIFE))


def _spread(posts: Floats, kernel: Floats) -> Floats:
    # Not scipy.signal, whose import takes longer than all that is worked out here.
    from scipy.fft import irfft, next_fast_len, rfft

    days = posts.shape[1]
    size = next_fast_len(days + len(kernel) - 1, real=True)
    spread = irfft(rfft(posts, size, axis=1) * rfft(kernel, size)[None, :], size, axis=1)
    return np.asarray(np.maximum(spread[:, :days], 0.0))


def best_shape(orders: Floats, responses: Floats) -> Floats:
    """Return the response that explains all codes together best (codes × days)."""
    misfit = [_misfit(orders, each) for each in responses]
    chosen: Floats = responses[int(np.argmin(misfit))]
    return chosen


def _misfit(orders: Floats, shape: Floats) -> float:
    """Return how badly responses explain codes, some hundred of them at a time."""
    columns = np.stack([shape, np.ones_like(shape)], axis=1)
    parts = [slice(at, at + _AT_ONCE) for at in range(0, len(orders), _AT_ONCE)]
    return float(sum(_fitted(orders[p], columns[p])[2].sum() for p in parts))


def excess(orders: Floats, shape: Floats, *others: Floats) -> tuple[Excess, Excess]:
    """Return the likeliest excess of a code, and the one with the largest upper end.

    Parameters
    ----------
    orders
        Of each day.
    shape
        Response to posts by day.
    others
        Further explanations by day, e.g. posts that keep working.
    """
    days = len(orders)
    begins = np.arange(0, max(days - _LEAST_DAYS, 1), _STEP)
    level = (np.arange(days) >= begins[:, None]).astype(float)
    beside = [np.broadcast_to(s / max(s.max(), 1e-12), level.shape) for s in (shape, *others)]
    columns = np.stack([level, *beside], axis=1)
    coefficients, errors, misfit = _fitted(orders, columns)
    size = level.sum(axis=1)
    found = [
        Excess(float(max(c, 0.0) * n), float(e * n), int(b))
        for c, e, n, b in zip(coefficients[:, 0], errors[:, 0], size, begins, strict=True)
    ]
    most = max(found, key=lambda f: f.orders + Z_SCORE * f.error)
    return found[int(np.argmin(misfit))], most


def fades(orders: Floats, shape: Floats) -> bool:
    """Return whether what posts do not predict may as well fade, as of a video that works on.

    A level that stays is believed only where it explains the orders clearly better than one that
    halves in a month, from whichever day on.
    """
    days = len(orders)
    age = np.arange(days) - np.arange(0, max(days - _LEAST_DAYS, 1), _STEP)[:, None]
    stays = (age >= 0).astype(float)
    falls = stays * 0.5 ** (np.maximum(age, 0) / _EVERGREEN_HALF_LIFE)
    beside = np.broadcast_to(shape / max(shape.max(), 1e-12), stays.shape)
    best = [_fitted(orders, np.stack([c, beside], axis=1))[2].min() for c in (stays, falls)]
    return bool(best[0] > best[1] - _BETTER)


def _fitted(orders: Floats, columns: Floats) -> tuple[Floats, Floats, Floats]:
    """Return coefficients from 0 on, their errors and the misfit of several designs.

    Weighted least squares: a day's variance is chance and, of what posts bring, their spread.
    Columns whose coefficient would be negative are left out. Orders are those of one code for all
    designs, or of one for each.
    """
    orders = np.broadcast_to(orders, (len(columns), columns.shape[2]))
    mean = np.broadcast_to(np.maximum(orders.mean(axis=1, keepdims=True), 0.05), orders.shape)
    posted = np.zeros_like(mean)
    kept = np.ones(columns.shape[:2], dtype=bool)
    eye = np.eye(columns.shape[1])
    for _ in range(_ROUNDS):
        weight = 1.0 / (np.maximum(mean, 0.05) + _SPREAD * posted**2)
        used = columns * kept[:, :, None]
        normal = np.einsum("kit,kt,kjt->kij", used, weight, used) + 1e-9 * eye
        normal += np.where(kept[:, :, None], 0.0, 1.0) * eye
        right = np.einsum("kit,kt,kt->ki", used, weight, orders)
        inverse = np.linalg.inv(normal)
        coefficients = np.einsum("kij,kj->ki", inverse, right)
        kept &= coefficients > 0
        coefficients = np.where(kept, coefficients, 0.0)
        mean = np.einsum("ki,kit->kt", coefficients, columns)
        posted = mean - coefficients[:, :1] * columns[:, 0]
    rest = orders - mean
    variance = np.maximum(mean, 0.05) + _SPREAD * posted**2
    misfit = (rest**2 / variance + np.log(variance)).sum(axis=1)
    free = max(orders.shape[1] - columns.shape[1], 1)
    scale = np.maximum((rest**2 / variance).sum(axis=1) / free, 1.0)
    # An excess at 0 is as uncertain as one just above it.
    full = np.einsum("kit,kt,kjt->kij", columns, 1 / variance, columns) + 1e-9 * eye
    errors = np.sqrt(np.diagonal(np.linalg.inv(full), axis1=1, axis2=2) * scale[:, None])
    return coefficients, errors, misfit
