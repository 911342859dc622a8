"""Controls: series that narrow the lift, and those that must not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest

import hk_metrics as hk
from hk_metrics.dataset import Dataset
from hk_metrics.errors import ParameterError, UnknownNameError
from hk_metrics.incrementality import post_response
from hk_metrics.incrementality.controls import condensed
from tests.test_incrementality import POST_DAYS, activity, daily, response, series

DAYS = 140
# A demand that wanders, which the shop and its control share.
DEMAND = 12 * np.cumsum(np.random.default_rng(3).normal(0, 0.5, DAYS))


def beside(*columns: np.ndarray) -> np.ndarray:
    found = np.column_stack(columns)
    return np.asarray((found - found.mean(axis=0)) / found.std(axis=0))


def fitted(outcome: np.ndarray, *columns: np.ndarray) -> Any:
    names = tuple(f"c{n}" for n in range(len(columns)))
    given = series(outcome)
    if columns:
        given = replace(given, covariates=beside(*columns), covariate_names=names)
    return post_response.fit(given, activity(POST_DAYS))


def test_a_control_that_moves_alike_narrows_the_interval() -> None:
    outcome = daily(DAYS) + DEMAND + response(POST_DAYS, DAYS)
    good = DEMAND + np.random.default_rng(4).normal(0, 1, DAYS)
    plain, found = fitted(outcome), fitted(outcome, good)
    # Eight posts of 60.
    assert found.lower < 480 < found.upper
    assert found.upper - found.lower < 0.6 * (plain.upper - plain.lower)


def test_a_control_of_noise_changes_next_to_nothing() -> None:
    outcome = daily(DAYS, 4.0) + response(POST_DAYS, DAYS)
    plain = fitted(outcome)
    found = fitted(outcome, np.random.default_rng(5).normal(0, 1, DAYS))
    assert found.estimate == pytest.approx(plain.estimate, rel=0.05)
    assert found.upper - found.lower < 1.1 * (plain.upper - plain.lower)


def test_a_control_that_posts_touch_is_left_out_by_name() -> None:
    outcome = daily(DAYS, 3.0) + response(POST_DAYS, DAYS)
    hit = daily(DAYS, 3.0, seed=9) + response(POST_DAYS, DAYS)
    found, plain = fitted(outcome, hit), fitted(outcome)
    assert found.estimate == pytest.approx(plain.estimate)
    check = {c.name: c for c in found.checks}["controls"]
    assert not check.passed
    assert "c0 rose or fell after posts" in check.text


def test_each_control_is_left_out_in_turn() -> None:
    rng = np.random.default_rng(6)
    outcome = daily(DAYS) + DEMAND + response(POST_DAYS, DAYS)
    found = fitted(outcome, *(DEMAND + rng.normal(0, 2, DAYS) for _ in range(3)))
    told = {c.name: c.text for c in found.checks}
    assert told["leave_one_out"].startswith("Without any one control the lift lies from")


def test_many_controls_are_condensed_to_where_they_differ() -> None:
    rng = np.random.default_rng(7)
    many = beside(*(DEMAND + rng.normal(0, 1, DAYS) for _ in range(40)))
    few = condensed(many)
    assert few.shape == (DAYS, 8)
    assert abs(np.corrcoef(few[:, 0], DEMAND)[0, 1]) > 0.99


@pytest.fixture(scope="module")
def data() -> Dataset:
    return hk.simulate(seed=3, influencers=60, events=15_000)[0]


def test_controls_through_the_door(data: Dataset) -> None:
    sales = data.tables["daily_sales"]
    daily_total = sales.group_by("date").agg(pl.sum("revenue")).sort("date")
    rng = np.random.default_rng(8)
    frame = daily_total.select("date", index=pl.Series(rng.normal(50, 5, len(daily_total))))
    found = hk.lift(data, controls=frame).loc["all"]
    assert found["refusal"] is None
    assert "Controls: index" in found["checks"]
    # A brand as a control is no part of the outcome.
    part = hk.lift(data, controls=["Gritzo"], by="brand")
    assert part.loc["Gritzo", "refusal"] is not None
    assert part.loc["MuscleBlaze", "refusal"] is None


def test_controls_of_a_wrong_kind_are_refused_in_words(data: Dataset) -> None:
    for wrong in (5, object(), [1], [], {"a": 1}):
        with pytest.raises(ParameterError, match="controls: give a frame"):
            hk.lift(data, controls=wrong)
    with pytest.raises(UnknownNameError, match="did you mean 'Gritzo'"):
        hk.lift(data, controls="Gritz")
    short = pl.DataFrame({"date": ["2025-01-01", "2025-01-02"], "index": [1.0, 2.0]})
    with pytest.raises(ParameterError, match="178 of 180 days"):
        hk.lift(data, controls=short)
    with pytest.raises(ParameterError, match="no numbers"):
        hk.lift(data, controls=short.with_columns(index=pl.lit("x")))
