"""Which cities to change: those that the others foretell best, so that they show the least."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hk_metrics.experiments.panel import LEAST_BEFORE, Panel, effect

Array = NDArray[np.float64]

# Standard errors between nothing and a lift that is told in four of five experiments at 90 %.
TOLD_AT_80 = 1.645 + 0.842
WINDOWS = 3
SIZES = (1, 2, 3, 4, 5)
SHORTLIST = 24
DESIGN_COLUMNS = ("cities", "days", "smallest", "share_of_sales", "sales")


def selected(panel: Panel, days: int, sizes: Sequence[int] = SIZES) -> pd.DataFrame:
    """Return sets of cities by the smallest lift that they show, the best first.

    Parameters
    ----------
    panel
        The past.
    days
        Length of the experiment (days).
    sizes
        How many cities to change.

    Returns
    -------
    DataFrame
        ``cities`` (names), ``days``, ``smallest`` (lift as a share of their sales, told in four of
        five experiments), ``share_of_sales`` (of all cities' sales, theirs), ``sales`` (per day).

    Notes
    -----
    A set is a city with those most alike to it, or of all sizes. Each is tried on the last days of
    the past, as if they were the experiment: what is found there without a change is the noise.
    """
    usual = panel.values.mean(axis=0)
    rough = sorted(_candidates(panel, sizes), key=lambda s: _misfit(panel, s))[:SHORTLIST]
    rows = []
    for cities in rough:
        doubt = standard_error(panel, cities, days)
        sold = float(usual[list(cities)].sum())
        rows.append(
            (tuple(panel.cities[c] for c in cities), days, TOLD_AT_80 * doubt / (sold * days),
             sold / float(usual.sum()), sold)
        )  # fmt: skip
    table = pd.DataFrame(rows, columns=list(DESIGN_COLUMNS))
    return table.sort_values(["smallest", "share_of_sales"]).reset_index(drop=True)


def standard_error(panel: Panel, cities: Sequence[int], days: int) -> float:
    """Return how far off the effect is found where there is none, in money or orders."""
    found = []
    for window in range(WINDOWS):
        end = len(panel) - window * days
        if end - days < LEAST_BEFORE:
            break
        gap = effect(panel.until(end), cities, end - days, end)
        found.append((gap.mean, (gap.quantile(0.95) - gap.quantile(0.05)) / (2 * 1.645)))
    missed = float(np.sqrt(np.mean([m**2 for m, _ in found])))
    stated = float(np.mean([s for _, s in found]))
    # Three windows say little of the error themselves; what the model states says more.
    return float(np.sqrt((len(found) * missed**2 + 6 * stated**2) / (len(found) + 6)))


def _candidates(panel: Panel, sizes: Sequence[int]) -> set[tuple[int, ...]]:
    alike: Array = np.nan_to_num(np.asarray(np.corrcoef(panel.values, rowvar=False)))
    most = len(panel.cities) // 2
    return {
        tuple(sorted(int(c) for c in np.argsort(-alike[city])[:size]))
        for city in range(len(panel.cities))
        for size in sizes
        if size <= most
    }


def _misfit(panel: Panel, cities: Sequence[int]) -> float:
    """Return what the other cities' sum leaves of theirs, relative to it."""
    inside = panel.values[:, list(cities)].sum(axis=1)
    outside = panel.values.sum(axis=1) - inside
    columns = np.column_stack([np.ones(len(panel)), outside])
    slopes, *_ = np.linalg.lstsq(columns, inside, rcond=None)
    return float((inside - columns @ slopes).std() / max(inside.mean(), 1e-9))
