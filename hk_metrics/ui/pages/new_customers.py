"""New customers: who brings them, at what cost, and what they bring in the days after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hk_metrics import formatting as fmt
from hk_metrics.figures import label_of
from hk_metrics.metrics import METRICS
from hk_metrics.present import Table
from hk_metrics.ui.memory import answered, remembered
from hk_metrics.ui.parts.cards import explanation
from hk_metrics.ui.parts.panels import Panel, PanelAnswers
from hk_metrics.ui.parts.tables import table
from hk_metrics.ui.parts.words import explained

if TYPE_CHECKING:
    import pandas as pd

_DAYS = (30, 60, 90)
_COUNTED = ("customers", "new_customers", "new_customer_share", "spend", "cac")


def new_customers(by: str, title: str, span: int = 12) -> Panel:
    """Return new customers by the influencer who brought them, or by the month of first order."""

    return table(lambda answers: cohorts(answers, by, title), span=span, late=True)


def cohorts(answers: PanelAnswers, by: str, title: str) -> Table:
    """Return what new customers cost and bring, by influencer or month."""
    known, reason = remembered(
        answers.view, "cohorts", lambda: answered(lambda: answers.view.cohorts(by)), by
    )
    if known is None:
        import pandas as pd

        return Table(title, pd.DataFrame(), note=reason)
    return _table(known, by, title, answers)


def _table(known: pd.DataFrame, by: str, title: str, answers: PanelAnswers) -> Table:
    """Return the cohorts as a reader needs them: each value with its interval in words."""
    shown = known[[c for c in _COUNTED if c in known]].copy()
    names = answers.catalog.names
    months = by == "month"
    first = "month" if months else "name"
    labels = [f"{v:%b %Y}" if months else names.get(str(v), str(v)) for v in known.index]
    shown.insert(0, first, labels)
    if "payback_days" in known:
        shown["payback_days"] = known["payback_days"]
    for day in _DAYS:
        ends = zip(known[f"revenue_{day}_lower"], known[f"revenue_{day}_upper"], strict=True)
        shown[f"revenue_{day}"] = known[f"revenue_{day}"]
        shown[f"interval_{day}"] = [_span(low, high, answers) for low, high in ends]
        shown[f"followed_{day}"] = known[f"followed_{day}"]
    shown[f"repeat_{_DAYS[-1]}"] = known[f"repeat_{_DAYS[-1]}"]
    return Table(
        title, shown.reset_index(drop=True), units=_units(), labels=_labels(first, by),
        explain=_explained(shown, first, by, answers),
        note=" ".join(known.attrs["notes"]), hidden=[f"followed_{d}" for d in _DAYS],
        subtitle="Revenue of one new customer by an age, net of refunds, with 90 % intervals",
        keys=[] if months else list(known.index), pick="" if months else by,
    )  # fmt: skip


def _explained(shown: pd.DataFrame, first: str, by: str, answers: PanelAnswers) -> dict[str, Any]:
    grain = "" if first == "month" else by
    lines = {"payback_days": "First day when margin × revenue per new customer reaches their cost."}
    for day in _DAYS:
        lines |= {
            f"revenue_{day}": f"Mean revenue of a new customer in the {day} days from the first.",
            f"interval_{day}": "Where that mean lies, nine times in ten; — below five followed.",
            f"repeat_{day}": f"Share of new customers who bought again within {day} days.",
        }
    there = {name: line for name, line in lines.items() if name in shown}
    metrics = {m: explanation(m, answers, grain) for m in _COUNTED if m in shown}
    return {**metrics, **explained(_labels(first, by), there)}


def _span(low: float, high: float, answers: PanelAnswers) -> str:
    if low != low:
        return fmt.DASH
    return " – ".join(fmt.compact_money(end, answers.settings) for end in (low, high))


def _units() -> dict[str, str]:
    units: dict[str, str] = {"payback_days": "count"}
    units.update((m, METRICS[m].unit) for m in _COUNTED)
    for day in _DAYS:
        units |= {f"revenue_{day}": "money", f"followed_{day}": "count", f"repeat_{day}": "percent"}
    return units


def _labels(first: str, by: str) -> dict[str, str]:
    labels = {m: METRICS[m].label for m in _COUNTED}
    labels |= {first: "First order in" if first == "month" else label_of(by)}
    labels |= {"cac": "Cost per new customer", "payback_days": "Paid back on day"}
    for day in _DAYS:
        labels |= {
            f"revenue_{day}": f"{day} days",
            f"interval_{day}": f"{day} days, 90 %",
            f"followed_{day}": f"Followed {day} days",
            f"repeat_{day}": f"Bought again in {day} days",
        }
    return labels
