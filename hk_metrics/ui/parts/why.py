"""Why a figure changed: a waterfall by what the visitor chooses."""

from __future__ import annotations

from dataclasses import replace

from hk_metrics import figures
from hk_metrics.figures import Chart, label_of
from hk_metrics.metrics import METRICS, Ratio
from hk_metrics.ui.memory import answered, remembered
from hk_metrics.ui.parts.components import Sentences
from hk_metrics.ui.parts.controls import choice, chosen
from hk_metrics.ui.parts.panels import Panel, PanelAnswers, Row, bar, chart, row
from hk_metrics.ui.state import State
from hk_metrics.view import Comparison
from hk_metrics.view.chain import CHAINS, FACTORS
from hk_metrics.wording import uncapped

_CHAIN = "chain"
_METRICS = ("revenue", "orders", "spend", "profit", "roas", "aov", "cpo")
_NO_COMPARISON = "There is nothing to compare with: choose a period, and what to compare it with."
_DIMENSIONS = ("campaign", "influencer_id", "brand", "platform", "source", "product")


def why(state: State, *beside: Panel, span: int = 7) -> list[Row]:
    """Return the choice of what changed and of its parts, and the waterfall beside others."""
    whole = state.view()
    metrics = {n: METRICS[n].label for n in _METRICS if n in whole.metrics}
    parts = {_CHAIN: "Posts, reach, orders"} | {
        d: label_of(d) for d in _DIMENSIONS if d in whole.dimensions
    }
    first = next(iter(metrics), "revenue")
    return [
        bar(
            choice(state, "why", "Why changed", metrics, first, "select"),
            choice(state, "drivers", "By", parts, _CHAIN, "select"),
            when=_compares,
        ),
        row(*_waterfall(metrics, parts, first, span), *beside),
    ]


def _compares(state: State) -> bool:
    """Whether there is a period to compare with, so that there is something to explain."""
    return state.compare != "none" and state.period() is not None


def _waterfall(
    metrics: dict[str, str], parts: dict[str, str], first: str, span: int
) -> tuple[Panel, Panel]:
    """Return the waterfall, and the line that says in its place why there is none."""
    reason_line = Sentences(look="line")
    reason_line.add_class("hk-span-12")

    def draw(answers: PanelAnswers) -> Chart:
        metric = chosen(answers.state, "why", metrics, first)
        by = chosen(answers.state, "drivers", parts, _CHAIN)
        if by == _CHAIN and metric not in CHAINS:
            by = next(iter(d for d in parts if d != _CHAIN), _CHAIN)
        title = f"Why {uncapped(metrics.get(metric, metric))} changed"
        if answers.compare is None:
            return Chart([], title=title, empty=_NO_COMPARISON)
        return _drawn(answers, answers.compare, metric, by, title)

    explain = {
        "lines": [
            "From the period before to this one, step by step; the steps add up.",
            "Of a total by posts, reach and orders: logarithmic mean Divisia index. Of a ratio by "
            "parts: its own rate and the mix (Shapley). A description, not a cause.",
        ]
    }
    drawn = chart(draw, span=span, height=330, explain=explain, late=True)

    def show(answers: PanelAnswers) -> None:
        drawn.draw(answers)
        found = drawn.widget.chart
        why = found.empty if answers.compare else ""
        reason_line.title = found.title
        reason_line.lines = [{"text": why, "tone": ""}] if why else []
        for widget, there in ((drawn.widget, bool(found.data)), (reason_line, bool(why))):
            (widget.remove_class if there else widget.add_class)("hk-hidden")

    return Panel(reason_line, lambda _: None), replace(drawn, draw=show)


def _drawn(answers: PanelAnswers, compare: Comparison, metric: str, by: str, title: str) -> Chart:
    found, reason = remembered(
        answers.view, "drivers",
        lambda: answered(lambda: answers.view.drivers(metric, by, compare)),
        metric, by, compare,
    )  # fmt: skip
    if found is None:
        return Chart([], title=title, empty=reason)
    if isinstance(METRICS[metric], Ratio) and found.attrs["reason"]:
        return Chart([], title=title, empty=str(found.attrs["reason"]))
    names = {n: label.capitalize() for n, label in FACTORS.items()} if by == _CHAIN else {}
    names |= answers.catalog.names if by == "influencer_id" else {}
    words = f"By {label_of(by).lower()}" if by != _CHAIN else "Posts × reach × orders × value"
    return figures.waterfall(
        found, settings=answers.settings, names=names, title=title, subtitle=words
    )
