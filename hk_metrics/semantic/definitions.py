"""Every metric as SQL over the ledger, and in the two forms that semantic layers read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from hk_metrics.metrics import METRICS, Distinct, Measure, Metric, Ratio
from hk_metrics.view import View

if TYPE_CHECKING:
    from hk_metrics.ledger import Ledger

LEDGER = "ledger"
KEY = "ledger_id"
_TIME = "date"
_INFLUENCER = "influencer_id"
_BOUGHT = "CASE WHEN orders > 0 THEN user_id END"
# Distinct users that one expression counts; repeat customers take a count of counts.
_COUNTED: Mapping[str, str] = {
    "customers": _BOUGHT,
    "new_customers": "CASE WHEN orders > 0 AND first_order THEN user_id END",
}
_NOT_SPLIT = " Posts have no source and no product: their numbers are not split by these."

Definition = dict[str, Any]


def exported(view: View) -> list[Metric]:
    """Return the metrics that a dataset can tell and that SQL over one table can say."""
    available = [METRICS[name] for name in view.metrics if not view.unavailable(name)]
    return [metric for metric in available if _sayable(metric)]


def _sayable(metric: Metric) -> bool:
    if isinstance(metric, Ratio):
        return all(_sayable(METRICS[part]) for part in (metric.numerator, metric.denominator))
    return isinstance(metric, Measure) or metric.name in _COUNTED


def sql(metric: Metric | str, ledger: Ledger) -> str:
    """Return a metric as one SQL expression over the rows of the ledger.

    Parameters
    ----------
    metric
        A metric or its name.
    ledger
        Whose columns and settings (margin, baseline share, rate card) count.

    Examples
    --------
    >>> import hk_metrics as hk
    >>> data, _ = hk.simulate(seed=7, influencers=12, days=30, events=500)
    >>> sql("roas", data.ledger)
    'SUM(revenue) / NULLIF(SUM(spend), 0)'
    """
    metric = METRICS[metric] if isinstance(metric, str) else metric
    if isinstance(metric, Ratio):
        above, below = (sql(part, ledger) for part in (metric.numerator, metric.denominator))
        scale = f"{metric.scale!r} * " if metric.scale != 1 else ""
        return f"{scale}{_whole(above)} / NULLIF({below}, 0)"
    if isinstance(metric, Distinct):
        return f"COUNT(DISTINCT {_COUNTED[metric.name]})"
    return _terms([(f"SUM({c})", f) for c, f in _columns(metric, ledger).items()])


def _whole(expression: str) -> str:
    """Return an expression that may be divided as it stands."""
    return (
        f"({expression})"
        if " " in expression and not expression.startswith("COUNT")
        else expression
    )


def _columns(metric: Measure, ledger: Ledger) -> Mapping[str, float]:
    terms = metric.resolve(ledger.settings)
    return {c: f for c, f in terms.items() if c not in metric.optional or c in ledger.measures}


def _terms(terms: Iterable[tuple[str, float]]) -> str:
    """Return a weighted sum.

    >>> _terms([("SUM(revenue)", 1.0), ("SUM(spend)", -1.0), ("SUM(likes)", 0.5)])
    'SUM(revenue) - SUM(spend) + 0.5 * SUM(likes)'
    """
    text = ""
    for what, factor in terms:
        sign = ("-" if factor < 0 else "") if not text else (" - " if factor < 0 else " + ")
        text += sign + (what if abs(factor) == 1 else f"{abs(factor)!r} * {what}")
    return text


def metricflow(view: View) -> Definition:
    """Return the metrics as dbt MetricFlow reads them: one semantic model over the ledger.

    Parameters
    ----------
    view
        A view of the whole dataset.

    Returns
    -------
    dict
        ``semantic_models`` and ``metrics``, of the specification that dbt 1.6 and later read.
        Times are those of the ledger's rows; MetricFlow wants a time spine of the project's own.
    """
    metrics = exported(view)
    ledger = view.ledger
    sums = [m for m in metrics if not isinstance(m, Ratio)]
    model = {
        "name": LEDGER,
        "description": "One row per post, order and share of a payout, with every dimension.",
        "model": f"ref('{LEDGER}')",
        "defaults": {"agg_time_dimension": _TIME},
        "entities": [
            {"name": "ledger_row", "type": "primary", "expr": KEY},
            {"name": "influencer", "type": "foreign", "expr": _INFLUENCER},
        ],
        "dimensions": [
            {"name": _TIME, "type": "time", "type_params": {"time_granularity": "day"}},
            *({"name": n, "type": "categorical"} for n in _dimensions(view)),
        ],
        "measures": [_measure(m, ledger) for m in sums],
    }
    return {"version": 2, "semantic_models": [model], "metrics": [_metric(m) for m in metrics]}


def _dimensions(view: View) -> list[str]:
    return [n for n in view.dimensions if n != "organic"]


def _measure(metric: Metric, ledger: Ledger) -> Definition:
    if isinstance(metric, Distinct):
        return {"name": metric.name, "agg": "count_distinct", "expr": _COUNTED[metric.name]}
    assert isinstance(metric, Measure)
    terms = _columns(metric, ledger)
    each = _terms([(f"COALESCE({c}, 0)", f) for c, f in terms.items()])
    return {
        "name": metric.name,
        "agg": "sum",
        "expr": next(iter(terms)) if list(terms.values()) == [1.0] else each,
        "description": _words(metric, ledger),
    }


def _metric(metric: Metric) -> Definition:
    described = {"name": metric.name, "label": metric.label, "description": _plain(metric)}
    if not isinstance(metric, Ratio):
        return {**described, "type": "simple", "type_params": {"measure": metric.name}}
    above, below = metric.numerator, metric.denominator
    if metric.scale == 1:
        parts = {"numerator": above, "denominator": below}
        return {**described, "type": "ratio", "type_params": parts}
    formula = f"{metric.scale!r} * {above} / NULLIF({below}, 0)"
    used = {"expr": formula, "metrics": [{"name": above}, {"name": below}]}
    return {**described, "type": "derived", "type_params": used}


def osi(view: View) -> Definition:
    """Return the metrics as Open Semantic Interchange (core specification 1.0) says them.

    Parameters
    ----------
    view
        A view of the whole dataset.
    """
    names = [KEY, _TIME, "kind", *_dimensions(view)]
    ledger = {
        "name": LEDGER,
        "source": LEDGER,
        "primary_key": [KEY],
        "description": "One row per post, order and share of a payout, with every dimension.",
        "fields": [
            {"name": n, "expression": _ansi_sql(n), "dimension": {"is_time": n == _TIME}}
            for n in names
        ],
    }
    influencers = {"name": "influencers", "source": "influencers", "primary_key": ["id"]}
    joined = {
        "name": "ledger_to_influencers", "from": LEDGER, "to": "influencers",
        "from_columns": [_INFLUENCER], "to_columns": ["id"],
    }  # fmt: skip
    metrics = [
        {
            "name": m.name,
            "description": f"{m.label}: {_words(m, view.ledger)}",
            "expression": _ansi_sql(sql(m, view.ledger)),
        }
        for m in exported(view)
    ]
    model = {
        "name": "influencer_return",
        "description": "What each influencer rupee really brought.",
        "datasets": [ledger, influencers],
        "relationships": [joined],
        "metrics": metrics,
    }
    return {"semantic_model": [model]}


def _ansi_sql(expression: str) -> Definition:
    return {"dialects": [{"dialect": "ANSI_SQL", "expression": expression}]}


def _plain(metric: Metric) -> str:
    return ". ".join(part for part in (metric.formula, metric.note) if part)


def _words(metric: Metric, ledger: Ledger) -> str:
    """Return what a metric is, and which splits it does not know."""
    of_posts = isinstance(metric, Measure) and set(_columns(metric, ledger)) & ledger.of_posts
    return f"{_plain(metric)}.{_NOT_SPLIT}" if of_posts else f"{_plain(metric)}."
