"""The team's notes on days: listed as charts number them; written, changed and deleted here."""

from __future__ import annotations

from functools import partial
from typing import Any

from hk_metrics import formatting as fmt
from hk_metrics.access import current_visitor
from hk_metrics.store import kept_in
from hk_metrics.team import DayNote
from hk_metrics.ui.parts.components import DayNotes
from hk_metrics.ui.parts.panels import Panel, PanelAnswers
from hk_metrics.ui.state import State


def notes(state: State) -> Panel:
    """Return the notes of the period; not there where there are none and none may be written."""
    widget = DayNotes().add_class("hk-span-12")

    def ask(_: Any, message: dict[str, Any], __: Any) -> None:
        if message.get("event") in ("pin", "unpin"):
            _write(state, message)

    widget.on_msg(ask)
    return Panel(widget, partial(_show, widget), personal=True)


def _show(widget: DayNotes, answers: PanelAnswers) -> None:
    store, view = kept_in(answers.dataset), answers.view
    may = store is not None and current_visitor().may("save")
    shown = [_line(n, note) for n, note in enumerate(view.pinned, 1)]
    with widget.hold_sync():
        widget.notes, widget.may = shown, may
        known = view.values("brand") if "brand" in view.dimensions else []
        widget.brands = sorted(str(b) for b in known if b is not None)
        widget.day = view.period[1].isoformat() if view.period else ""
    (widget.remove_class if shown or may else widget.add_class)("hk-hidden")


def _line(number: int, note: DayNote) -> dict[str, str]:
    return {
        "number": str(number), "words": f"{fmt.day(note.day)}: {note.words}", "key": note.key,
        "by": f"by {note.by}" if note.by else "", "day": note.day.isoformat(), "text": note.text,
        "brand": note.brand,
    }  # fmt: skip


def _write(state: State, message: dict[str, Any]) -> None:
    """Keep what was written for the team; every chart over time is drawn again."""
    visitor = current_visitor()
    visitor.require("save")
    store = kept_in(state.dataset)
    if store is None:
        return
    key = str(message.get("key", ""))
    if message["event"] == "unpin":
        store.team.unpin(key, visitor.name)
    else:
        day, text, brand = (str(message.get(n, "")) for n in ("day", "text", "brand"))
        store.team.pin(day, text, brand, visitor.name, key=key)
    state.spoke += 1
