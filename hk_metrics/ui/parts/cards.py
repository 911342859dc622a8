"""Key figures: a metric's value, band, change and small line, as a card explains them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hk_metrics import formatting as fmt
from hk_metrics.figures import spark
from hk_metrics.metrics import METRICS, Metric
from hk_metrics.settings import Settings
from hk_metrics.ui.parts.components import Cards
from hk_metrics.ui.parts.panels import Answers, Panel
from hk_metrics.view import Query

BANDS = {
    "roas": ("poor", "average", "good"),
    "roi": ("loss", "fair", "high"),
    "engagement_rate": ("low", "average", "high"),
}
TONES = ("poor", "fair", "good")
FLAT = 5e-4


def cards(metrics: Sequence[str]) -> Panel:
    """Return a panel with a card for each metric, in their order."""
    names = tuple(metrics)
    widget = Cards()
    widget.add_class("hk-span-12")

    def draw(answers: Answers) -> None:
        shown = [n for n in names if n in answers.totals.index]
        widget.cards = [card(n, answers) for n in shown]

    asks = (Query(names), Query(names, freq="D"))
    return Panel(widget, draw, asks, compares=True)


def facts(draw: Callable[[Answers], Sequence[Mapping[str, Any]]], *asks: Query) -> Panel:
    """Return a panel with cards that a page makes itself."""
    widget = Cards()
    widget.add_class("hk-span-12")

    def show(answers: Answers) -> None:
        widget.cards = [dict(c) for c in draw(answers)]

    return Panel(widget, show, asks)


def figure_card(
    name: str,
    value: float,
    answers: Answers,
    *,
    label: str = "",
    formula: str = "",
    foot: str = "",
    why: str = "",
) -> dict[str, Any]:
    """Return a card for a value of a metric's unit, under a label of its own where given.

    ``why`` says why a value that is not known is not; by default what the metric itself lacks.
    """
    metric, settings = METRICS[name], answers.settings
    why = "" if fmt.is_known(value) else why or answers.view.gaps([name])
    own = {"title": label, "formula": formula, "lines": [f"Shown as —. {why}"] if why else []}
    return {
        "key": name if not label else label.lower().replace(" ", "_"),
        "label": label or metric.label,
        "value": fmt.text(metric.unit, value, settings, "compact"),
        "exact": exact(metric, value, settings),
        "band": None if label else band_of(name, value, settings),
        "against": foot or lack(name, answers),
        "explain": own if label else explanation(name, answers),
    }


def card(name: str, answers: Answers) -> dict[str, Any]:
    """Return what one card shows."""
    metric, settings = METRICS[name], answers.settings
    value = float(answers.totals[name])
    band = band_of(name, value, settings)
    label, _, tag = metric.label.partition(" (")
    trend = answers.trend("D")
    return {
        "key": name,
        "label": label,
        "tag": tag.rstrip(")"),
        "value": fmt.text(metric.unit, value, settings, "compact"),
        "exact": exact(metric, value, settings),
        "band": band,
        "delta": delta(metric, value, answers),
        "against": lack(name, answers),
        "points": spark(trend[name].tolist()) if name in trend else None,
        "explain": explanation(name, answers),
    }


def lack(name: str, answers: Answers) -> str:
    """Return what the whole dataset lacks for a metric, for the foot of its card; else empty."""
    return answers.dataset.view().gaps([name]).rstrip(".")


def exact(metric: Metric, value: float, settings: Settings) -> str:
    """Return a value with all the digits that a reader may check, money to the hundredth."""
    if metric.unit == "money" and fmt.is_known(value):
        text = fmt.money(value, settings)
        return text if "." in text else f"{text}.00"
    if metric.unit == "times" and fmt.is_known(value):
        return f"{value:.4f}×"
    return (
        f"{value * 100:.4f}%"
        if metric.unit == "percent" and fmt.is_known(value)
        else fmt.text(metric.unit, value, settings)
    )


def band_of(name: str, value: float, settings: Settings) -> dict[str, str] | None:
    """Return the band that a value lies in, where the metric has bands."""
    if name not in BANDS or name not in settings.bands or not fmt.is_known(value):
        return None
    limits = settings.bands[name]
    at = 0 if value < limits.low else 2 if value > limits.high else 1
    return {"text": BANDS[name][at], "tone": TONES[at]}


def delta(metric: Metric, value: float, answers: Answers) -> dict[str, str] | None:
    """Return the change against the compared period, toned by whether it is good."""
    earlier = answers.totals_before
    if earlier is None or metric.name not in earlier.index:
        return None
    before = float(earlier[metric.name])
    if not (fmt.is_known(before) and fmt.is_known(value)) or before == 0:
        return None
    relative = (value - before) / abs(before)
    better = metric.higher_is_better
    flat = better is None or abs(relative) < FLAT
    tone = "" if flat else TONES[2 if (relative > 0) == better else 0]
    then = f"{exact(metric, before, answers.settings)} {before_text(answers)}"
    return {"text": fmt.change(relative), "tone": tone, "title": then}


def before_text(answers: Answers) -> str:
    """Return what a change is measured against: the value then, and when that was."""
    assert answers.before is not None
    period = answers.before.period
    return f"in {fmt.period(*period)}" if period else "before"


def explanation(name: str, answers: Answers, dimension: str = "") -> dict[str, Any]:
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
        lines.append(f"Shown as — where {below} is 0 or not known.")
    limits = answers.settings.bands.get(name)
    if limits and name in BANDS:
        low, high = (fmt.text(metric.unit, v, answers.settings) for v in (limits.low, limits.high))
        lines.append(f"Bands: {BANDS[name][0]} under {low}, {BANDS[name][2]} over {high}.")
    return {"title": metric.label, "formula": metric.formula, "lines": lines}
