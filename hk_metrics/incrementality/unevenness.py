"""Posts are not all alike: what that adds to the uncertainty of their common lift."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from hk_metrics.incrementality.kernels import LENGTH, kernels
from hk_metrics.incrementality.mixture import Mixture
from hk_metrics.incrementality.noise import GRID, noise_grid
from hk_metrics.incrementality.series import Activity, Series
from hk_metrics.intervals import POST_SPREAD

Array = NDArray[np.float64]

# Standard deviation, relative to the mean, of the lift per tracked order between influencers (at
# least).
INFLUENCER_SPREAD = 0.25
# How far influencers' shares of lift lie apart, of the furthest that shares with that mean can.
_APART = 0.5
_LEAST_SHARE = 0.05


def spread(ratio: Array) -> Array:
    """Return the standard deviation of lift per tracked order between influencers (a fraction).

    Parameters
    ----------
    ratio
        Lift ÷ tracked of them all; above 1 where much of the lift is in untracked orders.

    Notes
    -----
    An order would have come anyway or not, so what differs between influencers is a share. Shares
    with the mean p lie at most √(p (1 − p)) apart: some all lift, the others none. Half of that is
    supposed, and at least a quarter of the ratio. The difference is added, not multiplied: a code
    that only buyers of old pick up costs its discount, so that the lift of one influencer's orders
    may be below nothing.

    The spread is *supposed*, for daily totals say next to nothing of it: where a third of the
    tracked orders was lift, the marginal likelihood of a relative spread of .1 and of .8 differed
    by a factor of 1 to 7 in simulation.

    Examples
    --------
    >>> import numpy as np
    >>> spread(np.array([1.2, 0.8, 0.5, 0.1])).round(3).tolist()
    [0.3, 0.2, 0.25, 0.15]
    """
    share = np.clip(ratio, _LEAST_SHARE, 1.0)
    shares = _APART * np.sqrt(share * (1.0 - share))
    return np.asarray(np.maximum(INFLUENCER_SPREAD * np.abs(ratio), shares))


def unevenness(
    posterior: Mixture,
    baseline: Array,
    columns: Array,
    deviation: Array,
    activity: Activity,
    series: Series,
    share: Array,
) -> float:
    """Return the relative variance that uneven posts add to the lift.

    Parameters
    ----------
    posterior
        Of the lift, one component per noise × kernel.
    baseline, columns
        Of its regression, each row divided by its deviation.
    deviation
        Relative standard deviation of each row.
    activity
        The posts.
    series
        The days, and the periods that the regression's rows sum them to.
    share
        Share of each shape that lies in the asked days.

    Notes
    -----
    The estimate is a weighted sum v'y of days. A post that brings (1 + δ) times its expected
    response moves the truth by its share of the response and the estimate by what v makes of it;
    δ with the standard deviations above, per influencer and per post, gives the variance of the
    difference in closed form. Taken at the most likely noise and kernel.
    """
    place, shape = divmod(int(np.argmax(posterior.log_evidence)), columns.shape[1])
    noise, kernel = noise_grid(len(deviation))[place % GRID], kernels()[shape]
    white = noise.whiten(np.column_stack([baseline, columns[:, shape]]))
    q, _ = np.linalg.qr(white[:, :-1])
    rest = white[:, -1] - q @ (q.T @ white[:, -1])
    by_row = share[shape] * noise.adjoint(rest) / (rest @ rest) / deviation
    weight = by_row if series.daily else np.repeat(by_row, series.lengths)
    return of_posts(weight, series.window.astype(np.float64), kernel, activity)


def of_posts(weight: Array, window: Array, kernel: Array, activity: Activity) -> float:
    """Return the relative variance that uneven posts add to a weighted sum of days.

    Parameters
    ----------
    weight
        What the estimate makes of each day; an even response gives its sum over the window.
    window
        1 on the days whose lift is asked for, else 0.
    kernel
        How the response to a post spreads over days.
    activity
        The posts.
    """
    # Effect of one unit of pull on each day, LENGTH days before the series included.
    error = np.correlate(
        np.concatenate([np.zeros(LENGTH), weight - window, np.zeros(LENGTH - 1)]), kernel
    )
    response = np.correlate(
        np.concatenate([np.zeros(LENGTH), window, np.zeros(LENGTH - 1)]), kernel
    )
    pull, day = activity.pull(len(window))
    expected = pull @ response[day]
    # Under this kernel no post reaches the asked days: no lift there, hence nothing uneven.
    if not expected > 0:
        return 0.0
    part = pull * error[day] / expected
    by_influencer = np.bincount(activity.influencer, part)
    return float(
        INFLUENCER_SPREAD**2 * by_influencer @ by_influencer + POST_SPREAD**2 * part @ part
    )


def widened(posterior: Mixture, relative_variance: float) -> Mixture:
    """Return the posterior with a variance added that is proportional to the squared lift."""
    scale = np.sqrt(posterior.scale**2 + relative_variance * posterior.location**2)
    return replace(posterior, scale=scale)


def with_postless(posterior: Mixture, postless: float) -> Mixture:
    """Return the posterior with the lift of orders that follow no known post, none to all of it.

    Parameters
    ----------
    posterior
        Of the lift of the known posts.
    postless
        Share of tracked orders that follow no known post.

    Notes
    -----
    Such orders come from posts that are not in the data, or from codes that live on without any.
    The first have lift and the second do not, so their lift per order is anything, evenly, between
    none and that of the others.
    """
    more = postless / (1 - postless)
    larger = replace(
        posterior,
        location=posterior.location * (1 + more / 2),
        scale=posterior.scale * (1 + more / 2),
    )
    return widened(larger, (more / (1 + more / 2)) ** 2 / 12)
