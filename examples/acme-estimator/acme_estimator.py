"""Quiet days: the days of posts and the week after each against all other days.

The simplest comparison there is, and as blind as that: it takes a busy season in which
influencers post for their doing. It is here to show the form.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from hk_metrics.errors import InsufficientDataError
from hk_metrics.incrementality import Activity, Check, Lift, Series

AFTER = 7
LEAST = 10
Z = 1.645  # of a 90 % interval


class QuietDays:
    """The mean of days with posts behind them less that of quiet days, times their number."""

    METHOD = "quiet_days"
    LABEL = "Quiet days"
    ASSUMPTION = "Without the posts, their days would have been like the quiet ones."

    @staticmethod
    def fit(series: Series, activity: Activity, **_: Any) -> Lift:
        """Return the lift of the asked days (orders, or money)."""
        series.require_total()
        days = np.arange(series.days)
        since = days[:, None] - activity.day[None, :]
        acting = ((since >= 0) & (since <= AFTER)).any(axis=1)
        with_posts, quiet = series.outcome[acting], series.outcome[~acting]
        if min(len(with_posts), len(quiet)) < LEAST:
            raise InsufficientDataError(
                f"{len(quiet)} days are quiet and {len(with_posts)} are not; at least "
                f"{LEAST} of each are needed."
            )
        asked = int((acting & series.window).sum())
        lift = asked * (with_posts.mean() - quiet.mean())
        error = asked * np.hypot(*(np.std(d, ddof=1) / len(d) ** 0.5 for d in (with_posts, quiet)))
        told = Check("quiet_days", True, f"{len(quiet)} quiet days were compared with.")
        return Lift(
            float(lift), float(lift - Z * error), float(lift + Z * error),
            QuietDays.METHOD, QuietDays.ASSUMPTION, (told,),
        )  # fmt: skip


ESTIMATOR = QuietDays
