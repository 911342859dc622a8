"""The test that is planned or read on the pages, as the page's options have it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from hk_metrics.ui.memory import answered, remembered
from hk_metrics.ui.parts.controls import chosen, number
from hk_metrics.ui.parts.panels import PanelAnswers

if TYPE_CHECKING:
    from hk_metrics.experiments import ExperimentPlan, Reading
    from hk_metrics.incrementality.calibration import Calibration
    from hk_metrics.view import View

DESIGNS = {
    "weeks": "Hold-back weeks", "cities": "Cities", "codes": "Without the code",
    "staggered": "Staggered starts",
}  # fmt: skip
LENGTHS = {"4": "4 weeks", "8": "8 weeks", "12": "12 weeks", "16": "16 weeks", "24": "24 weeks"}
USUAL_LENGTH = "12"
USED = {"no": "No", "yes": "Yes"}
# What chooses a part of the shop; a test is of that, whichever posts or days a page shows.
_OF_A_TEST = ("brand", "product")


def _shop(answers: PanelAnswers) -> View:
    """Return the part of the shop that a test would be of."""
    kept = {n: v for n, v in answers.view.filters.items() if n in _OF_A_TEST}
    return answers.dataset.view().where(**kept)


def planned(answers: PanelAnswers) -> tuple[ExperimentPlan | None, str]:
    """Return the test that the page asks for, or why it cannot be."""
    return _plan(answers, None)


def begun(answers: PanelAnswers) -> date | None:
    """Return the first day of the test that was run; None where none is given or it is no day."""
    try:
        return date.fromisoformat(answers.state.option("test", ""))
    except ValueError:
        return None


def read(answers: PanelAnswers) -> tuple[Reading | None, str]:
    """Return what the test found that began on the day given, or why it cannot be read."""
    first = begun(answers)
    if first is None:
        return None, ""
    plan, why = _plan(answers, first)
    if plan is None:
        return None, why

    def reading() -> Reading:
        from hk_metrics.experiments import read_experiment

        return read_experiment(plan, part, sales=_sales(answers))

    part = _shop(answers)
    return remembered(part, "reading", lambda: answered(reading), *_asked(answers), first)


def calibration(answers: PanelAnswers) -> Calibration | None:
    """Return what a test found of lift, where the page is to go by it."""
    if chosen(answers.state, "calibrate", USED, "no") != "yes":
        return None
    found, _ = read(answers)
    return found.calibration if found is not None and found.outcome == "revenue" else None


def _asked(answers: PanelAnswers) -> tuple[str, int, float, int]:
    state = answers.state
    design = chosen(state, "design", DESIGNS, "weeks")
    length = int(chosen(state, "length", LENGTHS, USUAL_LENGTH))
    return design, length, number(state, "expect", 0.0), int(number(state, "draw", 1.0, high=1e6))


def _sales(answers: PanelAnswers) -> Any:
    return answers.dataset.tables.get("daily_sales")


def _plan(answers: PanelAnswers, first: date | None) -> tuple[ExperimentPlan | None, str]:
    design, length, percent, seed = _asked(answers)

    def plan() -> ExperimentPlan:
        from hk_metrics.experiments import plan_experiment

        return plan_experiment(
            part, design, weeks=length, lift=percent / 100 or None, start=first, seed=seed,
            sales=_sales(answers),
        )  # fmt: skip

    part = _shop(answers)
    return remembered(part, "test", lambda: answered(plan), *_asked(answers), first)
