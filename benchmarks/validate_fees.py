"""Fair fees and tiring against a known truth: what holds with 90 %, and what is claimed."""

from __future__ import annotations

from typing import Any

import numpy as np

import hk_metrics as hk
from benchmarks.coverage import CHANCE, clustered
from hk_metrics.simulate import Scenario

Row = dict[str, Any]
_WORLDS = {"alike": 0.0, "tiring": 0.4, "compounding": -0.3}


def run(quick: bool = False) -> list[Row]:
    """Return rows of two tables."""
    series = 3 if quick else 40
    rows = [floors("influencers", series)]
    return rows + [verdicts(name, power, series) for name, power in _WORLDS.items()]


def floors(name: str, series: int) -> Row:
    """Return how often a post causes at least what is said to hold with 90 %."""
    held = []
    for seed in range(series):
        data, truth = hk.simulate(seed=100 + seed, influencers=40, days=180, events=20_000)
        fees = hk.fair_fees(data)
        true = truth.influencers["lift_revenue"].reindex(fees.index) / fees["posts"]
        known = fees["caused_floor"].notna()
        held.append((true >= fees["caused_floor"])[known].to_numpy())
    share, error = clustered(held)
    return {
        "table": "fair fees: a post causes at least what the fee supposes", "of": name,
        "series": series, "what holds with 90 % held": round(share, 3), "±": round(error, 3),
        "holds": share >= 0.85 - CHANCE * error,
    }  # fmt: skip


def verdicts(name: str, power: float, series: int) -> Row:
    """Return how often posts are said to tire, or to compound."""
    wanted = "compounding" if power < 0 else "tiring"
    found = []
    for seed in range(series):
        data, _ = hk.simulate(
            seed=200 + seed, influencers=40, days=180, events=20_000,
            scenario=Scenario(tiring=power),
        )  # fmt: skip
        verdict = hk.post_sequence(data.view()).attrs["verdict"]
        found.append(verdict == wanted if power else verdict != "neither is seen")
    share = float(np.mean(found))
    error = float(np.sqrt(share * (1 - share) / series))
    bound = share >= 0.8 - CHANCE * error if power else share <= 0.12 + CHANCE * error
    return {
        "table": "posts that tire or compound", "posts": name, "series": series,
        "said of it": round(share, 3), "±": round(error, 3), "holds": bound,
    }  # fmt: skip
