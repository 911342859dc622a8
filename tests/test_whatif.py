"""What-if: plans worked out by hand, exponents recovered, and promises that are kept."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hk_metrics as hk
from hk_metrics.errors import InsufficientDataError, ParameterError, UnknownNameError
from hk_metrics.planning import Response, allocated, planned, scenarios, what_if
from hk_metrics.planning.response import exponent


def test_budget_goes_by_the_square_of_roas_under_a_square_root():
    # a β s^(β−1) equal for all: with β = ½, s ∝ a². At spend 100, 100 and ROAS 5 : 4 a is 5 : 4,
    # so s is 25 : 16 of 200: 121.95 and 78.05.
    plan = allocated(np.array([5.0, 4.0]), np.full(2, 0.5), np.full(2, 100.0), 200.0)
    assert plan == pytest.approx([200 * 25 / 41, 200 * 16 / 41])


def test_bounds_hold_and_the_rest_goes_to_the_next_best():
    plan = allocated(np.array([9.0, 3.0, 2.0]), np.full(3, 0.5), np.full(3, 100.0), 300.0)
    # The best stops at 150; the others share 150 by 9 : 4, which is 103.8 and 46.2, under the
    # least of 50: so 100 and 50.
    assert plan == pytest.approx([150.0, 100.0, 50.0])


def test_budget_beyond_the_bounds_is_refused_with_what_is_allowed():
    with pytest.raises(ParameterError, match="give 100 to 300"):
        allocated(np.ones(2), np.full(2, 0.5), np.full(2, 100.0), 400.0)


@pytest.mark.parametrize("bounds", [(0.0, 1.5), (1.5, 0.5), (0.5, float("inf"))])
def test_bounds_that_are_none_are_refused(bounds):
    with pytest.raises(ParameterError, match="above 0"):
        allocated(np.ones(2), np.full(2, 0.5), np.full(2, 100.0), 200.0, bounds)


def test_bounds_far_from_today_are_reached():
    # Under β = .1, ten times today's for both is all that the budget allows.
    plan = allocated(np.ones(2), np.full(2, 0.1), np.full(2, 100.0), 2000.0, (5.0, 10.0))
    assert plan == pytest.approx([1000.0, 1000.0])


def test_budget_of_nothing_is_not_taken_for_todays():
    data, _ = hk.simulate(seed=7, influencers=12, days=30, events=300)
    with pytest.raises(ParameterError, match="a budget of 0"):
        what_if(data.view(), 0.0, beta=0.7)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.floats(0.1, 10), st.floats(0.2, 0.9), st.floats(10, 1e5)),
        min_size=2, max_size=8,
    ),
    level=st.floats(0.55, 1.45),
    seed=st.integers(0, 9),
)  # fmt: skip
def test_no_other_plan_within_the_bounds_brings_more(rows, level, seed):
    roas, beta, spend = (np.array(c) for c in zip(*rows, strict=True))
    budget = level * spend.sum()
    plan = allocated(roas, beta, spend, budget)
    assert plan.sum() == pytest.approx(budget, rel=1e-6)
    assert (plan >= 0.5 * spend * (1 - 1e-9)).all()
    assert (plan <= 1.5 * spend * (1 + 1e-9)).all()

    def revenue(s):
        return (roas * spend * (s / spend) ** beta).sum()

    rng = np.random.default_rng(seed)
    give, take = rng.permutation(len(spend))[:2]
    moved = 0.01 * min(plan[give] - 0.5 * spend[give], 1.5 * spend[take] - plan[take])
    other = plan.copy()
    other[[give, take]] += [-moved, moved]
    assert revenue(other) <= revenue(plan) * (1 + 1e-9)


def test_exponent_is_recovered_from_months_of_different_spend():
    rng = np.random.default_rng(2)
    who = np.repeat([f"i{n}" for n in range(60)], 6)
    spend = rng.lognormal(8, 0.5, len(who))
    level = np.repeat(rng.lognormal(-1, 0.8, 60), 6)
    months = pd.DataFrame(
        {"influencer_id": who, "spend": spend, "orders": rng.poisson(level * spend**0.6)}
    )
    found = exponent(months)
    assert found.beta == pytest.approx(0.6, abs=3 * found.error)
    assert found.error < 0.05


def test_one_level_of_spend_says_nothing_of_the_exponent():
    months = pd.DataFrame({"influencer_id": ["a", "a", "b"], "spend": [5.0, 5.0, 9.0],
                           "orders": [3.0, 8.0, 2.0]})  # fmt: skip
    assert exponent(months).error == float("inf")


def promises(seed, influencers=200, mean_orders=8, beta=0.7):
    """Return promised and delivered gain of plans by shrunken and by raw ROAS."""
    rng = np.random.default_rng(seed)
    spend = rng.lognormal(8, 0.6, influencers)
    rate = rng.lognormal(0, 0.4, influencers) * mean_orders / spend.mean()
    orders = rng.poisson(rate * spend)
    who = np.repeat(np.arange(influencers), orders)
    single = 500 * rng.lognormal(-0.18, 0.6, len(who))
    sums = pd.DataFrame(
        {
            "orders": orders,
            "revenue": np.bincount(who, single, influencers),
            "squares": np.bincount(who, single**2, influencers),
            "spend": spend,
        }
    )
    true = rate * 500 * spend
    plan = planned(sums, Response.fixed(beta, influencers))
    raw = (sums["revenue"] / sums["spend"]).to_numpy()
    by_raw = allocated(raw, np.full(influencers, beta), spend, spend.sum())

    def gain(now, proposed):
        return (now * ((proposed / spend) ** beta - 1)).sum()

    return {
        "promised": gain(plan.now, plan.proposed),
        "delivered": gain(true, plan.proposed),
        "inside": np.quantile(plan.gain, 0.05) <= gain(true, plan.proposed)
        <= np.quantile(plan.gain, 0.95),
        "raw_promised": gain(raw * spend, by_raw),
        "raw_delivered": gain(true, by_raw),
    }  # fmt: skip


def test_shrunken_plans_keep_their_promise_where_raw_ones_do_not():
    runs = pd.DataFrame([promises(seed) for seed in range(20)]).astype(float)
    total = runs.sum()
    assert total["promised"] / total["delivered"] == pytest.approx(1.0, abs=0.15)
    assert total["raw_promised"] / total["raw_delivered"] > 1.4
    assert total["delivered"] > total["raw_delivered"]
    assert runs["inside"].mean() >= 0.7


def test_what_if_of_a_view_spends_the_budget_and_says_what_it_assumes():
    data, _ = hk.simulate(seed=7, influencers=30, days=60, events=2000)
    view = data.view()
    table = what_if(view, beta=0.7)
    assert table["proposed"].sum() == pytest.approx(table["spend"].sum(), rel=1e-6)
    assert table.attrs["lower"] <= table.attrs["gain"] <= table.attrs["upper"]
    assert table.attrs["gain"] > 0
    paid = view.by("basis", metrics=["spend"])["spend"]
    follows = f"{1 - paid['post'] / paid.sum():.0%} of this spend"
    assert table.attrs["warnings"][0].startswith(follows)
    assert set(scenarios(view).index) == {0.5, 0.7, 0.9}
    with pytest.raises(ParameterError, match="between 0 and 1"):
        what_if(view, beta=1.2)


def test_unknown_response_is_said_and_not_hidden():
    data, _ = hk.simulate(seed=7, influencers=12, days=25, events=300)
    first = data.ledger.period[0]
    table = what_if(data.view(date=(first, first.replace(day=28))))
    assert not table.attrs["beta_known"]
    assert "cannot be known" in table.attrs["warnings"][0]


def test_budget_moves_along_what_is_incremental_where_lift_is_known():
    data, _ = hk.simulate(seed=3, influencers=40, events=12_000)
    view = data.view()
    tracked = hk.what_if(view, beta=0.7)
    assert not tracked.attrs["incremental"]
    found = hk.lift(data, by="influencer_id")
    plan = hk.what_if(view, beta=0.7, lift=found)
    assert plan.attrs["incremental"]
    paid = found["estimate"].reindex(plan.index)
    assert plan["revenue"].tolist() == pytest.approx(paid.tolist())
    # The same of the dataset itself, and of a view that knows its lift.
    for other in (
        hk.what_if(data, beta=0.7),
        hk.what_if(data.view(lift="post_response"), beta=0.7),
    ):
        assert other["proposed"].tolist() == pytest.approx(plan["proposed"].tolist())
    assert plan.attrs["lower"] < plan.attrs["gain"] < plan.attrs["upper"]
    with pytest.raises(InsufficientDataError, match="Lift cannot be told here"):
        hk.what_if(view, lift="interrupted")


def test_locks_and_limits_of_single_influencers_hold():
    data, _ = hk.simulate(seed=7, influencers=30, days=60, events=2000)
    free = hk.what_if(data.view(), beta=0.7)
    first, last = free.index[0], free.index[-1]
    plan = hk.what_if(data.view(), beta=0.7, locked=[first], bounds={last: (0.9, 1.1)})
    assert plan.loc[first, "change"] == pytest.approx(0)
    assert 0.9 <= plan.loc[last, "proposed"] / plan.loc[last, "spend"] <= 1.1
    assert plan["proposed"].sum() == pytest.approx(plan["spend"].sum(), rel=1e-6)
    with pytest.raises(UnknownNameError, match="did you mean"):
        hk.what_if(data.view(), locked=[first + "x"])


def test_a_month_is_planned_in_the_proportion_of_its_days():
    data, _ = hk.simulate(seed=7, influencers=30, days=60, events=2000)
    whole, november = (hk.what_if(data.view(), beta=0.7, month=m) for m in (None, "2025-11"))
    # Thirty of sixty days.
    assert november["spend"].sum() == pytest.approx(whole["spend"].sum() / 2)
    assert november.attrs["gain"] == pytest.approx(whole.attrs["gain"] / 2)
    with pytest.raises(ParameterError, match="write it like '2025-11'"):
        hk.what_if(data.view(), month="November")
