"""Response curves: how an influencer's orders grow with what is spent on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np

from hk_metrics.interchange import to_pandas
from hk_metrics.ranking.shrinkage import Floats

if TYPE_CHECKING:
    import pandas as pd

    from hk_metrics.view import View

_USUAL = 0.7
_USUAL_SPREAD = 0.25
_TIER_SPREAD = 0.1
# A wider standard error says nothing that the usual value does not say.
_KNOWN = 0.15
_RANGE = (0.05, 0.95)


def doubled(beta: float) -> float:
    """Return how many times as much twice the spend brings.

    >>> round(doubled(0.7), 2)
    1.62
    """
    return float(2.0**beta)


@dataclass(frozen=True, eq=False)
class Response:
    """The exponent β of each influencer's response, its uncertainty, and whether data told it."""

    beta: Floats
    deviation: Floats
    known: bool

    @classmethod
    def fixed(cls, beta: float, count: int, *, known: bool = True) -> Response:
        """Return one exponent for all, taken as given, or as usual where it is not known."""
        doubt = 0.0 if known else _KNOWN
        return cls(np.full(count, beta), np.full(count, doubt), known)


@dataclass(frozen=True)
class Exponent:
    """An estimate of β with its standard error; infinite where the data says nothing."""

    beta: float
    error: float


def response(view: View, influencers: pd.Index[str]) -> Response:
    """Return the response of influencers, pooled by tier where the data has one.

    Parameters
    ----------
    view
        A view; months of influencers who are paid per post count, because pay per order follows
        orders instead of bringing them.
    influencers
        Whose responses to return, in this order.

    Returns
    -------
    Response
        β = 0.7 and not known, where spend took too few levels.
    """
    months = _monthly(view)
    overall = exponent(months)
    if overall.error > _KNOWN:
        return Response.fixed(_USUAL, len(influencers), known=False)
    centre = _pooled(overall, Exponent(_USUAL, _USUAL_SPREAD))
    tiers = {name: _pooled(exponent(part), Exponent(centre.beta, _TIER_SPREAD))
             for name, part in months.groupby("tier")}  # fmt: skip
    tier = _tiers(view).reindex(influencers)
    own = [tiers.get(name, centre) for name in tier]
    beta = np.clip([e.beta for e in own], *_RANGE)
    return Response(beta, np.array([e.error for e in own]), known=True)


def _monthly(view: View) -> pd.DataFrame:
    """Return spend (money), orders and tier per influencer paid per post and month."""
    rows = view.rows.filter((nw.col("basis") == "post") & ~nw.col("date").is_null())
    month = nw.col("date").dt.truncate("1mo").alias("month")
    frame = (
        rows.with_columns(month)
        .group_by("influencer_id", "month")
        .agg(nw.col("spend", "orders").sum())
        .filter(nw.col("spend") > 0)
        .sort("influencer_id", "month")
        .collect()
        .pipe(to_pandas)
    )
    return frame.assign(tier=frame["influencer_id"].map(_tiers(view)))


def _tiers(view: View) -> pd.Series[str]:
    """Return the tier per influencer; one for all where the data has none."""
    import pandas as pd

    names = view.rows.collect_schema().names()
    tier = nw.col("tier").cast(nw.String) if "tier" in names else nw.lit("all")
    frame = view.rows.select(nw.col("influencer_id").cast(nw.String), tier.alias("tier")).unique()
    table = frame.collect().pipe(to_pandas).dropna().drop_duplicates("influencer_id")
    return pd.Series(table["tier"].to_numpy(), index=table["influencer_id"].to_numpy())


def exponent(months: pd.DataFrame) -> Exponent:
    """Return β from how an influencer's orders split over months of different spend.

    Parameters
    ----------
    months
        One row per influencer × month: ``influencer_id``, ``spend`` above 0 (money), ``orders``.

    Notes
    -----
    Given an influencer's orders in total, months get them in proportion to spend^β (a conditional
    Poisson regression: what the influencer is like cancels). The error is widened by the observed
    overdispersion. Months of higher demand and higher spend would look like response.

    Source: the conditional Poisson regression of Hausman, Hall and Griliches 1984, "Econometric
    Models for Count Data with an Application to the Patents–R&D Relationship".

    Examples
    --------
    >>> import pandas as pd
    >>> months = pd.DataFrame(
    ...     {"influencer_id": ["a", "a"], "spend": [100.0, 400.0], "orders": [1000.0, 2000.0]})
    >>> round(exponent(months).beta, 3)
    0.5
    """
    who, group = np.unique(months["influencer_id"].to_numpy(str), return_inverse=True)
    orders = months["orders"].to_numpy(np.float64)
    level = np.log(months["spend"].to_numpy(np.float64))
    total = np.bincount(group, orders, len(who))
    beta = _USUAL
    for _ in range(30):
        share = np.exp(beta * level)
        share /= np.bincount(group, share, len(who))[group]
        mean = np.bincount(group, share * level, len(who))[group]
        information = float((total[group] * share * (level - mean) ** 2).sum())
        if information < 1e-9:
            return Exponent(_USUAL, float("inf"))
        beta = float(np.clip(beta + (orders * (level - mean)).sum() / information, -2.0, 3.0))
    expected = total[group] * share
    some = expected > 0
    free = max(int(some.sum()) - int((total > 0).sum()) - 1, 1)
    excess = ((orders - expected)[some] ** 2 / expected[some]).sum() / free
    return Exponent(beta, float(np.sqrt(max(excess, 1.0) / information)))


def _pooled(own: Exponent, usual: Exponent) -> Exponent:
    """Return the precision-weighted mean of an estimate and what is usual."""
    weights = np.array([own.error, usual.error]) ** -2.0
    beta = float(weights @ [own.beta, usual.beta] / weights.sum())
    return Exponent(beta, float(weights.sum() ** -0.5))
