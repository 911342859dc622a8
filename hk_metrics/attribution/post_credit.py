"""Which post brought the order: an influencer's orders shared among that influencer's posts.

The code or link fixes the influencer, not the post. Each post p is taken to bring orders at the
rate λ_p · k(age), k halving every h days; an order belongs to the recent posts in proportion to
their rates on that day. λ and h are those that make the observed orders likeliest, by expectation
and maximisation (EM), with λ pulled towards the influencer's orders per reach.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
import polars as pl

from hk_metrics.attribution.credit import Tables
from hk_metrics.attribution.journeys import summed
from hk_metrics.attribution.post_rates import Cases, best_fit
from hk_metrics.errors import ParameterError
from hk_metrics.interchange import to_pandas
from hk_metrics.ledger.events import is_organic

if TYPE_CHECKING:
    import pandas as pd

_WINDOW_DAYS = 60
ASSUMPTION = (
    "An order follows one of its influencer's recent posts, more likely a near one and a strong "
    "one; nothing but posts brings orders."
)


def post_credit(data: Tables, window_days: int = _WINDOW_DAYS) -> pd.DataFrame:
    """Return the orders and revenue (money) credited to each post.

    Parameters
    ----------
    data
        A dataset.
    window_days
        Oldest age (days) at which a post may bring an order.

    Returns
    -------
    pandas.DataFrame
        One row per row of the `posts` table, in its order (index ``post`` = row number); columns
        ``influencer_id``, ``date``, ``orders``, ``revenue``. ``attrs``: ``half_life_days``,
        ``unassigned_orders`` and ``unassigned_revenue`` (no post of the influencer within the
        window), ``method``, ``assumption``.

    Raises
    ------
    ParameterError
        For a window below 0 days.

    Notes
    -----
    Credited orders and the unassigned ones add to all attributed orders. The ledger's own split
    stays with the influencer's latest post, which is simpler and stated there.
    """
    if window_days < 0:
        raise ParameterError(f"window_days={window_days!r}: give a number of days, e.g. 60")
    posts = _posts(data.tables["posts"])
    days = _days(data.tables["tracking_data"])
    cases, pairs = _cases(posts, days, window_days)
    fit = best_fit(cases)
    n = len(posts)
    columns = {m: summed(cases.post, fit.share * pairs[m].to_numpy(), n)
               for m in ("orders", "revenue")}  # fmt: skip
    result = posts.select("influencer_id", "date").pipe(to_pandas).assign(**columns)
    result.index.name = "post"
    result.attrs = {
        "method": "Shares by recency and strength of the influencer's posts (EM)",
        "assumption": ASSUMPTION,
        "half_life_days": float(fit.half_life),
        **{f"unassigned_{m}": round(float(days[m].sum() - columns[m].sum()), 6) for m in columns},
    }
    return result


def _posts(posts: pl.DataFrame) -> pl.DataFrame:
    return posts.select(
        "influencer_id",
        pl.col("date").dt.truncate("1d"),
        pl.col("reach").cast(pl.Float64).fill_null(0.0).clip(0.0),
    ).with_row_index("post")


def _days(tracking: pl.DataFrame) -> pl.DataFrame:
    """Return attributed orders and revenue per influencer and day."""
    frame = nw.from_native(tracking).with_columns(is_organic()).to_native()
    return (
        frame.filter(~pl.col("organic") & ((pl.col("orders") != 0) | (pl.col("revenue") != 0)))
        .group_by("influencer_id", day=pl.col("date").dt.truncate("1d"), maintain_order=True)
        .agg(pl.col("orders").cast(pl.Float64).sum(), pl.col("revenue").cast(pl.Float64).sum())
        .with_row_index("cell")
    )


def _cases(posts: pl.DataFrame, days: pl.DataFrame, window: int) -> tuple[Cases, pl.DataFrame]:
    age = (pl.col("day") - pl.col("date")).dt.total_days()
    pairs = (
        days.join(posts, on="influencer_id")
        .with_columns(age.cast(pl.Float64).alias("age"))
        .filter(pl.col("age").is_between(0, window))
        .sort("cell", "post")
    )
    last = pl.max_horizontal(days["day"].max(), posts["date"].max())
    observed = posts.select((last - pl.col("date")).dt.total_days().clip(0, window))
    cases = Cases(
        pairs["cell"].cast(pl.Int64).to_numpy(),
        pairs["post"].cast(pl.Int64).to_numpy(),
        pairs["age"].to_numpy(),
        days["orders"].to_numpy(),
        (posts["influencer_id"].rank("dense").cast(pl.Int64) - 1).to_numpy(),
        posts["reach"].to_numpy(),
        observed.to_series().cast(pl.Float64).to_numpy(),
        window,
    )
    return cases, pairs
