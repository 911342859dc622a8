"""What to do now, who does it and by when; and what became of what was answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from hk_metrics import formatting as fmt
from hk_metrics.access import current_visitor
from hk_metrics.present.plan import action_sentence, charge
from hk_metrics.store import kept_in
from hk_metrics.ui.memory import recalled, remembered
from hk_metrics.ui.parts.components import Todo
from hk_metrics.ui.parts.panels import Panel, PanelAnswers

if TYPE_CHECKING:
    import pandas as pd

    from hk_metrics.advice.action import Action

_SHOWN = 3
_ANSWERED = 5
_SEARCHED = "searched"
Follow = Callable[[str, list[str], str], None]


class ToDo:
    """The actions of the Overview and what was said to them, in two panels that keep in step.

    Parameters
    ----------
    follow
        Opens the rows that an action rests on.
    """

    def __init__(self, follow: Follow, span: int) -> None:
        self.follow = follow
        self.latest: PanelAnswers | None = None
        self.open = Todo(
            title="What to do now",
            explain={"lines": [
                "At most seven, by money × how sure it is; the first three that nobody answered. "
                "They rest on the last year of the data, whatever period is shown. Nothing that "
                "moves money rests on what luck could explain. Tracked revenue, not lift."]},
        )  # fmt: skip
        self.known = Todo(title="What became of last time's")
        self.open.add_class(f"hk-span-{span}")
        self.known.add_class("hk-span-12")
        for widget in (self.open, self.known):
            widget.on_msg(self._act)

    def now(self) -> Panel:
        """Return the first three actions."""
        return Panel(self.open, self._draw_open, late=True, personal=True)

    def later(self) -> Panel:
        """Return what became of those that were answered; not there where none was."""
        return Panel(self.known, self._draw_known, late=True, personal=True)

    def search(self) -> Panel:
        """Return what looks for the actions that take seconds, when all else is drawn."""
        return Panel(self.open, self._search, late=True)

    def _draw_open(self, answers: PanelAnswers) -> None:
        self.latest = answers
        found, known = _found(answers), _decisions(answers)
        fresh = found[~found["key"].isin(list(known))].to_dict("records")[:_SHOWN]
        may = _may_answer(answers)
        note = "" if fresh else str(found.attrs["note"]) or "Everything here has been answered."
        if not fresh and recalled(answers.dataset.view(), _SEARCHED) is None:
            note = "Looking for codes that leak, and for what a test would settle …"
        with self.open.hold_sync():
            self.open.lines = [_open_line(r, answers, may=may) for r in fresh]
            self.open.note = note

    def _draw_known(self, answers: PanelAnswers) -> None:
        self.latest = answers
        last = sorted(_decisions(answers).values(), key=lambda r: r.at, reverse=True)[:_ANSWERED]
        may = _may_answer(answers)
        self.known.lines = [_known_line(r, answers, may=may) for r in last]
        (self.known.remove_class if last else self.known.add_class)("hk-hidden")

    def _search(self, answers: PanelAnswers) -> None:
        """Look once in a dataset: what is found holds for every filter that keeps its rows."""
        from hk_metrics.advice.actions import searched

        whole = answers.dataset.view()
        remembered(whole, _SEARCHED, lambda: searched(whole, answers.dataset))
        self._draw_open(answers)

    def _again(self) -> None:
        if self.latest:
            self._draw_open(self.latest)
            self._draw_known(self.latest)

    def _act(self, _: Any, message: dict[str, Any], __: Any) -> None:
        if self.latest is None:
            return
        if message.get("event") == "follow":
            self.follow(message["by"], message["values"], message["page"])
        elif message.get("event") == "answer":
            self._answer(message, self.latest)

    def _answer(self, message: dict[str, Any], answers: PanelAnswers) -> None:
        """Keep what was said to an action for the team."""
        visitor = current_visitor()
        visitor.require("save")
        store, key = kept_in(answers.dataset), message["key"]
        rows = _found(answers).set_index("key", drop=False)
        known = _decisions(answers)
        given = known[key].facts if key in known else rows.loc[key] if key in rows.index else None
        action: dict[str, Any] | None = None if given is None else {**given}
        if store is not None and action is not None:
            owner, day = str(message.get("owner", "")), message.get("day") or None
            store.decide(action, str(message["answer"]), visitor.name, owner=owner, day=day)
        self._again()


def _decisions(answers: PanelAnswers) -> dict[str, Any]:
    store = kept_in(answers.dataset)
    return store.decisions() if store else {}


def _may_answer(answers: PanelAnswers) -> bool:
    return kept_in(answers.dataset) is not None and current_visitor().may("save")


def _found(answers: PanelAnswers) -> pd.DataFrame:
    """Return the actions under the filters, with those that have been searched for so far."""
    from hk_metrics.advice import recent
    from hk_metrics.advice.actions import at_hand, ranked

    now = recent(answers.view)
    found, notes = remembered(now, "actions", lambda: at_hand(now, answers.dataset))
    slow: list[Action] = recalled(answers.dataset.view(), _SEARCHED) or []
    here = set(now.values("influencer_id")) if now.filters else None
    kept = [a for a in slow if here is None or (a.by and here.issuperset(a.values))]
    return ranked([*found, *kept], notes)


def _open_line(row: Any, answers: PanelAnswers, *, may: bool) -> dict[str, Any]:
    buttons = [["Accept", "accepted"], ["Dismiss", "dismissed"]] if may else []
    return {
        "key": row["key"], "text": action_sentence(row, answers.settings), "tone": "accent",
        "title": row["rule"], "buttons": buttons, "fields": may, "owner": "", "day": "",
        "event": {"by": row["by"], "values": list(row["values"]), "page": row["page"]},
    }  # fmt: skip


def _known_line(record: Any, answers: PanelAnswers, *, may: bool) -> dict[str, Any]:
    """Return what was answered, by whom, who does it, and how its rows stand since."""
    from hk_metrics.advice import outcome

    facts = record.facts
    accepted = facts["answer"] == "accepted"
    by = f" by {record.by}" if record.by else ""
    answer = f"{facts['answer'].capitalize()} on {fmt.day(record.at.date())}{by}: {facts['text']}"
    became = outcome(facts, record.at.date(), answers.view) if accepted else ""
    buttons = [["Save", "accepted"]] if accepted else []
    return {
        "key": facts["key"], "text": " ".join(w for w in (answer, charge(facts), became) if w),
        "tone": _tone(facts) if accepted else "", "title": "", "event": None,
        "buttons": [*buttons, ["Take back", "open"]] if may else [], "fields": may and accepted,
        "owner": facts.get("owner", ""), "day": facts.get("day", ""),
    }  # fmt: skip


def _tone(facts: Any) -> str:
    """Return how urgent an accepted action is: its day has passed, or not."""
    day = facts.get("day", "")
    return "poor" if day and date.fromisoformat(day) < date.today() else "good"
