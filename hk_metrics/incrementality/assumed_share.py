"""Lift as an assumed share of tracked outcome: a convention, not an estimate."""

from __future__ import annotations

from math import nan

from hk_metrics.arguments import number
from hk_metrics.incrementality.result import Check, Lift
from hk_metrics.incrementality.series import Activity, Series

METHOD = "assumed_share"
ASSUMPTION = "You set this; nothing in the data supports it."
BAND = (0.10, 0.20, 0.30)


def fit(series: Series, activity: Activity, *, baseline_share: float = 0.20) -> Lift:  # noqa: ARG001
    """Return (1 − b) × tracked outcome (orders, or money).

    Parameters
    ----------
    series
        Its tracked outcome counts; the total is not used.
    activity
        Not used; every estimator has the same signature.
    baseline_share
        b, the share of tracked outcome that would have come anyway, 0–1.

    Returns
    -------
    Lift
        Without an interval, since there is nothing to take one from; the checks hold the band for
        b = 10, 20 and 30 %.

    Raises
    ------
    ParameterError
        If b is no share.
    """
    number("baseline_share", baseline_share, 0.2, 0.0, 1.0)
    tracked = float(series.tracked[series.window].sum())
    band = ", ".join(f"{b:.0%} → {(1 - b) * tracked:,.0f}" for b in BAND)
    check = Check("band", False, f"If this share would have come anyway: {band}.")
    return Lift((1 - baseline_share) * tracked, nan, nan, METHOD, ASSUMPTION, (check,))
