"""Skill: who is really good, told from luck.

An influencer with two lucky orders must not top a table. Rates and order values are pulled towards
the group's (see `hk_metrics.ranking.shrinkage`), and influencers are ranked by what they are
expected to deliver rather than by what they happened to deliver.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, overload

from hk_metrics.arguments import text, view_of
from hk_metrics.errors import UnknownNameError
from hk_metrics.metrics import METRICS
from hk_metrics.ranking.post_spread import post_spread
from hk_metrics.ranking.sums import influencer_sums
from hk_metrics.ranking.table import (
    FEW_ORDERS,
    MEAN,
    RANKABLE,
    SORTS,
    Rankable,
    ranked,
)
from hk_metrics.results.output import Output, given_as
from hk_metrics.results.presentation import Presentation
from hk_metrics.settings import Settings

if TYPE_CHECKING:
    import polars as pl

    from hk_metrics.results.result import Result
    from hk_metrics.view import View

__all__ = ["FEW_ORDERS", "RANKABLE", "SORTS", "Rankable", "influencer_sums", "rank", "ranked"]


@overload
def rank(
    view: View,
    metric: str = ...,
    *,
    sort: str = ...,
    output: Literal["pandas"] = ...,
) -> Result: ...
@overload
def rank(
    view: View,
    metric: str = ...,
    *,
    sort: str = ...,
    output: Literal["polars"],
) -> pl.DataFrame: ...
def rank(
    view: View,
    metric: str = "roas",
    *,
    sort: str = MEAN,
    output: Output = "pandas",
) -> Result | pl.DataFrame:
    """Return influencers by what they are expected to deliver, best first.

    Parameters
    ----------
    view
        A view; its filters and attribution hold. A dataset stands for the view of all of it.
    metric
        One of `RANKABLE`: roas and roi by spend, cpo, conversion_rate, revenue_per_post,
        revenue_per_1k_reach.
    sort
        ``mean``: by the shrunken mean, which chooses the better ten at any number of orders;
        ``certain``: by what is reached with 90 % certainty, which prefers those known longest.
    output
        ``polars`` gives a Polars frame, the index as columns; attrs stay with pandas.

    Returns
    -------
    pandas.DataFrame
        Index ``influencer_id``; columns ``raw``, ``shrunken``, ``lower``, ``upper`` (90 %) in the
        metric's unit; ``floor``, what is reached with 90 % certainty;
        ``above_break_even`` (roas and roi) and ``above_median``, probabilities (fractions) of being
        better than a ROAS of 1 ÷ their margin, and than the median influencer;
        ``orders``, ``revenue``, ``spend``; ``segment`` (high, good, break-even, loss by ROI) and
        its ``certainty`` (probability). Influencers without spend (or reach, posts) come last,
        with NaN. ``attrs``: ``assumption``, ``warnings``, ``post_spread`` (of one influencer's
        posts, relative).

    Raises
    ------
    UnknownNameError
        For a metric that is no rate of orders or revenue, or an order that there is not.
    ParameterError
        For what is no view.
    InsufficientDataError
        If nobody in the view has an order, or the data has no orders, revenue or exposure.

    Notes
    -----
    See `hk_metrics.ranking.shrinkage.posterior` and `hk_metrics.ranking.post_spread`: intervals
    hold what each influencer's posts bring on average, so that a few posts say less than many.
    Influencers with fewer than 3 orders are not ranked above the median. Ranked is what was
    tracked and credited: nothing here is incremental.

    Examples
    --------
    >>> import hk_metrics as hk
    >>> data, _ = hk.simulate(seed=7, influencers=12, days=30, events=500)
    >>> best = hk.rank(data, "roas").dropna(subset="shrunken")
    >>> bool((best["lower"] <= best["shrunken"]).all())
    True
    """
    view = view_of(view, "rank()")
    if text("metric", metric, "roas") not in RANKABLE:
        raise UnknownNameError.of("metric to rank by", metric, RANKABLE)
    if text("sort", sort, MEAN) not in SORTS:
        raise UnknownNameError.of("order to sort by", sort, SORTS)
    settings, exposure = view.ledger.settings, RANKABLE[metric].exposure
    view.require(*RANKABLE[metric].counted, exposure)
    sums = influencer_sums(view, exposure)
    spread = post_spread(view)
    margin = view.kept("influencer_id").reindex(sums.index).fillna(settings.kept)
    table = ranked(
        spread.beside(sums), metric, sort=sort, margin=margin, bands=settings.bands["roi"]
    )
    table.attrs["assumption"] += f" {spread.text}"
    table.attrs["warnings"] += sums.attrs["warnings"]
    table.attrs["post_spread"] = spread.variance**0.5
    return given_as(table, output, _presentation(metric, settings))


def _presentation(metric: str, settings: Settings) -> Presentation:
    columns = ("raw", "shrunken", "lower", "upper", "floor")
    even = {"roas": 1.0 / settings.kept, "roi": 0.0}
    return Presentation(
        "estimates", settings, metric, dict.fromkeys(columns, METRICS[metric].unit),
        ("shrunken", "lower", "upper"), even.get(metric),
        f"{METRICS[metric].label}, shrunken, with 90 % intervals",
    )  # fmt: skip
