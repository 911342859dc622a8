"""The truth beside the data: what came anyway, what each post added, who is really good."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hk_metrics.simulate.catalogue import BRAND_NAMES, usual_value
from hk_metrics.simulate.orders import REFUND_DAYS, order_value

if TYPE_CHECKING:
    import pandas as pd

    from hk_metrics.simulate.activity import Posts
    from hk_metrics.simulate.demand import Demand
    from hk_metrics.simulate.scenario import Scenario

Array = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Truth:
    """What a simulated world really does; everything is an expectation, before chance.

    Parameters
    ----------
    scenario
        The parameters of the world.
    daily
        One row per day × brand: ``date``, ``brand``, ``baseline_orders``, ``lift_orders``,
        ``leaked_orders`` (tracked, but part of the baseline), ``tracked_orders``,
        ``baseline_revenue``, ``lift_revenue`` (rupees, net of refunds on the day they are paid).
        Baseline + lift is what ``daily_sales`` shows on average.
    posts
        One row per post: ``post_id``, ``influencer_id``, ``brand``, ``campaign``, ``date``,
        ``lift_orders``, ``tracked_orders``, both within the period.
    activity
        One row per influencer × brand × day with an effect: ``influencer_id``, ``brand``,
        ``date``, ``lift_orders``, ``tracked_orders``.
    influencers
        One row per influencer, index ``influencer_id``: ``reach``, ``tracked_orders``,
        ``order_rate`` (tracked orders per reach), ``order_value`` and ``revenue`` (rupees, tracked,
        net of refunds), ``spend`` (rupees, as paid), ``roas`` (expected revenue ÷ spend),
        ``lift_orders``, ``lift_revenue``, ``incremental_roas``, ``loss_making`` (by design).
    """

    scenario: Scenario
    daily: pd.DataFrame
    posts: pd.DataFrame
    activity: pd.DataFrame
    influencers: pd.DataFrame

    @property
    def lift(self) -> pd.DataFrame:
        """Incremental orders and revenue (rupees) per brand, over the whole period."""
        return self.daily.groupby("brand")[["lift_orders", "lift_revenue"]].sum()


def net_by_day(revenue: Array, share: float) -> Array:
    """Return expected net revenue from gross, days on the last axis (rupees).

    Refunds fall evenly on the 3rd to 14th day after; those beyond the last day have not happened.

    >>> net_by_day(np.array([100.0, 0.0, 0.0, 0.0, 0.0]), 0.12).tolist()
    [100.0, 0.0, 0.0, -1.0, -1.0]
    """
    low, high = REFUND_DAYS
    net = revenue.copy()
    for delay in range(low, min(high + 1, revenue.shape[-1])):
        net[..., delay:] -= share / (high - low + 1) * revenue[..., :-delay]
    return net


def truth(
    scenario: Scenario,
    posts: Posts,
    demand: Demand,
    table: pl.DataFrame,
    spend: pl.DataFrame,
    start: np.datetime64,
) -> Truth:
    """Sum the cells of `Demand` to the tables of `Truth`.

    ``table`` is the posts as written; ``spend`` has ``influencer_id``, ``spend`` (rupees) and
    ``loss_making``, one row per influencer.
    """
    cells = _cells(scenario, posts, demand, table, start)
    measures = pl.sum("lift_orders", "tracked_orders")
    key = ["influencer_id", "brand", "date"]
    by_post = cells.group_by("post").agg(measures).sort("post").drop("post")
    described = table.select("post_id", "influencer_id", "brand", "campaign", "date")
    return Truth(
        scenario,
        _daily(scenario, demand, posts.brand, cells, start).to_pandas(),
        pl.concat([described, by_post], how="horizontal").to_pandas(),
        cells.group_by(key).agg(measures).sort(key).to_pandas(),
        _influencers(cells, table, spend).to_pandas().set_index("influencer_id"),
    )


def _cells(
    scenario: Scenario, posts: Posts, demand: Demand, table: pl.DataFrame, start: np.datetime64
) -> pl.DataFrame:
    """Return one row per post and day on which it acts; revenue is gross of refunds.

    A leaked order costs what its buyer would have paid without the code; a halo order pays the
    shop's usual price.
    """
    low, high = REFUND_DAYS
    usual = usual_value()[posts.brand[demand.post]]
    halo = demand.lift - (demand.tracked - demand.leaked)
    sold = demand.tracked * order_value(posts)[demand.post]
    left = demand.baseline.shape[1] - demand.day
    refunded = scenario.refunds * np.clip(left - low, 0, high - low + 1) / (high - low + 1)
    return pl.DataFrame(
        {
            "post": demand.post,
            "influencer_id": table["influencer_id"].gather(demand.post),
            "brand": table["brand"].gather(demand.post),
            "date": start.astype("datetime64[us]") + demand.day.astype("timedelta64[D]"),
            "lift_orders": demand.lift,
            "tracked_orders": demand.tracked,
            "leaked_orders": demand.leaked,
            "lift_revenue": sold + (halo - demand.leaked) * usual,
            "tracked_revenue": sold,
            "kept": 1 - refunded,
        }
    )


def _daily(
    scenario: Scenario, demand: Demand, brand: Codes, cells: pl.DataFrame, start: np.datetime64
) -> pl.DataFrame:
    def summed(name: str) -> Array:
        return demand.by_day(cells[name].to_numpy(), brand)

    def net(revenue: Array) -> Array:
        return net_by_day(revenue, scenario.refunds)

    brands, days = demand.baseline.shape
    tables = {
        "baseline_orders": demand.baseline,
        "lift_orders": summed("lift_orders"),
        "leaked_orders": summed("leaked_orders"),
        "tracked_orders": summed("tracked_orders"),
        "baseline_revenue": net(demand.baseline * usual_value()[:, None]),
        "lift_revenue": net(summed("lift_revenue")),
    }
    date = start.astype("datetime64[us]") + np.arange(days).astype("timedelta64[D]")
    return pl.DataFrame(
        {
            "date": np.tile(date, brands),
            "brand": np.repeat(BRAND_NAMES, days),
            **{name: values.ravel() for name, values in tables.items()},
        }
    ).sort("date", maintain_order=True)


def _influencers(cells: pl.DataFrame, table: pl.DataFrame, spend: pl.DataFrame) -> pl.DataFrame:
    kept = pl.col("kept")
    sums = cells.group_by("influencer_id").agg(
        pl.sum("tracked_orders", "lift_orders"),
        revenue=(pl.col("tracked_revenue") * kept).sum(),
        lift_revenue=(pl.col("lift_revenue") * kept).sum(),
    )
    reach = table.group_by("influencer_id").agg(pl.sum("reach"))
    paid = pl.col("spend") > 0
    return (
        spend.join(reach, on="influencer_id", how="left")
        .join(sums, on="influencer_id", how="left")
        .with_columns(
            order_rate=pl.col("tracked_orders") / pl.col("reach"),
            order_value=pl.col("revenue") / pl.col("tracked_orders"),
            roas=pl.when(paid).then(pl.col("revenue") / pl.col("spend")),
            incremental_roas=pl.when(paid).then(pl.col("lift_revenue") / pl.col("spend")),
        )
        .sort("influencer_id")
    )
