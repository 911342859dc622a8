"""What today's spend brings that would not have come anyway, where lift is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from hk_metrics.arguments import kind_of
from hk_metrics.errors import InsufficientDataError, ParameterError
from hk_metrics.intervals import error_of
from hk_metrics.ranking.shrinkage import SEED, Posterior

if TYPE_CHECKING:
    import pandas as pd

    from hk_metrics.view import View

TRACKED_ONLY = "Tracked revenue is taken for what spend brings, though part of it comes anyway."
_DRAWS = 2_000
_COLUMNS = ("estimate", "lower", "upper")


def known_lift(data: Any, view: View, lift: Any) -> tuple[pd.DataFrame | None, str]:
    """Return the lift of each influencer, and why there is none.

    Parameters
    ----------
    data
        What `what_if` was given, a dataset or a view.
    view
        The view of it.
    lift
        A result of `hk_metrics.lift`, a method's name, or None.

    Raises
    ------
    InsufficientDataError
        If the lift was asked for and cannot be told.
    """
    import pandas as pd

    from hk_metrics.incrementality import DEFAULT
    from hk_metrics.incrementality import lift as estimated

    if isinstance(lift, pd.DataFrame):
        return _checked(lift), ""
    if lift is not None and not isinstance(lift, str):
        raise ParameterError(
            "lift: give a result of hk.lift(data, by='influencer_id') or the name of a method, "
            f"not {kind_of(lift)}"
        )
    if lift is None and data is view:
        if view.estimate is None:
            return None, ""
        found = view.estimate(view, "influencer_id")
    else:
        found = estimated(data, lift or DEFAULT, by="influencer_id")
    reasons = found["refusal"].dropna()
    if len(reasons) < len(found) and found["lower"].notna().any():
        return found, ""
    why = f"Lift cannot be told here: {reasons.iloc[0] if len(reasons) else 'it has no interval.'}"
    if lift is not None:
        raise InsufficientDataError(why)
    return None, why


def _checked(found: pd.DataFrame) -> pd.DataFrame:
    missing = [c for c in _COLUMNS if c not in found]
    if missing or not found[[c for c in _COLUMNS if c in found]].notna().any(axis=None):
        raise ParameterError(
            "lift: give a result of hk.lift(data, by='influencer_id') that holds numbers; this "
            f"frame has {'no column ' + ', '.join(missing) if missing else 'none'}"
        )
    return found


def brought(found: pd.DataFrame, sums: pd.DataFrame) -> Posterior:
    """Return what each influencer's spend brings beyond what comes anyway (money).

    Parameters
    ----------
    found
        A result of `hk_metrics.lift` by influencer.
    sums
        One row per influencer: ``revenue`` (money) and ``noise``, relative variance that is due to
        few posts and which the lift of the past does not hold.

    Notes
    -----
    The doubt of the whole is shared by all, that of each influencer its own: if the lift of the
    whole is smaller, so is everyone's. Who has no lift of their own gets that of the others per
    rupee of tracked revenue.
    """
    part = found[list(_COLUMNS)].reindex(sums.index).astype(float)
    tracked = sums["revenue"].clip(lower=0.0).to_numpy(np.float64)
    mean = part["estimate"].to_numpy(np.float64)
    known = np.isfinite(mean)
    if not known.any():
        raise ParameterError("lift: none of the influencers in this view is in the frame")
    usual = mean[known].sum() / max(tracked[known].sum(), 1e-9)
    mean = np.where(known, mean, usual * tracked)
    width = error_of(part["lower"], part["upper"]).to_numpy(np.float64)
    width = np.where(np.isfinite(width), width, np.abs(mean))
    common = _shared_doubt(found) * mean
    own = np.sqrt(np.maximum(width**2 - common**2, 0.0) + sums["noise"].to_numpy() * mean**2)
    rng = np.random.default_rng(SEED)
    shared = rng.standard_normal(_DRAWS)
    draws = mean[:, None] + common[:, None] * shared
    draws += own[:, None] * rng.standard_normal((len(mean), _DRAWS))
    return Posterior(mean, draws)


def _shared_doubt(found: pd.DataFrame) -> float:
    """Return the standard error of the whole lift, relative to it.

    Half the smallest of its parts' where the frame does not tell it.
    """
    whole = found.attrs.get("whole")
    if whole is not None and whole["estimate"]:
        width = error_of(whole["lower"], whole["upper"])
        return float(abs(width / whole["estimate"]))
    relative = error_of(found["lower"], found["upper"]) / found["estimate"].abs()
    least = float(relative.min())
    return least / 2 if np.isfinite(least) else 1.0
