"""Monday's first lines on the Overview: how fresh the data is, the verdict, hints."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from math import nan
from typing import TYPE_CHECKING, Any, Literal

from hk_metrics import formatting as fmt
from hk_metrics.ui.memory import remembered
from hk_metrics.ui.parts.components import Hints, Sentences
from hk_metrics.ui.parts.panels import Panel, PanelAnswers
from hk_metrics.ui.parts.words import sentences
from hk_metrics.view import Query
from hk_metrics.wording import counted

if TYPE_CHECKING:
    from hk_metrics.insights import Insight

_STALE_DAYS = 7
_HINTS = [
    "Filters change every number on every page. The address always leads back to exactly what you "
    "see: share it.",
    "The ? beside a figure says how it is computed. A click on a bar narrows the page to it.",
    "Accept or dismiss an action under What to do now, say who does it and by when; the page "
    "tells later what became of it.",
]


def hints() -> Panel:
    """Return three hints for who has never been here, shown once in a browser."""
    widget = Hints(title="First time here? Three hints", hints=_HINTS)
    return Panel(widget.add_class("hk-span-12"), lambda _: None)


def freshness() -> Panel:
    """Return how fresh the data is, and what of it is still open, in a line."""

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
                "text": f"Orders may still follow the posts of its last {window} days.",
                "tone": "fair"})  # fmt: skip
        return [*found, *_open(answers)]

    return sentences(
        "How fresh this is", lines, Query(("open_revenue",)), span=12, look="line"
    )  # fmt: skip


def _open(answers: PanelAnswers) -> list[dict[str, str]]:
    """Return how much of the revenue shown may still come back, where the data says so."""
    left = float(answers.totals.get("open_revenue", nan))
    if not left > 0:
        return []
    amount = fmt.compact_money(left, answers.settings)
    return [
        {"text": f"{amount} of this period's revenue is still open to returns.", "tone": "fair"}
    ]


def verdict(follow: Callable[[str, list[str]], None]) -> Panel:
    """Return what changed and why in one sentence, which leads to its evidence."""
    return _panel("What changed and why", slice(0, 1), follow, "lead")


def more(span: int, follow: Callable[[str, list[str]], None]) -> Panel:
    """Return what else is worth knowing about the period, sentence by sentence."""
    return _panel("More to know", slice(1, None), follow, "", span)


def _panel(
    title: str,
    part: slice,
    follow: Callable[[str, list[str]], None],
    look: Literal["", "lead"],
    span: int = 12,
) -> Panel:
    widget = Sentences(
        title=title,
        look=look,
        explain={"lines": ["Descriptions, not causes: they say where a difference lies. What posts "
                           "caused is on the page ROAS and lift."]},
    )  # fmt: skip
    widget.add_class(f"hk-span-{span}")
    if look:
        widget.add_class("hk-lead-panel")

    def draw(answers: PanelAnswers) -> None:
        widget.lines = [sentence(i) for i in _insights(answers)[part]]
        (widget.remove_class if widget.lines else widget.add_class)("hk-hidden")

    def act(_: Any, message: dict[str, Any], __: Any) -> None:
        if message.get("event") == "follow":
            follow(message["by"], message["values"])

    widget.on_msg(act)
    return Panel(widget, draw, late=True)


def _insights(answers: PanelAnswers) -> list[Insight]:
    from hk_metrics.insights import insights

    compare = answers.compare
    return remembered(
        answers.view, "insights", lambda: insights(answers.view, compare), compare
    )  # fmt: skip


# Where a sentence's evidence is, by the breakdown that shows it.
EVIDENCE = {"campaign": "campaigns", "brand": "campaigns", "platform": "campaigns",
            "influencer_id": "influencers", "basis": "payouts"}  # fmt: skip


def sentence(insight: Insight) -> dict[str, Any]:
    """Return an insight as a line of the page, with the way to its evidence."""
    evidence = insight.evidence
    shown = evidence.by in EVIDENCE or evidence.values
    return {
        "text": insight.text,
        "tone": insight.tone or "accent",
        "link": "Show" if shown else "",
        "event": {"by": evidence.by, "values": list(evidence.values)},
    }
