"""Overview: what came of the money, at one glance."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from hk_metrics import figures
from hk_metrics.figures import Chart
from hk_metrics.ui.pages import monday
from hk_metrics.ui.parts.cards import cards
from hk_metrics.ui.parts.components import Sentences
from hk_metrics.ui.parts.panels import Panel, PanelAnswers, Row, chart, row
from hk_metrics.ui.parts.why import why
from hk_metrics.ui.state import State
from hk_metrics.view import Query
from hk_metrics.view.filters import NONE

if TYPE_CHECKING:
    from hk_metrics.insights import Insight

# Where a sentence's evidence is, by the breakdown that shows it.
_EVIDENCE = {"campaign": "campaigns", "brand": "campaigns", "platform": "campaigns",
            "influencer_id": "influencers", "basis": "payouts"}  # fmt: skip
KEY_FIGURES = (
    "revenue", "spend", "roas", "incremental_roas", "orders",
    "aov", "reach", "engagement_rate", "conversion_rate", "cpo",
)  # fmt: skip
_ENOUGH_ORDERS = 5


def build(state: State) -> list[Row]:
    """Return the page's rows."""
    dims = set(state.view().dimensions)
    splits = [_revenue_by(d) for d in ("platform", "brand", "source") if d in dims]
    return [
        row(cards(KEY_FIGURES)),
        row(_what_changed(state, span=8), monday.freshness(span=4)),
        *monday.plan(state),
        *why(state, monday.what_now(5, partial(_open, state)), span=7),
        row(monday.answered(span=12)),
        row(_daily(span=12)),
        row(*splits),
        row(_revenue_by("campaign", span=6), _best_and_worst()),
    ]


def _daily(span: int) -> Panel:
    """Return revenue and spend by day."""

    def draw(answers: PanelAnswers) -> Chart:
        return figures.trend(
            answers.trend("D"),
            ("revenue", "spend"),
            settings=answers.settings,
            title="Revenue and spend by day",
        )

    return chart(draw, Query(("revenue", "spend"), freq="D"), span=span, height=330)


def _revenue_by(dimension: str, span: int = 4) -> Panel:
    """Return revenue by a dimension."""

    def draw(answers: PanelAnswers) -> Chart:
        return figures.bars(answers.by(dimension), "revenue", **answers.look())

    return chart(
        draw, Query(("revenue", "spend"), (dimension,)), span=span, height=230 if span == 4 else 300
    )


def _best_and_worst() -> Panel:
    """Return the influencers with the highest and lowest ROAS."""

    def draw(answers: PanelAnswers) -> Chart:
        frame = answers.by("influencer_id")
        many = ~(frame["orders"] < _ENOUGH_ORDERS)  # where orders are not known nobody has few
        enough = frame[many & (frame["spend"] > 0)].sort_values("roas")
        ends = enough if len(enough) <= 10 else enough.iloc[[*range(5), *range(-5, 0)]]
        return figures.bars(
            ends,
            "roas",
            names=answers.catalog.names,
            title="Best and worst influencers by ROAS",
            **answers.look(),
        )

    return chart(draw, Query(("roas", "orders", "spend"), ("influencer_id",)), height=300)


def _what_changed(state: State, span: int) -> Panel:
    """Return what changed and why, in sentences that lead to their evidence."""
    widget = Sentences(
        title="What changed and why",
        explain={"lines": ["Descriptions, not causes: they say where a difference lies. What posts "
                           "caused is on the page ROAS and lift."]},
    )  # fmt: skip
    widget.add_class(f"hk-span-{span}")

    def draw(answers: PanelAnswers) -> None:
        from hk_metrics.insights import insights

        widget.lines = [_line(i) for i in insights(answers.view, answers.compare)]

    def follow(_: Any, message: dict[str, Any], __: Any) -> None:
        if message.get("event") == "follow":
            _show(state, message["by"], message["values"])

    widget.on_msg(follow)
    return Panel(widget, draw, late=True)


def _open(state: State, by: str, values: list[str], page: str) -> None:
    """Open a page at exactly the rows that an action rests on."""
    with state.hold_trait_notifications():
        if by in state.view().dimensions:
            state.select(by, list(values))
        state.page = page


def _show(state: State, by: str, values: list[str]) -> None:
    """Open the page of a breakdown at exactly the rows that a sentence counts."""
    with state.hold_trait_notifications():
        if by == "date":
            day = date.fromisoformat(values[0])
            state.restore({"preset": "custom", "first": day, "last": day})
        elif values and by in state.view().dimensions:
            state.select(by, [None if v == NONE else v for v in values])
        state.page = _EVIDENCE.get(by, "overview")


def _line(insight: Insight) -> dict[str, Any]:
    evidence = insight.evidence
    shown = evidence.by in _EVIDENCE or evidence.values
    return {
        "text": insight.text,
        "tone": insight.tone or "accent",
        "link": "Show" if shown else "",
        "event": {"by": evidence.by, "values": list(evidence.values)},
    }
