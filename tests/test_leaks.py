"""Orders that posts do not explain: a planted level is bounded, nothing is said of others."""

from __future__ import annotations

import numpy as np
import pytest

import hk_metrics as hk
from hk_metrics.dataset import Dataset
from hk_metrics.errors import InsufficientDataError
from hk_metrics.leaks.fit import excess, fades, shapes
from hk_metrics.simulate import simulate_tables
from hk_metrics.simulate.leaks import Leak, leaking


def test_level_beside_posts_is_found_without_noise() -> None:
    posts = np.zeros((1, 120))
    posts[0, [5, 40, 80]] = 1.0
    shape = shapes(posts)[4, 0]
    assert shape.sum() == pytest.approx(3.0, abs=1e-3)  # each post spreads to 1
    orders = 60 * shape + np.where(np.arange(120) >= 49, 2.0, 0.0)
    likely, most = excess(orders, shape)
    assert likely.begin in (42, 49)  # looked for week by week
    assert likely.orders == pytest.approx(2 * 71, rel=0.1)
    assert most.orders + 1.645 * most.error >= likely.orders
    assert not fades(orders, shape)


def test_posts_alone_leave_nothing_and_what_fades_is_no_level() -> None:
    posts = np.zeros((1, 150))
    posts[0, [5, 30, 60, 100]] = 1.0
    shape = shapes(posts)[4, 0]
    likely, _ = excess(60 * shape, shape)
    assert likely.orders == pytest.approx(0.0, abs=0.5)
    video = np.where(np.arange(150) >= 30, 4 * 0.5 ** ((np.arange(150) - 30) / 30), 0.0)
    assert fades(60 * shape + video, shape)


def test_planted_leak_is_bounded_and_said_as_not_explained() -> None:
    tables, _ = simulate_tables(301, influencers=14, days=150, events=10_000)
    made, truth, _ = leaking(tables, 1, Leak(0.4, codes=3))
    found = hk.unexplained_orders(Dataset(made).view())
    for influencer, share in truth.items():
        row = found.xs((influencer, "PromoCode")).to_dict()
        assert row["share_upper"] >= share
        assert row["share_lower"] <= row["share"] <= row["share_upper"]
        assert row["at_stake"] >= 0
    planted = {(i, "PromoCode") for i in truth}
    others = found.drop(index=list(planted))
    assert others["listed"].mean() <= 0.05
    assert set(found.index[found["listed"]]) & planted
    assert "Not explained by posts" in found.attrs["assumption"]
    # What comes of it: spend that follows orders and the discount, of as many orders.
    assert (found["at_stake"] > 0).any()


def test_short_data_and_codes_of_nobody_are_refused() -> None:
    tables, _ = simulate_tables(3, influencers=5, days=30, events=900)
    with pytest.raises(InsufficientDataError, match="42 days"):
        hk.unexplained_orders(Dataset(tables).view())
    without = {**tables, "posts": tables["posts"].clear()}
    with pytest.raises(InsufficientDataError, match="posts"):
        hk.unexplained_orders(Dataset(without).view())
