"""Campaigns: what each brought, what it cost, whom it reached."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hk_metrics import figures
from hk_metrics.figures import Chart, lacking
from hk_metrics.interchange import to_pandas
from hk_metrics.metrics import METRICS
from hk_metrics.present import Table
from hk_metrics.ui.memory import remembered
from hk_metrics.ui.parts.cards import cards
from hk_metrics.ui.parts.controls import choice, chosen
from hk_metrics.ui.parts.gaps import because
from hk_metrics.ui.parts.lifts import LIFTED, lifted, method, named
from hk_metrics.ui.parts.panels import Panel, PanelAnswers, Row, bar, chart, row
from hk_metrics.ui.parts.tables import breakdown, table, with_lift
from hk_metrics.ui.state import State
from hk_metrics.view import Query

if TYPE_CHECKING:
    import pandas as pd

_MOST_POINTS = 600
_MOST_BARS = 12
_KEY_FIGURES = ("revenue", "spend", "roas", "reach", "engagement_rate")
_MONEY = ("revenue", "spend")
MEASURES = {
    "money": "Revenue and spend", "roas": "ROAS", "incremental_roas": "Incremental ROAS",
    "reach": "Reach", "engagement_rate": "Engagement", "conversion_rate": "Conversion",
}  # fmt: skip
COLUMNS = (
    "revenue", "spend", "profit", "roas", "incremental_roas", "orders", "posts", "reach",
    "engagement_rate", "conversion_rate", "cpo",
)  # fmt: skip


def build(state: State) -> list[Row]:
    """Return the page's rows."""
    has_brands = "brand" in state.view().dimensions
    return [
        row(cards(_KEY_FIGURES)),
        bar(choice(state, "measure", "Show", MEASURES, "money")),
        row(money_by("campaign", span=7), _reach_by_platform()),
        row(campaigns()),
        row(_trend_by_campaign(span=8), _reach_against_likes(span=4)),
        *([row(money_by("brand", span=5), _brands())] if has_brands else []),
        row(_top_performers()),
    ]


def money_by(dimension: str, span: int) -> Panel:
    """Return revenue beside spend, or the measure chosen, for each value of a dimension."""

    def draw(answers: PanelAnswers) -> Chart:
        measure = chosen(answers.state, "measure", MEASURES, "money")
        frame = answers.by(dimension)
        if measure in LIFTED:
            title = METRICS[measure].label.partition(" (")[0]
            return Chart([], title=f"{title} by {dimension}", empty="Being estimated …")
        if measure != "money":
            return figures.bars(frame, measure, **answers.look())
        title = f"Revenue and spend by {dimension}"
        return figures.grouped(frame, _MONEY, settings=answers.settings, title=title)

    def fill(answers: PanelAnswers) -> None:
        if chosen(answers.state, "measure", MEASURES, "money") in LIFTED:
            made.widget.draw(_caused_by(dimension, answers))

    made = chart(draw, Query((*_MONEY, *list(MEASURES)[1:]), (dimension,)), span=span)
    return replace(made, fill=fill)


def _caused_by(dimension: str, answers: PanelAnswers) -> Chart:
    """Return incremental ROAS of each value, with its interval, by the method of every page."""
    which = method(answers)
    found = lifted(answers, which, dimension)
    spans = found[list(LIFTED["incremental_roas"])].set_axis(["estimate", "lower", "upper"], axis=1)
    drawn = figures.intervals(
        spans.dropna(subset=["estimate"]).head(_MOST_BARS), unit="times", mark=1.0,
        settings=answers.settings, title=f"Incremental ROAS by {dimension}",
    )  # fmt: skip
    reasons = " ".join(dict.fromkeys(str(r) for r in found["refusal"] if r))
    words = f"{named(answers, which).capitalize()}; whiskers: 90 % interval"
    return because(replace(drawn, subtitle=words), reasons)


def _reach_by_platform() -> Panel:
    """Return reach by platform."""

    def draw(answers: PanelAnswers) -> Chart:
        return figures.bars(answers.by("platform"), "reach", **answers.look())

    return chart(draw, Query(("reach",), ("platform",)), span=5)


def campaigns() -> Panel:
    """Return all metrics by campaign, with the first and last day of each."""

    def draw(answers: PanelAnswers) -> Table:
        grid = breakdown(answers, "campaign", COLUMNS, title="Campaigns")
        days = answers.split("D", "campaign")
        sold = days["orders"].fillna(days["revenue"])
        if lacking(days, ["revenue"]) and lacking(days, ["orders"]):
            return grid
        active = sold[sold > 0].reset_index()
        ends = active.groupby("campaign")["date"].agg(["min", "max"]).reindex(list(grid.keys))
        grid.frame.insert(1, "First order", ends["min"].to_numpy())
        grid.frame.insert(2, "Last order", ends["max"].to_numpy())
        return grid

    return table(
        draw,
        Query(COLUMNS, ("campaign",)),
        Query(("orders", "revenue"), ("campaign",), "D"),
        compares=True,
        fill=with_lift,
    )


def _brands() -> Panel:
    """Return all metrics by brand."""
    names = (
        "revenue", "spend", "roas", "incremental_roas", "orders", "aov", "reach",
        "engagement_rate", "conversion_rate",
    )  # fmt: skip

    def draw(answers: PanelAnswers) -> Table:
        return breakdown(answers, "brand", names, title="Brands")

    return table(draw, Query(names, ("brand",)), span=7, compares=True, fill=with_lift)


def _trend_by_campaign(span: int) -> Panel:
    """Return revenue by week, one line per campaign."""

    def draw(answers: PanelAnswers) -> Chart:
        frame, title = answers.split("D", "campaign"), "Revenue by campaign, mean of 7 days"
        if why := lacking(frame, ["revenue"]):
            return Chart([], title=title, empty=why)
        wide = frame["revenue"].unstack("campaign").fillna(0.0)
        smooth = wide.asfreq("D", fill_value=0.0).rolling(7, min_periods=1).mean()
        named = smooth[[c for c in smooth.columns if c != "(none)"]]
        look = answers.look()
        return figures.lines(
            named,
            "revenue",
            dimension="campaign",
            title=title,
            **look,
        )

    return chart(draw, Query(("orders", "revenue"), ("campaign",), "D"), span=span, height=330)


def _reach_against_likes(span: int) -> Panel:
    """Return reach against likes, one point per post."""

    def draw(answers: PanelAnswers) -> Chart:
        frame = _measured(answers)
        many = len(frame) > _MOST_POINTS
        drawn = figures.scatter(
            frame.nlargest(_MOST_POINTS, "reach"), "reach", "likes",
            units={"reach": "count", "likes": "count"}, labels={"reach": "Reach", "likes": "Likes"},
            colour="platform", log=("x", "y"), title="Reach and likes",
            subtitle=f"The {_MOST_POINTS:,} of {len(frame):,} posts with most reach" if many
            else "One point per post", **answers.look(),
        )  # fmt: skip
        return because(drawn, answers.view.gaps(["reach", "likes"]))

    return chart(draw, span=span, height=330, late=True)


def _measured(answers: PanelAnswers) -> pd.DataFrame:
    """Return reach and likes of the posts of a view; index = influencer."""
    from hk_metrics.posts.feed import kept, placed

    whole = remembered(answers.dataset.view(), "placed", lambda: placed(answers.dataset))
    frame = kept(whole, answers.view).pipe(to_pandas).set_index("influencer_id")
    names = [answers.catalog.names.get(str(i), str(i)) for i in frame.index]
    return frame.assign(name=names)[["name", "platform", "reach", "likes"]].dropna()


def _top_performers() -> Panel:
    """Return the influencers that brought most in the campaigns chosen."""
    names = ("revenue", "spend", "roas", "orders", "reach", "engagement_rate", "cpo")

    def draw(answers: PanelAnswers) -> Table:
        return breakdown(answers, "influencer_id", names, title="Top performers", length=10)

    return table(draw, Query(names, ("influencer_id",)), compares=True)
