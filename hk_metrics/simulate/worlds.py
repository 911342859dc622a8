"""The worlds in which lift estimators are tried, each declared once, and what a series holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_BOTH = ("interrupted", "post_response")
_QUIET_DAYS = 95


@dataclass(frozen=True)
class Regime:
    """How a world of series differs from the plain one.

    Parameters
    ----------
    doc
        What is special, in one sentence.
    holds
        Estimators whose assumption holds here.
    quiet_days
        Days without posts at the beginning.
    every_day
        Posts on about two days in five throughout, instead of in bursts of a week.
    trend, drift, noise, autocorrelation
        Growth of the baseline over the period (fraction); standard deviation of its daily
        random-walk steps (log); standard deviation and coefficient of its AR(1) shocks (log).
    kernel, kernel_days
        See `hk_metrics.simulate.kernels.response`.
    lift, tracked
        Expected lift, and expected tracked orders, as shares of the active period's baseline.
    saturation
        How much response is lost on a day of average activity (0: none, 1: half).
    unobserved
        Share of posts that the analyst does not see; their tracked orders and lift are there.
    surges
        Height of the demand surges on which posts are placed (0: posts placed at random).
    promotion
        Rise of the baseline on promotion days (fraction), most of which are days of posts.
    promotion_known
        Whether the promotion days are given as a control.
    heavy_tail
        Whether the outcome is revenue with heavy-tailed order values, instead of orders.
    """

    doc: str
    holds: tuple[str, ...] = _BOTH
    quiet_days: int = _QUIET_DAYS
    every_day: bool = False
    trend: float = 0.10
    drift: float = 0.0
    noise: float = 0.05
    autocorrelation: float = 0.3
    kernel: str = "geometric"
    kernel_days: float = 3.0
    lift: float = 0.20
    tracked: float = 0.25
    saturation: float = 0.0
    unobserved: float = 0.0
    surges: float = 0.0
    promotion: float = 0.0
    promotion_known: bool = False
    heavy_tail: bool = False


_RESPONSE = ("post_response",)

REGIMES: Mapping[str, Regime] = MappingProxyType(
    {
        "bursts": Regime("bursts of posts after a quiet time"),
        "throughout": Regime(
            "posts throughout, no quiet time", _RESPONSE, quiet_days=0, every_day=True
        ),
        "no_pre_period": Regime("bursts from the first week on", _RESPONSE, quiet_days=4),
        "own_trend": Regime("the brand grows by 60 % of its own accord", trend=0.6),
        "drift": Regime("the baseline wanders", drift=0.012),
        "ar": Regime("good and bad days come in runs", noise=0.08, autocorrelation=0.7),
        "heavy_tail": Regime("revenue with heavy-tailed order values", heavy_tail=True),
        "delayed": Regime("orders come days after the post", kernel="delayed", kernel_days=5.0),
        "quarter_unobserved": Regime("a quarter of the posts is not in the data", unobserved=0.25),
        "promotion_dummy": Regime(
            "promotions on days of posts, given as a control", promotion=0.3, promotion_known=True
        ),
        "promotion_no_dummy": Regime("promotions on days of posts, unknown", (), promotion=0.3),
        "timed_to_demand": Regime(
            "posts are placed on surges of demand", (), quiet_days=4, surges=0.5
        ),
        "leakage": Regime("codes are used, yet every order would have come anyway", lift=0.0),
        "zero_lift": Regime("posts do nothing, codes are hardly used", lift=0.0, tracked=0.02),
        "unfitted_kernel": Regime(
            "a log-normal response, which no estimator fits", kernel="lognormal", kernel_days=4.0
        ),
        "saturation": Regime("busy days bring less per post", saturation=0.4),
        "halo": Regime("most of the lift is in orders without a code", lift=0.30, tracked=0.15),
    }
)


@dataclass(frozen=True, eq=False)
class SimulatedSeries:
    """One brand's days: what the analyst sees, and the truth. Rows are days throughout.

    Parameters
    ----------
    name, regime
        The world it comes from.
    dates
        Days, ``datetime64[D]``.
    outcome
        The shop's total per day, tracked or not: orders, or rupees where ``regime.heavy_tail``.
    posts, reach
        Observed posts, and their summed reach (people), days × influencers.
    tracked
        Orders with the influencer's link or code, days × influencers.
    tracked_value
        The same in the unit of ``outcome``.
    controls
        Days × number of controls (a promotion dummy), possibly none.
    baseline, lift
        Truth: expected outcome without posts, and what they add, per day.
    influencer_lift
        Truth: lift by influencer over the period; sums to that of ``lift``.
    """

    name: str
    regime: Regime
    dates: NDArray[np.datetime64]
    outcome: Array
    posts: Array
    reach: Array
    tracked: Array
    tracked_value: Array
    controls: Array
    baseline: Array
    lift: Array
    influencer_lift: Array
