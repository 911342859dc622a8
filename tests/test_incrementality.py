"""Estimators of lift on series made by hand: what they find, and when they refuse."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hk_metrics.errors import InsufficientDataError, ParameterError
from hk_metrics.incrementality import ESTIMATORS, Activity, Series
from hk_metrics.incrementality import assumed_share as share
from hk_metrics.incrementality import interrupted as its
from hk_metrics.incrementality import post_response as pr
from hk_metrics.incrementality.influencers import SEED, Books, shared
from hk_metrics.incrementality.kernels import LENGTH, geometric
from hk_metrics.incrementality.mixture import Mixture

FIRST = np.datetime64("2025-01-01", "D")
POST_DAYS = [20, 31, 47, 55, 70, 88, 96, 110]
PER_POST = 60.0


def activity(days: list[int], orders_per_post: float = 40.0, influencers: int = 1) -> Activity:
    """Posts of the same reach by turns; every tracked order comes on the day of its post."""
    day = np.array(days, dtype=np.int64)
    who = np.arange(len(day)) % influencers
    orders = np.full(len(day), orders_per_post)
    return Activity(influencers, day, who, np.full(len(day), 1000.0), day, who, orders)


def daily(days: int, noise: float = 1.0, seed: int = 0) -> np.ndarray:
    """A baseline of about 100 a day: 10 more on each seventh day, and a slow rise."""
    t = np.arange(days)
    rng = np.random.default_rng(seed)
    return 100 + 0.05 * t + 10 * (t % 7 == 2) + noise * rng.standard_normal(days)


def response(post_days: list[int], days: int, each: float = PER_POST) -> np.ndarray:
    """Each post brings ``each``, half of what is left on every day."""
    acting = np.zeros(days + LENGTH)
    for day in post_days:
        acting[day : day + LENGTH] += each * geometric(1.0)
    return acting[:days]


def series(outcome: np.ndarray, **fields: object) -> Series:
    return replace(Series(FIRST, outcome, np.full(len(outcome), 5.0)), **fields)  # type: ignore[arg-type]


def refusal(method: str, given: Series, posts: Activity, **options: object) -> str:
    with pytest.raises(InsufficientDataError) as caught:
        ESTIMATORS[method].fit(given, posts, **options)
    return str(caught.value)


# -- post_response --------------------------------------------------------------------------


def test_post_response_finds_what_posts_brought() -> None:
    # Eight posts of 60 each, all spent before day 140: 480.
    outcome = daily(140) + response(POST_DAYS, 140)
    found = pr.fit(series(outcome), activity(POST_DAYS))
    assert found.estimate == pytest.approx(480, rel=0.05)
    assert found.lower < 480 < found.upper


def test_post_response_finds_nothing_where_nothing_is() -> None:
    found = pr.fit(series(daily(140)), activity(POST_DAYS))
    assert found.lower < 0 < found.upper


def test_post_response_weighs_influencers_by_what_their_codes_bring() -> None:
    # The second of two influencers brings nothing, tracked or not: four posts of 60.
    outcome = daily(140) + response(POST_DAYS[::2], 140)
    posts = activity(POST_DAYS, influencers=2)
    heavy = replace(posts, orders=posts.orders * (posts.order_influencer == 0))
    assert pr.fit(series(outcome), heavy).estimate == pytest.approx(240, rel=0.1)


@settings(max_examples=8, deadline=None)
@given(st.floats(0.01, 1e4), st.permutations(range(len(POST_DAYS))))
def test_post_response_scales_with_the_unit_and_ignores_order(
    unit: float, order: list[int]
) -> None:
    outcome = daily(140) + response(POST_DAYS, 140)
    plain = pr.fit(series(outcome), activity(POST_DAYS))
    other = pr.fit(series(unit * outcome), activity([POST_DAYS[n] for n in order]))
    assert other.estimate == pytest.approx(unit * plain.estimate, rel=1e-6)
    assert other.upper == pytest.approx(unit * plain.upper, rel=1e-6)


@settings(max_examples=8, deadline=None)
@given(st.integers(25, 120))
def test_post_response_of_two_periods_adds_up_to_the_whole(cut: int) -> None:
    outcome, posts = daily(140) + response(POST_DAYS, 140), activity(POST_DAYS)
    early = np.arange(140) < cut
    parts = [pr.fit(series(outcome, asked=asked), posts).estimate for asked in (early, ~early)]
    assert sum(parts) == pytest.approx(pr.fit(series(outcome), posts).estimate, rel=1e-6)


def test_post_response_holds_a_known_promotion_constant() -> None:
    # A sale of 50 more on half of the post days, and on one other day.
    sale = np.isin(np.arange(140), [*POST_DAYS[::2], 64]).astype(float)
    outcome = daily(140) + response(POST_DAYS, 140) + 50 * sale
    known = pr.fit(series(outcome, controls=sale[:, None]), activity(POST_DAYS))
    assert known.estimate == pytest.approx(480, rel=0.1)


def test_post_response_counts_orders_without_a_post_as_none_to_all() -> None:
    outcome = daily(140) + response(POST_DAYS, 140)
    posts = activity(POST_DAYS, influencers=2)
    # As many tracked orders again, of someone whose posts are not in the data: with nothing of
    # theirs the lift is 480, with the same per order 960, and 720 in the middle.
    twice = replace(
        posts,
        influencers=3,
        order_day=np.tile(posts.order_day, 2),
        order_influencer=np.concatenate([posts.order_influencer, np.full(8, 2)]),
        orders=np.tile(posts.orders, 2),
    )
    found = pr.fit(series(outcome), twice)
    check = {c.name: c for c in found.checks}["missing_posts"]
    assert not check.passed
    assert "50% of tracked orders follow no post" in check.text
    assert found.estimate == pytest.approx(720, rel=0.06)
    assert found.lower < 520 < 900 < found.upper


def test_post_response_refuses_posts_on_every_day() -> None:
    assert "no day without a post" in refusal(
        "post_response", series(daily(60)), activity(list(range(60)))
    )


def test_post_response_refuses_fewer_than_five_post_days() -> None:
    few = activity([10, 20, 30, 40])
    assert "4 distinct days" in refusal("post_response", series(daily(60)), few)


def test_post_response_refuses_posts_timed_to_demand() -> None:
    # Demand swells for two weeks around each post, which itself brings nothing.
    t = np.arange(140)
    swell = sum(40 * np.exp(-0.5 * ((t - day) / 5) ** 2) for day in POST_DAYS[::2])
    posts = activity([d for day in POST_DAYS[::2] for d in (day, day + 1)])
    assert "already higher" in refusal("post_response", series(daily(140) + swell), posts)


def test_post_response_refuses_a_period_that_no_post_reaches() -> None:
    asked = np.arange(140) < 15
    text = refusal("post_response", series(daily(140), asked=asked), activity(POST_DAYS))
    assert "No post acts on the days" in text


@pytest.mark.parametrize("method", ["post_response", "interrupted"])
def test_estimators_refuse_what_is_no_total(method: str) -> None:
    posts = activity(POST_DAYS)
    one = np.zeros(90)
    one[40] = 300.0
    assert "All orders lie on one day (2025-02-10)" in refusal(method, series(one), posts)
    assert "no orders here" in refusal(method, series(np.zeros(90)), posts)
    assert refusal(method, series(daily(90), not_total="Add sales."), posts) == "Add sales."
    assert "27 days of orders; at least 28" in refusal(method, series(daily(27)), posts)


# -- interrupted ----------------------------------------------------------------------------


def active(noise: float = 1.0) -> tuple[Series, Activity]:
    """100 days, then 40 days of posts that bring 30 a day: 1,200."""
    outcome = daily(140, noise) + 30.0 * (np.arange(140) >= 100)
    return series(outcome), activity(list(range(100, 140, 5)))


def test_interrupted_finds_actual_minus_forecast() -> None:
    given, posts = active()
    found = its.fit(given, posts)
    assert found.estimate == pytest.approx(1200, rel=0.05)
    assert found.lower < 1200 < found.upper
    assert [c.name for c in found.checks] == ["pre_placebo"]


def test_interrupted_is_less_sure_where_days_differ_more() -> None:
    widths = []
    for noise in (1.0, 5.0):
        found = its.fit(*active(noise))
        widths.append(found.upper - found.lower)
    assert widths[1] > 3 * widths[0]


def test_interrupted_counts_the_asked_days_only() -> None:
    given, posts = active()
    asked = np.arange(140) >= 120
    # Twenty of the forty days.
    assert its.fit(replace(given, asked=asked), posts).estimate == pytest.approx(600, rel=0.08)


def test_interrupted_refuses_too_short_a_time_before() -> None:
    given = series(daily(140))
    assert "20 days before the activity" in refusal("interrupted", given, activity([20, 30]))
    late = activity(list(range(60, 140, 5)))
    assert "60 days before the activity and 80 of" in refusal("interrupted", given, late)


def test_interrupted_refuses_posts_before_the_start() -> None:
    given, posts = active()
    assert "1 posts lie before" in refusal("interrupted", given, posts, start=103)
    for outside in (-9000, 9000):
        assert "lies outside the data" in refusal("interrupted", given, posts, start=outside)
    early = replace(posts, day=posts.day - np.where(posts.day == 100, 140, 0))
    assert "1 posts lie before" in refusal("interrupted", given, early)


def test_interrupted_refuses_where_there_are_no_posts() -> None:
    assert "no posts in this period" in refusal("interrupted", series(daily(90)), activity([200]))


def test_interrupted_placebo_sees_a_jump_before_the_posts() -> None:
    given, posts = active()
    jump = replace(given, outcome=given.outcome + 40 * (np.arange(140) >= 80))
    assert not its.fit(jump, posts).checks[0].passed


# -- assumed_share --------------------------------------------------------------------------


def test_assumed_share_is_a_convention_without_interval() -> None:
    # 90 days of 5 tracked: 450, of which 20 % would have come anyway.
    found = share.fit(series(daily(90)), activity([1]))
    assert found.estimate == pytest.approx(360)
    assert np.isnan([found.lower, found.upper]).all()
    assert "10% → 405, 20% → 360, 30% → 315" in found.checks[0].text


def test_assumed_share_refuses_what_is_no_share() -> None:
    with pytest.raises(ParameterError, match="0 to 1"):
        share.fit(series(daily(90)), activity([1]), baseline_share=20)


def test_every_estimator_says_its_assumption() -> None:
    said = [(name, e.METHOD, e.ASSUMPTION.endswith(".")) for name, e in ESTIMATORS.items()]
    assert said == [(name, name, True) for name in ESTIMATORS]


# -- per influencer -------------------------------------------------------------------------

TOTAL = Mixture(np.array([900.0]), np.array([30.0]), np.array([50.0]), np.array([0.0]))


def books(orders: list[float], reach: list[float], unit: list[int]) -> Books:
    who = np.arange(len(orders))
    counts = np.array(orders)
    weight = np.where(counts > 0, counts, reach)
    asked = np.ones(len(orders), dtype=bool)
    return Books(counts, 100 * counts, np.array(reach), who, np.array(unit), asked, weight)


def test_shared_parts_add_up_to_the_total() -> None:
    held = books([100, 50, 0, 30], [1e4, 1e4, 5e3, 0.0], [0, 1, 2, 3])
    drawn = shared(TOTAL, held, 4, money=True)
    assert drawn.sum(axis=0) == pytest.approx(TOTAL.draws(drawn.shape[1], SEED + 1))


def test_shared_parts_differ_by_half_of_what_shares_can() -> None:
    # 90,000 of 180,000 tracked orders are lift. A share of ½ can differ by ½ at most (all or nothing),
    # so ¼ is supposed. Of two halves one has more by ¼ (z₁ − z₂) ÷ 2: 90,000 × ¼ ÷ √2 = 15,910 orders.
    certain = Mixture(np.array([9e4]), np.array([1e-6]), np.array([50.0]), np.array([0.0]))
    drawn = shared(certain, books([9e4, 9e4], [1e6, 1e6], [0, 1]), 2, money=False)
    assert drawn.std(axis=1) == pytest.approx([15_910, 15_910], rel=0.05)


def test_shared_follows_tracked_orders() -> None:
    drawn = shared(TOTAL, books([400, 200], [1e4, 1e4], [0, 1]), 2, money=False)
    # Two thirds and one third of 900, up to shrinkage.
    assert drawn.mean(axis=1) == pytest.approx([600, 300], rel=0.1)


def test_shared_leaves_out_what_was_not_asked_for() -> None:
    both = shared(TOTAL, books([400, 200], [1e4, 1e4], [0, 0]), 1, money=False)
    one = shared(TOTAL, books([400, 200], [1e4, 1e4], [0, -1]), 1, money=False)
    assert both.mean() == pytest.approx(900, rel=0.01)
    assert one.mean() == pytest.approx(600, rel=0.1)
