"""The ranking of influencers: told from luck, scored by weights that the reader sets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hk_metrics import figures
from hk_metrics import formatting as fmt
from hk_metrics.figures import Chart, lacking
from hk_metrics.metrics import METRICS
from hk_metrics.present import Table
from hk_metrics.present.table import slug_of
from hk_metrics.ranking.likeness import score
from hk_metrics.ui.pages.choosing import choosing
from hk_metrics.ui.pages.roas import bounds_of_segments
from hk_metrics.ui.pages.skill import ranking
from hk_metrics.ui.parts.cards import explanation
from hk_metrics.ui.parts.controls import weights_of
from hk_metrics.ui.parts.panels import Panel, PanelAnswers, chart
from hk_metrics.ui.parts.tables import table, with_change
from hk_metrics.ui.state import State
from hk_metrics.view import Query
from hk_metrics.view.filters import NONE

if TYPE_CHECKING:
    import pandas as pd

_BY = ("influencer_id",)
_TITLE = "Ranking"
MEASURES = (
    "revenue", "spend", "profit", "roas", "roi", "orders", "posts", "reach", "engagement_rate",
    "conversion_rate", "cpo",
)  # fmt: skip
SCORE = {"revenue": 30, "roas": 30, "engagement_rate": 20, "conversion_rate": 20}
_TONES = {"segment": {"high": "good", "good": "good", "break-even": "fair", "loss": "poor"}}
_ENDS = 6
COLUMNS = (
    "name", "tags", "score", "segment", "shrunken", "interval", "above", "roas", "roi", "revenue",
    "spend", "profit", "orders", "posts", "reach", "engagement_rate", "conversion_rate", "cpo",
    "follower_count", "platform", "category",
)  # fmt: skip
UNITS = {"follower_count": "count", "shrunken": "times", "above": "chance", "score": "count"}
LABELS = {
    "name": "Influencer", "tags": "Tags", "platform": "Platform", "category": "Category",
    "follower_count": "Followers", "shrunken": "ROAS, lasting", "interval": "90 % interval",
    "above": "Above break-even", "segment": "Segment", "score": "Score",
}  # fmt: skip
_EXPLAINED = {
    "shrunken": {"title": "ROAS, lasting", "lines": [
        "The raw ROAS pulled towards the group's (shrunken), the more the fewer the orders."]},
    "interval": {"title": "90 % interval", "lines": [
        "Where the lasting ROAS lies, nine times in ten. Tracked orders, nothing incremental."]},
    "above": {"title": "Above break-even", "lines": [
        "Probability that revenue covers spend in the long run."]},
    "score": {"title": "Score", "formula": "Σ weight × percentile rank ÷ Σ weight", "lines": [
        "0 to 100. The weights are above the table and sum to 100; an unknown part is left out."]},
}  # fmt: skip


def ranking_table(state: State) -> Panel:
    """Return every influencer with raw and shrunken ROAS, interval, segment, metrics and score."""

    def draw(answers: PanelAnswers) -> Table:
        frame = _scored(answers)
        by_person = answers.by("influencer_id")
        missing, why = (
            {m for m in MEASURES if lacking(by_person, [m])},
            lacking(by_person, MEASURES),
        )
        ranked, reason = ranking(answers.view)
        if ranked is not None:
            frame = _with_ranking(frame, ranked)
        labels = {m: METRICS[m].label for m in MEASURES}
        words = "Sorted by the ROAS that lasts: two lucky orders do not top it"
        ranked_table = Table(
            _TITLE, frame[[c for c in COLUMNS if c in frame and c not in missing]],
            subtitle="" if ranked is not None or why else reason,
            ordered=words if ranked is not None else "",
            units={**{m: METRICS[m].unit for m in MEASURES}, **UNITS}, labels={**labels, **LABELS},
            explain={**{m: explanation(m, answers, "influencer_id") for m in MEASURES},
                     **_EXPLAINED, "segment": _of_segment(answers)},
            keys=list(frame.index), pick="influencer_id", tones=_TONES, length=15,
            note=" ".join([why,
                           *(ranked.attrs["warnings"] if ranked is not None else [])]).strip(),
        )  # fmt: skip
        return with_change(ranked_table, answers, "influencer_id")

    made = table(draw, Query(MEASURES, _BY), compares=True, late=True)
    return choosing(made, state)


def by_score(state: State) -> Callable[[], None]:
    """Return what sorts the ranking by its score, for when the weights are moved."""
    return lambda: state.arrange(slug_of(_TITLE), "sort", "score:desc")


def _scored(answers: PanelAnswers) -> pd.DataFrame:
    """Return one row per influencer with name, profile, metrics and score."""
    frame = answers.by("influencer_id")[list(MEASURES)]
    frame = frame[frame.index != NONE].copy()
    frame["score"] = score(frame, weights_of(answers.state, "score", SCORE)).round()
    profiles = answers.catalog.profiles
    frame["name"] = [answers.catalog.names.get(str(i), str(i)) for i in frame.index]
    if answers.view.team.tags:
        frame["tags"] = [", ".join(answers.view.team.tags_of(str(i))) for i in frame.index]
    shown = [c for c in ("follower_count", "platform", "category") if c in profiles]
    return frame.join(profiles[shown])


def _of_segment(answers: PanelAnswers) -> dict[str, Any]:
    words = f"The likeliest by lasting ROI. {bounds_of_segments(answers)}"
    return {"title": "Segment", "lines": [words]}


def _with_ranking(frame: pd.DataFrame, ranked: pd.DataFrame) -> pd.DataFrame:
    known = ranked.rename(columns={"above_break_even": "above"})
    known["interval"] = [_span(a, b) for a, b in zip(known["lower"], known["upper"], strict=True)]
    columns = known[["shrunken", "interval", "above", "segment"]]
    joined = frame.loc[[i for i in ranked.index if i in frame.index]].join(columns)
    return joined.assign(segment=joined["segment"].fillna(fmt.DASH))


def _span(low: float, high: float) -> str:
    return f"{fmt.times(low)} – {fmt.times(high)}" if low == low else fmt.DASH


def best_and_worst() -> Panel:
    """Return the two ends of the ranking, with intervals."""

    def draw(answers: PanelAnswers) -> Chart:
        title = "Best and poorest by lasting ROAS"
        ranked, reason = ranking(answers.view)
        if ranked is None:
            return Chart([], title=title, empty=reason)
        known = ranked.dropna(subset=["shrunken"])
        ends = known if len(known) <= 2 * _ENDS else known.iloc[[*range(_ENDS), *range(-_ENDS, 0)]]
        names = answers.catalog.names
        spans = ends[["shrunken", "lower", "upper"]].rename(columns={"shrunken": "estimate"})
        drawn = figures.intervals(
            spans.set_axis(distinct([names.get(str(i), str(i)) for i in spans.index])),
            unit="times", settings=answers.settings, title=title,
            mark=1.0 / answers.settings.kept,
        )  # fmt: skip
        words = f"Top and last {_ENDS}; whiskers: 90 % interval, dotted: break-even"
        return replace(drawn, subtitle=words)

    return chart(draw, span=6, height=330, late=True)


def distinct(names: list[str]) -> list[str]:
    """Tell equal names apart: an axis would lay them on one line.

    >>> distinct(["Asha", "Bo", "Asha"])
    ['Asha', 'Bo', 'Asha (2)']
    """
    seen: dict[str, int] = {}
    distinct = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        distinct.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return distinct
