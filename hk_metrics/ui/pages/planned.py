"""Whether we are on plan: the targets of the period with their pace, and a line to set one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from hk_metrics.access import current_visitor
from hk_metrics.errors import HkMetricsError
from hk_metrics.metrics import METRICS
from hk_metrics.planning.targets import METRICS as WANTED
from hk_metrics.planning.targets import Target, read
from hk_metrics.present.plan import target_cards
from hk_metrics.store import Store, kept_in
from hk_metrics.ui.memory import remembered
from hk_metrics.ui.parts.components import Actions, Cards, Choice, Field, Sentences
from hk_metrics.ui.parts.panels import Panel, PanelAnswers, Row, bar, row
from hk_metrics.ui.state import State

if TYPE_CHECKING:
    import pandas as pd

_WHOLE = ""
_NO_TARGETS = "No target is set for this period."


def plan(state: State) -> list[Row]:
    """Return the targets of the period with their pace, and a line to set one."""
    widget, missing = Cards(), Sentences(title="Are we on plan?", look="line")
    widget.add_class("hk-span-12")
    missing.add_class("hk-span-12")
    latest: list[PanelAnswers] = []

    def draw(answers: PanelAnswers) -> None:
        latest[:] = [answers]
        cards = target_cards(_paced(answers), answers.settings)
        widget.cards = [c.payload() for c in cards]
        missing.lines = [] if cards else [{"text": _NO_TARGETS, "tone": ""}]
        (missing.add_class if cards else missing.remove_class)("hk-hidden")

    form = _form(state, lambda: draw(latest[0]) if latest else None)
    return [
        row(Panel(missing, lambda _: None), Panel(widget, draw, late=True)),
        bar(*form, when=_may_save),
    ]


def _may_save(_: State) -> bool:
    """Whether the visitor, who is not known yet where a session is warm, may set targets."""
    return current_visitor().may("save")


def _paced(answers: PanelAnswers) -> pd.DataFrame:
    """Return the pace of the targets whose period touches the one shown."""
    from hk_metrics.planning import pacing

    store, days = kept_in(answers.dataset), answers.view.period
    wanted = store.targets() if store else ()
    shown = tuple(t for t in wanted if days and t.days[0] <= days[1] and t.days[1] >= days[0])
    return remembered(answers.view, "pacing", lambda: pacing(answers.view, shown), shown)


def _form(state: State, done: Callable[[], None]) -> list[Panel]:
    """Return the fields of a new target, and the button that keeps it for the team."""
    names = {n: METRICS[n].label for n in WANTED}
    brands = state.view().values("brand") if "brand" in state.view().dimensions else []
    parts = {_WHOLE: "Everything", **{b: b for b in brands if b}}
    metric = Choice(label="Target", options=[list(p) for p in names.items()], value="revenue",
                    kind="select")  # fmt: skip
    brand = Choice(label="for", options=[list(p) for p in parts.items()], value=_WHOLE,
                   kind="select")  # fmt: skip
    period = Field(label="in", kind="search", hint="2025-06 or 2025-Q2")
    value = Field(label="of", kind="search", hint="12 L")
    button = Actions(buttons=[{"key": "set", "label": "Set target"}])

    def act(_: Any, message: dict[str, Any], __: Any) -> None:
        if message.get("key") != "set" or state.dataset is None:
            return
        visitor, store = current_visitor(), kept_in(state.dataset)
        visitor.require("save")
        facts = {"metric": metric.value, "value": value.value, "period": period.value,
                 "brand": brand.value}  # fmt: skip
        (store or Store()).keep_targets(_read(facts), visitor.name)
        value.value = ""
        done()

    button.on_msg(act)
    return [Panel(w, lambda _: None) for w in (metric, brand, period, value, button)]


def _read(facts: dict[str, str]) -> tuple[Target, ...]:
    """Return the target that was typed; a fault is told without the number of a row."""
    try:
        return read([facts])
    except HkMetricsError as error:
        raise type(error)(str(error).removeprefix("targets: row 1: ")) from None
