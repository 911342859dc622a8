"""What an experiment found of lift, as something known beforehand by every later estimate."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from hk_metrics.incrementality.mixture import Mixture
from hk_metrics.intervals import Z_SCORE

# Other weeks, brands and influencers than the tested ones differ from them.
_ELSEWHERE = 0.15
_CERTAIN = 1e4


@dataclass(frozen=True)
class Calibration:
    """Lift per tracked amount, as an experiment found it.

    Parameters
    ----------
    ratio
        Lift ÷ tracked of the same days (κ, a fraction; above 1 where much is untracked).
    error
        Its standard error.
    label
        What to call it, e.g. "the test of March 2025".
    """

    ratio: float
    error: float
    label: str

    @property
    def text(self) -> str:
        """What it adds, in a sentence."""
        doubt = f"give or take {Z_SCORE * self.error:.0%}"
        return f"Calibrated by {self.label}: {self.ratio:.0%} of what is tracked was lift, {doubt}."

    def prior(self, tracked: float) -> tuple[float, float]:
        """Return the lift to expect of what was tracked, and its standard deviation."""
        doubt = float(np.hypot(self.error, _ELSEWHERE * abs(self.ratio)))
        return self.ratio * tracked, max(doubt * tracked, 1e-9)

    def alone(self, tracked: float) -> Mixture:
        """Return the lift to expect where the data themselves cannot tell."""
        mean, deviation = self.prior(tracked)
        one = np.ones(1)
        return Mixture(mean * one, deviation * one, _CERTAIN * one, 0.0 * one)

    def combined(self, posterior: Mixture, tracked: float) -> Mixture:
        """Return what an estimate and the experiment say together.

        Notes
        -----
        Component by component, each taken for normal with its own variance; a component is the less
        likely the further it lies from what the experiment found.
        """
        mean, deviation = self.prior(tracked)
        heavy = posterior.freedom / np.maximum(posterior.freedom - 2.0, 1.0)
        variance = posterior.scale**2 * heavy
        both = 1.0 / (1.0 / variance + 1.0 / deviation**2)
        location = both * (posterior.location / variance + mean / deviation**2)
        apart = variance + deviation**2
        off = -0.5 * (np.log(apart) + (posterior.location - mean) ** 2 / apart)
        return replace(
            posterior,
            location=location,
            scale=np.sqrt(both),
            freedom=np.full_like(location, _CERTAIN),
            log_evidence=posterior.log_evidence + off,
        )
