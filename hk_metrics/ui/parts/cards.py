"""Key figures: a metric's value, band, change and small line, as a card explains them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import nan
from typing import TYPE_CHECKING, Any

from hk_metrics import formatting as fmt
from hk_metrics.figures import spark
from hk_metrics.metrics import METRICS, formula_of
from hk_metrics.present import Card, bands
from hk_metrics.present.card import before_goods, is_cost, of_metric, still_due, still_open
from hk_metrics.ui.parts.components import Cards
from hk_metrics.ui.parts.lifts import LIFTED, break_even, lifted, method, named, span
from hk_metrics.ui.parts.panels import Panel, PanelAnswers
from hk_metrics.view import Query

if TYPE_CHECKING:
    import pandas as pd


# What is said at the foot of a card: of which part of its metric.
_BESIDE = {"spend": "spend_due", "revenue": "open_revenue"}


def cards(metrics: Sequence[str]) -> Panel:
    """Return a panel with a card for each metric, in their order."""
    names = tuple(metrics)

    def draw(answers: PanelAnswers) -> list[Card]:
        shown = [n for n in names if n in answers.totals.index]
        return [_waiting(n) if n in LIFTED else _card(n, answers) for n in shown]

    def fill(answers: PanelAnswers) -> None:
        made.widget.cards = [
            lifted_card(c["key"], answers).payload() if c["key"] in LIFTED else c
            for c in made.widget.cards
        ]

    beside = [b for n, b in _BESIDE.items() if n in names]
    asked = (*names, *beside)
    made = facts(draw, Query(asked), Query(names, freq="D"), compares=True)
    return replace(made, fill=fill) if set(names) & set(LIFTED) else made


def facts(
    draw: Callable[[PanelAnswers], Sequence[Card]], *asks: Query, compares: bool = False
) -> Panel:
    """Return a panel with cards that a page makes itself."""
    widget = Cards()
    widget.add_class("hk-span-12")

    def show(answers: PanelAnswers) -> None:
        widget.cards = [c.payload() for c in draw(answers)]

    return Panel(widget, show, asks, compares)


def figure_card(
    name: str,
    value: float,
    answers: PanelAnswers,
    *,
    label: str = "",
    formula: str = "",
    foot: str = "",
    why: str = "",
) -> Card:
    """Return a card for a value of a metric's unit, under a label of its own where given.

    ``why`` says why a value that is not known is not; by default what the metric itself lacks.
    """
    made = replace(
        of_metric(name, value, answers.settings),
        label=label or METRICS[name].label,
        tag="",
        against=foot or _lack(name, answers),
        explain=explanation(name, answers),
    )
    if not label:
        return made
    why = "" if fmt.is_known(value) else why or answers.view.gaps([name])
    own = {"title": label, "formula": formula, "lines": [f"Shown as —. {why}"] if why else []}
    return replace(made, key=label.lower().replace(" ", "_"), band=None, explain=own)


def _card(name: str, answers: PanelAnswers) -> Card:
    """Return what one card shows."""
    earlier, trend = answers.totals_before, answers.trend("D")
    before = None if earlier is None else earlier.get(name)
    when = before_text(answers) if answers.before else ""
    return replace(
        of_metric(name, float(answers.totals[name]), answers.settings, before, when),
        against=_lack(name, answers) or _foot(name, answers) or _part(name, answers),
        points=spark(trend[name].tolist()) if name in trend else None,
        explain=explanation(name, answers),
    )


def _foot(name: str, answers: PanelAnswers) -> str:
    """Return what must stand beside a value: what is due, what profit is before, break-even."""
    if name == "spend":
        return _due(answers.totals, answers)
    if name == "roas" and answers.settings.knows_margin:
        return f"breaks even at {fmt.times(break_even(answers.view.share_kept))}"
    return before_goods(answers.settings) if name == "profit" else ""


def _waiting(name: str) -> Card:
    """Return the place of a card that takes longer: empty, never another method's number."""
    label = METRICS[name].label.partition(" (")[0]
    return Card(name, label, "…", "being estimated")


def lifted_card(name: str, answers: PanelAnswers, label: str = "") -> Card:
    """Return the card of what the influencers caused, by the method in force on every page."""
    which, unit = method(answers), METRICS[name].unit
    found = lifted(answers, which).iloc[0]
    value, low, high = (float(found[c]) for c in LIFTED[name])
    lines = [str(found[n]) for n in ("assumption", "checks", "refusal") if found[n]]
    label = label or METRICS[name].label.partition(" (")[0]
    return replace(
        of_metric(name, value, answers.settings),
        label=label,
        tag="",
        range=span(low, high, lambda v: fmt.text(unit, v, answers.settings, "compact")),
        against=_lack("roas", answers) or named(answers, which),
        explain={"title": label, "formula": METRICS[name].formula, "lines": lines},
    )


def _due(totals: pd.Series[float], answers: PanelAnswers) -> str:
    """Return how much of the spend of these totals is still due, for the foot of its card."""
    return still_due(float(totals.get("spend_due", nan)), answers.settings)


def _part(name: str, answers: PanelAnswers) -> str:
    """Return which part of revenue may still come back; else empty."""
    if name != "revenue":
        return ""
    return still_open(float(answers.totals.get("open_revenue", nan)), answers.settings)


def _lack(name: str, answers: PanelAnswers) -> str:
    """Return what the whole dataset lacks for a metric, for the foot of its card; else empty."""
    return answers.dataset.view().gaps([name]).rstrip(".")


def before_text(answers: PanelAnswers) -> str:
    """Return what a change is measured against: the value then, and when that was."""
    assert answers.before is not None
    period = answers.before.period
    return f"in {fmt.period(*period)}" if period else "before"


def explanation(name: str, answers: PanelAnswers, dimension: str = "") -> dict[str, Any]:
    """Return how a metric explains itself: formula, what is in it, why it may be missing."""
    metric = METRICS[name]
    dims = [dimension] if dimension else []
    lines = [metric.note[:1].upper() + metric.note[1:]] if metric.note else []
    if reason := answers.view.unavailable(name, dims):
        lines.append(f"Shown as — because {reason}.")
    elif any(answers.view.is_estimated(name, d) for d in [*dims, *answers.view.filters]):
        lines.append("Partly estimated: posts and spend that name no campaign or brand follow "
                     "the orders they brought.")  # fmt: skip
    elif "incremental" not in name:
        lines.append("Observed: nothing in it is estimated.")
    below = metric.formula.partition(" ÷ ")[2]
    if below and not reason:
        free = "spend or " if is_cost(name) and not dims else ""
        lines.append(f"Shown as — where {free}{below} is 0 or not known.")
    if scale := bands.sentence(name, answers.settings):
        lines.append(scale)
    formula = formula_of(name, answers.settings)
    return {"title": metric.label, "formula": formula, "lines": lines}
