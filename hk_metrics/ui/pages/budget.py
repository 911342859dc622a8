"""What-if: a budget moved between influencers, with what it promises and how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hk_metrics import figures
from hk_metrics import formatting as fmt
from hk_metrics.figures import Chart
from hk_metrics.present import Table
from hk_metrics.ui.memory import answered, remembered
from hk_metrics.ui.parts.controls import choice, chosen, entry, number
from hk_metrics.ui.parts.panels import Panel, PanelAnswers, Row, bar, chart, row
from hk_metrics.ui.parts.tables import table
from hk_metrics.ui.parts.words import sentences
from hk_metrics.ui.state import State

if TYPE_CHECKING:
    import pandas as pd

_FALL = {"0.5": "fast", "0.7": "middling", "0.9": "slowly"}
_BETAS = {"fitted": "As the data tell", **{b: w.capitalize() for b, w in _FALL.items()}}
_ENDS = 6


def rows(state: State) -> list[Row]:
    """Return the rows of this part of the page."""
    return [
        bar(
            entry(state, "budget", "What if the budget were", hint="as today", low=0),
            choice(state, "beta", "Returns fall", _BETAS, "fitted"),
        ),
        row(changes(), _promise()),
        row(_plan_table()),
    ]


def plan(answers: PanelAnswers) -> tuple[pd.DataFrame | None, str]:
    """Return the plan for the chosen budget, or why there is none."""
    from hk_metrics.planning import what_if

    asked = number(answers.state, "budget", 0.0) or None
    beta = chosen(answers.state, "beta", _BETAS, "fitted")
    fixed = None if beta == "fitted" else float(beta)
    return remembered(
        answers.view, "what_if",
        lambda: answered(lambda: what_if(answers.view, asked, beta=fixed)), asked, beta,
    )  # fmt: skip


def changes() -> Panel:
    """Return the largest changes of the plan."""

    def draw(answers: PanelAnswers) -> Chart:
        frame, reason = plan(answers)
        title = "Budget moved, by influencer"
        if frame is None:
            return Chart([], title=title, empty=reason)
        ordered = frame["change"].sort_values(ascending=False).rename("spend").to_frame()
        moved = ordered[ordered["spend"].abs() >= 1.0]
        ends = moved if len(moved) <= 2 * _ENDS else moved.iloc[[*range(_ENDS), *range(-_ENDS, 0)]]
        drawn = figures.bars(
            ends, "spend", names=answers.catalog.names, limit=2 * _ENDS, title=title,
            **answers.look(),
        )  # fmt: skip
        return figures.relabelled(drawn, "Spend", "Change in spend")

    return chart(draw, span=6, height=330, late=True)


def _promise() -> Panel:
    """Return what the plan promises, with its interval and its assumption."""

    def lines(answers: PanelAnswers) -> list[dict[str, str]]:
        frame, reason = plan(answers)
        if frame is None:
            return [{"text": reason, "tone": "fair"}]
        return [*_promised(frame, answers), *_scenarios(answers)]

    return sentences("What it promises", lines, span=6, late=True)


def _promised(frame: pd.DataFrame, answers: PanelAnswers) -> list[dict[str, str]]:
    promised, settings = frame.attrs, answers.settings
    low, high, budget = (
        fmt.compact_money(promised[n], settings) for n in ("lower", "upper", "budget")
    )
    gain = fmt.compact_money(abs(promised["gain"]), settings)
    side = "more" if promised["gain"] >= 0 else "less"
    sure = promised["lower"] > 0
    return [
        {"text": f"With {budget}, moved as shown: {gain} {side} tracked revenue a period like "
                 f"this ({low} to {high}, 90 %).", "tone": "good" if sure else "fair"},
        {"text": "Nobody gets less than half or more than one and a half times today's.",
         "tone": ""},
        {"text": str(promised["assumption"]), "tone": ""},
        *({"text": str(w), "tone": "fair"} for w in promised["warnings"]),
        {"text": "Tracked revenue is credit, not lift: hold some posts back to know what is "
                 "caused.", "tone": ""},
    ]  # fmt: skip


def _scenarios(answers: PanelAnswers) -> list[dict[str, str]]:
    from hk_metrics.planning import scenarios
    from hk_metrics.planning.response import doubled

    asked = number(answers.state, "budget", 0.0) or None
    frame, _ = remembered(
        answers.view, "scenarios", lambda: answered(lambda: scenarios(answers.view, asked)), asked
    )
    if frame is None:
        return []
    settings = answers.settings
    gains = [
        f"{fmt.compact_money(g, settings)} if {_FALL[f'{b:g}']} (twice the spend brings "
        f"{fmt.times(doubled(b))} the revenue)"
        for b, g in zip(frame.index, frame["gain"], strict=True)
    ]
    return [{"text": f"The gain if returns fell otherwise: {', '.join(gains)}.", "tone": ""}]


def _plan_table() -> Panel:
    """Return the whole plan."""

    def draw(answers: PanelAnswers) -> Table:
        import pandas as pd

        frame, reason = plan(answers)
        if frame is None:
            return Table("The plan", pd.DataFrame(), note=reason)
        names = ["spend", "proposed", "change", "revenue", "proposed_revenue"]
        shown = frame[names].copy()
        shown.insert(0, "name", [answers.catalog.names.get(str(i), str(i)) for i in frame.index])
        return Table(
            "The plan", shown, units=dict.fromkeys(names, "money"),
            labels={"name": "Influencer", "spend": "Spend now", "proposed": "Proposed",
                    "change": "Change", "revenue": "Revenue expected now",
                    "proposed_revenue": "Revenue expected then"},
            keys=list(frame.index), pick="influencer_id", length=2 * _ENDS,
        )  # fmt: skip

    return table(draw, late=True)
