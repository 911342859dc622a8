"""Overview: what came of the money, at one glance."""

from __future__ import annotations

from hk_metrics import figures
from hk_metrics.figures import Chart
from hk_metrics.ui.cards import cards
from hk_metrics.ui.panels import Answers, Built, Page, Panel, built, chart
from hk_metrics.ui.state import State
from hk_metrics.view import Query

KEY_FIGURES = (
    "revenue", "spend", "roas", "incremental_roas", "orders",
    "aov", "reach", "engagement_rate", "conversion_rate", "cpo",
)  # fmt: skip
ENOUGH_ORDERS = 5


def build(state: State) -> Built:
    """Return the page's panels."""
    dims = set(state.view().dimensions)
    splits = [revenue_by(d) for d in ("platform", "brand", "source") if d in dims]
    return built(
        (cards(KEY_FIGURES),),
        (daily(),),
        tuple(splits),
        (revenue_by("campaign", span=6), best_and_worst()),
    )


def daily() -> Panel:
    """Return revenue and spend by day."""

    def draw(answers: Answers) -> Chart:
        return figures.trend(
            answers.trend("D"),
            ("revenue", "spend"),
            settings=answers.settings,
            title="Revenue and spend by day",
        )

    return chart(draw, Query(("revenue", "spend"), freq="D"), span=12, height=290)


def revenue_by(dimension: str, span: int = 4) -> Panel:
    """Return revenue by a dimension."""

    def draw(answers: Answers) -> Chart:
        return figures.bars(answers.by(dimension), "revenue", **answers.look())

    return chart(
        draw, Query(("revenue", "spend"), (dimension,)), span=span, height=230 if span == 4 else 300
    )


def best_and_worst() -> Panel:
    """Return the influencers with the highest and lowest ROAS."""

    def draw(answers: Answers) -> Chart:
        frame = answers.by("influencer_id")
        enough = frame[(frame["orders"] >= ENOUGH_ORDERS) & (frame["spend"] > 0)].sort_values(
            "roas"
        )
        ends = enough if len(enough) <= 10 else enough.iloc[[*range(5), *range(-5, 0)]]
        return figures.bars(
            ends,
            "roas",
            names=answers.catalog.names,
            title="Best and worst influencers by ROAS",
            **answers.look(),
        )

    return chart(draw, Query(("roas", "orders", "spend"), ("influencer_id",)), height=300)


PAGE = Page("overview", "Overview", build)
