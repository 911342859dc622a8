"""Controls and totals of weeks against a known truth: what they narrow, and what they may not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.coverage import BIAS, CHANCE, Trial, in_band, judged, share
from benchmarks.validate_lift import taken
from hk_metrics.errors import InsufficientDataError
from hk_metrics.incrementality import Activity, Series, post_response
from hk_metrics.simulate import regimes
from hk_metrics.simulate.demand import shocks

Row = dict[str, Any]
Array = NDArray[np.float64]

CONTROLLED = (0.85, 0.95)
NARROWED, NO_WORSE = 0.40, 1.05
# Orders of a demand that the shop shares with its control: their mean, how far it strays (log), and
# how much of that is left a day later.
SHARED, STRAYS, LEFT = 300.0, 0.3, 0.95
WEEKLY = ("bursts", "throughout", "own_trend", "ar", "delayed")


def run(quick: bool = False) -> Iterator[Row]:
    """Yield a row per kind of control, and per world of weekly totals."""
    yield from controls(6 if quick else 200)
    for name in WEEKLY[:2] if quick else WEEKLY:
        yield weekly(name, 6 if quick else 200)


def controls(count: int) -> Iterator[Row]:
    each: dict[str, list[tuple[Trial, Trial]]] = {name: [] for name in KINDS}
    for seed in range(count):
        rng = np.random.default_rng([seed, 7])
        made = regimes.series("bursts", 4_000_000 + seed)
        demand = _wandering(rng, len(made.outcome))
        made = replace(made, outcome=made.outcome + rng.poisson(demand))
        series, activity = taken(made)
        truth, baseline = float(made.lift.sum()), float((made.baseline + demand).sum())
        plain = _trial(series, activity, truth, baseline)
        for name, kind in KINDS.items():
            beside = kind(rng, made, demand)
            beside = (beside - beside.mean()) / beside.std()
            given = replace(series, covariates=beside[:, None], covariate_names=(name,))
            each[name].append((plain, _trial(given, activity, truth, baseline)))
    for name, pairs in each.items():
        yield _told(name, pairs)


def _told(name: str, pairs: list[tuple[Trial, Trial]]) -> Row:
    answered = [(p, f) for p, f in pairs if not (p.refused or f.refused)]
    plain, found = (list(t) for t in zip(*answered, strict=True))
    ratio = np.array([_width(f) / _width(p) for p, f in answered])
    row: Row = {"table": "lift: controls beside the shop", "control": name, "worlds": len(pairs),
                "refused": 1 - len(answered) / len(pairs),
                "coverage without": share(plain, lambda t: t.covers), **judged(found),
                "width ÷ without": float(np.median(ratio)),
                "named as touched": share(found, lambda t: t.placebo_failed)}  # fmt: skip
    low, high = (end + side * CHANCE * row["±"]
                 for end, side in zip(CONTROLLED, (-1, 1), strict=True))  # fmt: skip
    doubt = CHANCE * 1.25 * float(ratio.std()) / np.sqrt(len(ratio))
    if name == TOUCHED:
        # Outside the assumption, which every answer names: how often it is found out is shown.
        return row
    if name == GOOD:
        held = low <= row["coverage"] <= high and row["width ÷ without"] <= NARROWED + doubt
    else:
        enough = min(low, row["coverage without"] - CHANCE * row["±"])
        held = enough <= row["coverage"] and row["width ÷ without"] <= NO_WORSE + doubt
    return row | {"holds": bool(held)}


def _width(trial: Trial) -> float:
    return trial.upper - trial.lower


def _trial(series: Series, activity: Activity, truth: float, baseline: float) -> Trial:
    try:
        found = post_response.fit(series, activity)
    except InsufficientDataError:
        nan = float("nan")
        return Trial(nan, nan, nan, truth, baseline, nan, refused=True)
    touched = any(not c.passed for c in found.checks if c.name == "controls")
    return Trial(found.estimate, found.lower, found.upper, truth, baseline, 0.0,
                 placebo_failed=touched)  # fmt: skip


def _wandering(rng: np.random.Generator, days: int) -> Array:
    return np.asarray(SHARED * np.exp(shocks(rng, days, STRAYS, LEFT)))


def _sister(rng: np.random.Generator, _: regimes.SimulatedSeries, demand: Array) -> Array:
    return rng.poisson(4.0 * demand).astype(np.float64)


def _unrelated(rng: np.random.Generator, _: regimes.SimulatedSeries, demand: Array) -> Array:
    return _wandering(rng, len(demand))


def _noise(rng: np.random.Generator, _: regimes.SimulatedSeries, demand: Array) -> Array:
    return rng.normal(0, 1, len(demand))


def _hit(rng: np.random.Generator, made: regimes.SimulatedSeries, demand: Array) -> Array:
    return rng.poisson(4.0 * demand + made.lift * 4.0).astype(np.float64)


GOOD, TOUCHED = "a brand of the same demand without posts", "one that the posts sell as well"
KINDS: Mapping[str, Callable[[np.random.Generator, regimes.SimulatedSeries, Array], Array]] = {
    GOOD: _sister,
    "one that wanders by itself": _unrelated,
    "noise": _noise,
    TOUCHED: _hit,
}


def weekly(name: str, count: int) -> Row:
    """Totals of weeks where those of days are not known."""
    trials, widths = [], []
    for seed in range(count):
        made = regimes.series(name, 5_000_000 + seed, days=364)
        series, activity = taken(made)
        starts = np.arange(0, series.days, 7)
        mean = np.add.reduceat(series.outcome, starts) / 7
        sums = replace(series, outcome=np.repeat(mean, 7), starts=starts)
        truth, baseline = float(made.lift.sum()), float(made.baseline.sum())
        trials.append(_trial(sums, activity, truth, baseline))
        daily = _trial(series, activity, truth, baseline)
        widths.append(_width(trials[-1]) / _width(daily))
    answered = [t for t in trials if not t.refused]
    row = {"table": "lift: totals of weeks", "regime": name, "worlds": count,
           "refused": share(trials, lambda t: t.refused), **judged(answered),
           "width ÷ that of days": float(np.nanmedian(widths))}  # fmt: skip
    off = np.array([t.estimate - t.truth for t in answered])
    doubt = CHANCE * float(off.std() * np.sqrt(len(off)) / sum(t.truth for t in answered))
    held = in_band(row["coverage"], row["±"]) and abs(row["bias ÷ lift"]) <= BIAS + doubt
    return row | {"holds": bool(held)}
