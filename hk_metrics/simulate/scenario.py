"""What the simulated world is like: the truth's parameters, and its independent dice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hk_metrics.errors import ParameterError

_SUBJECTS = ("names", "cast", "posts", "demand", "orders", "touches", "untracked", "payouts")


@dataclass(frozen=True)
class Scenario:
    """The hidden truth of a simulated world; the defaults look like a healthy programme.

    Parameters
    ----------
    kernel
        How orders follow a post, a key of `hk_metrics.simulate.kernels.KERNELS`.
    kernel_days
        The kernel's own time scale (days), e.g. the half-life of the geometric one.
    incremental_share
        Mean share of tracked orders that would not have come without the post; the rest is
        leakage: people who would have bought anyway and picked up a code. 0 is pure leakage.
    alike
        How alike influencers are in that share: the weight of its beta law (14: by 18 % of it where
        the mean is .7, by 44 % where it is .3).
    halo
        Untracked orders caused per incremental tracked order.
    saturation
        How much response a brand loses on a day of average activity (0: none, 1: half).
    timed_to_demand
        0: posts fall anywhere within a campaign; larger: on the days of the brand's highest demand,
        the trap that no estimator can see.
    held_back
        Days without posts, counted from the first: what is planned for them is posted on others.
    tiring
        How an influencer's posts lose strength: the n-th has that of the first × n to minus this
        power; below 0 they gain.
    loss_makers
        Share of influencers whose posts sell far less than their fee supposes.
    refunds
        Share of orders that are paid back in full, 3 to 14 days later.
    baseline
        Orders that come anyway, per tracked order of an influencer.
    trend
        Growth of the baseline from first to last day, as a fraction.
    noise, autocorrelation
        Standard deviation of the baseline's daily log shocks, and their AR(1) coefficient.
    """

    kernel: str = "geometric"
    kernel_days: float = 3.0
    incremental_share: float = 0.7
    alike: float = 14.0
    halo: float = 0.15
    saturation: float = 0.15
    timed_to_demand: float = 0.0
    held_back: tuple[int, ...] = ()
    tiring: float = 0.0
    loss_makers: float = 0.10
    refunds: float = 0.04
    baseline: float = 2.5
    trend: float = 0.12
    noise: float = 0.05
    autocorrelation: float = 0.5

    def __post_init__(self) -> None:
        """Refuse values that no world can have."""
        for name in ("incremental_share", "loss_makers", "refunds", "autocorrelation"):
            if not 0 <= getattr(self, name) <= 1:
                raise ParameterError(f"{name}={getattr(self, name)}: must lie between 0 and 1")
        for name in ("halo", "saturation", "baseline", "noise"):
            if getattr(self, name) < 0:
                raise ParameterError(f"{name}={getattr(self, name)}: must not be negative")
        for name in ("kernel_days", "alike"):
            if not getattr(self, name) > 0:
                raise ParameterError(f"{name}={getattr(self, name)}: must be positive")


def dice(seed: int) -> dict[str, np.random.Generator]:
    """Return one generator per subject, so that a change in one leaves the others alone.

    >>> dice(7)["posts"].integers(100) == dice(7)["posts"].integers(100)
    np.True_
    """
    return {name: np.random.default_rng([seed, n]) for n, name in enumerate(_SUBJECTS)}
