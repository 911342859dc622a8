"""What lift refuses, and why: totals that are none, days that are none, inputs of a wrong kind."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

import hk_metrics as hk
from hk_metrics.dataset import Dataset
from hk_metrics.errors import HkMetricsError, ParameterError
from hk_metrics.incrementality.sales import rhythm
from hk_metrics.incrementality.totals import in_step, spread_evenly

RNG = np.random.default_rng(5)
COUNTED = RNG.poisson(40, 180).astype(float)
PAID = COUNTED * 900 + RNG.normal(0, 2000, 180)


@pytest.fixture(scope="module")
def data() -> Dataset:
    return hk.simulate(seed=3, influencers=60, events=15_000)[0]


def sold(data: Dataset) -> pl.DataFrame:
    return data.tables["daily_sales"]


def refusal(data: Dataset, sales: Any) -> str:
    found = hk.lift(data, sales=sales).loc["all"]
    assert np.isnan(found["estimate"])
    return str(found["refusal"])


def coded(data: Dataset) -> pl.DataFrame:
    """The coded orders of each day and brand, in the place of the shop's."""
    tracked = data.tables["tracking_data"].filter(pl.col("influencer_id").is_not_null())
    day = tracked.with_columns(pl.col("date").dt.truncate("1d"))
    sums = day.group_by("date", "brand").agg(pl.sum("revenue", "orders"))
    every = sold(data).select("date", "brand")
    return every.join(sums, on=["date", "brand"], how="left").fill_null(0)


def test_coded_orders_are_no_total_of_the_shop(data: Dataset) -> None:
    copied = coded(data)
    assert "tracked orders over again" in refusal(data, copied)
    with_tax = copied.with_columns(pl.col("revenue") * 1.18, pl.col("orders") * 1.18)
    assert "1.18 times what is tracked" in refusal(data, with_tax)
    # On the clock of another zone the last day's orders may fall on the next.
    later = copied.with_columns(pl.col("date").dt.offset_by("1d"))
    assert "tracked orders over again" in refusal(data, later)


def test_a_total_with_sales_of_its_own_is_no_copy() -> None:
    tracked = RNG.poisson(20 + 60 * (np.arange(180) % 30 < 8)).astype(float)
    assert in_step(tracked, tracked) != ""
    assert in_step(tracked + COUNTED, tracked) == ""
    # A shop that lives by its influencers: one order in ten comes without a code.
    assert in_step(tracked + RNG.poisson(5, 180), tracked) == ""


@pytest.mark.parametrize("every", ["1w", "1mo"])
def test_totals_spread_over_their_days_are_refused(data: Dataset, every: str) -> None:
    period = pl.col("date").dt.truncate(every)
    spread = sold(data).with_columns(
        pl.col("revenue", "orders").cast(pl.Float64).mean().over(period, "brand")
    )
    assert "no daily counts" in refusal(data, spread)


def test_constant_sales_are_refused(data: Dataset) -> None:
    flat = sold(data).with_columns(revenue=pl.lit(50_000.0), orders=pl.lit(40))
    assert "all days have the same value" in refusal(data, flat)


def test_daily_counts_are_told_from_what_was_smoothed() -> None:
    assert spread_evenly(COUNTED, PAID) == ""
    weekly = np.repeat(COUNTED[:175].reshape(-1, 7).mean(axis=1), 7)
    assert "repeat the day before" in spread_evenly(weekly, 900 * weekly)
    whole = np.floor(weekly)
    assert spread_evenly(whole, 900 * whole) != ""
    line = np.interp(np.arange(175), np.arange(3, 175, 7), weekly[3::7])
    assert spread_evenly(line, 900 * line) != ""
    # A weekday's share of a week's total: no two days alike, and yet no counts.
    shares = np.tile([0.9, 0.95, 1.0, 1.0, 1.05, 1.2, 0.9], 25)
    assert "less than chance" in spread_evenly(weekly * shares, 900 * weekly * shares)


@pytest.mark.parametrize("mean", [0.2, 1, 3, 12, 400])
def test_shops_of_any_size_and_fixed_prices_count_day_by_day(mean: float) -> None:
    for seed in range(60):
        orders = np.random.default_rng(seed).poisson(mean, 120).astype(float)
        if orders.any():
            assert spread_evenly(orders, 999.0 * orders) == "", seed


def test_days_that_are_there_twice_are_asked_about(data: Dataset) -> None:
    table = sold(data)
    again = pl.concat([table, table[:1]])
    assert "has 2 rows for 2025-01-01 (brand" in refusal(data, again)
    nearly = table[40:41].with_columns(pl.col("revenue") + 1)
    assert "Are they parts of a day" in refusal(data, pl.concat([table, nearly]))
    # Rows that a text tells apart are parts.
    parts = pl.concat([table.with_columns(pl.col("revenue", "orders") / 2, channel=pl.lit(c))
                       for c in ("web", "shop")])  # fmt: skip
    assert hk.lift(data, sales=parts).loc["all", "refusal"] is None


def test_weekly_totals_are_answered_as_such(data: Dataset) -> None:
    weeks = (
        sold(data).group_by(pl.col("date").dt.truncate("1w"), "brand")
        .agg(pl.sum("revenue", "orders"))
    )  # fmt: skip
    weekly, daily = hk.lift(data, sales=weeks).loc["all"], hk.lift(data).loc["all"]
    assert weekly["refusal"] is None
    assert "26 totals of 7 days each" in weekly["checks"]
    assert weekly["lower"] < daily["estimate"] < weekly["upper"]
    gap = weeks.filter(pl.col("date").dt.date() != date(2025, 2, 3))
    assert "no row for 1 of 26 weeks (the first: 2025-02-03)" in refusal(data, gap)
    months = (
        sold(data).group_by(pl.col("date").dt.truncate("1mo"), "brand")
        .agg(pl.sum("revenue", "orders"))
    )  # fmt: skip
    assert "6 totals, each of 30 days; at least 16" in refusal(data, months)
    before = hk.lift(data, "interrupted", sales=weeks).loc["all", "refusal"]
    assert "takes the sales of each day" in str(before)


def test_rhythm_takes_sundays_and_last_days_for_ends() -> None:
    def days(*values: str) -> Any:
        return np.array(values, dtype="datetime64[D]")

    # 2025-01-05 is a Sunday, 2025-01-06 a Monday.
    sundays = rhythm(days("2025-01-05", "2025-01-12", "2025-01-19", "2025-01-26"))
    assert (sundays.name, str(sundays.starts[0]), str(sundays.end)) == (
        "week", "2024-12-30", "2025-01-27",
    )  # fmt: skip
    mondays = rhythm(days("2025-01-06", "2025-01-13", "2025-01-20", "2025-01-27"))
    assert (str(mondays.starts[0]), str(mondays.end)) == ("2025-01-06", "2025-02-03")
    ends = rhythm(days("2025-01-31", "2025-02-28", "2025-03-31", "2025-04-30"))
    assert (ends.name, str(ends.starts[1]), str(ends.end)) == ("month", "2025-02-01", "2025-05-01")
    assert rhythm(np.arange("2025-01-01", "2025-02-01", dtype="datetime64[D]")).name == "day"


def test_a_city_of_sales_is_not_the_influencers_city(data: Dataset) -> None:
    cities = sold(data).with_columns(city=pl.lit("Pune"))
    with pytest.raises(ParameterError, match="the influencers' home"):
        hk.lift(data, by="city", sales=cities)


def test_events_that_meet_nothing_are_an_error(data: Dataset) -> None:
    with pytest.raises(ParameterError, match="falls on no day of the data"):
        hk.lift(data, events={"Diwali": ["2024-10-31"]})
    with pytest.raises(ParameterError, match="is not a day"):
        hk.lift(data, events={"Sale": [20250214]})
    for wrong in (["2025-02-14"], pd.Series(["2025-02-14"]), 5):
        with pytest.raises(ParameterError, match="give a dict like"):
            hk.lift(data, events=wrong)  # type: ignore[arg-type]


def test_an_interval_wider_than_lift_and_spend_is_inconclusive(data: Dataset) -> None:
    found = hk.lift(data, by="brand")
    width = found["upper"] - found["lower"]
    stake = np.maximum(found["estimate"].abs(), found["spend"])
    assert (found["inconclusive"] == (width > stake)).all()
    assert not found["inconclusive"].all()
    noisy = sold(data).with_columns(
        revenue=pl.col("revenue") + pl.Series(np.random.default_rng(1).gamma(0.3, 2e6, 540))
    )
    assert hk.lift(data, sales=noisy).loc["all", "inconclusive"]


WRONG: tuple[Any, ...] = (
    None, 5, -1.5, float("nan"), "x", "", [], [1], ["a"], {}, {"a": 1}, object(), b"x", True,
    pd.DataFrame(), pl.DataFrame({"a": [1]}), pd.Series([1]), np.array([1]), date(2020, 1, 1),
    (1, 2), set(), float("inf"), pd.NaT,
)  # fmt: skip
PATHS = {"path": ["A > B", "B"], "conversions": [1, 2]}
PARAMETERS: tuple[tuple[str, dict[str, Any], tuple[str, ...]], ...] = (
    ("lift", {}, ("method", "by", "outcome", "sales", "events", "date", "brand")),
    ("lift", {"method": "assumed_share"}, ("baseline_share",)),
    ("lift", {"method": "interrupted"}, ("start",)),
    ("rank", {}, ("metric", "sort")),
    ("attribute", {}, ("model", "by")),
    ("attribute", {"model": "time_decay"}, ("half_life_days",)),
    ("attribute", {"model": "position_based"}, ("first", "last")),
    ("attribute", {"model": "markov"}, ("order", "interval")),
    ("attribute_paths", {}, ("model", "separator")),
    ("what_if", {}, ("budget", "beta", "bounds", "locked", "month", "lift")),
)


@pytest.fixture(scope="module")
def small() -> Dataset:
    return hk.simulate(seed=7, influencers=12, days=40, events=900)[0]


@pytest.mark.parametrize(("name", "fixed", "parameters"), PARAMETERS)
def test_wrong_kinds_are_answered_in_words(
    small: Dataset, name: str, fixed: dict[str, Any], parameters: tuple[str, ...]
) -> None:
    function = getattr(hk, name)
    good = {"attribute_paths": PATHS, "what_if": small.view()}.get(name, small)
    for wrong in WRONG:
        with pytest.raises(HkMetricsError):
            function(wrong)
        for parameter in parameters:
            try:
                function(good, **fixed, **{parameter: wrong})
            except HkMetricsError as error:
                assert str(error)
