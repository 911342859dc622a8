"""Bayesian GLS in closed form: one coefficient, averaged over noises and over its own shapes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hk_metrics.incrementality.mixture import Mixture
from hk_metrics.incrementality.noise import GRID, noise_grid
from hk_metrics.incrementality.series import Series

Array = NDArray[np.float64]

# Between sums of independent orders (variance as the mean, .5) and shocks that multiply the whole
# demand (as its square, 1).
_MEAN_TO_DEVIATION = 0.75
_LEAST_WEIGHT = 0.2
_DEPENDENT = 1e-9
# A noise with less than this share of the most likely one's evidence is not worth its time.
_UNLIKELY = 1e-3


def baseline_columns(series: Series) -> Array:
    """Return level, trend, weekday and control columns, one row per total of the series.

    Totals of longer periods have no weekdays.
    """
    days = series.days
    t = np.arange(days)
    level = np.ones((days, 1))
    trend = ((t - t.mean()) / max(days, 1))[:, None]
    weekday = (t[:, None] % 7 == np.arange(6 if series.daily else 0)) - 1 / 7
    given = series.controls if series.controls.size else np.empty((days, 0))
    columns = series.summed(np.hstack([level, trend, weekday, given]))
    return np.asarray(columns[:, independent(columns)])


def independent(columns: Array) -> NDArray[np.bool_]:
    """Say which columns are not sums of those before them, as a sale held every Sunday would be."""
    size = np.maximum(np.linalg.norm(columns, axis=0), np.finfo(float).tiny)
    r = np.linalg.qr(columns / size, mode="r")
    return np.asarray(np.abs(np.diag(r)) > _DEPENDENT)


@dataclass(frozen=True, eq=False)
class _Whitened:
    """One noise's view of a regression, with the baseline columns projected out.

    Parameters
    ----------
    columns
        What is left of the other columns (days × k).
    log_volume
        Log of noise and baseline volumes, less the noise's log prior; to subtract from the log
        evidence.
    """

    columns: Array
    log_volume: float


def _whitened(
    columns: Array, baseline: Array, noises: Sequence[int], covariates: Array | None = None
) -> list[_Whitened]:
    """Whiten columns under some noises of the grid and project the baseline columns out.

    Covariates are projected out with a prior worth one day of data, so that their number costs
    evidence: each normal around 0, by pseudo-observations below the days.
    """
    views = []
    width = baseline.shape[1]
    extra = 0 if covariates is None else covariates.shape[1]
    stacked = np.hstack([baseline, *([] if covariates is None else [covariates]), columns])
    grid = noise_grid(len(columns))
    for noise in (grid[n] for n in noises):
        white = noise.whiten(stacked)
        q, r = np.linalg.qr(white[:, :width])
        rest = white[:, width:] - q @ (q.T @ white[:, width:])
        volume = noise.log_root + float(np.log(np.abs(np.diag(r))).sum())
        if extra:
            rest, more = _shrunk(rest[:, :extra], rest[:, extra:])
            volume += more
        views.append(_Whitened(rest, volume - noise.log_prior))
    return views


def _shrunk(covariates: Array, columns: Array) -> tuple[Array, float]:
    """Project covariates out under their prior; return what is left, and what it costs."""
    size = np.linalg.norm(covariates, axis=0) / np.sqrt(len(covariates))
    prior = np.diag(np.maximum(size, 1e-9))
    q, r = np.linalg.qr(np.vstack([covariates, prior]))
    tall = np.vstack([columns, np.zeros((len(prior), columns.shape[1]))])
    cost = float(np.log(np.abs(np.diag(r))).sum() - np.log(np.diag(prior)).sum())
    return tall - q @ (q.T @ tall), cost


def coefficient(
    outcome: Array,
    baseline: Array,
    shapes: Array,
    nuisance: Array | None = None,
    noises: Sequence[int] = range(GRID),
    covariates: Array | None = None,
) -> Mixture:
    """Return the posterior of the coefficient of a column whose shape is one of several.

    Parameters
    ----------
    outcome
        One value per day.
    baseline
        Columns that are always there, days × k, with flat priors.
    shapes
        Candidates for the column of interest, days × shapes; equally likely beforehand.
    nuisance
        A second column per shape, days × shapes, whose coefficient is integrated out.
    noises
        Places in the grid of the noises to average over; all by default.
    covariates
        Further columns, days × k, whose coefficients are normal around 0; none by default.

    Returns
    -------
    Mixture
        One component per noise × shape, noise-major.

    Notes
    -----
    For a given noise and shape the posterior under flat priors is a t with n − p degrees of
    freedom; its evidence is |Σ|^−½ |X'Σ⁻¹X|^−½ RSS^−(n−p)/2.
    """
    count = shapes.shape[1]
    parts = [outcome[:, None], shapes] + ([] if nuisance is None else [nuisance])
    freedom = len(outcome) - baseline.shape[1] - len(parts) + 1
    cells = []
    for view in _whitened(np.hstack(parts), baseline, noises, covariates):
        y, x = view.columns[:, :1], view.columns[:, 1 : 1 + count]
        volume = np.full(count, view.log_volume)
        if nuisance is not None:
            other = view.columns[:, 1 + count :]
            y, x = _without(y, other), _without(x, other)
            volume += 0.5 * np.log((other**2).sum(axis=0))
        size = (x**2).sum(axis=0)
        slope = (x * y).sum(axis=0) / size
        # An outcome that the baseline explains to the last digit leaves nothing to be unsure of.
        rest = np.maximum((y**2).sum(axis=0) - slope**2 * size, np.finfo(float).tiny)
        evidence = -volume - 0.5 * np.log(size) - freedom / 2 * np.log(rest)
        cells.append((slope, np.sqrt(rest / freedom / size), evidence))
    location, scale, evidence = (np.concatenate(c) for c in zip(*cells, strict=True))
    return Mixture(location, scale, np.full_like(location, freedom), evidence)


def _without(columns: Array, other: Array) -> Array:
    """Return the columns with their projection on ``other``, column by column, taken out."""
    slope = (columns * other).sum(axis=0) / (other**2).sum(axis=0)
    return np.asarray(columns - slope * other)


def shape_weights(posterior: Mixture, shapes: int) -> Array:
    """Return the posterior probability of each shape, summed over noises."""
    return np.asarray(posterior.weights.reshape(-1, shapes).sum(axis=0))


def noise_evidence(posterior: Mixture, shapes: int) -> Array:
    """Return the log evidence of each noise of the grid, summed over shapes."""
    from scipy.special import logsumexp

    return np.asarray(logsumexp(posterior.log_evidence.reshape(-1, shapes), axis=1))


def likely_noises(posterior: Mixture, shapes: int) -> list[int]:
    """Return the places in the grid of the noises that are worth averaging over."""
    evidence = noise_evidence(posterior, shapes)
    likely = np.flatnonzero(evidence > evidence.max() + np.log(_UNLIKELY))
    return sorted({int(n) % GRID for n in likely})


def averaged(one: Mixture, other: Mixture) -> Mixture:
    """Return two models of the same data, each as likely as its evidence says."""
    return Mixture(
        *(np.concatenate([getattr(m, f) for m in (one, other)])
          for f in ("location", "scale", "freedom", "log_evidence"))
    )  # fmt: skip


def within(posterior: Mixture, share: Array) -> Mixture:
    """Return the posterior of the part of the coefficient that lies in a period.

    ``share`` is the share of each shape that lies there, so that periods add up to the whole.
    """
    times = np.tile(share, len(posterior.location) // len(share))
    return replace(posterior, location=posterior.location * times, scale=posterior.scale * times)


def deviations(expected: Array) -> Array:
    """Return each day's relative standard deviation, given its expected outcome; about 1.

    Notes
    -----
    Busy days vary more. With equal weights the intervals of a lift that comes in bursts were found
    to cover .6–.8 instead of .9, because all of its evidence lies on the busiest days.
    """
    relative = np.maximum(expected / max(expected.mean(), 1e-300), _LEAST_WEIGHT)
    return np.asarray(relative**_MEAN_TO_DEVIATION)


def weighted(deviation: Array, *parts: Array) -> Sequence[Array]:
    """Return arrays whose first axis is days, each day divided by its deviation."""
    return [(part.T / deviation).T for part in parts]
