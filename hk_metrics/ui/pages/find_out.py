"""Find out: a test that would tell the lift, its plan to take away, and what it found."""

from __future__ import annotations

from typing import Any

from hk_metrics.present import Table
from hk_metrics.ui.parts.components import Actions
from hk_metrics.ui.parts.controls import choice, entry
from hk_metrics.ui.parts.downloads import Download
from hk_metrics.ui.parts.panels import Panel, PanelAnswers, Row, bar, row
from hk_metrics.ui.parts.tables import table
from hk_metrics.ui.parts.trials import DESIGNS, LENGTHS, USED, USUAL_LENGTH, begun, planned, read
from hk_metrics.ui.parts.words import sentences
from hk_metrics.ui.state import State

_BEGAN = "Once run as planned (design, length, draw number), it began on"
TEXT = "text/markdown;charset=utf-8"
UNITS = {"weeks": "count", "share": "percent", "smallest": "percent", "power": "chance",
         "cost": "money"}  # fmt: skip
LABELS = {"weeks": "Weeks", "share": "Held back", "smallest": "Smallest lift told",
          "power": "Expected lift told", "cost": "Forgone"}  # fmt: skip


def rows(state: State) -> list[Row]:
    """Return the rows of this part of the page."""
    return [
        bar(
            choice(state, "design", "Find out by", DESIGNS, "weeks", "select"),
            choice(state, "length", "For", LENGTHS, USUAL_LENGTH, "select"),
            entry(state, "expect", "Lift expected, %", hint="usual", low=0, high=100),
            entry(state, "draw", "Draw number", "1", low=0),
            _take_away(state),
        ),
        row(_plan_words(), power()),
        bar(
            entry(state, "test", _BEGAN, hint="2025-05-05", kind="search"),
            choice(state, "calibrate", "Calibrate lift by it", USED, "no"),
        ),
        row(found()),
    ]  # fmt: skip


def _plan_words() -> Panel:
    """Return the plan in words, or why there is none."""

    def lines(answers: PanelAnswers) -> list[dict[str, str]]:
        plan, why = planned(answers)
        if plan is None:
            return [{"text": why, "tone": "fair"}]
        summary = [{"text": f"{head}: {text}", "tone": ""} for head, text in plan.points.items()]
        summary[2]["tone"] = "accent" if plan.power_expected >= 0.8 else "fair"
        return summary

    return sentences("Find out: the plan of a test", lines, span=5, late=True)


def power() -> Panel:
    """Return what other lengths and shares of the same test can show."""

    def draw(answers: PanelAnswers) -> Table:
        import pandas as pd

        plan, why = planned(answers)
        frame = pd.DataFrame(columns=list(LABELS)) if plan is None else plan.power[list(LABELS)]
        return Table(
            "What other tests would show", frame.replace(float("inf"), float("nan")),
            units=UNITS, labels=LABELS, note=why,
            subtitle="Smallest lift told: in four of five tests",
        )  # fmt: skip

    return table(draw, span=7, late=True)


def _take_away(state: State) -> Panel:
    """Return the plan as one page of text to download."""
    button = {"key": "plan", "label": "Download the plan"}
    widget = Actions(buttons=[button])
    kept: list[Download] = []

    def draw(answers: PanelAnswers) -> None:
        plan, _ = planned(answers)
        kept[:] = []
        if plan is not None:
            name = f"find-out-{plan.design}-{plan.start}.md"
            kept.append(Download(name, TEXT, plan.text.encode()))

    def act(*_: Any) -> None:
        if kept:
            state.parcel = kept[0]

    widget.on_msg(act)
    return Panel(widget, draw, late=True)


def found() -> Panel:
    """Return what a test found that was run as planned."""

    def lines(answers: PanelAnswers) -> list[dict[str, str]]:
        reading, why = read(answers)
        if reading is not None:
            summary, *checks = reading.text.splitlines()
            return [{"text": summary, "tone": "accent"}, *({"text": c, "tone": ""} for c in checks)]
        if why:
            return [{"text": why, "tone": "fair"}]
        if answers.state.option("test", "") and begun(answers) is None:
            return [{"text": "Give the first day of the test like 2025-05-05.", "tone": "fair"}]
        return []

    return sentences("What the test found", lines, span=12, late=True, hides=True)
