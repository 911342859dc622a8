"""What a lift estimator answers: a number, its interval, and why to believe it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hk_metrics.incrementality.mixture import Mixture


@dataclass(frozen=True)
class Check:
    """One check of an estimator's assumption.

    Parameters
    ----------
    name
        Stable name, e.g. ``lead_placebo``.
    passed
        Whether it speaks for the estimate.
    text
        What was found, in a sentence.
    """

    name: str
    passed: bool
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, eq=False)
class Lift:
    """The outcome that would not have come without the influencers (orders, or money).

    Parameters
    ----------
    estimate
        Posterior mean over the asked period.
    lower, upper
        90 % interval; NaN where the method has none.
    method
        Name of the estimator.
    assumption
        What must hold for the number to mean lift, in one plain sentence.
    checks
        What the data say about that.
    posterior
        The whole distribution, where the method has one.
    """

    estimate: float
    lower: float
    upper: float
    method: str
    assumption: str
    checks: tuple[Check, ...] = ()
    posterior: Mixture | None = None
