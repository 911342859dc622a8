"""Ranking: shrinkage worked out by hand, known truth, and the door from a view."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hk_metrics as hk
from hk_metrics.dataset import Dataset
from hk_metrics.errors import InsufficientDataError, UnknownNameError
from hk_metrics.ranking import FEW_ORDERS, RANKABLE, ranked
from hk_metrics.ranking.shrinkage import posterior
from hk_metrics.settings import Bands


def simulated(influencers, mean_orders, seed, spread=0.6, spend_spread=0.8):
    """Draw influencers of known ROAS: log-normal rates, spends and heavy-tailed order values."""
    rng = np.random.default_rng(seed)
    spend = rng.lognormal(8, spend_spread, influencers)
    rate = rng.lognormal(0, spread, influencers) * mean_orders / spend.mean()
    orders = rng.poisson(spend * rate)
    value = rng.lognormal(6, 0.2, influencers)
    who = np.repeat(np.arange(influencers), orders)
    revenue = value[who] * rng.lognormal(-0.18, 0.6, len(who))
    sums = pd.DataFrame(
        {
            "orders": orders,
            "revenue": np.bincount(who, revenue, influencers),
            "squares": np.bincount(who, revenue**2, influencers),
            "spend": spend,
        },
        index=[f"i{n}" for n in range(influencers)],
    )
    return sums, pd.Series(rate * value, sums.index)


@pytest.mark.parametrize(("influencers", "mean_orders"), [(100, 3), (100, 8), (100, 30), (1000, 3)])
def test_intervals_cover_the_truth_and_the_chosen_are_better_than_the_lucky(
    influencers, mean_orders
):
    covered, chosen, lucky = [], [], []
    for seed in range(20 if influencers == 100 else 3):
        sums, truth = simulated(influencers, mean_orders, seed)
        table = ranked(sums)
        true = truth[table.index]
        covered.append(((table["lower"] <= true) & (true <= table["upper"])).mean())
        chosen.append(true.iloc[:10].mean())
        lucky.append(truth[(sums["revenue"] / sums["spend"]).nlargest(10).index].mean())
        assert (table["orders"].iloc[:10] >= FEW_ORDERS).all()
    assert 0.85 <= np.mean(covered) <= 0.95
    assert np.mean(chosen) >= 0.99 * np.mean(lucky)


def test_posterior_mean_of_a_rate_lies_between_its_own_and_the_groups():
    orders = np.array([0.0, 2.0, 40.0, 400.0])
    exposure = np.array([10.0, 2.0, 40.0, 500.0])
    shrunk = posterior(orders, exposure).mean
    group = orders.sum() / exposure.sum()
    raw = orders / exposure
    # Two orders on an exposure of two say little; four hundred on five hundred say nearly all.
    assert 0 < shrunk[0] < group
    assert group * 0.8 < shrunk[2] < 1.2
    assert abs(shrunk[3] - raw[3]) < 0.02 < abs(shrunk[0] - raw[0])


def test_order_value_of_one_order_is_pulled_to_the_groups():
    # 99 influencers at 100 a piece, 20 orders each; one order of 250 is not a value of 250.
    rng = np.random.default_rng(1)
    orders = np.array([20.0] * 99 + [1.0])
    single = rng.normal(100, 30, (99, 20))
    revenue = np.append(single.sum(axis=1), 250.0)
    squares = np.append((single**2).sum(axis=1), 250.0**2)
    exposure = orders * 10
    value = posterior(orders, exposure, revenue, squares).mean / posterior(orders, exposure).mean
    assert value[:99].mean() == pytest.approx(100, rel=0.05)
    assert 95 < value[99] < 150


def test_unit_of_money_does_not_change_the_order():
    sums, _ = simulated(60, 8, seed=3)
    paise = sums.assign(
        revenue=sums["revenue"] * 100, squares=sums["squares"] * 1e4, spend=sums["spend"] * 100
    )
    rupees = ranked(sums)
    pd.testing.assert_frame_equal(
        rupees[["raw", "shrunken", "lower"]], ranked(paise)[["raw", "shrunken", "lower"]]
    )


def test_roi_is_roas_less_one_and_margin_counts():
    sums, _ = simulated(40, 8, seed=4)
    roas, roi = ranked(sums, "roas", margin=0.5), ranked(sums, "roi", margin=0.5)
    np.testing.assert_allclose(0.5 * roas["shrunken"] - 1, roi["shrunken"])
    np.testing.assert_allclose(roas["above_break_even"], roi["above_break_even"])


def test_segments_follow_the_bands_with_their_certainty():
    sums = pd.DataFrame(
        {
            "orders": [900, 900, 900, 900, 0],
            "revenue": [900e2, 900e2, 900e2, 900e2, 0.0],
            "squares": [900e4, 900e4, 900e4, 900e4, 0.0],
            # ROI 2, 0.7, 0.25, −0.5
            "spend": [300e2, 530e2, 720e2, 1800e2, 0.0],
        },
        index=list("abcde"),
    )
    table = ranked(sums, bands=Bands(low=0.0, high=1.0))
    assert list(table["segment"][:4]) == ["high", "good", "break-even", "loss"]
    assert (table["certainty"][:4] > 0.99).all()
    assert table.index[-1] == "e"
    assert np.isnan(table.loc["e", "shrunken"])
    assert table.loc["e", "spend"] == 0


def test_cost_per_order_ranks_the_cheap_first_with_ends_in_order():
    sums, _ = simulated(50, 20, seed=5)
    table = ranked(sums, "cpo")
    assert table["shrunken"].iloc[0] < table["shrunken"].iloc[-1]
    assert (table["lower"] <= table["shrunken"]).all()
    assert (table["shrunken"] <= table["upper"]).all()


def test_same_input_gives_the_same_table():
    sums, _ = simulated(30, 8, seed=6)
    pd.testing.assert_frame_equal(ranked(sums), ranked(sums))


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.integers(0, 50), st.floats(1, 1e5), st.floats(1, 1e4)),
        min_size=1, max_size=12,
    ).filter(lambda rows: any(o for o, _, _ in rows))
)  # fmt: skip
def test_bounds_enclose_and_probabilities_are_probabilities(rows):
    orders, spend, value = (np.array(c, dtype=float) for c in zip(*rows, strict=True))
    sums = pd.DataFrame({"orders": orders, "revenue": orders * value, "spend": spend})
    table = ranked(sums)
    assert (table["lower"] <= table["upper"]).all()
    assert table["above_break_even"].between(0, 1).all()
    assert table["certainty"].between(0.25, 1).all()
    assert table["shrunken"].notna().all()


def test_refunds_beyond_revenue_are_a_loss_with_an_interval_around_it():
    sums = pd.DataFrame(
        {"orders": [50, 60, 70], "revenue": [5e3, 6e3, -3e3], "spend": [1e3, 1e3, 1e3]},
        index=list("abc"),
    )
    table = ranked(sums)
    assert table.loc["c", "raw"] == -3
    assert table.loc["c", "lower"] < table.loc["c", "shrunken"] < table.loc["c", "upper"] < 0
    assert table.loc["c", ["segment", "certainty"]].tolist() == ["loss", 1.0]


def test_refund_of_an_earlier_order_does_not_change_what_orders_are_worth():
    orders, exposure = np.array([0.0, 20.0, 30.0]), np.full(3, 10.0)
    revenue, refunded = np.array([0.0, 2000.0, 3300.0]), np.array([-900.0, 2000.0, 3300.0])
    with_refund = posterior(orders, exposure, refunded).mean
    assert with_refund == pytest.approx(posterior(orders, exposure, revenue).mean)


def test_one_influencer_or_equal_ones_are_as_often_above_the_median_as_below():
    for count in (1, 4):
        sums = pd.DataFrame({"orders": [5] * count, "revenue": [500.0] * count, "spend": 100.0})
        assert ranked(sums)["above_median"].to_numpy() == pytest.approx(0.5, abs=0.05)


def test_influencers_of_unknown_revenue_come_last_and_leave_the_others_alone():
    sums = pd.DataFrame(
        {"orders": [4, 10, 9], "revenue": [np.nan, 1e3, 9e2], "spend": [1e2, 1e2, 1e2]},
        index=list("abc"),
    )
    table = ranked(sums)
    assert table.index[-1] == "a"
    pd.testing.assert_frame_equal(
        table.loc[["b", "c"], ["raw", "shrunken"]],
        ranked(sums.loc[["b", "c"]])[["raw", "shrunken"]],
    )


def test_nobody_with_an_order_is_refused():
    sums = pd.DataFrame({"orders": [0, 0], "revenue": [0.0, 0.0], "spend": [5.0, 5.0]})
    with pytest.raises(InsufficientDataError, match="nobody has an order"):
        ranked(sums)
    with pytest.raises(InsufficientDataError, match="nobody has spend"):
        ranked(sums.assign(spend=0.0))


def test_view_is_ranked_under_filters_and_every_rankable_metric():
    data, _ = hk.simulate(seed=7, influencers=30, days=60, events=2000)
    view = data.view(platform=["Instagram"])
    everyone = set(view.by("influencer_id", metrics=["revenue"]).index)
    for metric in RANKABLE:
        table = hk.rank(view, metric)
        assert set(table.index) == everyone
        assert table.index.name == "influencer_id"
    raw = hk.rank(view)["raw"].dropna().sort_index()
    roas = view.by("influencer_id", metrics=["roas"])["roas"].dropna().sort_index()
    pd.testing.assert_series_equal(raw, roas, check_names=False, check_index_type=False)


def test_metrics_that_are_no_rate_are_answered_with_those_that_are():
    data, _ = hk.simulate(seed=7, influencers=12, days=30, events=300)
    with pytest.raises(UnknownNameError, match="roas"):
        hk.rank(data.view(), "likes")


def posted(noise, seed, influencers=60, posts=8, mean_orders=80):
    """Return a dataset of posts that differ by ``noise`` (log), and the influencers' true ROAS."""
    rng = np.random.default_rng(seed)
    ids = np.array([f"i{n:03d}" for n in range(influencers)])
    rate = rng.gamma(4, 0.25, influencers)
    who, day = np.repeat(np.arange(influencers), posts), rng.integers(0, 150, influencers * posts)
    hits = rng.lognormal(-(noise**2) / 2, noise, len(who))
    post = np.repeat(np.arange(len(who)), rng.poisson(mean_orders / posts * rate[who] * hits))
    bought = day[post] + np.floor(rng.exponential(4, len(post))).astype(int)

    def dated(days):
        return (np.datetime64("2025-01-01") + days).astype("datetime64[us]")

    tables = {
        "influencers": pl.DataFrame({"id": ids, "name": ids, "category": "a", "gender": "b",
                                     "follower_count": 1, "platform": "X"}),
        "posts": pl.DataFrame({"influencer_id": ids[who], "platform": "X", "date": dated(day),
                               "url": "u", "caption": "c", "reach": 1, "likes": 1, "comments": 1}),
        "tracking_data": pl.DataFrame({"source": "Link", "campaign": "c", "product": "p",
                                       "influencer_id": ids[who[post]], "user_id": "u",
                                       "date": dated(bought), "orders": 1, "revenue": 100.0}),
        "payouts": pl.DataFrame({"influencer_id": ids, "basis": "post", "rate": 500.0, "orders": 0,
                                 "total_payout": 500.0 * posts}),
    }  # fmt: skip
    return Dataset(tables), pd.Series(rate * mean_orders * 100 / (500 * posts), ids)


@pytest.mark.parametrize("noise", [0.0, 0.4, 0.8])
def test_posts_of_one_influencer_differ_and_intervals_know_it(noise):
    covered, found = [], []
    for seed in range(3):
        data, truth = posted(noise, seed)
        table = hk.rank(data.view())
        true = truth[table.index]
        covered.append(((table["lower"] <= true) & (true <= table["upper"])).mean())
        found.append(table.attrs["post_spread"])
    # 180 intervals: .81 to .97 lie within four standard errors.
    assert 0.81 <= np.mean(covered) <= 0.97
    # Of a log-normal factor: √(exp(noise²) − 1), which few posts show too little of.
    spread = np.sqrt(np.exp(noise**2) - 1)
    assert 0.7 * spread - 0.01 <= np.mean(found) <= 1.15 * spread + 0.15


def test_one_absurd_order_leaves_the_others_alone():
    data, _ = posted(0.4, 1)
    events = data.tables["tracking_data"]
    wrong = events.with_columns(
        revenue=pl.when(pl.int_range(pl.len()) == 500).then(1e7).otherwise("revenue")
    )
    tables = {**data.tables, "tracking_data": wrong}
    plain, broken = hk.rank(data.view()), hk.rank(Dataset(tables).view())
    who = events["influencer_id"][500]
    others = plain.index.drop(who)
    # Values are all alike here, so the largest to go by is 100 × e^(6 · .25): 448.
    assert "1 order above" in broken.attrs["warnings"][-1]
    assert broken.loc[who, "upper"] < 2 * plain.loc[who, "upper"]
    width = [(t["upper"] - t["lower"])[others].mean() for t in (plain, broken)]
    assert width[1] < 1.3 * width[0]


def test_the_mean_sorts_and_certainty_is_a_choice():
    sums, _ = simulated(60, 20, seed=8)
    by_mean, certain = ranked(sums), ranked(sums, sort="certain")
    assert by_mean["shrunken"].is_monotonic_decreasing
    assert certain["floor"].is_monotonic_decreasing
    assert set(by_mean.index) == set(certain.index)
    with pytest.raises(UnknownNameError, match="did you mean 'certain'"):
        hk.rank(posted(0, 1)[0], sort="certainly")
