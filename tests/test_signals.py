"""Signals: each kind finds what was planted, and a quiet dataset is left alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
import polars as pl
import pytest

from hk_metrics.settings import Settings
from hk_metrics.signals import signals

FIRST = datetime(2025, 1, 1)


@dataclass(frozen=True)
class Data:
    """Tables with settings, as a dataset has them."""

    tables: dict[str, pl.DataFrame]
    settings: Settings = field(default_factory=Settings)


def posts(seed=3, influencers=20, per=10):
    """Draw posts with rates around 5 %, a comment for ten likes, reach from 5 to 20 thousand."""
    rng = np.random.default_rng(seed)
    n = influencers * per
    reach = rng.integers(5_000, 20_000, n)
    likes = rng.poisson(reach * 0.05 * rng.lognormal(0, 0.15, n))
    return pl.DataFrame(
        {
            "influencer_id": [f"i{k % influencers}" for k in range(n)],
            "platform": ["Instagram"] * n,
            "date": [FIRST + timedelta(days=int(d)) for d in rng.integers(0, 100, n)],
            "reach": reach,
            "likes": likes,
            "comments": rng.poisson(likes * 0.1),
        }
    )


def orders(rows):
    """Make orders of (influencer, user, day)."""
    who, user, day = (list(c) for c in zip(*rows, strict=True))
    return pl.DataFrame(
        {
            "source": ["BioLink"] * len(rows),
            "influencer_id": who,
            "user_id": user,
            "date": [FIRST + timedelta(days=int(d)) for d in day],
            "orders": [1] * len(rows),
            "revenue": [100.0] * len(rows),
        }
    )


QUIET = orders([("i0", "u0", 99)])


def found(post_rows, order_rows, kind):
    table = signals(Data({"posts": post_rows, "tracking_data": order_rows}))
    return table[table["signal"] == kind]


def test_ordinary_posts_and_orders_raise_nothing():
    assert signals(Data({"posts": posts(), "tracking_data": QUIET})).empty


@pytest.mark.parametrize("factor", [0.02, 10.0])
def test_engagement_far_from_posts_of_like_reach_is_listed_with_its_numbers(factor):
    likes = pl.when(pl.int_range(pl.len()) == 7).then(pl.col("likes") * factor)
    table = found(posts().with_columns(likes.otherwise("likes").alias("likes")), QUIET,
                  "engagement rate")  # fmt: skip
    assert table["post"].to_list() == [7]
    assert "posts of like reach on Instagram" in table["reason"].iloc[0]


def test_comments_far_from_the_usual_per_like_are_listed():
    comments = pl.when(pl.int_range(pl.len()) == 3).then(pl.col("likes") * 2)
    planted = posts().with_columns(comments.otherwise("comments").alias("comments"))
    assert found(planted, QUIET, "comments per like")["post"].to_list() == [3]


def test_hidden_likes_and_comments_are_no_sign_of_anything():
    hidden = pl.int_range(pl.len()) % 10 == 3
    for name in ("likes", "comments"):
        planted = posts().with_columns(pl.when(~hidden).then(name).alias(name))
        assert signals(Data({"posts": planted, "tracking_data": QUIET})).empty


def test_engagement_that_hardly_varies_is_listed():
    mine = pl.col("influencer_id") == "i4"
    exact = {
        "likes": (pl.col("reach") * 0.05).round(),
        "comments": (pl.col("reach") * 0.005).round(),
    }
    planted = posts().with_columns(
        pl.when(mine).then(value).otherwise(pl.col(name)).alias(name)
        for name, value in exact.items()
    )
    table = found(planted, QUIET, "constant engagement")
    assert table["influencer_id"].to_list() == ["i4"]
    assert "10 posts" in table["reason"].iloc[0]


def test_orders_that_no_post_precedes_are_listed_with_their_share():
    one = posts().filter(pl.int_range(pl.len()) == 0).with_columns(date=pl.lit(FIRST))
    rows = [("i0", f"u{n}", 31 + n) for n in range(6)] + [("i0", "v", 30), ("i0", "w", 1)]
    table = found(one, orders(rows), "orders without a post")
    assert "6 of 8 orders" in table["reason"].iloc[0]
    assert table["strength"].iloc[0] == pytest.approx(0.75)


def test_spike_long_after_the_latest_post_is_listed_and_one_after_a_post_is_not():
    late, soon = (
        pl.DataFrame({"influencer_id": ["i0"], "platform": ["X"], "date": [FIRST + timedelta(d)],
                      "reach": [0], "likes": [0], "comments": [0]})
        for d in (30, 58)
    )  # fmt: skip
    rows = [("i0", f"a{d}", d) for d in range(0, 100, 5)] + [("i0", f"u{n}", 59) for n in range(20)]
    table = found(late, orders(rows), "order spike")
    assert table["date"].to_list() == [FIRST + timedelta(days=59)]
    assert "20 orders on one day, 29 days after the latest post" in table["reason"].iloc[0]
    assert found(pl.concat([late, soon]), orders(rows), "order spike").empty


def test_spike_is_held_against_quiet_days_alone():
    # Posts on days 0, 8 … 88: quiet is none of days 0 to 95, hence 96 to 99, with 3, 0, 14 and 0
    # orders. Against 3 ÷ 3 a day 14 are a spike and 6 are not; over all 99 days 6 would be one.
    rhythm = pl.DataFrame({"influencer_id": ["i0"] * 12, "platform": ["X"] * 12, "reach": [0] * 12,
                           "likes": [0] * 12, "comments": [0] * 12,
                           "date": [FIRST + timedelta(8 * n) for n in range(12)]})  # fmt: skip
    ends = [("i1", f"b{d}", d) for d in range(0, 100, 3)]
    ends += [("i0", "a", 0), *[("i0", f"c{n}", 96) for n in range(3)]]
    table = found(rhythm, orders([*ends, *[("i0", f"u{n}", 98) for n in range(14)]]), "order spike")
    assert "14 orders on one day, 10 days after" in table["reason"].iloc[0]
    assert "the other quiet days have 1.0 on average" in table["reason"].iloc[0]
    few = orders([*ends, *[("i0", f"u{n}", 98) for n in range(6)]])
    assert found(rhythm, few, "order spike").empty


def test_orders_all_on_one_day_are_no_spikes():
    rows = [("i0", f"u{n}", 99) for n in range(50)]
    assert found(posts(), orders(rows), "order spike").empty


def test_influencer_whose_buyers_had_bought_before_is_listed():
    rows = [("i0", f"u{n}", 1) for n in range(200)]
    rows += [("i1", f"u{n}", 50) for n in range(30)] + [("i1", f"n{n}", 50) for n in range(10)]
    table = found(posts(), orders(rows), "returning customers")
    assert table["influencer_id"].to_list() == ["i1"]
    # Elsewhere: none of the 200 orders of i0.
    assert table["reason"].iloc[0] == (
        "75.0 % of 40 orders came from people who had ordered before; elsewhere 0.0 % do."
    )


def test_returning_buyers_of_the_only_influencer_have_nothing_to_be_held_against():
    rows = [("i0", f"u{n % 30}", n) for n in range(90)]
    assert found(posts(), orders(rows), "returning customers").empty
