"""Monday's part of the Overview: what is open, whether we are on plan, and what to do now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from hk_metrics import formatting as fmt
from hk_metrics.access import current_visitor
from hk_metrics.errors import HkMetricsError
from hk_metrics.metrics import METRICS
from hk_metrics.planning.targets import METRICS as WANTED
from hk_metrics.planning.targets import Target, read
from hk_metrics.present.plan import action_sentence, target_cards
from hk_metrics.store import Store, kept_in
from hk_metrics.ui.memory import remembered
from hk_metrics.ui.parts.components import Actions, Cards, Choice, Field, Sentences
from hk_metrics.ui.parts.panels import Panel, PanelAnswers, Row, bar, row
from hk_metrics.ui.parts.words import sentences
from hk_metrics.ui.state import State
from hk_metrics.wording import counted, uncapped

if TYPE_CHECKING:
    import pandas as pd

_SHOWN = 3
_WHOLE = ""
_NO_TARGETS = "No target is set for this period."
_STALE_DAYS = 7


def freshness(span: int) -> Panel:
    """Return how fresh the data is, and what of it is still open."""

    def lines(answers: PanelAnswers) -> list[dict[str, str]]:
        known = answers.dataset.ledger.period
        if known is None:
            return [{"text": "The data has no dates.", "tone": "fair"}]
        age = (date.today() - known[1]).days
        tone = "good" if age <= _STALE_DAYS else "fair"
        old = f", {counted(age, 'day')} ago" if age > 0 else ""
        found = [{"text": f"The data ends on {fmt.day(known[1])}{old}.", "tone": tone}]
        window = answers.settings.post_window_days
        shown = answers.view.period
        if shown and shown[1] > known[1] - timedelta(days=window):
            found.append({
                "text": f"Orders may still follow the posts of its last {window} days, and returns "
                        "still come in.", "tone": "fair"})  # fmt: skip
        return [*found, *_money(answers)]

    return sentences("How fresh this is", lines, span=span, late=True)


def _money(answers: PanelAnswers) -> list[dict[str, str]]:
    """Return what is due of the spend shown, where the data says so."""
    view = answers.view
    if "spend_due" not in view.metrics or view.unavailable("spend_due"):
        return [{"text": "The data does not say which payouts are due.", "tone": ""}]
    due = float(view.totals(["spend_due"])["spend_due"])
    if not due > 0:
        return [{"text": "Nothing of this period's spend is due.", "tone": "good"}]
    amount = fmt.compact_money(due, answers.settings)
    return [
        {"text": f"{amount} of this period's spend is earned and not yet paid.", "tone": "fair"}
    ]


def plan(state: State) -> list[Row]:
    """Return the targets of the period with their pace, and a line to set one."""
    widget, missing = Cards(), Sentences(title="Are we on plan?")
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


def what_now(span: int, follow: Callable[[str, list[str], str], None]) -> Panel:
    """Return the first three actions, each with its rows, and what the team said to them."""
    widget = Sentences(
        title="What to do now",
        explain={"lines": [
            "At most seven, by money × how sure it is; the first three that nobody dismissed. "
            "Nothing that moves money rests on what luck could explain. Tracked revenue, not "
            "lift."]},
    )  # fmt: skip
    widget.add_class(f"hk-span-{span}")
    latest: list[PanelAnswers] = []

    def draw(answers: PanelAnswers) -> None:
        latest[:] = [answers]
        found, store = _found(answers), kept_in(answers.dataset)
        known = store.decisions() if store else {}
        open_ones = found[~found["key"].isin(list(known))].to_dict("records")
        lines = [_line(r, answers, save=store is not None) for r in open_ones[:_SHOWN]]
        note = "" if lines else str(found.attrs["note"]) or "Everything here has been answered."
        widget.lines = [*lines, *([{"text": note, "tone": ""}] if note else [])]

    def act(_: Any, message: dict[str, Any], __: Any) -> None:
        if message.get("event") != "follow" or not latest:
            return
        if answer := message.get("answer"):
            visitor = current_visitor()
            visitor.require("save")
            found = _found(latest[0]).set_index("key", drop=False)
            store = kept_in(latest[0].dataset)
            if store is not None and message["key"] in found.index:
                store.decide(found.loc[message["key"]].to_dict(), str(answer), visitor.name)
            draw(latest[0])
        else:
            follow(message["by"], message["values"], message["page"])

    def greet() -> None:
        if latest:
            draw(latest[0])

    widget.on_msg(act)
    return Panel(widget, draw, late=True, greet=greet)


def _found(answers: PanelAnswers) -> pd.DataFrame:
    from hk_metrics.planning import actions

    return remembered(
        answers.view, "actions", lambda: actions(answers.view, answers.dataset)
    )  # fmt: skip


def _line(row: Any, answers: PanelAnswers, *, save: bool) -> dict[str, Any]:
    event = {"by": row["by"], "values": list(row["values"]), "page": row["page"]}
    answers_to = [["Accept", {"answer": "accepted", "key": row["key"]}],
            ["Dismiss", {"answer": "dismissed", "key": row["key"]}]]  # fmt: skip
    return {
        "text": action_sentence(row, answers.settings), "tone": "accent", "title": row["rule"],
        "link": "Show", "event": event,
        "more": answers_to if save and current_visitor().may("save") else [],
    }  # fmt: skip


def answered(span: int) -> Panel:
    """Return what became of the actions that the team answered."""

    def lines(answers: PanelAnswers) -> list[dict[str, str]]:
        store = kept_in(answers.dataset)
        known = sorted((store.decisions() if store else {}).values(), key=lambda r: r.at)
        return [_became(r, answers) for r in list(reversed(known))[:_SHOWN]]

    return sentences("What became of last time's", lines, span=span, late=True, hides=True)


def _became(record: Any, answers: PanelAnswers) -> dict[str, str]:
    """Return what was answered, and how the spend and revenue of its rows stand since."""
    facts, settings = record.facts, answers.settings
    by = f" by {record.by}" if record.by else ""
    text = f"{facts['answer'].capitalize()} on {fmt.day(record.at.date())}{by}: {facts['text']}"
    names = ("revenue", "spend")
    if facts["answer"] == "accepted" and facts["by"] == "influencer_id" and facts["values"]:
        view = answers.view
        here = [v for v in facts["values"] if v in view.values("influencer_id")]
        now = view.where(influencer_id=here).totals(names) if here else None
        if now is not None:
            pairs = [f"{uncapped(METRICS[n].label)} {fmt.compact_money(float(now[n]), settings)}"
                     for n in names]  # fmt: skip
            text += f" In this period: {', '.join(pairs)}."
    return {"text": text, "tone": "good" if facts["answer"] == "accepted" else ""}
