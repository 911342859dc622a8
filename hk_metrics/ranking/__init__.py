"""Skill: who is really good, told from luck.

An influencer with two lucky orders must not top a table. Rates and order values are pulled towards
the group's (see `hk_metrics.ranking.shrinkage`), and influencers are ranked by what they deliver
with 90 % certainty rather than by what they happened to deliver.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw

from hk_metrics.errors import UnknownNameError
from hk_metrics.ranking.table import FEW_ORDERS, RANKABLE, Rankable, ranked

if TYPE_CHECKING:
    import pandas as pd

    from hk_metrics.view import View

__all__ = ["FEW_ORDERS", "RANKABLE", "Rankable", "influencer_sums", "rank", "ranked"]


def rank(view: View, metric: str = "roas") -> pd.DataFrame:
    """Return influencers by what they deliver with 90 % certainty, best first.

    Parameters
    ----------
    view
        A view; its filters and attribution hold.
    metric
        One of `RANKABLE`: roas and roi by spend, cpo, conversion_rate, revenue_per_post,
        revenue_per_1k_reach.

    Returns
    -------
    pandas.DataFrame
        Index ``influencer_id``; columns ``raw``, ``shrunken``, ``lower``, ``upper`` (90 %) in the
        metric's unit; ``floor``, what is reached with 90 % certainty and sorts the table;
        ``above_break_even`` (roas and roi) and ``above_median``, probabilities (fractions) of being
        better than a ROAS of 1 ÷ margin, and than the median influencer;
        ``orders``, ``revenue``, ``spend``; ``segment`` (high, good, break-even, loss by ROI) and
        its ``certainty`` (probability). Influencers without spend (or reach, posts) come last,
        with NaN. ``attrs``: ``assumption``, ``warnings``.

    Raises
    ------
    UnknownNameError
        For a metric that is no rate of orders or revenue.
    InsufficientDataError
        If nobody in the view has an order, or the data has no orders, revenue or exposure.

    Notes
    -----
    See `hk_metrics.ranking.shrinkage.posterior`. Influencers with fewer than 3 orders are not
    ranked above the median. Ranked is what was tracked and credited: nothing here is incremental.
    """
    if metric not in RANKABLE:
        raise UnknownNameError.of("metric to rank by", metric, RANKABLE)
    settings, exposure = view.ledger.settings, RANKABLE[metric].exposure
    view.require(*RANKABLE[metric].counted, exposure)
    return ranked(
        influencer_sums(view, exposure),
        metric,
        margin=settings.margin or 1.0,
        bands=settings.bands["roi"],
    )


def influencer_sums(view: View, *more: str) -> pd.DataFrame:
    """Return orders, revenue, spend and squares (Σ revenue² ÷ orders) per influencer of a view.

    Parameters
    ----------
    view
        A view.
    more
        Further metrics to add, e.g. ``reach``.
    """
    names = tuple(dict.fromkeys(("orders", "revenue", "spend", *more)))
    sums = view.by("influencer_id", metrics=names)
    squares = (
        view.events.filter(nw.col("orders") > 0)
        .group_by("influencer_id")
        .agg((nw.col("revenue") ** 2 / nw.col("orders")).sum().alias("squares"))
        .collect()
        .to_pandas()
        .set_index("influencer_id")["squares"]
    )
    squares.index = squares.index.astype(object)
    known = sums.loc[sums.index != "(none)"]
    return known.assign(squares=squares.reindex(known.index).fillna(0.0))
