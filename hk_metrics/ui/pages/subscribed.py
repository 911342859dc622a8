"""Letters and alerts by e-mail: subscribed, tested and taken out, in the same reports.toml."""

from __future__ import annotations

from typing import Any

from hk_metrics.access import current_visitor
from hk_metrics.errors import ReportError, StoreError
from hk_metrics.report import subscriptions as letters
from hk_metrics.report.subscriptions import Subscription
from hk_metrics.store import kept_in
from hk_metrics.ui.memory import answered
from hk_metrics.ui.parts.components import Actions, Choice, Field, Sentences
from hk_metrics.ui.parts.panels import Panel, Row, bar, row
from hk_metrics.ui.state import State

_ALERT = "alert"
_KINDS = {
    "weekly": "Letter, Mondays", "monthly": "Letter, each month", "daily": "Letter, each day",
    _ALERT: "Alert by a rule",
}  # fmt: skip
_NOTHING = "Nothing is subscribed yet."


def subscribed(state: State) -> list[Row]:
    """Return what is subscribed, and the line to subscribe; for those who may save for others."""
    widget = Sentences(title="Letters and alerts by e-mail").add_class("hk-span-12")

    sent: set[str] = set()

    def show() -> None:
        known, problem = answered(letters.subscriptions)
        lines = [_line(one, sent=one.name in sent) for one in known or ()]
        widget.lines = lines or [{"text": problem or _NOTHING, "tone": "fair" if problem else ""}]

    def ask(_: Any, message: dict[str, Any], __: Any) -> None:
        name, do = str(message.get("name", "")), message.get("do")
        if do not in ("test", "remove"):
            return
        current_visitor().require("save")
        if do == "remove":
            letters.unsubscribe(name)
        else:
            _test(name)
            sent.add(name)
        show()

    widget.on_msg(ask)
    return [row(Panel(widget, lambda _: show()), when=_may), bar(*_form(state, show), when=_may)]


def _may(_: State) -> bool:
    return current_visitor().may("save")


def _line(one: Subscription, *, sent: bool) -> dict[str, Any]:
    """Return a subscription as a line that sends a test of it, or removes it."""
    chosen = "; ".join(f"{k.replace('_', ' ')} {', '.join(v)}" for k, v in one.filters.items())
    what = f"{one.what}, {chosen or 'everything'}, to {one.address}"
    return {
        "text": f"{one.name}: {what}. Subscribed by {one.by}.{' A test was sent.' if sent else ''}",
        "tone": "good" if sent else "accent",
        "link": "Send a test", "event": {"do": "test", "name": one.name},
        "more": [["Remove", {"do": "remove"}]],
    }  # fmt: skip


def _test(name: str) -> None:
    """Send a test, and say why it does not arrive where it does not."""
    failed = {n: h.error for n, h in letters.send_test(name).items() if h.error}
    if failed:
        why = "; ".join(f"{n}: {error}" for n, error in failed.items())
        raise ReportError(
            f"the test was not sent ({why}). Where secrets are in the server's environment "
            f"(env:NAME), the page does not know them: hk-metrics report test {name} sends it from "
            "where the reports run"
        )


def _form(state: State, done: Any) -> list[Panel]:
    """Return the fields of a subscription, and its buttons."""
    kind = Choice(label="Send", options=[list(p) for p in _KINDS.items()], value="weekly",
                  kind="select")  # fmt: skip
    to = Field(label="to", kind="search", hint="asha@example.com")
    rule = Field(label="rule of an alert", kind="search", hint="roas < 2 over last_7_days")
    button = Actions(buttons=[{"key": "subscribe", "label": "Subscribe under these filters"}])

    def act(_: Any, message: dict[str, Any], __: Any) -> None:
        if message.get("key") == "subscribe":
            _subscribe(state, kind.value, to.value, rule.value.strip())
            rule.value = ""
            done()

    button.on_msg(act)
    return [Panel(w, lambda _: None) for w in (kind, to, rule, button)]


def _subscribe(state: State, kind: str, to: str, rule: str) -> None:
    visitor = current_visitor()
    visitor.require("save")
    store = kept_in(state.dataset)
    if store is None:
        raise StoreError("this data is in no store, so nothing can be sent of it")
    if kind == _ALERT and not rule:
        raise ReportError("write the rule of the alert, e.g. roas < 2 over last_7_days")
    if any(bound is not None for bound in state.followers):
        raise ReportError("a letter cannot be narrowed by follower counts: reset that filter")
    chosen = {n: [str(v) for v in vs if v is not None] for n, vs in state.filters.items()}
    letters.subscribe(
        to, str(store.folder), when="weekly" if kind == _ALERT else kind,
        rule=rule if kind == _ALERT else "", filters=chosen, by=visitor.name,
    )  # fmt: skip
