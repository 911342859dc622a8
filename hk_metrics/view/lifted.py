"""Incremental metrics of a view by an estimate of lift, with its interval, not an assumed share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from hk_metrics.view.query import Query

if TYPE_CHECKING:
    import pandas as pd

# Takes a view and a dimension, None for the whole, and returns the table of `hk_metrics.lift`.
Estimate = Callable[[Any, str | None], "pd.DataFrame"]

# Of each metric: the columns of an estimate that hold it, and its interval.
COLUMNS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "incremental_revenue": ("estimate", "lower", "upper"),
        "incremental_roas": ("iroas", "iroas_lower", "iroas_upper"),
    }
)
_ONE_BREAKDOWN = (
    "lift is estimated for a whole period, by one dimension at a time: leave out the frequency or "
    "the second dimension, or use the assumed share (no lift= in the view)"
)
_ORGANIC = "lift is what influencers caused: leave out the filter on organic"


def with_lift(table: pd.DataFrame, query: Query, view: Any, estimate: Estimate) -> pd.DataFrame:
    """Return a query's table with estimated incremental metrics in place of the assumed ones.

    Parameters
    ----------
    table
        One row per value, with the metrics of `COLUMNS` among its columns.
    query
        What the table answers.
    view
        The view it was asked of.
    estimate
        Returns the lift of the view's units.

    Returns
    -------
    DataFrame
        With ``…_lower`` and ``…_upper`` (90 % interval) after each of these metrics. NaN where the
        method refuses: ``attrs["unavailable"]`` says why, ``attrs["lift"]`` names the method, its
        assumption and the units whose interval is too wide to act on.
    """
    names = [name for name in COLUMNS if name in table.columns]
    if not names:
        return table
    if query.freq or len(query.by) > 1 or "organic" in view.filters:
        reason = _ORGANIC if "organic" in view.filters else _ONE_BREAKDOWN
        return _filled(table, names, {}, reason)
    found = estimate(view, query.by[0] if query.by else None)
    # Without a breakdown there is one row, whatever its label.
    found = found.reindex(table.index) if query.by else found.set_axis(table.index)
    result = _filled(table, names, found, _refusals(found["refusal"].dropna(), bool(query.by)))
    result.attrs["lift"] = {
        "method": next(iter(found["method"]), ""),
        "assumption": next((a for a in found["assumption"] if a), ""),
        "inconclusive": [str(n) for n, wide in found["inconclusive"].items() if bool(wide)],
    }
    return result


def _filled(table: pd.DataFrame, names: list[str], found: Any, reason: str) -> pd.DataFrame:
    result = table.copy()
    for name in names:
        place = list(result.columns).index(name)
        middle, lower, upper = COLUMNS[name]
        result[name] = found.get(middle, float("nan"))
        result.insert(place + 1, f"{name}_lower", found.get(lower, float("nan")))
        result.insert(place + 2, f"{name}_upper", found.get(upper, float("nan")))
    refused = dict.fromkeys(names, reason) if reason else {}
    result.attrs = {**table.attrs, "unavailable": {**table.attrs["unavailable"], **refused}}
    return result


def _refusals(reasons: pd.Series[str], named: bool) -> str:
    """Return why there is no number, the units of each reason before it."""
    units: dict[str, list[str]] = {}
    for unit, reason in reasons.items():
        units.setdefault(reason, []).append(str(unit))
    return " ".join(
        f"{', '.join(several)}: {reason}" if named else reason for reason, several in units.items()
    )
