"""What people type at a view: shorthand taken as it is meant, and for the rest what to type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hk_metrics.errors import ParameterError
from hk_metrics.metrics import METRICS
from hk_metrics.view.filters import RANGES
from hk_metrics.view.query import listed
from hk_metrics.wording import ObjectSummary

if TYPE_CHECKING:
    from hk_metrics.view.breakdowns import Breakdowns

Names = tuple[str, ...]
_SHOWN = ("revenue", "orders", "spend", "roas", "posts")
_SEVERAL = 4
# What a pandas user may try → what does it here.
_INSTEAD: Mapping[str, str] = {
    **dict.fromkeys(("groupby", "pivot", "pivot_table", "value_counts"), "view.by('campaign')"),
    **dict.fromkeys(("resample", "rolling", "asfreq"), "view.trend('M')"),
    **dict.fromkeys(("query", "filter", "loc", "iloc", "xs"), "view.where(platform='Instagram')"),
    **dict.fromkeys(("sum", "agg", "aggregate", "describe"), "view.totals()"),
    **dict.fromkeys(("head", "tail", "sort_values"), "view.by('influencer_id').head()"),
    **dict.fromkeys(("diff", "pct_change", "shift"), "view.compare('previous_month')"),
    **dict.fromkeys(("columns", "keys"), "view.metrics and view.dimensions"),
    **dict.fromkeys(("unique", "nunique"), "view.values('campaign')"),
    **dict.fromkeys(("to_csv", "to_excel", "to_parquet"), "view.by('campaign').to_csv('file.csv')"),
}


def filters(given: Sequence[Any]) -> dict[str, Any]:
    """Return filters that were given as a dict, or say how to give them."""
    if len(given) > 1 or not all(isinstance(g, Mapping) for g in given):
        raise ParameterError(
            f"where({', '.join(map(repr, given))}): name the dimension, e.g. "
            "where(platform='Instagram', date='2025-06')"
        )
    return {str(k): v for one in given for k, v in one.items()}


def breakdown(
    dimension: str | Iterable[str],
    more: Sequence[str | Iterable[str]],
    metrics: str | Iterable[str],
    known: Sequence[str],
) -> tuple[Names, Names]:
    """Return the dimensions and the metrics of a breakdown."""
    names = listed(metrics)
    if more and not isinstance(more[-1], str):
        if names:
            raise ParameterError("by: the metrics are given twice; leave out the list or metrics=")
        *more, last = more
        names = tuple(last)
    dims = listed(dimension) + tuple(d for one in more for d in listed(one))
    if strange := [d for d in dims if d in METRICS and d not in known]:
        rest = [d for d in dims if d not in strange] or ["campaign"]
        shown = ", ".join(map(repr, rest))
        raise ParameterError(
            f"by: {strange[0]!r} is a metric, not a dimension; write by({shown}, "
            f"metrics={strange[0]!r})"
        )
    return dims, names


def lacking(kind: str, name: str) -> str:
    """Return what to type in place of an attribute or a key that a view has not.

    >>> lacking("View", "revenue")
    "a View has no 'revenue'; type view.totals('revenue')"
    """
    if name in METRICS:
        return f"a {kind} has no {name!r}; type view.totals({name!r})"
    instead = _INSTEAD.get(name)
    instruction = (
        f"type {instead}" if instead else "see dir(view), view.metrics and view.dimensions"
    )
    return f"a {kind} has no {name!r}; {instruction}"


def view_card(view: Breakdowns) -> ObjectSummary:
    """Return what a view is, in ten lines: its period, its filters and the main totals."""
    from hk_metrics.formatting import period, text

    lines = {"period": period(*view.period) if view.period else "no dates"}
    if chosen := [_chosen(n, v) for n, v in view.filters.items() if n != "date"]:
        lines["filters"] = "; ".join(chosen)
    if view.ledger.rows.implementation.is_polars():
        names = [m for m in _SHOWN if m in view.metrics]
        settings = view.ledger.settings
        totals = view.totals(names)
        for metric in (METRICS[name] for name in names):
            value = totals[metric.name]
            lines[metric.label] = text(metric.unit, float(value), settings)
    if view.notes:
        lines["note"] = " ".join(view.notes)
    lines["next"] = (
        "totals(), by('campaign'), trend('M'), compare(), drivers('revenue', 'campaign')"
    )
    return ObjectSummary("View", lines)


def _chosen(name: str, values: Sequence[Any]) -> str:
    if name in RANGES:
        return f"{name} from {values[0]} to {values[1]}"
    shown = ", ".join("(none)" if v is None else str(v) for v in values[:_SEVERAL])
    return f"{name} {shown}" + (f" … {len(values)} in all" if len(values) > _SEVERAL else "")
