"""Value of new customers against a known truth: coverage of 30, 60, 90 days with censoring."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from benchmarks.coverage import CHANCE, clustered
from hk_metrics.dataset import Dataset
from hk_metrics.simulate.buyers import Buyers, bought

Row = dict[str, Any]
LOW, HIGH = 0.85, 0.95
WORLDS = {
    "plain": Buyers(),
    "few customers": Buyers(customers=25),
    "many refunds": Buyers(refunds=0.25),
    "seldom again": Buyers(again=0.3),
    "some bought before": Buyers(earlier=0.3),
    "most came lately": Buyers(customers=120, days=110),
}


def run(quick: bool = False) -> list[Row]:
    """Return rows of one table."""
    return [row for name, world in WORLDS.items() for row in judged(name, world, 10 if quick else 150)]  # fmt: skip


def judged(name: str, world: Buyers, series: int) -> Iterator[Row]:
    """Yield a row per age: how often the interval holds what a customer is expected to bring."""
    inside: dict[int, list[Any]] = {30: [], 60: [], 90: []}
    off: dict[int, list[float]] = {30: [], 60: [], 90: []}
    plain: dict[int, list[float]] = {30: [], 60: [], 90: []}
    for seed in range(series):
        tables, truth = bought(seed, world)
        known = truth.to_pandas().set_index("influencer_id")
        found = Dataset(tables).view().cohorts("influencer_id").loc[known.index]
        assert (found["new_customers"] == known["new_customers"]).all()
        for day in inside:
            true = known[f"revenue_{day}"]
            lower, upper = found[f"revenue_{day}_lower"], found[f"revenue_{day}_upper"]
            there = lower.notna()
            inside[day].append(((lower <= true) & (true <= upper))[there].to_numpy())
            off[day].append(float((found[f"revenue_{day}"] / true - 1).mean()))
            plain[day].append(naive(tables, known, day))
    for day in inside:
        coverage, error = clustered(inside[day])
        bias, doubt = np.array(off[day]), CHANCE * error
        noise = CHANCE * bias.std(ddof=1) / np.sqrt(series)
        yield {
            "table": "new customers: what one brings, 90 % intervals", "customers": name,
            "days": day, "series": series, "coverage": round(coverage, 3), "±": round(error, 3),
            "bias": round(float(bias.mean()), 4),
            "bias without censoring handled": round(float(np.mean(plain[day])), 4),
            "holds": LOW - doubt <= coverage <= HIGH + doubt and abs(bias.mean()) < 0.02 + noise,
        }  # fmt: skip


def naive(tables: Any, known: Any, day: int) -> float:
    """Return how far off a plain mean is that takes the young for as old as the others."""
    import polars as pl

    rows = tables["tracking_data"].with_columns(
        age=(pl.col("date") - pl.col("date").min().over("user_id")).dt.total_days()
    )
    brought = rows.filter(pl.col("age") <= day).group_by("influencer_id").agg(pl.sum("revenue"))
    people = rows.group_by("influencer_id").agg(pl.col("user_id").n_unique())
    mean = brought.join(people, on="influencer_id").to_pandas().set_index("influencer_id")
    each = mean["revenue"] / mean["user_id"]
    return float((each.reindex(known.index) / known[f"revenue_{day}"] - 1).mean())
