"""Which post brought the order: conservation, hand-worked cases, and a known truth."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl
import pytest

from hk_metrics.attribution import post_credit
from hk_metrics.errors import ParameterError
from hk_metrics.settings import Settings

START = np.datetime64("2025-01-01")


@dataclass(frozen=True)
class Data:
    """Tables with settings, as a dataset has them."""

    tables: dict[str, pl.DataFrame]
    settings: Settings = field(default_factory=Settings)


def dataset(posts, orders) -> Data:
    """Make a dataset of posts (influencer, day, reach) and orders (influencer, day, revenue)."""
    who, day, reach = (np.array(c) for c in zip(*posts, strict=True))
    buyer, bought, revenue = (np.array(c) for c in zip(*orders, strict=True))
    return Data(
        {
            "posts": pl.DataFrame(
                {
                    "influencer_id": who.astype(str),
                    "date": (START + day).astype("datetime64[us]"),
                    "reach": reach.astype(float),
                }
            ),
            "tracking_data": pl.DataFrame(
                {
                    "source": ["BioLink"] * len(buyer),
                    "influencer_id": buyer.astype(str),
                    "date": (START + bought).astype("datetime64[us]"),
                    "orders": [1] * len(buyer),
                    "revenue": revenue.astype(float),
                }
            ),
        }
    )


def test_the_only_recent_post_takes_the_order():
    data = dataset([(1, 0, 100), (2, 0, 100), (1, 90, 100)], [(1, 3, 50.0), (2, 5, 70.0)])
    table = post_credit(data)
    assert table["revenue"].to_list() == pytest.approx([50.0, 70.0, 0.0])
    assert table["orders"].to_list() == pytest.approx([1.0, 1.0, 0.0])
    assert table.attrs["unassigned_orders"] == pytest.approx(0)


def test_orders_before_any_post_or_after_the_window_stay_unassigned():
    data = dataset([(1, 10, 100)], [(1, 9, 5.0), (1, 70, 7.0), (1, 71, 9.0), (3, 11, 11.0)])
    table = post_credit(data)
    assert table["revenue"].to_list() == pytest.approx([7.0])
    assert table.attrs["unassigned_revenue"] == pytest.approx(5 + 9 + 11)
    assert table.attrs["unassigned_orders"] == pytest.approx(3)


def test_equal_posts_of_one_day_share_equally():
    data = dataset([(1, 0, 100), (1, 0, 100)], [(1, 1, 30.0), (1, 2, 50.0)])
    assert post_credit(data)["revenue"].to_list() == pytest.approx([40.0, 40.0])


def test_a_post_of_more_reach_takes_more():
    data = dataset([(1, 0, 9000), (1, 0, 1000)], [(1, n % 5, 10.0) for n in range(20)])
    strong, weak = post_credit(data)["orders"]
    assert strong > 3 * weak > 0


def test_posts_without_orders_at_all_are_answered_with_zeros():
    table = post_credit(dataset([(1, 5, 100)], [(2, 5, 10.0)]))
    assert table["orders"].to_list() == [0.0]


def test_window_below_zero_is_refused():
    with pytest.raises(ParameterError, match="window_days"):
        post_credit(dataset([(1, 0, 1)], [(1, 0, 1.0)]), window_days=-1)


@pytest.mark.parametrize("half_life", [1.0, 3.0])
def test_half_life_is_found_and_credit_beats_the_latest_post(half_life):
    posts, orders, truth = simulated(half_life, seed=5)
    table = post_credit(dataset(posts, orders))
    assert table.attrs["half_life_days"] == pytest.approx(half_life, rel=0.15)
    wrong = np.abs(table["orders"] - truth).sum() / 2 / len(orders)
    latest = np.abs(latest_post(posts, orders) - truth).sum() / 2 / len(orders)
    assert wrong < latest / 2


def simulated(half_life, seed, influencers=40, days=180, per=10):
    """Draw posts with gamma strengths and orders at geometric ages."""
    rng = np.random.default_rng(seed)
    who = np.repeat(np.arange(influencers), per)
    day = rng.integers(0, days, len(who))
    reach = rng.lognormal(9, 0.8, len(who))
    count = rng.poisson(20 * reach / reach.mean() * rng.gamma(4, 0.25, len(who)))
    post = np.repeat(np.arange(len(who)), count)
    bought = day[post] + rng.geometric(1 - 0.5 ** (1 / half_life), len(post)) - 1
    post, bought = post[bought < days], bought[bought < days]
    orders = list(zip(who[post], bought, np.ones(len(post)), strict=True))
    return list(zip(who, day, reach, strict=True)), orders, np.bincount(post, minlength=len(who))


def latest_post(posts, orders):
    """Credit each order to the influencer's latest post, days shared equally."""
    frame = pl.DataFrame(posts, schema=["who", "day", "reach"], orient="row").with_row_index("post")
    same_day = frame.group_by("who", "day").agg("post").sort("day")
    bought = pl.DataFrame(orders, schema=["who", "bought", "revenue"], orient="row").sort("bought")
    joined = bought.join_asof(
        same_day, left_on="bought", right_on="day", by="who", check_sortedness=False
    ).with_columns(share=1 / pl.col("post").list.len())
    credit = joined.explode("post").group_by("post").agg(pl.col("share").sum())
    return frame.join(credit, on="post", how="left").sort("post")["share"].fill_null(0).to_numpy()
