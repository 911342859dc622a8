"""Drivers: what each part of a breakdown contributed to the change of a metric."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np

from hk_metrics.errors import InsufficientDataError, ParameterError
from hk_metrics.metrics import METRICS, Measure, Ratio, parts
from hk_metrics.view.chain import chain
from hk_metrics.view.lifted import COLUMNS
from hk_metrics.view.noise import change_noise
from hk_metrics.view.query import counts_users

if TYPE_CHECKING:
    import pandas as pd

    from hk_metrics.view.breakdowns import Breakdowns
    from hk_metrics.view.comparison import Comparison
    from hk_metrics.view.query import Floats

_CHAIN = "chain"
_SEVERAL = "(several)"
_SIDES = ("previous", "current")


def drivers(
    view: Breakdowns, metric: str, by: str | Sequence[str], compare: Comparison
) -> pd.DataFrame:
    """Return what each part contributed to the change of a metric; see `View.drivers`."""
    dims = (by,) if isinstance(by, str) else tuple(by)
    other = _other(view, metric, dims, compare)
    chained = dims == (_CHAIN,)
    table = chain(view, other, metric) if chained else _by_parts(view, other, metric, dims)
    totals = [v.totals([metric])[metric] for v in (other, view)]
    undated = "" if "date" in view.filters else " ".join(_undated(view))
    table.attrs = {
        "reason": table.attrs.get("reason", ""),
        "metric": metric,
        "totals": dict(zip(_SIDES, map(float, totals), strict=True)),
        "period": view.period,
        "previous_period": other.period,
        "note": " ".join(filter(None, [view.lacking(compare), undated])),
        "noise": _noise(view, other, metric),
        "estimated": [d for d in dims if d != _CHAIN and view.is_estimated(metric, d)],
    }
    return table


def _other(view: Breakdowns, metric: str, dims: tuple[str, ...], compare: Comparison) -> Breakdowns:
    """Return the view over the other period, or refuse where drivers cannot be told."""
    if not dims:
        raise ParameterError(
            f"drivers of {metric!r}: give by=, e.g. by='campaign', or by='chain' for posts × reach "
            "per post × conversion × order value"
        )
    if view.estimate and metric in COLUMNS:
        raise InsufficientDataError(
            f"{metric} is estimated for each part on its own, so parts do not add to the whole: "
            "take a view without lift=, or hk_metrics.lift of both periods"
        )
    if reason := view.unavailable(metric, () if dims == (_CHAIN,) else dims):
        raise InsufficientDataError(f"drivers of {metric}: {reason}")
    other, data = view.before(compare), view.ledger.period
    if other is None or other.period is None or data is None or other.period[1] < data[0]:
        raise InsufficientDataError(view.lacking(compare))
    return other


def _noise(view: Breakdowns, other: Breakdowns, metric: str) -> float:
    """Return the change that days alone would bring (`hk_metrics.view.noise`); NaN for ratios."""
    if not isinstance(METRICS[metric], Measure):
        return float("nan")
    then, now = (v.trend("D", [metric])[metric].to_numpy(np.float64) for v in (other, view))
    return change_noise(then, now)


def _undated(view: Breakdowns) -> list[str]:
    """Say what counts in the current period alone, for it has no day."""
    left_out = view.where(date=view.period).left_out
    return [f"{note} It counts in the view without dates, not in the other." for note in left_out]


def _by_parts(
    view: Breakdowns, other: Breakdowns, metric: str, dims: tuple[str, ...]
) -> pd.DataFrame:
    import pandas as pd

    names = parts(metric)
    sums = pd.concat([_sums(v, names, dims) for v in (other, view)], axis=1, keys=_SIDES).fillna(
        0.0
    )
    if not isinstance(METRICS[metric], Ratio):
        return _ranked(_differences(sums, metric))
    if reason := _undefined(sums, metric, (other, view)):
        table = pd.concat([_ranked(_differences(sums, n)) for n in names], keys=names)
        table.index.names = ["metric", *table.index.names[1:]]
        table.attrs = {"reason": reason}
        return table
    return _ranked(_effects(sums, metric))


def _sums(view: Breakdowns, names: tuple[str, ...], dims: tuple[str, ...]) -> pd.DataFrame:
    """Return the sums by part, each user in one row: her only part's, or that of several."""
    if not any(counts_users(name) for name in names):
        return view.by(dims, names)
    events = view.events.filter(nw.col("orders") > 0, ~nw.col("user_id").is_null())
    places = events.select("user_id", *dims).unique()
    several = places.group_by("user_id").agg(nw.len().alias("parts")).filter(nw.col("parts") > 1)
    ledger, ids = view.ledger, several.select("user_id")
    alone = ledger.events.join(ids, on="user_id", how="anti")
    table = replace(view, ledger=replace(ledger, events=alone)).by(dims, names)
    shared = ledger.events.join(ids, on="user_id", how="semi")
    whole = replace(view, ledger=replace(ledger, events=shared)).totals(names)
    users = [name for name in names if counts_users(name)]
    if whole[users].fillna(0.0).any():
        label = _SEVERAL if len(dims) == 1 else (_SEVERAL,) * len(dims)
        table.loc[label, :] = [whole[n] if n in users else 0.0 for n in names]
    return table


def _differences(sums: pd.DataFrame, name: str) -> pd.DataFrame:
    table = sums.xs(name, axis=1, level=1)
    return table.assign(contribution=table["current"] - table["previous"])


def _effects(sums: pd.DataFrame, metric: str) -> pd.DataFrame:
    """Split the change of a ratio: Shapley's value of the two factors rate and weight.

    A part's weight is its share of the denominator. What it adds to the whole ratio is its share
    of the numerator over the whole denominator; what a shift of weight would bring at the average
    ratio is taken off, which adds to nothing since all weights add to 1.
    """
    import pandas as pd

    ratio = METRICS[metric]
    assert isinstance(ratio, Ratio)
    tops, bottoms = (_sides(sums, n) for n in (ratio.numerator, ratio.denominator))
    tops = ratio.scale * tops
    wholes = bottoms.sum(axis=0)
    share, weight = tops / wholes, bottoms / wholes
    rate = np.divide(tops, bottoms, out=np.full_like(tops, np.nan), where=bottoms != 0)
    known = np.isfinite(rate)
    # A new or ended part has a rate on one side alone, and keeps it: it is mix, not rate.
    usual = np.where(known, rate, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    shift = weight[:, 1] - weight[:, 0]
    change = share[:, 1] - share[:, 0]
    mean = (tops.sum(axis=0) / wholes).mean()
    columns = {
        "previous": rate[:, 0],
        "current": rate[:, 1],
        "contribution": change - shift * mean,
        "rate_effect": change - shift * usual,
        "mix_effect": shift * (usual - mean),
    }
    return pd.DataFrame(columns, index=sums.index)


def _sides(sums: pd.DataFrame, name: str) -> Floats:
    sides: Floats = sums.xs(name, axis=1, level=1)[list(_SIDES)].to_numpy(np.float64)
    return sides


def _undefined(sums: pd.DataFrame, metric: str, views: tuple[Breakdowns, Breakdowns]) -> str:
    """Return why a ratio has no change: a denominator that is 0 in one period; "" if it has."""
    from hk_metrics.formatting import period

    bottom = parts(metric)[1]
    empty = [
        period(*view.period)
        for view, total in zip(views, _sides(sums, bottom).sum(axis=0), strict=True)
        if total == 0 and view.period
    ]
    if not empty:
        return ""
    label, below = METRICS[metric].label, METRICS[bottom].label
    return (
        f"{label} cannot be told for {' and '.join(empty)}: {below[:1].lower()}{below[1:]} is 0 "
        "there. What it is made of is shown instead."
    )


def _ranked(table: pd.DataFrame) -> pd.DataFrame:
    order = np.argsort(-table["contribution"].abs().to_numpy(), kind="stable")
    return table.iloc[order].rename_axis(columns=None)
