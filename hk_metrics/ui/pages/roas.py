"""ROAS and lift: what the money brought back in the books, and what it caused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hk_metrics import figures
from hk_metrics import formatting as fmt
from hk_metrics.figures import Chart
from hk_metrics.metrics import METRICS
from hk_metrics.ui.cards import cards, explanation
from hk_metrics.ui.components import Sentences
from hk_metrics.ui.controls import choice
from hk_metrics.ui.panels import Answers, Page, Panel, Row, bar, chart, row
from hk_metrics.ui.state import State
from hk_metrics.ui.tables import Grid, table
from hk_metrics.view import Query

if TYPE_CHECKING:
    import pandas as pd

KEY_FIGURES = ("revenue", "spend", "profit", "roi", "roas")
BY = ("influencer_id",)
MEASURES = ("revenue", "spend", "profit", "roas", "roi", "orders")
ENDS = 10


def build(state: State) -> list[Row]:
    """Return the page's rows."""
    return [
        bar(attribution(state)),
        row(cards(KEY_FIGURES)),
        row(daily_roi(), health()),
        row(roi_by_campaign(), histogram(), cost_and_revenue()),
        row(segments(), ends("Top", ascending=False), ends("Poorest", ascending=True)),
    ]


def attribution(state: State) -> Panel:
    """Return the choice of the model that credits orders, for all pages."""
    from hk_metrics.attribution import MODELS

    options = {"tracked": "As tracked", **{name: m.label for name, m in MODELS.items()}}
    return choice(state, "model", "Credit orders by", options, "tracked", "select")


def daily_roi() -> Panel:
    """Return ROI by day."""

    def draw(answers: Answers) -> Chart:
        frame = answers.trend("D")
        sums = frame[["revenue", "spend"]].rolling(7, min_periods=1).sum()
        roi = ((sums["revenue"] - sums["spend"]) / sums["spend"].where(sums["spend"] > 0)).to_frame(
            "roi"
        )
        return figures.trend(
            roi, ("roi",), settings=answers.settings, title="ROI by day",
            subtitle="Of the 7 days up to it: spend and the orders it brings fall on different days",
        )  # fmt: skip

    return chart(draw, Query(("revenue", "spend"), freq="D"), span=8, height=300)


def roi_by_campaign() -> Panel:
    """Return ROI by campaign."""

    def draw(answers: Answers) -> Chart:
        return figures.bars(answers.by("campaign"), "roi", **answers.look())

    return chart(draw, Query(("roi", "revenue"), ("campaign",)), span=4, height=320)


def histogram() -> Panel:
    """Return the distribution of ROAS, with break-even."""

    def draw(answers: Answers) -> Chart:
        roas = answers.by("influencer_id")["roas"].tolist()
        return figures.histogram(
            roas, unit="times", label="ROAS", settings=answers.settings, mark=1.0, mark_text="break-even",
            title="ROAS of influencers",
        )  # fmt: skip

    return chart(draw, Query(MEASURES, BY), span=4, height=320)


def cost_and_revenue() -> Panel:
    """Return spend against revenue, with the line of break-even."""

    def draw(answers: Answers) -> Chart:
        frame = answers.by("influencer_id")[["spend", "revenue"]].join(
            answers.catalog.profiles[["name", "platform"]]
        )
        known = frame[(frame["spend"] > 0) & (frame["revenue"] > 0)]
        line: list[dict[str, Any]] = []
        if len(known):
            low, high = (
                float(known.min(numeric_only=True).min()),
                float(known.max(numeric_only=True).max()),
            )
            line = [{"type": "line", "layer": "below", "x0": low, "y0": low, "x1": high, "y1": high,
                     "line": {"dash": "dot", "width": 1.4, "color": "var(--muted)"}}]  # fmt: skip
        return figures.scatter(
            known, "spend", "revenue", colour="platform", log=("x", "y"), lines=line,
            units={"spend": "money", "revenue": "money"}, labels={"spend": "Spend", "revenue": "Revenue"},
            title="Spend and revenue", subtitle="Above the line: more came back than was paid", **answers.look(),
        )  # fmt: skip

    return chart(draw, Query(MEASURES, BY), span=4, height=320)


def segment_of(roi: pd.Series[float], answers: Answers) -> pd.Series[str]:
    """Return each ROI's segment: high, good, break-even, loss."""
    import pandas as pd

    low, high = answers.settings.bands["roi"].low, answers.settings.bands["roi"].high
    edges = [-float("inf"), low, (low + high) / 2, high, float("inf")]
    return pd.cut(roi, edges, right=False, labels=["loss", "break-even", "good", "high"]).astype(
        object
    )


def segments() -> Panel:
    """Return how many influencers, and how much money, lie in each segment."""

    def draw(answers: Answers) -> Grid:
        frame = answers.by("influencer_id").dropna(subset=["roi"])
        sums = frame.assign(segment=segment_of(frame["roi"], answers)).groupby("segment")
        order = ["high", "good", "break-even", "loss"]
        shown = sums.agg(
            influencers=("roi", "size"), spend=("spend", "sum"), revenue=("revenue", "sum")
        )
        shown = shown.reindex([s for s in order if s in shown.index])
        shown["roas"] = shown["revenue"] / shown["spend"]
        return Grid(
            shown.reset_index(), "Segments by ROI",
            units={"influencers": "count", "spend": "money", "revenue": "money", "roas": "times"},
            labels={"segment": "Segment", "influencers": "Influencers", "spend": "Spend", "revenue": "Revenue", "roas": "ROAS"},
            tones={"segment": {"high": "good", "good": "good", "break-even": "fair", "loss": "poor"}},
            note="High from 100 %, good from 50 %, break-even from 0 %, loss below.",
        )  # fmt: skip

    return table(draw, Query(MEASURES, BY), span=4)


def ends(word: str, *, ascending: bool) -> Panel:
    """Return the influencers at one end of ROAS, those with orders."""

    def draw(answers: Answers) -> Grid:
        frame = answers.by("influencer_id")
        known = frame[(frame["spend"] > 0) & (frame.index != "(none)")].sort_values(
            "roas", ascending=ascending
        )
        shown = known.head(ENDS)[["revenue", "spend", "roas", "roi"]].copy()
        shown.insert(0, "name", [answers.catalog.names.get(str(i), str(i)) for i in shown.index])
        names = ("revenue", "spend", "roas", "roi")
        return Grid(
            shown, f"{word} {ENDS} by ROAS", units={m: METRICS[m].unit for m in names},
            labels={"name": "Influencer", **{m: METRICS[m].label for m in names}},
            explain={m: explanation(m, answers, "influencer_id") for m in names},
            keys=list(shown.index), pick="influencer_id", length=ENDS,
        )  # fmt: skip

    return table(draw, Query(MEASURES, BY), span=4)


def health() -> Panel:
    """Return how the whole portfolio stands, in sentences."""
    widget = Sentences(title="Portfolio health")
    widget.add_class("hk-span-4")

    def draw(answers: Answers) -> None:
        frame = answers.by("influencer_id")
        widget.lines = _health(frame[frame["spend"] > 0], answers)

    return Panel(widget, draw, (Query(MEASURES, BY),))


def _health(paid: pd.DataFrame, answers: Answers) -> list[dict[str, str]]:
    if paid.empty or not paid["spend"].sum() > 0:
        return [{"text": "Nobody was paid in this view.", "tone": ""}]
    settings = answers.settings
    winners = paid[paid["profit"] > 0]
    losing = paid[paid["profit"] < 0]
    share = len(winners) / len(paid)
    top = paid.sort_values("revenue", ascending=False).head(max(1, len(paid) // 10))
    concentration = (
        top["revenue"].sum() / paid["revenue"].sum() if paid["revenue"].sum() > 0 else float("nan")
    )
    lost = fmt.compact_money(-losing["profit"].sum(), settings)
    spent = fmt.percent(losing["spend"].sum() / paid["spend"].sum())
    return [
        {
            "text": f"{len(winners)} of {len(paid)} paid influencers bring more than they cost.",
            "tone": "good" if share > 0.7 else "fair",
        },
        {
            "text": f"{len(losing)} lose money: {lost} in all, with {spent} of the spend.",
            "tone": "poor" if len(losing) else "good",
        },
        {
            "text": f"The top {len(top)} bring {fmt.percent(concentration)} of the revenue.",
            "tone": "fair" if concentration > 0.5 else "",
        },
        {
            "text": f"The middle influencer returns {fmt.times(float(paid['roas'].median()))} what is paid.",
            "tone": "",
        },
    ]


PAGE = Page("roas", "ROAS and lift", build)
