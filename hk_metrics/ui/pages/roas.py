"""ROAS and lift: what the money brought back in the books, and what it caused."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hk_metrics import figures
from hk_metrics import formatting as fmt
from hk_metrics.figures import Chart, lacking
from hk_metrics.metrics import METRICS
from hk_metrics.present import Table
from hk_metrics.ranking.portfolio import health, segments
from hk_metrics.ui.pages import budget, credit, lift
from hk_metrics.ui.parts.cards import cards, explanation
from hk_metrics.ui.parts.controls import choice, entry
from hk_metrics.ui.parts.lifts import break_even
from hk_metrics.ui.parts.panels import Panel, PanelAnswers, Row, chart, row
from hk_metrics.ui.parts.tables import table, with_change
from hk_metrics.ui.parts.tabs import tabbed
from hk_metrics.ui.parts.words import sentences
from hk_metrics.ui.state import State
from hk_metrics.view import Query
from hk_metrics.view.filters import NONE

if TYPE_CHECKING:
    import pandas as pd

_KEY_FIGURES = ("revenue", "spend", "profit", "roi", "roas")
_BY = ("influencer_id",)
MEASURES = ("revenue", "spend", "profit", "roas", "roi", "orders")
_ENDS = 10
_TONES = {"high": "good", "good": "good", "break-even": "fair", "loss": "poor"}


def build(state: State) -> list[Row]:
    """Return the page's rows."""
    back = [
        row(cards(_KEY_FIGURES)),
        row(_daily_roi(), _portfolio()),
        row(_roi_by_campaign(), histogram(), _cost_and_revenue()),
        row(_segment_table()),
        row(_ends("Top", ascending=False), _ends("Poorest", ascending=True)),
    ]
    tabs = {"return": ("Return", back), "lift": ("Lift", lift.rows(state)),
            "credit": ("Credit", credit.rows(state)),
            "plan": ("Plan", budget.rows(state))}  # fmt: skip
    return tabbed(state, "Parts of the page", tabs, attribution(state), *margins(state))


def attribution(state: State) -> Panel:
    """Return the choice of the model that credits orders, for all pages."""
    from hk_metrics.attribution import MODELS

    options = {"tracked": "As tracked", **{name: m.label for name, m in MODELS.items()}}
    return choice(state, "model", "Credit orders by", options, "tracked", "select")


def margins(state: State) -> list[Panel]:
    """Return the field for the margin of all that has none of its own, for all pages."""
    assert state.dataset is not None
    settings = state.dataset.ledger.settings
    usual = f"{100 * settings.margin:g}" if settings.margin is not None else ""
    label = "Margin of the rest" if settings.margins else "Margin"
    return [entry(state, "margin", label, usual, low=0, high=100, step=1, suffix=" %")]


def _people(answers: PanelAnswers) -> pd.DataFrame:
    """Return one row per influencer who was paid."""
    frame = answers.by("influencer_id")
    return frame[(frame["spend"] > 0) & (frame.index != NONE)]


def _daily_roi() -> Panel:
    """Return ROI by day."""

    def draw(answers: PanelAnswers) -> Chart:
        days = answers.trend("D")
        if why := lacking(days, ["profit", "spend"]):
            return Chart([], title="ROI by day", empty=why)
        sums = days[["profit", "spend"]].rolling(7, min_periods=1).sum()
        spend = sums["spend"].where(sums["spend"] > 0)
        roi = (sums["profit"] / spend).to_frame("roi")
        roi.attrs["undated"] = days.attrs.get("undated", {})
        drawn = figures.trend(roi, ("roi",), settings=answers.settings, title="ROI by day")
        words = "Of the 7 days up to it: spend and the orders it brings fall on different days"
        return replace(drawn, subtitle=words)

    return chart(draw, Query(("profit", "spend"), freq="D"), span=8, height=230)


def _roi_by_campaign() -> Panel:
    """Return ROI by campaign."""

    def draw(answers: PanelAnswers) -> Chart:
        return figures.bars(answers.by("campaign"), "roi", **answers.look())

    return chart(draw, Query(("roi", "revenue"), ("campaign",)), span=4, height=270)


def histogram() -> Panel:
    """Return the distribution of ROAS, with break-even."""

    def draw(answers: PanelAnswers) -> Chart:
        return figures.histogram(
            _people(answers)["roas"], unit="times", label="ROAS",
            mark=break_even(answers.view.share_kept),
            settings=answers.settings, mark_text="break-even", title="ROAS of influencers",
        )  # fmt: skip

    return chart(draw, Query(MEASURES, _BY), span=4, height=270)


def _cost_and_revenue() -> Panel:
    """Return spend against revenue, with the line of break-even."""

    def draw(answers: PanelAnswers) -> Chart:
        frame = _people(answers)[["spend", "revenue"]]
        known = frame[frame["revenue"] > 0].join(answers.catalog.profiles[["name", "platform"]])
        known.attrs = frame.attrs  # a join forgets them
        return figures.scatter(
            known, "spend", "revenue", colour="platform", log=("x", "y"),
            lines=_break_even(frame[frame["revenue"] > 0], answers.view.share_kept),
            units={"spend": "money", "revenue": "money"},
            labels={"spend": "Spend", "revenue": "Revenue"}, title="Spend and revenue",
            subtitle="Above the line: more is kept than was paid" if answers.settings.knows_margin
            else "Above the line: more came back than was paid", **answers.look(),
        )  # fmt: skip

    return chart(draw, Query(MEASURES, _BY), span=4, height=270)


def _break_even(known: pd.DataFrame, kept: float) -> list[dict[str, Any]]:
    """Return the line on which what is kept of revenue is what was paid."""
    if known.empty or not kept > 0:
        return []
    low, high = float(known.min().min()), float(known.max().max())
    return [{"type": "line", "layer": "below", "x0": low, "y0": low / kept,
             "x1": high, "y1": high / kept,
             "line": {"dash": "dot", "width": 1.4, "color": "var(--muted)"}}]  # fmt: skip


def _segment_table() -> Panel:
    """Return how many influencers, and how much money, lie in each segment."""

    def draw(answers: PanelAnswers) -> Table:
        shown = segments(_people(answers), answers.settings.bands["roi"]).reset_index()
        why = answers.view.gaps(["roi"])
        return Table(
            "Segments by ROI", shown.head(0) if why else shown,
            units={"share": "percent", "influencers": "count", "spend": "money",
                   "revenue": "money", "roas": "times"},
            labels={"segment": "Segment", "influencers": "Influencers", "spend": "Spend",
                    "share": "Of all",
                    "revenue": "Revenue", "roas": "ROAS"},
            tones={"segment": _TONES}, note=why or bounds_of_segments(answers),
        )  # fmt: skip

    return table(draw, Query(MEASURES, _BY))


def bounds_of_segments(answers: PanelAnswers) -> str:
    """Say from which ROI on an influencer lies in each segment, by the settings."""
    bands = answers.settings.bands["roi"]
    high, middle, low = (
        fmt.percent(v) for v in (bands.high, (bands.low + bands.high) / 2, bands.low)
    )
    return f"High from {high}, good from {middle}, break-even from {low}, loss below."


def segment_words(segment: object, answers: PanelAnswers) -> str:
    """Say what a segment means, without a verdict that the band of ROAS could contradict."""
    bands = answers.settings.bands["roi"]
    cuts = [fmt.percent(v) for v in (bands.low, (bands.low + bands.high) / 2, bands.high)]
    low, middle, high = cuts
    return {
        "high": f"Lasting ROI of {high} or more",
        "good": f"Lasting ROI from {middle} to {high}",
        "break-even": f"Lasting ROI from {low} to {middle}",
    }.get(str(segment), f"Lasting ROI below {low}: a loss")


def _ends(word: str, *, ascending: bool) -> Panel:
    """Return the influencers at one end of ROAS."""
    names = ["roas", "roi", "revenue", "spend"]

    def draw(answers: PanelAnswers) -> Table:
        ordered = _people(answers).dropna(subset=["roas"]).sort_values("roas", ascending=ascending)
        shown = ordered.head(_ENDS)[names].copy()
        shown.insert(0, "name", [answers.catalog.names.get(str(i), str(i)) for i in shown.index])
        described = Table(
            f"{word} {_ENDS} by ROAS", shown, units={m: METRICS[m].unit for m in names},
            labels={"name": "Influencer", **{m: METRICS[m].label for m in names}},
            explain={m: explanation(m, answers, "influencer_id") for m in names},
            keys=list(shown.index), pick="influencer_id", length=_ENDS,
            note=answers.view.gaps(["roas"]),
        )  # fmt: skip
        return with_change(described, answers, "influencer_id")

    return table(draw, Query(MEASURES, _BY), span=6, compares=True)


def _portfolio() -> Panel:
    """Return how the whole portfolio stands, in sentences."""
    return sentences("Portfolio health", _health, Query(MEASURES, _BY), span=4)


def _health(answers: PanelAnswers) -> list[dict[str, str]]:
    if why := answers.view.gaps(["roas", "profit"]):
        return [{"text": why, "tone": "fair"}]
    found = health(_people(answers))
    if found is None:
        return [{"text": "Nobody was paid in this view.", "tone": ""}]
    lost = fmt.compact_money(found.lost, answers.settings)
    share = fmt.percent(found.top_revenue)
    good = found.profitable > 0.7 * found.paid
    return [
        {"text": f"{found.profitable} of {found.paid} paid influencers bring more than they cost.",
         "tone": "good" if good else "fair"},
        {"text": f"{found.losing} lose money: {lost} in all, with "
                 f"{fmt.percent(found.losing_spend)} of the spend.",
         "tone": "poor" if found.losing else "good"},
        {"text": f"The top {found.top} bring {share} of the revenue.",
         "tone": "fair" if found.top_revenue > 0.5 else ""},
        {"text": f"The middle influencer returns {fmt.times(found.median_roas)} what is paid.",
         "tone": ""},
    ]  # fmt: skip
