"""Influencers: who is good, told from luck; and one influencer's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hk_metrics import figures
from hk_metrics import formatting as fmt
from hk_metrics.errors import InsufficientDataError
from hk_metrics.figures import Chart, label_of
from hk_metrics.metrics import METRICS
from hk_metrics.ui.cards import cards, explanation
from hk_metrics.ui.controls import choice, chosen, weights, weights_of
from hk_metrics.ui.pages import one_influencer
from hk_metrics.ui.panels import Answers, Page, Panel, Row, bar, chart, row
from hk_metrics.ui.state import State
from hk_metrics.ui.tables import Grid, table
from hk_metrics.view import Query

if TYPE_CHECKING:
    import pandas as pd

KEY_FIGURES = ("revenue", "spend", "roas", "engagement_rate", "cost_per_post")
BY = ("influencer_id",)
MEASURES = (
    "revenue", "spend", "profit", "roas", "roi", "orders", "posts", "reach", "engagement_rate",
    "conversion_rate", "cpo",
)  # fmt: skip
SPLITS = ("category", "platform", "gender", "tier", "persona", "city")
SHOWN = {"revenue": "Revenue", "roas": "ROAS", "engagement_rate": "Engagement", "reach": "Reach"}
SCORE = {"revenue": 30, "roas": 30, "engagement_rate": 20, "conversion_rate": 20}
SEGMENT_TONES = {"high": "good", "good": "good", "break-even": "fair", "loss": "poor"}


def build(state: State) -> list[Row]:
    """Return the page's rows."""
    dims = [d for d in SPLITS if d in state.view().dimensions]
    splits = {d: label_of(d) for d in dims}
    many = one_influencer.several
    return [
        *one_influencer.rows(state),
        row(cards(KEY_FIGURES), when=many),
        row(followers_and_revenue(), quadrants(), when=many),
        bar(
            choice(state, "split", "Compare by", splits, dims[0], "select"),
            choice(state, "split_metric", "Show", SHOWN, "revenue"),
            when=many,
        ),
        row(split_chart(splits), people_chart(splits), roi_histogram(), when=many),
        bar(weights(state, "score", "Score weights", _labels(SCORE), SCORE), when=many),
        row(ranking(), when=many),
    ]


def _labels(names: object) -> dict[str, str]:
    return {n: METRICS[n].label for n in names}  # type: ignore[attr-defined]


def people(answers: Answers) -> pd.DataFrame:
    """Return one row per influencer of the view: metrics beside the profile."""
    frame = answers.by("influencer_id")
    frame = frame[frame.index != "(none)"]
    profiles = answers.catalog.profiles
    own = profiles[[c for c in profiles.columns if c not in frame.columns]]
    joined = frame.join(own)
    joined["name"] = [answers.catalog.names.get(str(i), str(i)) for i in joined.index]
    return joined


def followers_and_revenue() -> Panel:
    """Return followers against revenue."""

    def draw(answers: Answers) -> Chart:
        return figures.scatter(
            people(answers), "follower_count", "revenue", colour="platform", log=("x", "y"),
            units={"follower_count": "count", "revenue": "money"},
            labels={"follower_count": "Followers", "revenue": "Revenue"},
            title="Followers and revenue", subtitle="One point per influencer; click one for its page",
            **answers.look(),
        )  # fmt: skip

    return chart(draw, Query(MEASURES, BY), height=340)


def quadrants() -> Panel:
    """Return engagement against ROI, cut at their medians."""

    def draw(answers: Answers) -> Chart:
        frame = people(answers)
        known = frame.dropna(subset=["engagement_rate", "roi"])
        lines = []
        if len(known):
            lines = [
                figures.line_at(float(known["engagement_rate"].median()), "x"),
                figures.line_at(0.0, "y"),
            ]
        return figures.scatter(
            known, "engagement_rate", "roi", colour="platform", lines=lines,
            units={"engagement_rate": "percent", "roi": "percent"},
            labels={"engagement_rate": "Engagement rate", "roi": "ROI"},
            title="Engagement and ROI", subtitle="Lines: median engagement, break-even", **answers.look(),
        )  # fmt: skip

    return chart(draw, Query(MEASURES, BY), height=340)


def split_chart(splits: dict[str, str]) -> Panel:
    """Return the chosen metric by the chosen attribute."""

    def draw(answers: Answers) -> Chart:
        dim = chosen(answers.state, "split", splits, next(iter(splits)))
        metric = chosen(answers.state, "split_metric", SHOWN, "revenue")
        frame = answers.by(dim)
        return figures.bars(frame[frame.index != "(none)"], metric, **answers.look())

    asks = [Query(tuple(SHOWN), (d,)) for d in splits]
    return chart(draw, *asks, span=4, height=290)


def people_chart(splits: dict[str, str]) -> Panel:
    """Return how many influencers have each value of the chosen attribute."""

    def draw(answers: Answers) -> Chart:
        dim = chosen(answers.state, "split", splits, next(iter(splits)))
        frame = people(answers)
        counts = (
            frame[dim].fillna("(none)").value_counts().rename("posts").rename_axis(dim).to_frame()
        )
        drawn = figures.bars(
            counts, "posts", **answers.look(), title=f"Influencers by {splits[dim].lower()}"
        )
        return figures.relabelled(drawn, "Posts", "Influencers")

    return chart(draw, Query(MEASURES, BY), span=4, height=290)


def roi_histogram() -> Panel:
    """Return the distribution of ROI."""

    def draw(answers: Answers) -> Chart:
        roi = answers.by("influencer_id")["roi"].tolist()
        return figures.histogram(
            roi, unit="percent", label="ROI", settings=answers.settings, mark=0.0, mark_text="break-even",
            title="ROI of influencers",
        )  # fmt: skip

    return chart(draw, Query(MEASURES, BY), span=4, height=290)


def score(frame: pd.DataFrame, shares: dict[str, int]) -> pd.Series[float]:
    """Return the weighted mean of percentile ranks (0 to 100) over the parts of a score.

    A part that an influencer does not have is left out of that influencer's mean.
    """
    import numpy as np
    import pandas as pd

    ranks = pd.DataFrame({m: frame[m].rank(pct=True) * 100 for m in shares if m in frame})
    weight = pd.Series(shares, dtype=float).reindex(ranks.columns)
    total = (ranks * weight).sum(axis=1)
    present = ranks.notna().mul(weight, axis=1).sum(axis=1)
    return total / present.replace(0.0, np.nan)


def ranking() -> Panel:
    """Return every influencer with raw and shrunken ROAS, interval, segment, metrics and score."""

    def draw(answers: Answers) -> Grid:
        frame = people(answers)
        frame["score"] = score(frame, weights_of(answers.state, "score", SCORE))
        ranked = _ranked(answers)
        if ranked is not None:
            frame = frame.loc[[i for i in ranked.index if i in frame.index]]
            frame[["shrunken", "above", "segment"]] = ranked[
                ["shrunken", "above_break_even", "segment"]
            ]
            low, high = (ranked[c].reindex(frame.index) for c in ("lower", "upper"))
            frame["interval"] = [
                f"{fmt.times(a)} – {fmt.times(b)}" if a == a else "—"
                for a, b in zip(low, high, strict=True)
            ]
        lead = ["name", "platform", "category", "follower_count", "revenue", "spend", "roas"]
        told = ["shrunken", "interval", "above", "segment"]
        rest = [
            "roi",
            "orders",
            "posts",
            "reach",
            "engagement_rate",
            "conversion_rate",
            "cpo",
            "score",
        ]
        columns = [c for c in (*lead, *told, *rest) if c in frame]
        explain = {m: explanation(m, answers, "influencer_id") for m in MEASURES}
        return Grid(
            frame[columns].assign(segment=lambda f: f["segment"].fillna("—"))
            if "segment" in frame
            else frame[columns],
            "Ranking",
            subtitle="Sorted by what is reached with 90 % certainty: two lucky orders do not top it",
            units={**{m: METRICS[m].unit for m in MEASURES}, **UNITS},
            labels={**_labels(MEASURES), **LABELS},
            explain={**explain, **EXPLAINED},
            keys=list(frame.index),
            pick="influencer_id",
            tones={"segment": SEGMENT_TONES},
            length=15,
        )

    return table(draw, Query(MEASURES, BY))


UNITS = {"follower_count": "count", "shrunken": "times", "above": "percent", "score": "count"}
LABELS = {
    "name": "Influencer", "platform": "Platform", "category": "Category",
    "follower_count": "Followers", "shrunken": "ROAS, shrunken", "interval": "90 % interval",
    "above": "Above break-even", "segment": "Segment", "score": "Score",
}  # fmt: skip
EXPLAINED = {
    "shrunken": {"title": "ROAS, shrunken", "lines": [
        "The raw ROAS pulled towards the group's, the more the fewer the orders."]},
    "interval": {"title": "90 % interval", "lines": [
        "Where the lasting ROAS lies, nine times in ten. Tracked orders, nothing incremental."]},
    "above": {"title": "Above break-even", "lines": [
        "Probability that revenue covers spend in the long run."]},
    "segment": {"title": "Segment", "lines": [
        "Likeliest by ROI: high from 100 %, good from 50 %, break-even from 0 %, loss below."]},
    "score": {"title": "Score", "lines": [
        "Weighted mean of percentile ranks; the weights are above the table."]},
}  # fmt: skip


def _ranked(answers: Answers) -> pd.DataFrame | None:
    from hk_metrics.ranking import rank

    try:
        return rank(answers.view, "roas")
    except InsufficientDataError:
        return None


PAGE = Page("influencers", "Influencers", build)
