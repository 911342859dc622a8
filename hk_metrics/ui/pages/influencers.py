"""Influencers: who is good, told from luck; and one influencer's page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hk_metrics import figures
from hk_metrics.figures import Chart, label_of
from hk_metrics.metrics import METRICS
from hk_metrics.ui.pages import one_influencer, side_by_side
from hk_metrics.ui.pages.new_customers import new_customers
from hk_metrics.ui.pages.rankings import MEASURES, SCORE, best_and_worst, by_score, ranking_table
from hk_metrics.ui.parts.cards import cards
from hk_metrics.ui.parts.controls import choice, chosen, weights
from hk_metrics.ui.parts.gaps import because
from hk_metrics.ui.parts.panels import Panel, PanelAnswers, Row, bar, chart, row
from hk_metrics.ui.state import State
from hk_metrics.view import Query
from hk_metrics.view.filters import NONE

if TYPE_CHECKING:
    import pandas as pd

_KEY_FIGURES = ("revenue", "spend", "roas", "engagement_rate", "cost_per_post")
_BY = ("influencer_id",)
_NO_FOLLOWERS = "The data has no follower counts."
_SPLITS = ("platform", "category", "gender", "tier", "persona", "city")
_SHOWN = {"revenue": "Revenue", "roas": "ROAS", "engagement_rate": "Engagement", "reach": "Reach"}
_CORNERS = {
    (1, 1): "engaging and profitable", (0, 1): "profitable, quiet",
    (1, 0): "engaging, at a loss", (0, 0): "neither",
}  # fmt: skip


def build(state: State) -> list[Row]:
    """Return the page's rows."""
    splits = {d: label_of(d) for d in _SPLITS if d in state.view().dimensions}
    labels = {n: METRICS[n].label for n in SCORE}
    many = one_influencer.several

    def ranked(state: State) -> bool:
        # Side by side stands what they are among all; a ranking of the few would say otherwise.
        return many(state) and not side_by_side.few(state)

    return [
        *one_influencer.rows(state),
        *side_by_side.rows(),
        row(cards(_KEY_FIGURES), when=many),
        bar(weights(state, "score", "Score", labels, SCORE, by_score(state)), when=ranked),
        row(ranking_table(state), when=ranked),
        row(best_and_worst(), _roi_histogram(), when=ranked),
        row(new_customers("influencer_id", "New customers by influencer"), when=many),
        row(new_customers("month", "New customers by month of their first order")),
        *(compared(state, splits) if splits else []),
        row(_followers_and_revenue(), _quadrants(), when=many),
    ]


def compared(state: State, splits: Mapping[str, str]) -> list[Row]:
    """Return the rows that compare influencers by an attribute, of those that the data has."""
    many = one_influencer.several
    return [
        bar(
            choice(state, "split", "Compare by", splits, next(iter(splits)), "select"),
            choice(state, "split_metric", "Show", _SHOWN, "revenue"),
            when=many,
        ),
        row(_split_chart(splits), _distribution(splits), when=many),
    ]


def _people(answers: PanelAnswers) -> pd.DataFrame:
    """Return one row per influencer of the view: metrics beside the profile."""
    frame = answers.by("influencer_id")
    frame = frame[frame.index != NONE]
    profiles = answers.catalog.profiles
    joined = frame.join(profiles[[c for c in profiles.columns if c not in frame.columns]])
    joined["name"] = [answers.catalog.names.get(str(i), str(i)) for i in joined.index]
    joined.attrs = frame.attrs  # a join forgets them
    return joined


def _followers_and_revenue() -> Panel:
    """Return followers against revenue."""

    def draw(answers: PanelAnswers) -> Chart:
        drawn = figures.scatter(
            _people(answers), "follower_count", "revenue", colour="platform", log=("x", "y"),
            units={"follower_count": "count", "revenue": "money"},
            labels={"follower_count": "Followers", "revenue": "Revenue"}, **answers.look(),
        )  # fmt: skip
        words = "One point per influencer; click one for its page"
        unknown = answers.catalog.profiles["follower_count"].isna().all()
        named = replace(drawn, title="Followers and revenue", subtitle=words)
        return because(named, _NO_FOLLOWERS if unknown else "")

    return chart(draw, Query(MEASURES, _BY), height=340)


def _quadrants() -> Panel:
    """Return engagement against ROI in four quadrants, with the influencers in each counted."""

    def draw(answers: PanelAnswers) -> Chart:
        known = _people(answers).dropna(subset=["engagement_rate", "roi"])
        middle = float(known["engagement_rate"].median()) if len(known) else 0.0
        drawn = figures.scatter(
            known, "engagement_rate", "roi", colour="platform",
            lines=[figures.line_at(middle, "x"), figures.line_at(0.0, "y")] if len(known) else [],
            units={"engagement_rate": "percent", "roi": "percent"},
            labels={"engagement_rate": "Engagement rate", "roi": "ROI"}, **answers.look(),
        )  # fmt: skip
        layout = {**drawn.layout, "annotations": _corners(known, middle)}
        words = "Lines: median engagement, break-even"
        return replace(drawn, title="Engagement and ROI", subtitle=words, layout=layout)

    return chart(draw, Query(MEASURES, _BY), height=340)


def _corners(known: pd.DataFrame, middle: float) -> list[dict[str, Any]]:
    """Return each quadrant's name and count, for its corner of the plot."""
    engaging, paying = known["engagement_rate"] >= middle, known["roi"] >= 0
    return [
        {
            "text": f"{int(((engaging == x) & (paying == y)).sum())} {words}",
            "x": x, "y": y, "xref": "paper", "yref": "paper", "showarrow": False,
            "xanchor": "right" if x else "left", "yanchor": "top" if y else "bottom",
            "font": {"size": 11, "color": "var(--muted)"},
        }
        for (x, y), words in _CORNERS.items()
    ]  # fmt: skip


def _split_chart(splits: Mapping[str, str]) -> Panel:
    """Return the chosen metric by the chosen attribute."""

    def draw(answers: PanelAnswers) -> Chart:
        dim = chosen(answers.state, "split", splits, next(iter(splits)))
        metric = chosen(answers.state, "split_metric", _SHOWN, "revenue")
        frame = answers.by(dim)
        return figures.bars(frame[frame.index != NONE], metric, **answers.look())

    asks = [Query(tuple(_SHOWN), (d,)) for d in splits]
    return chart(draw, *asks, span=6, height=290)


def _distribution(splits: Mapping[str, str]) -> Panel:
    """Return how many influencers have each value of the chosen attribute."""

    def draw(answers: PanelAnswers) -> Chart:
        dim = chosen(answers.state, "split", splits, next(iter(splits)))
        counts = _people(answers)[dim].fillna(NONE).value_counts().rename("posts")
        drawn = figures.bars(
            counts.rename_axis(dim).to_frame(), "posts", **answers.look(),
            title=f"Influencers by {splits[dim].lower()}",
        )  # fmt: skip
        return figures.relabelled(drawn, "Posts", "Influencers")

    return chart(draw, Query(MEASURES, _BY), span=6, height=290)


def _roi_histogram() -> Panel:
    """Return the distribution of ROI."""

    def draw(answers: PanelAnswers) -> Chart:
        return figures.histogram(
            answers.by("influencer_id")["roi"], unit="percent", label="ROI", mark=0.0,
            settings=answers.settings, mark_text="break-even", title="ROI of influencers",
        )  # fmt: skip

    return chart(draw, Query(MEASURES, _BY), span=6, height=330)
