"""Chains: a total as a product of factors, and what each factor did to its change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from hk_metrics.errors import ParameterError
from hk_metrics.metrics import METRICS, Ratio

if TYPE_CHECKING:
    import pandas as pd

    from hk_metrics.view.breakdowns import Breakdowns
    from hk_metrics.view.query import Floats

# Metric → the sums on the way to it; each is the one before times a factor.
CHAINS: Mapping[str, tuple[str, ...]] = {
    "revenue": ("posts", "reach", "orders", "revenue"),
    "orders": ("posts", "reach", "orders"),
    "engagements": ("posts", "reach", "engagements"),
    "clicks": ("posts", "reach", "clicks"),
    "reach": ("posts", "reach"),
    "spend": ("posts", "spend"),
}
# Factor → what it is called in a sentence; the first of a chain is a count.
FACTORS: Mapping[str, str] = {
    "posts": "posts", "reach": "reach", "orders": "orders", "revenue": "revenue", "spend": "spend",
    "engagements": "engagements", "clicks": "clicks",
    "reach_per_post": "reach per post", "conversion_rate": "conversion", "aov": "order value",
    "cost_per_post": "cost per post", "orders_per_post": "orders per post",
    "revenue_per_post": "revenue per post", "revenue_per_reach": "revenue per person reached",
    "engagement_rate": "engagement rate", "clicks_per_reach": "clicks per person reached",
    "engagements_per_post": "engagements per post", "clicks_per_post": "clicks per post",
}  # fmt: skip


def chain(view: Breakdowns, other: Breakdowns, metric: str) -> pd.DataFrame:
    """Return what each factor of a total contributed to its change.

    Parameters
    ----------
    view, other
        The current and the previous period.
    metric
        One of `CHAINS`.

    Returns
    -------
    DataFrame
        Index = factors, the first a count; columns ``previous``, ``current`` (the factor) and
        ``contribution`` (unit of the metric), which add to the change. ``attrs["reason"]`` says
        which factors are missing and why, "" for none.

    Raises
    ------
    ParameterError
        For a metric that is no chain.

    Notes
    -----
    Logarithmic mean Divisia index, additive (LMDI-I): B. W. Ang, "The LMDI approach to
    decomposition analysis: a practical guide", Energy Policy 33 (2005), 867–871. It needs factors
    above 0 in both periods: a sum on the way that is not is left out of the chain.
    """
    if metric not in CHAINS:
        raise ParameterError(
            f"{metric!r} is no product of posts and what each brings: by='chain' takes "
            f"{', '.join(CHAINS)}; give a dimension for others, e.g. by='campaign'"
        )
    way = CHAINS[metric]
    factors = factored(other.totals(way), view.totals(way), metric)
    factors.attrs["reason"] = _reason(view, factors.attrs["dropped"])
    return factors


def factored(previous: pd.Series, current: pd.Series, metric: str) -> pd.DataFrame:
    """Return the factors of a total from the sums on its way; see `chain`.

    Parameters
    ----------
    previous, current
        Index = the sums of `CHAINS`; in either period.
    metric
        One of `CHAINS`.

    Returns
    -------
    DataFrame
        As of `chain`; ``attrs["dropped"]`` names the sums that are no factors.
    """
    import pandas as pd

    way = CHAINS[metric]
    sums = pd.DataFrame({"previous": previous, "current": current}).reindex(way).fillna(0.0)
    above = (sums > 0).all(axis=1)
    kept = [n for n in way if above[n] or n == metric]
    kept = kept if above[metric] else [metric]
    factors = pd.DataFrame(
        {_named(n, before): sums.loc[n] / (sums.loc[before] if before else 1.0)
         for before, n in zip([None, *kept], kept, strict=False)}
    ).T.rename_axis("factor")  # fmt: skip
    before, now = sums.to_numpy(np.float64)[way.index(metric)]
    factors["contribution"] = _contributions(factors.to_numpy(np.float64), before, now)
    factors.attrs["dropped"] = [n for n in way if not above[n]]
    return factors


def _contributions(factors: Floats, before: float, now: float) -> Floats:
    """Return what each factor (a row of then and now) did to a total."""
    change = now - before
    if len(factors) == 1:
        return np.array([change], np.float64)
    then, later = factors.T
    mean = change / np.log1p(change / before) if change else before
    shares: Floats = mean * np.log(later / then)
    return shares


def _named(name: str, before: str | None) -> str:
    """Return how a factor is called: as the metric that it is, where there is one.

    >>> _named("orders", "reach"), _named("reach", "posts"), _named("posts", None)
    ('conversion_rate', 'reach_per_post', 'posts')
    """
    if before is None:
        return name
    ratios = [m for m in METRICS.values() if isinstance(m, Ratio) and m.scale == 1]
    known = (r.name for r in ratios if (r.numerator, r.denominator) == (name, before))
    return next(known, f"{name}_per_{before.removesuffix('s')}")


def _reason(view: Breakdowns, dropped: list[str]) -> str:
    """Return why sums on the way are not in the chain, in sentences."""
    if gaps := view.gaps(dropped):
        return gaps
    if not dropped:
        return ""
    listed = ", ".join(METRICS[n].label.lower() for n in dropped)
    return f"Left out of the chain, not being above 0 in both periods: {listed}."
