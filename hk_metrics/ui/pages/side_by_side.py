"""Two to four influencers side by side: metrics, how sure they are, what was caused, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from hk_metrics import figures
from hk_metrics import formatting as fmt
from hk_metrics.figures import Chart, Palette, lacking
from hk_metrics.metrics import METRICS
from hk_metrics.present import Table
from hk_metrics.ui.pages.choosing import FEWEST, MOST
from hk_metrics.ui.pages.rankings import distinct
from hk_metrics.ui.pages.skill import ranking
from hk_metrics.ui.parts.lifts import lifted, method, named, span, verdict
from hk_metrics.ui.parts.panels import Panel, PanelAnswers, Row, chart, row
from hk_metrics.ui.parts.tables import table
from hk_metrics.ui.parts.words import sentences
from hk_metrics.ui.state import State
from hk_metrics.view import Query

if TYPE_CHECKING:
    import pandas as pd

_BY = ("influencer_id",)
_MONEY = ("revenue", "spend", "profit", "roas")
_REST = (
    "orders", "aov", "cpo", "conversion_rate", "posts", "reach", "engagement_rate",
    "cost_per_post",
)  # fmt: skip
_DRAWN = ("revenue", "spend", "orders")
_PROFILE = {"platform": "Platform", "category": "Category", "follower_count": "Followers"}
_Rows = dict[str, list[str]]


def few(state: State) -> bool:
    """Return whether the filter holds two to four influencers, all of whom the dataset knows."""
    chosen = _chosen(state)
    if not FEWEST <= len(chosen) <= MOST or state.dataset is None:
        return False
    return set(chosen) <= set(state.dataset.tables["influencers"]["id"])


def rows() -> list[Row]:
    """Return the rows that stand on the page of influencers where the filter holds a few."""
    return [
        row(_metrics(), when=few),
        row(_differences(), when=few),
        row(*(_by_week(m) for m in _DRAWN), when=few),
    ]


def _chosen(state: State) -> list[str]:
    return [str(i) for i in state.filters.get("influencer_id", ())]


def _names(answers: PanelAnswers) -> dict[str, str]:
    """Return id → name of those chosen, in their order; equal names are told apart."""
    ids = _chosen(answers.state)
    return dict(zip(ids, distinct([answers.catalog.names.get(i, i) for i in ids]), strict=True))


def _metrics() -> Panel:
    """Return one column per influencer, one row per metric."""

    def draw(answers: PanelAnswers) -> Table:
        import pandas as pd

        names = _names(answers)
        found = {**_profiles(answers, names), **_observed(answers, names, _MONEY),
                 **_lasting(answers, names), **_caused(answers, names),
                 **_observed(answers, names, _REST)}  # fmt: skip
        frame = pd.DataFrame.from_dict(found, orient="index", columns=list(names.values()))
        frame.insert(0, "metric", list(frame.index))
        return Table(
            "Side by side", frame.reset_index(drop=True),
            units=dict.fromkeys(names.values(), "figure"), labels={"metric": "Metric"},
            subtitle=f"Orders credited {answers.state.credit()}; intervals hold nine times in ten",
            note=answers.view.gaps((*_MONEY, *_REST)), length=len(frame), paper=True,
        )  # fmt: skip

    return table(draw, Query((*_MONEY, *_REST), _BY), late=True, wrap=True)


def _profiles(answers: PanelAnswers, names: Mapping[str, str]) -> _Rows:
    known = answers.catalog.profiles
    found = {
        label: [_fact(known[c].get(i)) for i in names]
        for c, label in _PROFILE.items() if c in known
    }  # fmt: skip
    if answers.view.team.tags:
        found["Tags"] = [", ".join(answers.view.team.tags_of(i)) or fmt.DASH for i in names]
    return found


def _fact(value: Any) -> str:
    if isinstance(value, str) and value:
        return value
    return fmt.count(float(value)) if value is not None and value == value else fmt.DASH


def _observed(answers: PanelAnswers, names: Mapping[str, str], metrics: tuple[str, ...]) -> _Rows:
    frame = answers.by("influencer_id")
    known = [m for m in metrics if m in frame and not lacking(frame, [m])]
    values = {m: frame[m].reindex(list(names)).tolist() for m in known}
    return {
        METRICS[m].label: [fmt.text(METRICS[m].unit, v, answers.settings) for v in values[m]]
        for m in known
    }


def _lasting(answers: PanelAnswers, names: Mapping[str, str]) -> _Rows:
    """Return the ROAS told from luck, ranked among all influencers under the other filters."""
    ranked = _ranked(answers)
    if ranked is None:
        return {}
    own: list[Any] = [ranked.loc[i] if i in ranked.index else None for i in names]
    return {
        "ROAS, lasting": [_estimated(r, "shrunken", "lower", "upper") for r in own],
        "Above break-even": [
            fmt.DASH if r is None else fmt.chance(r["above_break_even"]) for r in own
        ],
        "Verdict on lasting ROAS": [_segment(r) for r in own],
    }


def _ranked(answers: PanelAnswers) -> pd.DataFrame | None:
    return ranking(answers.view.where(influencer_id=None))[0]


def _segment(own: Any) -> str:
    if own is None or own["shrunken"] != own["shrunken"]:
        return fmt.DASH
    sure = fmt.chance(own["certainty"])
    return f"{own['segment']} ({sure} certain)"


def _estimated(own: Any, value: str, low: str, high: str) -> str:
    if own is None or own[value] != own[value]:
        return fmt.DASH
    interval = span(own[low], own[high], fmt.times)
    return f"{fmt.times(own[value])} ({interval})" if interval else fmt.times(own[value])


def _caused(answers: PanelAnswers, names: Mapping[str, str]) -> _Rows:
    """Return what would not have come otherwise, by the method in force on every page."""
    which = method(answers)
    found = lifted(answers, which, "influencer_id")
    known = {str(i): r for i, r in zip(found.index, found.to_dict("records"), strict=True)}
    own = [known.get(i, known.get("all")) for i in names]
    kept = answers.view.share_kept
    return {
        f"Incremental ROAS {named(answers, which)}": [
            _estimated(r, "iroas", "iroas_lower", "iroas_upper") for r in own
        ],
        "Verdict on lift": [fmt.DASH if r is None else verdict(r, kept) for r in own],
    }


def _differences() -> Panel:
    """Return whose lasting ROAS is told to be higher."""
    return sentences("Who is better, told from luck", _lines, span=12, late=True)


def _lines(answers: PanelAnswers) -> list[dict[str, str]]:
    ranked, names = _ranked(answers), _names(answers)
    if ranked is None:
        return [{"text": ranking(answers.view.where(influencer_id=None))[1], "tone": "fair"}]
    known = [
        i for i in ranked.index if i in names and ranked["shrunken"][i] == ranked["shrunken"][i]
    ]
    unknown = [names[i] for i in names if i not in known]
    lines = [_difference(ranked, a, b, names) for a, b in pairwise(known)]
    missing = f"Without spend there is no ROAS to compare: {', '.join(unknown)}."
    return [*lines, *([{"text": missing, "tone": "fair"}] if unknown else [])]


def _difference(
    ranked: pd.DataFrame, one: str, other: str, names: Mapping[str, str]
) -> dict[str, str]:
    """Return whether the intervals of two in the ranking's order lie apart."""
    better, worse = sorted((one, other), key=lambda i: -float(ranked["shrunken"][i]))
    apart = float(ranked["lower"][better]) > float(ranked["upper"][worse])
    if apart:
        text = (f"{names[better]} lasts above {names[worse]}: the 90 % intervals of their ROAS "
                "do not touch.")  # fmt: skip
        return {"text": text, "tone": "good"}
    text = (f"{names[better]} stands above {names[worse]}, but luck could explain it: the 90 % "
            "intervals of their ROAS overlap.")  # fmt: skip
    return {"text": text, "tone": "fair"}


def _by_week(metric: str) -> Panel:
    """Return a metric by week, one line per influencer."""
    title = f"{METRICS[metric].label} by week"

    def draw(answers: PanelAnswers) -> Chart:
        frame, names = answers.split("W", "influencer_id"), _names(answers)
        if why := lacking(frame, [metric]):
            return Chart([], title=title, empty=why)
        drawn = figures.lines(
            frame[metric].pipe(_wide, names), metric, dimension="influencer_id", title=title,
            settings=answers.settings, palette=Palette.of({"influencer_id": list(names.values())}),
        )  # fmt: skip
        return replace(drawn, subtitle="Weeks from Monday")

    return chart(draw, Query(_DRAWN, _BY, "W"), span=4, height=250)


def _wide(values: pd.Series, names: Mapping[str, str]) -> pd.DataFrame:
    """Return one column per influencer; a week without a row is 0."""
    wide = values.unstack("influencer_id").reindex(columns=list(names)).rename(columns=names)
    weeks = wide.index.union(_mondays(wide.index)) if len(wide) else wide.index
    return wide.reindex(weeks).rename_axis("date").fillna(0.0)


def _mondays(index: Any) -> Any:
    import pandas as pd

    return pd.date_range(index.min(), index.max(), freq="W-MON")
