"""Overview: what came of the money, at one glance."""

from __future__ import annotations

from datetime import date
from functools import partial

from hk_metrics import figures
from hk_metrics.figures import Chart
from hk_metrics.ui.pages import monday
from hk_metrics.ui.pages.notes import notes
from hk_metrics.ui.pages.planned import plan
from hk_metrics.ui.pages.to_do import ToDo
from hk_metrics.ui.pages.waiting import waiting
from hk_metrics.ui.parts.cards import cards
from hk_metrics.ui.parts.panels import Panel, PanelAnswers, Row, chart, row, unseen
from hk_metrics.ui.parts.why import why
from hk_metrics.ui.state import State
from hk_metrics.view import Query
from hk_metrics.view.filters import NONE

KEY_FIGURES = (
    "revenue", "spend", "roas", "incremental_roas", "orders",
    "aov", "reach", "engagement_rate", "conversion_rate", "cpo",
)  # fmt: skip
_ENOUGH_ORDERS = 5


def build(state: State) -> list[Row]:
    """Return the page's rows."""
    dims, show = set(state.view().dimensions), partial(_show, state)
    todo = ToDo(partial(_open, state), span=5)
    splits = [_revenue_by(d) for d in ("platform", "brand", "source") if d in dims]
    return [
        row(monday.hints()),
        row(monday.freshness()),
        row(monday.verdict(show)),
        row(cards(KEY_FIGURES)),
        row(waiting()),
        *plan(state),
        *why(state, todo.now(), span=7),
        row(todo.later()),
        row(monday.more(12, show)),
        row(_daily(span=12)),
        row(notes(state)),
        row(*splits),
        row(_revenue_by("campaign", span=6), _best_and_worst()),
        unseen(todo.search()),
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


def _open(state: State, by: str, values: list[str], page: str) -> None:
    """Open a page at exactly the rows that an action rests on, of its days."""
    from hk_metrics.advice import recent

    first, last = recent(state.view()).filters.get("date", (None, None))
    with state.hold_trait_notifications():
        state.restore({"preset": "custom" if first else "all", "first": first, "last": last})
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
        state.page = monday.EVIDENCE.get(by, "overview")
