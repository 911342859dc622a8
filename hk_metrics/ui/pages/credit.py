"""Credit: how far what one is told depends on the attribution model."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hk_metrics import figures
from hk_metrics.figures import Chart, label_of
from hk_metrics.present import Table
from hk_metrics.ui.memory import answered, remembered
from hk_metrics.ui.parts.controls import choice, chosen
from hk_metrics.ui.parts.panels import Panel, PanelAnswers, Row, bar, chart, row
from hk_metrics.ui.parts.tables import table
from hk_metrics.ui.parts.words import sentences
from hk_metrics.ui.state import State

if TYPE_CHECKING:
    import pandas as pd

_PLAYERS = ("influencer_id", "platform", "source", "campaign")
_SHOWN = 12

_DISAGREEMENT = {"title": "Disagreement", "lines": [
    "(highest − lowest) ÷ mean of the credited revenue. Wide: the answer rests on the model, not "
    "on the data."]}  # fmt: skip


def rows(state: State) -> list[Row]:
    """Return the rows of this part of the page."""
    players = {p: label_of(p) for p in _PLAYERS if p in state.view().dimensions}
    return [
        bar(choice(state, "players", "Compare models by", players, _PLAYERS[0])),
        row(_disputed(), _assumptions()),
        row(_by_model()),
    ]


def compared(answers: PanelAnswers) -> tuple[pd.DataFrame | None, str]:
    """Return revenue by value under every model, or why there is none.

    The models look at whole journeys, so that filters narrow the values shown and not the journeys.
    """
    from hk_metrics.attribution import sensitivity

    by = chosen(answers.state, "players", dict.fromkeys(_PLAYERS), _PLAYERS[0])
    whole = answers.dataset.view()
    frame, reason = remembered(
        whole, "sensitivity", lambda: answered(lambda: sensitivity(answers.dataset, by)), by
    )
    if frame is not None and answers.view.filters:
        here = {str(i) for i in answers.view.by(by, ["revenue"]).index}
        frame = frame[frame.index.astype(str).isin(here)]
    return frame, reason


def _disputed() -> Panel:
    """Return the values that models disagree on most, from the lowest to the highest revenue."""

    def draw(answers: PanelAnswers) -> Chart:
        frame, reason = compared(answers)
        title = "Revenue credited: from the lowest model to the highest"
        if frame is None:
            return Chart([], title=title, empty=reason)
        top = frame.nlargest(_SHOWN, "highest").rename(columns={"lowest": "lower"})
        names = [answers.catalog.names.get(str(i), str(i)) for i in top.index]
        spans = top.assign(upper=top["highest"], estimate=top["revenue_linear"]).set_axis(names)
        drawn = figures.intervals(spans, unit="money", settings=answers.settings, title=title)
        words = f"The {_SHOWN} largest; the dot is the linear model. A span, not an interval"
        return replace(drawn, subtitle=words)

    return chart(draw, span=7, height=360, late=True)


def _assumptions() -> Panel:
    """Return what each model assumes, and whether the choice matters here."""

    def lines(answers: PanelAnswers) -> list[dict[str, str]]:
        from hk_metrics.attribution import MODELS

        frame, reason = compared(answers)
        warnings = [reason] if frame is None else frame.attrs.get("warnings", [])
        if frame is not None and len(frame) and not frame["disagreement"].gt(0.005).any():
            warnings = [*warnings, "All models agree here: choose any."]
        return [
            *({"text": t, "tone": "fair"} for t in dict.fromkeys(warnings)),
            *({"text": f"{m.label}: {m.assumption}", "tone": ""} for m in MODELS.values()),
        ]

    return sentences("What each model assumes", lines, span=5, late=True)


def _by_model() -> Panel:
    """Return revenue under every model, most disputed first."""

    def draw(answers: PanelAnswers) -> Table:
        import pandas as pd

        from hk_metrics.attribution import MODELS

        frame, reason = compared(answers)
        if frame is None:
            return Table("Revenue under every model", pd.DataFrame(), note=reason)
        models = {m: MODELS[m] for m in frame.attrs["models"]}
        shown = frame[["disagreement", *(f"revenue_{m}" for m in models)]].copy()
        shown.insert(0, "name", [answers.catalog.names.get(str(i), str(i)) for i in frame.index])
        return Table(
            "Revenue under every model", shown, ordered="Most disputed first",
            units={"disagreement": "percent", **{f"revenue_{m}": "money" for m in models}},
            labels={"name": label_of(str(frame.index.name or "value")),
                    "disagreement": "Disagreement",
                    **{f"revenue_{n}": m.label for n, m in models.items()}},
            explain={"disagreement": _DISAGREEMENT, **{f"revenue_{n}": {
                "title": m.label, "lines": [m.assumption]} for n, m in models.items()}},
            keys=[str(i) for i in frame.index], pick=str(frame.index.name or ""),
            note="Of the whole dataset: a model looks at whole journeys.",
        )  # fmt: skip

    return table(draw, late=True)
