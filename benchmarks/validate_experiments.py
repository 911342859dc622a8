"""Experiments against a known truth: power as predicted, size, coverage, calibration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

import hk_metrics as hk
from benchmarks.coverage import CHANCE, in_band
from hk_metrics.experiments import ExperimentPlan, weeks
from hk_metrics.simulate import Scenario

Row = dict[str, Any]

DAYS, FIRST, WEEKS = 208, 124, 12
SIZE, APART = 0.12, 0.05
WORLDS = {
    "as usual": Scenario(saturation=0.0),
    "little lift": Scenario(saturation=0.0, incremental_share=0.25, halo=0.0),
    "saturated": Scenario(),
    "pure leakage": Scenario(incremental_share=0.0, halo=0.0),
}


def run(quick: bool = False) -> Iterator[Row]:
    """Yield a row per world of hold-back weeks."""
    for name, scenario in WORLDS.items():
        yield held_back(name, scenario, 3 if quick else 200)


def held_back(name: str, scenario: Scenario, count: int) -> Row:
    found = [one(seed, scenario) for seed in range(count)]
    covered, told, predicted, off, lift = np.array(found).T
    error = float(np.sqrt(0.9 * 0.1 / count))
    row: Row = {"table": "experiments: hold-back weeks", "world": name, "worlds": count,
                "coverage": float(covered.mean()), "±": error, "power seen": float(told.mean()),
                "power predicted": float(predicted.mean()),
                "bias ÷ lift": float(off.sum() / lift.sum()) if lift.sum() else float("nan")}  # fmt: skip
    if not scenario.incremental_share:
        chance = CHANCE * np.sqrt(SIZE * (1 - SIZE) / count)
        return row | {"holds": bool(told.mean() <= SIZE + chance)}
    doubt = CHANCE * np.sqrt(max(told.mean() * (1 - told.mean()), 0.01) / count)
    near = abs(told.mean() - predicted.mean()) <= APART + doubt
    return row | {"holds": bool(in_band(row["coverage"], error) and near)}


def one(seed: int, scenario: Scenario) -> tuple[float, float, float, float, float]:
    held = weeks.drawn(WEEKS, 0.5, seed)
    days = tuple(FIRST + 7 * w + d for w in range(WEEKS) if held[w] for d in range(7))
    data, truth = hk.simulate(
        seed=seed,
        influencers=40,
        events=6_000,
        days=DAYS,
        scenario=replace(scenario, held_back=days),
    )
    tested = truth.daily[truth.daily["date"] >= np.datetime64("2025-05-05")]
    lift = float(tested["lift_revenue"].sum())
    share = lift / float(tested["baseline_revenue"].sum() + lift)
    plan = planned(data, share, seed)
    found = hk.read_experiment(plan, data)
    inside = found.lower <= lift <= found.upper
    return inside, found.p_value <= 0.1, plan.power_expected, found.estimate - lift, lift


def planned(data: hk.Dataset, share: float, seed: int) -> ExperimentPlan:
    """Plan from the history alone, as it is before the test."""
    import polars as pl

    before = {
        n: t.filter(pl.col("date") < pl.datetime(2025, 5, 5)) if "date" in t.columns else t
        for n, t in data.tables.items()
    }
    past = replace(data, tables=before, id="past", folder=None)
    return hk.plan_experiment(past, weeks=WEEKS, seed=seed, lift=share, start=date(2025, 5, 5))
