"""Experiments: the draw, what it can show, how it is read, and what it calibrates."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

import hk_metrics as hk
from hk_metrics.dataset import Dataset
from hk_metrics.errors import InsufficientDataError, ParameterError, UnknownNameError
from hk_metrics.experiments import ExperimentPlan, codes, weeks
from hk_metrics.experiments.dose import moved_doses, response_of
from hk_metrics.experiments.panel import CityPanel, effect
from hk_metrics.experiments.randomisation import Lottery
from hk_metrics.incrementality.calibration import Calibration
from hk_metrics.incrementality.mixture import Mixture
from hk_metrics.simulate import Scenario

FIRST = date(2025, 1, 1)


@pytest.fixture(scope="module")
def past() -> Dataset:
    return hk.simulate(seed=3, influencers=60, events=9_000, days=124)[0]


@pytest.fixture(scope="module")
def plan(past: Dataset) -> ExperimentPlan:
    return hk.plan_experiment(past, weeks=12, seed=4)


# -- the draw and its inference ---------------------------------------------------------------


def test_the_draw_holds_back_its_share_of_every_four_weeks() -> None:
    held = weeks.drawn(12, 0.25, 7)
    assert held.reshape(3, 4).sum(axis=1).tolist() == [1, 1, 1]
    assert weeks.drawn(12, 0.25, 7).tolist() == held.tolist()
    # Four ways a block, three blocks.
    every = weeks.possible(12, 0.25, 7)
    assert len(np.unique(every, axis=0)) == len(every) == 64
    assert every[0].tolist() == held.tolist()


def test_response_of_a_week_falls_into_it_and_the_next() -> None:
    # All of it comes seven days later: a week's lift is that of the week before.
    late = np.zeros(20)
    late[7] = 1.0
    held = np.array([0.0, 1.0, 0.0, 1.0])
    assert response_of(held, late).tolist() == pytest.approx([1, 1, 0, 1])
    at_once = np.eye(20)[0]
    assert response_of(held, at_once).tolist() == pytest.approx([1, 0, 1, 0])


def test_randomisation_finds_an_added_lift_exactly() -> None:
    lottery = weeks.lottery(8, 0.5, 3, np.eye(20)[0])
    trend = 100 + 5.0 * np.arange(8)
    outcome = trend + 40 * lottery.designs[0]
    assert lottery.estimates(outcome)[0] == pytest.approx(40)
    # Of 36 draws none but the drawn one and its mirror finds as much.
    assert lottery.p_value(outcome) == pytest.approx(2 / 36)
    lower, upper = lottery.interval(outcome + np.random.default_rng(1).normal(0, 3, 8))
    assert lower < 40 < upper


def test_randomisation_claims_nothing_in_ten_of_a_hundred() -> None:
    lottery = weeks.lottery(12, 0.5, 3, np.eye(20)[0])
    noise = np.random.default_rng(2).normal(0, 1, (400, 12))
    claims = lottery.rejects(noise, np.array([0.0, 2.0])).mean(axis=0)
    # √(.1 · .9 ÷ 400) is .015.
    assert claims[0] == pytest.approx(0.10, abs=0.05)
    assert claims[1] > 0.8


def test_a_dose_scales_what_was_found() -> None:
    lottery = Lottery(np.array([[1.0, 0, 1, 0], [0, 1, 0, 1]]), np.ones((4, 1)))
    dose = np.array([3.0, 1.0, 3.0, 1.0])
    # Two more units of dose brought 10 more.
    assert lottery.per_dose(np.array([30.0, 20, 30, 20]), dose) == pytest.approx(5)


# -- plans ------------------------------------------------------------------------------------


def test_a_plan_says_what_to_do_and_what_it_shows(plan: ExperimentPlan) -> None:
    assert (plan.weeks, len(plan.draw), plan.start.weekday()) == (12, 12, 0)
    assert plan.start > FIRST + timedelta(days=123)
    assert (plan.draw["posts"] == "hold back").sum() == 6
    assert 0 < plan.smallest < 1
    table = plan.power.set_index(["weeks", "share"])["smallest"]
    assert table[24, 0.5] < table[12, 0.5] < table[8, 0.5]
    for said in ("5 May – 27 Jul 2025", "hold back", "four of five", "seed 4"):
        assert said in plan.text


def test_the_same_seed_gives_the_same_plan(past: Dataset, plan: ExperimentPlan) -> None:
    again, other = (hk.plan_experiment(past, weeks=12, seed=s) for s in (4, 5))
    assert again.draw.equals(plan.draw)
    assert again.smallest == plan.smallest
    assert not other.draw.equals(plan.draw)


def test_plans_that_cannot_be_are_refused_in_words(past: Dataset) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'weeks'"):
        hk.plan_experiment(past, "week")
    with pytest.raises(ParameterError, match="blocks of 4"):
        hk.plan_experiment(past, weeks=10)
    with pytest.raises(InsufficientDataError, match="no column city"):
        hk.plan_experiment(past, "cities", weeks=2)
    for wrong in (None, 5, "x", [1]):
        with pytest.raises(ParameterError, match="takes a dataset"):
            hk.plan_experiment(wrong)  # type: ignore[arg-type]
        with pytest.raises(ParameterError, match="give one of"):
            hk.read_experiment(wrong, past)  # type: ignore[arg-type]
    tracked = past.tables["tracking_data"].filter(pl.col("influencer_id").is_not_null())
    bare = replace(
        past, id="bare",
        tables={n: t for n, t in past.tables.items() if n != "daily_sales"}
        | {"tracking_data": tracked},
    )  # fmt: skip
    with pytest.raises(InsufficientDataError, match="Only tracked orders are here"):
        hk.plan_experiment(bare)


def test_posts_of_held_back_weeks_move_to_the_nearest_others() -> None:
    # A post on the first day of each week, all response at once: four weeks' posts fall into the
    # two open ones, two each. Of 3, 0, 0 and 1 the middle ones have nothing to move.
    pull = np.zeros(28)
    pull[::7] = [1, 1, 1, 1]
    held = np.array([0.0, 1.0, 1.0, 0.0])
    assert moved_doses(pull, held, np.array([1.0]), 2).tolist() == [[2, 0, 0, 2], [2, 0, 0, 2]]
    pull[::7] = [3, 0, 0, 1]
    # Stretches of the past begin a week apart, the first after the week that precedes a test.
    told = moved_doses(pull, held, np.array([1.0]), 4).tolist()
    assert told == [[0, 0, 0, 4], [1, 0, 0, 3], [4, 0, 0, 0], [3, 0, 0, 1]]
    # Nobody has posted so far: as drawn.
    drawn = moved_doses(np.zeros(28), held, np.array([1.0]), 1)
    assert drawn[0] == pytest.approx([1, 0, 0, 1])


# -- readings ---------------------------------------------------------------------------------


def test_a_test_with_held_back_weeks_finds_the_truth_and_calibrates(
    past: Dataset, plan: ExperimentPlan
) -> None:
    with pytest.raises(InsufficientDataError, match="Import all of its days"):
        hk.read_experiment(plan, past)
    first = (plan.start - FIRST).days
    held = weeks.drawn(12, 0.5, 4)
    days = tuple(first + 7 * w + d for w in range(12) if held[w] for d in range(7))
    world = Scenario(held_back=days, saturation=0.0)
    data, truth = hk.simulate(seed=3, influencers=60, events=16_000, days=208, scenario=world)
    found = hk.read_experiment(plan, data)
    tested = truth.daily[truth.daily["date"] >= np.datetime64(plan.start)]
    assert found.lower < tested["lift_revenue"].sum() < found.upper
    assert found.p_value <= 0.1
    assert {c.name: c.passed for c in found.checks}["compliance"]
    assert found.calibration is not None
    plain, known = hk.lift(data).loc["all"], hk.lift(data, calibration=found).loc["all"]
    assert "Calibrated by the test of May 2025" in known["checks"]
    assert known["upper"] - known["lower"] < plain["upper"] - plain["lower"]
    # Posts as ever: the plan was not kept.
    other = hk.simulate(seed=3, influencers=60, events=16_000, days=208)[0]
    disobeyed = hk.read_experiment(plan, other)
    assert not {c.name: c.passed for c in disobeyed.checks}["compliance"]
    with pytest.raises(ParameterError, match="read in revenue"):
        hk.lift(data, outcome="orders", calibration=found)
    with pytest.raises(ParameterError, match="give the result of"):
        hk.lift(data, calibration=0.7)


def test_calibration_and_estimate_meet_by_their_precision() -> None:
    # Prior 100 ± 10 (no more doubt than the test's own) and estimate 130 ± 10: 115 ± 7.07.
    known = Calibration(1.0, 0.1, "the test")
    one = Mixture(np.array([130.0]), np.array([10.0]), np.array([1e5]), np.zeros(1))
    mean, deviation = known.prior(100.0)
    both = known.combined(one, 100.0)
    expected = (130 / 100 + mean / deviation**2) / (1 / 100 + 1 / deviation**2)
    assert both.mean == pytest.approx(expected, rel=1e-3)
    assert both.scale[0] < 10
    assert known.alone(100.0).mean == 100.0


def test_code_holdout_is_read_from_orders_per_follower() -> None:
    # 900 orders of nine tenths, 50 of one tenth: 1,000 and 500 per whole; half would have come.
    assert codes.share_lift(900, 50, 0.1) == pytest.approx(0.5)
    lower, upper = codes.interval(np.array(900.0), np.array(50.0), 0.1)
    assert lower < 0.5 < upper
    told = codes.power(1000, 0.1, np.array([0.0, 0.5]), 1)
    assert told[0] < 0.12
    assert told[1] > 0.9


def test_code_holdout_through_the_door(past: Dataset) -> None:
    tested = hk.plan_experiment(past, "codes", weeks=8, start="2025-02-03", share=0.2)
    events = past.tables["tracking_data"]
    inside = pl.col("date").is_between(pl.date(2025, 2, 3), pl.date(2025, 3, 30))
    # Every tenth order of those weeks came from the fifth that saw no code.
    held = inside & pl.col("influencer_id").is_not_null() & (pl.int_range(pl.len()) % 10 == 0)
    marked = events.with_columns(source=pl.when(held).then(pl.lit("No code")).otherwise("source"))
    data = Dataset({**past.tables, "tracking_data": marked})
    found = hk.read_experiment(tested, data)
    assert found.lower < 1 - (0.1 / 0.2) / (0.9 / 0.8) < found.upper
    with pytest.raises(InsufficientDataError, match="both are needed"):
        hk.read_experiment(tested, past)


# -- cities -----------------------------------------------------------------------------------


def cities(lift: float, seed: int = 1, days: int = 140, from_day: int = 112) -> pl.DataFrame:
    """Twelve cities that follow one demand; Pune and Kochi lose ``lift`` of theirs from a day on."""
    rng = np.random.default_rng(seed)
    names = ["Pune", "Kochi", *(f"City {n}" for n in range(10))]
    common = np.exp(0.06 * np.cumsum(rng.normal(0, 0.25, days))) * (
        1 + 0.1 * (np.arange(days) % 7 == 5)
    )
    size = rng.uniform(80, 400, 12)
    mean = common[:, None] * size
    mean[from_day:, :2] *= 1 - lift
    orders = rng.poisson(mean)
    day = (np.datetime64("2025-01-01") + np.arange(days)).astype("datetime64[us]")
    return pl.DataFrame(
        {
            "date": np.repeat(day, 12), "city": np.tile(names, days), "orders": orders.ravel(),
            "revenue": 900.0 * orders.ravel(),
        }
    )  # fmt: skip


def test_synthetic_control_finds_what_cities_lost() -> None:
    panel = CityPanel.of(cities(0.2), "orders")
    place = panel.place(["Pune", "Kochi"])
    found = effect(panel, place, 112, 140)
    lower, upper = found.interval()
    lost = -0.25 * panel.values[112:, place].sum()
    assert lower < lost < upper
    assert upper < 0
    nothing = effect(CityPanel.of(cities(0.0), "orders"), place, 112, 140).interval()
    assert nothing[0] < 0 < nothing[1]


def test_cities_are_planned_and_read(past: Dataset) -> None:
    before = cities(0.2).filter(pl.col("date") < pl.datetime(2025, 4, 23))
    made = hk.plan_experiment(
        past, "cities", weeks=4, sales=before, start="2025-04-23", cities=["Pune", "Kochi"]
    )
    assert made.smallest < 0.2
    found = hk.read_experiment(made, past, sales=cities(0.2))
    sold = (
        cities(0.0)
        .filter(
            pl.col("city").is_in(["Pune", "Kochi"]), pl.col("date") >= pl.datetime(2025, 4, 23)
        )["revenue"]
        .sum()
    )
    assert found.lower < 0.2 * sold < found.upper
    assert found.p_value < 0.1
    free = hk.plan_experiment(past, "cities", weeks=4, sales=before, start="2025-04-23")
    assert 1 <= (free.draw["role"] == "changed").sum() <= 5


def test_staggered_starts_are_planned_and_read(past: Dataset) -> None:
    table = cities(0.0, days=140)
    made = hk.plan_experiment(
        past, "staggered", weeks=8, sales=table, start="2025-03-26", lift=0.15
    )
    first = dict(zip(made.draw["city"], made.draw["week"], strict=True))
    begun = pl.col("date").dt.date() >= pl.col("city").replace_strict(first, return_dtype=pl.Date)
    more = table.with_columns(
        pl.when(begun).then(pl.col(c) * 1.15).otherwise(pl.col(c).cast(pl.Float64)).alias(c)
        for c in ("orders", "revenue")
    )
    found = hk.read_experiment(made, past, sales=more)
    added = more["revenue"].sum() - table["revenue"].sum()
    inside = more.filter(pl.col("date") < pl.datetime(2025, 5, 21))["revenue"].sum()
    assert added > 0
    assert 0 < found.lower < found.estimate < inside
    assert found.p_value <= 0.1
