"""Fair fees, peers, posts that tire, concentration: worked by hand and against a known truth."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import polars as pl
import pytest

import hk_metrics as hk
from benchmarks import validate_fees
from hk_metrics.dataset import Dataset
from hk_metrics.errors import InsufficientDataError
from hk_metrics.settings import Settings
from hk_metrics.simulate import Scenario

DAY = datetime(2025, 1, 1)


def dataset(settings: Settings | None = None) -> Dataset:
    """Four influencers, one of another tier: A and B post to the end, C stopped."""
    people = pl.DataFrame(
        {"id": ["A", "B", "C", "D"], "name": ["a", "b", "c", "d"], "category": "Fitness",
         "gender": "Female", "follower_count": 1000, "platform": "Instagram",
         "tier": ["Micro", "Micro", "Micro", "Mega"]}
    )  # fmt: skip
    days = [("A", n) for n in (0, 40, 80)] + [("B", n) for n in (0, 40, 80)] + [("C", 0), ("C", 10), ("D", 80)]  # fmt: skip
    posts = pl.DataFrame(
        {"influencer_id": [w for w, _ in days], "platform": "Instagram",
         "date": [DAY + timedelta(days=n) for _, n in days], "url": None, "caption": None,
         "reach": [1000 if w != "B" else 2000 for w, _ in days], "likes": 50, "comments": 0}
    )  # fmt: skip
    sold = [("A", 60), ("B", 30), ("C", 10)]
    rows = [(w, n) for w, count in sold for n in range(count)]
    tracking = pl.DataFrame(
        {"source": "PromoCode", "campaign": "X", "influencer_id": [w for w, _ in rows],
         "user_id": [f"{w}{n}" for w, n in rows], "product": "Whey",
         "date": [DAY + timedelta(days=1 + 40 * (n % 3) if w != "C" else 2) for w, n in rows],
         "orders": 1, "revenue": 100.0, "clicks": [10 if w != "B" else 1000 for w, _ in rows]}
    )  # fmt: skip
    payouts = pl.DataFrame(
        {"influencer_id": ["A", "B", "C", "D"], "basis": "post", "rate": 0.0, "orders": 0,
         "total_payout": [300.0, 1200.0, 100.0, 900.0]}
    )  # fmt: skip
    tables = {"influencers": people, "posts": posts, "tracking_data": tracking, "payouts": payouts}
    return Dataset(tables, settings or Settings())


def test_fee_is_margin_times_what_holds_and_peers_are_the_others_of_the_tier() -> None:
    plain = hk.fair_fees(dataset().view())
    half = hk.fair_fees(dataset(Settings(margin=0.5)).view())
    np.testing.assert_allclose(half["fair_fee"].reindex(plain.index), 0.5 * plain["fair_fee"])
    assert plain.attrs["note"].startswith("No margin is set")
    assert half.attrs["note"] == ""
    own = plain.loc["A"]
    assert own["cost_per_post"] == 100  # 300 ÷ 3
    assert (own["peer_group"], own["peers"]) == ("Micro · Instagram", 2)
    # B and C: 1,300 for 3 × 2,000 + 2 × 1,000 reached, and for 250 engagements
    assert own["peer_cpm_reach"] == pytest.approx(1300 / 8000 * 1000)
    assert own["peer_cpe"] == pytest.approx(1300 / 250)
    assert own["peer_fee"] == pytest.approx(1300 / 8)
    assert own["headroom"] == pytest.approx(own["fair_fee"] - 100)
    alone = plain.loc["D"]
    assert alone["peers"] == 0
    assert np.isnan(alone["peer_fee"])
    # Four fifths of what lasts: 80 % are taken for caused.
    ranked = hk.rank(dataset().view(), "revenue_per_post")
    assert own["caused_floor"] == pytest.approx(0.8 * float(ranked["floor"]["A"]))
    assert own["caused_floor"] < own["caused_per_post"] < 0.8 * 6000 / 3 * 1.01


def test_concentration_says_who_carries_who_stopped_and_whose_clicks_bring_nothing() -> None:
    found = hk.concentration(dataset().view())
    assert found.attrs == pytest.approx({"top_1": 0.6, "top_5": 1.0})
    assert list(found.index[:3]) == ["A", "B", "C"]
    assert found["cumulative_share"].round(9).tolist()[:3] == [0.6, 0.9, 1.0]
    assert found.index[found["stopped"]].tolist() == ["C"]  # silent from the 11th day on
    # 30 orders of 30,000 clicks, where the others have 70 of 700
    assert found.index[found["clicks_without_orders"]].tolist() == ["B"]


@pytest.mark.parametrize(("power", "verdict"), [(0.5, "tiring"), (-0.4, "compounding")])
def test_posts_that_tire_or_compound_are_seen(power: float, verdict: str) -> None:
    data, _ = hk.simulate(seed=5, influencers=30, days=150, events=12_000,
                          scenario=Scenario(tiring=power))  # fmt: skip
    found = hk.post_sequence(data.view())
    assert found.attrs["verdict"] == verdict
    ends = found["index"].iloc[[0, -1]]
    assert (ends.iloc[0] > ends.iloc[1]) == (power > 0)
    assert (found["lower"] <= found["index"]).all()


def test_what_lacks_is_refused_with_the_reason() -> None:
    tables = dict(dataset().tables)
    without = Dataset({**tables, "posts": tables["posts"].clear()}).view()
    with pytest.raises(InsufficientDataError, match="posts"):
        hk.fair_fees(without)
    with pytest.raises(InsufficientDataError, match="posts"):
        hk.post_sequence(without)


def test_slice_of_the_validation_holds() -> None:
    held = validate_fees.floors("slice", 2)
    assert held["what holds with 90 % held"] > 0.75
    assert validate_fees.verdicts("alike", 0.0, 3)["said of it"] <= 1 / 3
