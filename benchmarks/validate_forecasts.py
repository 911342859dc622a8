"""Forecasts: how often the end of a month lies within what was foretold, on simulated data."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hk_metrics.planning.forecast import Forecast, forecast
from hk_metrics.simulate import simulate

Row = dict[str, Any]

METRICS = {"revenue": ("revenue",), "orders": ("orders",), "spend": ("spend",),
           "roas": ("revenue", "spend")}  # fmt: skip
SHARES = (0.25, 0.5, 0.75)
LEAST, MOST = 0.85, 0.95


def run(quick: bool = False) -> Iterator[Row]:
    """Yield a row per metric and share of the month that is over: coverage, and width."""
    found: dict[tuple[str, float], list[tuple[bool, float]]] = {}
    for seed in range(2 if quick else 40):
        for name, share, ahead, came in foretold(3000 + seed):
            hit = ahead.lower <= came <= ahead.upper
            found.setdefault((name, share), []).append((hit, (ahead.upper - ahead.lower) / came))
    for (name, share), tries in found.items():
        hits, widths = np.array(tries, np.float64).T
        error = np.sqrt(0.9 * 0.1 / len(hits))
        yield {"table": "forecasts: intervals of 90 % for the end of a month", "metric": name,
               "of the month over": f"{share:.0%}", "months": len(hits), "covers": hits.mean(),
               "width / value": float(np.median(widths)),
               "holds": LEAST - 2 * error <= hits.mean() <= MOST + 2 * error}  # fmt: skip


def foretold(seed: int) -> Iterator[tuple[str, float, Forecast, float]]:
    """Yield metric, share of the month over, forecast and truth, for months of a simulated year."""
    data, _ = simulate(seed=seed, influencers=60, days=365, events=10_000)
    days = data.view().trend("D", ["revenue", "spend", "orders"]).asfreq("D").fillna(0.0)
    for month in range(6, 13):
        first = days.index.get_loc(f"2025-{month:02d}-01")
        length = monthrange(2025, month)[1]
        assert isinstance(first, int)
        if first + length > len(days):
            continue
        for name, columns in METRICS.items():
            rows: NDArray[np.float64] = days[list(columns)].to_numpy(np.float64).T
            sums = rows[:, first : first + length].sum(axis=1)
            came = float(sums[0] / sums[1]) if len(sums) > 1 else float(sums[0])
            for share in SHARES:
                done = round(share * length)
                yield name, share, forecast(rows[:, : first + done], length - done, done=done), came
