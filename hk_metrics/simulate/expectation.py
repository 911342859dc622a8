"""What a simulated world expects, summed to the tables of its truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hk_metrics.interchange import to_pandas
from hk_metrics.simulate.catalogue import BRAND_NAMES, usual_value
from hk_metrics.simulate.orders import REFUND_DAYS, order_value
from hk_metrics.simulate.truth import Truth

if TYPE_CHECKING:
    from hk_metrics.simulate.activity import Posts
    from hk_metrics.simulate.demand import Demand
    from hk_metrics.simulate.scenario import Scenario

Array = NDArray[np.float64]
_Codes = NDArray[np.int64]


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
    sold, added = _revenue(posts, demand)
    described = table.select("post_id", "influencer_id", "brand", "campaign", "date")
    by_post = {
        "lift_orders": np.bincount(demand.post, demand.lift, len(posts)),
        "tracked_orders": np.bincount(demand.post, demand.tracked, len(posts)),
    }
    return Truth(
        scenario,
        _daily(scenario, demand, posts.brand, added, start).pipe(to_pandas),
        described.with_columns(**{n: pl.Series(v) for n, v in by_post.items()}).pipe(to_pandas),
        _activity(posts, demand, spend["influencer_id"], start).pipe(to_pandas),
        _influencers(scenario, posts, demand, sold, added, spend)
        .pipe(to_pandas)
        .set_index("influencer_id"),
    )


def _revenue(posts: Posts, demand: Demand) -> tuple[Array, Array]:
    """Return each cell's tracked and incremental revenue, gross of refunds (rupees).

    A leaked order costs what its buyer would have paid without the code; a halo order pays the
    shop's usual price.
    """
    usual = usual_value()[posts.brand[demand.post]]
    halo = demand.lift - (demand.tracked - demand.leaked)
    sold = demand.tracked * order_value(posts)[demand.post]
    return sold, sold + (halo - demand.leaked) * usual


def _daily(
    scenario: Scenario, demand: Demand, brand: _Codes, added: Array, start: np.datetime64
) -> pl.DataFrame:
    def net(revenue: Array) -> Array:
        return net_by_day(revenue, scenario.refunds)

    brands, days = demand.baseline.shape
    tables = {
        "baseline_orders": demand.baseline,
        "lift_orders": demand.by_day(demand.lift, brand),
        "leaked_orders": demand.by_day(demand.leaked, brand),
        "tracked_orders": demand.by_day(demand.tracked, brand),
        "baseline_revenue": net(demand.baseline * usual_value()[:, None]),
        "lift_revenue": net(demand.by_day(added, brand)),
    }
    return pl.DataFrame(
        {
            "date": np.tile(_dates(start, np.arange(days)), brands),
            "brand": np.repeat(BRAND_NAMES, days),
            **{name: values.ravel() for name, values in tables.items()},
        }
    ).sort("date", maintain_order=True)


def _activity(posts: Posts, demand: Demand, ids: pl.Series, start: np.datetime64) -> pl.DataFrame:
    brands, days = demand.baseline.shape
    who = posts.influencer * brands + posts.brand
    cell = who[demand.post] * days + demand.day
    size = len(ids) * brands * days
    lift, tracked = (np.bincount(cell, v, size) for v in (demand.lift, demand.tracked))
    used = np.flatnonzero(tracked)
    who, day = np.divmod(used, days)
    return pl.DataFrame(
        {
            "influencer_id": ids.gather(who // brands),
            "brand": pl.Series(BRAND_NAMES).gather(who % brands),
            "date": _dates(start, day),
            "lift_orders": lift[used],
            "tracked_orders": tracked[used],
        }
    )


def _influencers(
    scenario: Scenario,
    posts: Posts,
    demand: Demand,
    sold: Array,
    added: Array,
    spend: pl.DataFrame,
) -> pl.DataFrame:
    low, high = REFUND_DAYS
    left = demand.baseline.shape[1] - demand.day
    refunded = scenario.refunds * np.clip(left - low, 0, high - low + 1) / (high - low + 1)
    who = posts.influencer[demand.post]

    def summed(values: Array) -> pl.Series:
        return pl.Series(np.bincount(who, values, len(spend)))

    paid = pl.col("spend") > 0
    return spend.with_columns(
        reach=pl.Series(np.bincount(posts.influencer, posts.reach, len(spend))),
        tracked_orders=summed(demand.tracked),
        lift_orders=summed(demand.lift),
        revenue=summed(sold * (1 - refunded)),
        lift_revenue=summed(added * (1 - refunded)),
    ).with_columns(
        order_rate=pl.col("tracked_orders") / pl.col("reach"),
        order_value=pl.col("revenue") / pl.col("tracked_orders"),
        roas=pl.when(paid).then(pl.col("revenue") / pl.col("spend")),
        incremental_roas=pl.when(paid).then(pl.col("lift_revenue") / pl.col("spend")),
    )


def _dates(start: np.datetime64, day: _Codes) -> NDArray[np.datetime64]:
    return np.asarray(start.astype("datetime64[us]") + day.astype("timedelta64[D]"))
