"""The shop's own ups and downs, as its history shows them: what an experiment must be told from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hk_metrics.errors import InsufficientDataError
from hk_metrics.incrementality.kernels import geometric, kernels, responses
from hk_metrics.incrementality.noise import Noise, noise_grid
from hk_metrics.incrementality.regression import baseline_columns, coefficient, shape_weights
from hk_metrics.incrementality.series import Activity, Series

Array = NDArray[np.float64]

_USUAL_HALF_LIFE = 3.3


@dataclass(frozen=True, eq=False)
class Background:
    """What a day of the shop is like without a change.

    Parameters
    ----------
    level
        Usual outcome of a day (orders, or money).
    deviation
        Standard deviation of a day's noise.
    noise
        How the noise of days hangs together.
    kernel
        How the response to a post spreads over days; sums to 1.
    """

    level: float
    deviation: float
    noise: Noise
    kernel: Array

    def worlds(self, days: int, count: int, seed: int) -> Array:
        """Return days of noise alone (count × days), the same for the same seed."""
        from scipy.signal import lfilter

        rng = np.random.default_rng(seed)
        own = Noise(self.noise.rho, self.noise.drift, days)
        shocks = rng.standard_normal((count, days))
        moved = own.factor[0] * shocks
        moved[:, 1:] += own.factor[1, :-1] * shocks[:, :-1]
        steps = moved.copy()
        steps[:, 1:] = lfilter([1.0], [1.0, -own.rho], moved[:, 1:], axis=1)
        return np.asarray(self.deviation * np.cumsum(steps, axis=1))


def background(series: Series, activity: Activity | None = None) -> Background:
    """Return what the history of a series says of its days.

    Parameters
    ----------
    series
        Total outcome per day.
    activity
        The posts so far, whose response is told from the noise; none by default.

    Raises
    ------
    InsufficientDataError
        If the outcome is no total of days.
    """
    series.require_total()
    if not series.daily:
        raise InsufficientDataError(
            "Only totals of weeks or months are known; a plan takes the sales of each day."
        )
    base = baseline_columns(series)
    posted = activity is not None and len(activity.within(series.days)) > 0
    shapes = (
        responses(activity.exposure(series.days), series.days)
        if posted and activity is not None
        else np.arange(series.days)[:, None] % 2.0
    )
    found = coefficient(series.outcome, base, shapes / np.maximum(shapes.sum(axis=0), 1e-12))
    place, shape = divmod(int(np.argmax(found.log_evidence)), shapes.shape[1])
    noise = noise_grid(series.days)[place]
    white = noise.whiten(np.column_stack([series.outcome, base, shapes[:, shape]]))
    slopes, *_ = np.linalg.lstsq(white[:, 1:], white[:, 0], rcond=None)
    rest = white[:, 0] - white[:, 1:] @ slopes
    free = max(len(rest) - white.shape[1] + 1, 1)
    weights = shape_weights(found, shapes.shape[1])
    kernel = weights @ kernels() if posted else geometric(_USUAL_HALF_LIFE)
    return Background(
        float(series.outcome.mean()), float(np.sqrt(rest @ rest / free)), noise, kernel
    )
