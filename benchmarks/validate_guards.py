"""Guards: how often totals that are none are caught, and how often sound ones are refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.coverage import CHANCE
from hk_metrics.incrementality.totals import in_step, short, spread_evenly
from hk_metrics.simulate import regimes
from hk_metrics.simulate.regimes import REGIMES

Row = dict[str, Any]
Array = NDArray[np.float64]

FALSE_REFUSALS = 0.02
CAUGHT = 0.98
VALUE = 900.0


def run(quick: bool = False) -> Iterator[Row]:
    """Yield a row per guard: what it catches, and what it refuses of sound data."""
    count = 3 if quick else 20
    made = [regimes.series(name, seed) for name in REGIMES for seed in range(count)]
    for guard, spoil in SPOILT.items():
        caught = np.mean([bool(doubt(*spoil(m))) for m in made if m.tracked.sum() > 200])
        yield {"table": "guards: totals that are none", "guard": guard, "worlds": len(made),
               "caught": float(caught), "holds": bool(caught >= CAUGHT)}  # fmt: skip
    for size, scale in (("as they are", 1.0), ("a tenth", 0.1), ("a fortieth", 0.025)):
        refused = np.array([bool(doubt(*thinned(m, scale))) for m in made])
        error = float(np.sqrt(FALSE_REFUSALS * (1 - FALSE_REFUSALS) / len(refused)))
        yield {"table": "guards: sound totals refused", "orders": size, "worlds": len(refused),
               "refused": float(refused.mean()),
               "holds": bool(refused.mean() <= FALSE_REFUSALS + CHANCE * error)}  # fmt: skip


def doubt(total: Array, tracked: Array) -> str:
    """Return what the guards say of a total and its tracked part, in orders."""
    rng = np.random.default_rng(1)
    revenue = total * VALUE * (1 + rng.normal(0, 0.02, len(total)) * (np.ptp(total) > 0))
    return spread_evenly(total, revenue) or short(total, tracked) or in_step(total, tracked)


def thinned(made: regimes.SimulatedSeries, scale: float) -> tuple[Array, Array]:
    """Return a smaller shop: each order is kept by chance."""
    if made.regime.heavy_tail:
        return made.outcome / made.outcome.mean() * 200, made.tracked.sum(axis=1) * 0.5
    rng = np.random.default_rng(7)
    tracked = made.tracked.sum(axis=1).astype(np.int64)
    rest = np.maximum(made.outcome - tracked, 0).astype(np.int64)
    kept = rng.binomial(tracked, scale).astype(float)
    return kept + rng.binomial(rest, scale), kept


def _coded(made: regimes.SimulatedSeries) -> tuple[Array, Array]:
    tracked = made.tracked.sum(axis=1)
    return tracked, tracked


def _taxed(made: regimes.SimulatedSeries) -> tuple[Array, Array]:
    tracked = made.tracked.sum(axis=1)
    return 1.18 * tracked, tracked


def _spread(days: int) -> Callable[[regimes.SimulatedSeries], tuple[Array, Array]]:
    def spoil(made: regimes.SimulatedSeries) -> tuple[Array, Array]:
        period = np.arange(len(made.outcome)) // days
        mean = np.bincount(period, made.outcome) / np.bincount(period)
        return mean[period], np.zeros(len(period))

    return spoil


SPOILT: Mapping[str, Callable[[regimes.SimulatedSeries], tuple[Array, Array]]] = {
    "coded orders for the total": _coded,
    "coded orders with tax": _taxed,
    "weekly totals over days": _spread(7),
    "monthly totals over days": _spread(30),
}
