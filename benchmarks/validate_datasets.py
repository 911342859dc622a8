"""Whole datasets through `hk.lift`: by brand and per influencer, against the simulated truth."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np

import hk_metrics as hk
from benchmarks.coverage import (
    BIAS,
    CHANCE,
    FALSE_ALARMS,
    FEW_ORDERS,
    WORTH,
    Row,
    Trial,
    clustered,
    error,
    in_band,
    judged,
    share,
)
from hk_metrics.dataset import Dataset
from hk_metrics.simulate import Scenario, Truth

SCENARIOS = {
    "sample": Scenario(),
    "log-normal response": Scenario(kernel="lognormal", kernel_days=4.0),
    "little incremental": Scenario(incremental_share=0.3),
    "hardly any incremental": Scenario(incremental_share=0.15),
    "influencers unlike each other": Scenario(incremental_share=0.5, alike=5.0),
    "pure leakage": Scenario(incremental_share=0.0, halo=0.0),
}


def run(quick: bool = False) -> Iterator[Row]:
    """Whole datasets through `hk.lift`: by brand, and per influencer."""
    count = 2 if quick else 25
    for name, scenario in SCENARIOS.items():
        made = [
            hk.simulate(seed=seed, influencers=60, events=15_000, scenario=scenario)
            for seed in range(count)
        ]
        spread = float(np.mean([_spread(truth) for _, truth in made]))
        for by in ("brand", "influencer_id"):
            found = [list(_dataset(data, truth, by)) for data, truth in made]
            yield _whole(name, by, found, spread)


def _whole(name: str, by: str, found: list[list[Trial]], spread: float) -> Row:
    trials = [t for each in found for t in each]
    answered = [[t for t in each if not t.refused] for each in found]
    several = [t for each in answered for t in each]
    row: Row = {"table": "lift: whole datasets (hk.simulate, hk.lift)", "scenario": name, "by": by,
                "spread of lift ÷ tracked": spread, "units": len(trials),
                "refused": share(trials, lambda t: t.refused), **judged(several),
                "error ÷ lift": error(several)}  # fmt: skip
    if not several:
        return row
    row["±"] = clustered([np.array([t.covers for t in each]) for each in answered if each])[1]
    row["bias ±"] = _bias_error(answered)
    if not SCENARIOS[name].incremental_share:
        chance = CHANCE * np.sqrt(FALSE_ALARMS * (1 - FALSE_ALARMS) / len(several))
        return row | {"holds": bool(row["claims"] <= FALSE_ALARMS + chance)}
    small = SCENARIOS[name].incremental_share < WORTH * SCENARIOS[name].baseline
    unbiased = small or abs(row["bias ÷ lift"]) < BIAS + CHANCE * row["bias ±"]
    return row | {"holds": in_band(row["coverage"], row["±"]) and unbiased}


def _bias_error(answered: list[list[Trial]]) -> float:
    """Return the standard error of the bias ÷ lift, units of a dataset being one draw."""
    off = np.array([sum(t.estimate - t.truth for t in each) for each in answered])
    truth = np.array([sum(t.truth for t in each) for each in answered])
    rest = off - truth * off.sum() / truth.sum()
    return float(np.sqrt(rest @ rest) / abs(truth.sum()))


def _spread(truth: Truth) -> float:
    """Return the standard deviation (log) of lift per tracked order between influencers."""
    people = truth.influencers
    known = people[(people["tracked_orders"] >= FEW_ORDERS) & (people["lift_orders"] > 0)]
    return float(np.log(known["lift_orders"] / known["tracked_orders"]).std())


def _dataset(data: Dataset, truth: Truth, by: str) -> Iterator[Trial]:
    known = truth.lift if by == "brand" else truth.influencers
    begin = time.perf_counter()
    found = hk.lift(data, by=by)
    spent = 1000 * (time.perf_counter() - begin)
    joined = found.join(known["lift_revenue"].rename("truth"), how="inner")
    if by != "brand":
        # Not those with a narrow interval: that would choose among answers, low ones above all.
        joined = joined[data.view().by(by, ["orders"])["orders"][joined.index] >= FEW_ORDERS]
    for row in joined.itertuples():
        yield Trial(row.estimate, row.lower, row.upper, row.truth, row.tracked, spent,
                    row.refusal is not None)  # fmt: skip
