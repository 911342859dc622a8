"""Series of known lift: each regime is what its name says."""

from __future__ import annotations

import numpy as np
import pytest

from hk_metrics.errors import UnknownNameError
from hk_metrics.simulate.kernels import KERNELS, response
from hk_metrics.simulate.regimes import MEAN_VALUE, REGIMES, SimulatedSeries, series

NAMED_IN_THE_DESIGN = {
    "bursts", "throughout", "no_pre_period", "own_trend", "drift", "ar", "heavy_tail", "delayed",
    "quarter_unobserved", "promotion_dummy", "promotion_no_dummy", "timed_to_demand", "leakage",
    "zero_lift",
}  # fmt: skip


def many(regime: str, count: int = 30) -> list[SimulatedSeries]:
    return [series(regime, seed) for seed in range(count)]


def first_post(made: SimulatedSeries) -> int:
    return int(np.argmax(made.posts.any(axis=1)))


def test_regimes_of_the_design_are_all_there() -> None:
    assert set(REGIMES) >= NAMED_IN_THE_DESIGN


def test_unknown_regime_names_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'leakage'"):
        series("leakege", 1)


@pytest.mark.parametrize("regime", REGIMES)
def test_series_is_the_same_for_the_same_seed_only(regime: str) -> None:
    one, two, other = series(regime, 5), series(regime, 5), series(regime, 6)
    assert (one.outcome == two.outcome).all()
    assert (one.reach == two.reach).all()
    assert not (one.outcome == other.outcome).all()


@pytest.mark.parametrize("regime", REGIMES)
def test_outcome_is_baseline_plus_lift_on_average(regime: str) -> None:
    made = many(regime)
    expected = np.array([(s.baseline + s.lift).sum() for s in made])
    # Poisson orders; with values of mean 1400 and variance 2236², E v² = 1400² + 2236².
    unit = (1400**2 + 2236**2) / MEAN_VALUE if regime == "heavy_tail" else 1.0
    z = (np.array([s.outcome.sum() for s in made]) - expected) / np.sqrt(unit * expected)
    assert abs(z.mean()) < 4 / np.sqrt(len(made))


@pytest.mark.parametrize("regime", REGIMES)
def test_lift_is_the_promised_share_and_sums_over_influencers(regime: str) -> None:
    made = series(regime, 3)
    assert made.influencer_lift.sum() == pytest.approx(made.lift.sum())
    assert (made.lift >= 0).all()
    if not REGIMES[regime].unobserved:  # an unseen first post would move the active period
        active = made.baseline[first_post(made) :].sum()
        assert made.lift.sum() == pytest.approx(REGIMES[regime].lift * active)


def test_lift_can_be_set() -> None:
    made = series("bursts", 3, lift=0.1)
    assert made.lift.sum() == pytest.approx(0.1 * made.baseline[first_post(made) :].sum())


def test_coded_orders_without_lift_are_leakage() -> None:
    made = series("leakage", 1)
    assert made.lift.sum() == 0
    assert made.tracked.sum() > 0.15 * made.baseline[first_post(made) :].sum()
    assert series("zero_lift", 1).tracked.sum() < 0.03 * made.baseline.sum()


def test_tracked_orders_are_part_of_the_outcome() -> None:
    for regime in REGIMES:
        made = series(regime, 2)
        assert (made.tracked_value.sum(axis=1) <= made.outcome + 1e-6).all()


def test_quiet_time_is_long_enough_where_both_estimators_hold() -> None:
    for name, regime in REGIMES.items():
        made = series(name, 4)
        if "interrupted" in regime.holds:
            assert first_post(made) >= 90
        assert (~made.posts.any(axis=1)).sum() >= 20
    assert first_post(series("throughout", 4)) < 28
    assert first_post(series("no_pre_period", 4)) < 28


def test_unobserved_posts_are_missing_from_reach_but_not_from_orders() -> None:
    seen = sum(s.posts.sum() for s in many("quarter_unobserved"))
    all_of_them = sum(s.posts.sum() for s in many("bursts"))
    assert 0.65 < seen / all_of_them < 0.85
    made = series("quarter_unobserved", 1)
    assert ((made.posts > 0) == (made.reach > 0)).all()


def test_promotions_raise_demand_on_post_days_and_are_given_only_once() -> None:
    known, unknown = series("promotion_dummy", 1), series("promotion_no_dummy", 1)
    assert known.controls.shape == (180, 1)
    assert unknown.controls.shape == (180, 0)
    day = known.controls[:, 0] == 1
    assert day[known.posts.any(axis=1)].mean() > 2 * day[~known.posts.any(axis=1)].mean()
    assert known.baseline[day].mean() > 1.2 * known.baseline[~day].mean()


def test_posts_timed_to_demand_meet_a_higher_baseline() -> None:
    def gain(regime: str) -> float:
        made = many(regime)
        active = [slice(first_post(s), None) for s in made]
        return float(np.mean([
            s.baseline[a][s.posts[a].any(axis=1)].mean() / s.baseline[a].mean()
            for s, a in zip(made, active, strict=True)
        ]))  # fmt: skip

    assert gain("timed_to_demand") > 1.10
    assert gain("bursts") < 1.05


def test_delayed_lift_peaks_days_after_the_post() -> None:
    prompt, late = response("geometric", 3.0), response("delayed", 5.0)
    assert prompt.argmax() == 0
    # Negative binomial of size 3 and mean 5: mode ⌊(3 − 1) · 5 / 3⌋ = 3.
    assert late.argmax() == 3
    assert (late * np.arange(len(late))).sum() == pytest.approx(5.0, abs=0.05)


@pytest.mark.parametrize("family", KERNELS)
def test_kernel_shares_sum_to_one(family: str) -> None:
    shares = response(family, 4.0)
    assert shares.sum() == pytest.approx(1.0)
    assert (shares >= 0).all()


def test_geometric_kernel_halves_with_its_half_life() -> None:
    shares = response("geometric", 3.0)
    assert shares[3] / shares[0] == pytest.approx(0.5)
    assert shares[9] / shares[0] == pytest.approx(0.125)


def test_heavy_tailed_values_have_the_stated_mean_and_a_tail() -> None:
    made = many("heavy_tail")
    orders = sum(s.tracked.sum() for s in made)
    value = sum(s.tracked_value.sum() for s in made)
    assert value / orders == pytest.approx(MEAN_VALUE, rel=0.05)
    assert max(s.tracked_value.max() for s in made) > 50 * MEAN_VALUE


def test_wandering_regimes_wander_more_than_the_plain_one() -> None:
    def wander(regime: str) -> float:
        weeks = [np.log(s.baseline[:91].reshape(13, 7).sum(axis=1)) for s in many(regime)]
        return float(np.mean([np.diff(w).std() for w in weeks]))

    assert wander("drift") > 1.2 * wander("bursts")
    assert wander("ar") > 1.5 * wander("bursts")
