"""Money that waits on Monday: what is due, late and held, and what of it is at risk."""

from __future__ import annotations

from collections.abc import Iterator

from hk_metrics import formatting as fmt
from hk_metrics.payouts.finance import finance
from hk_metrics.present import Card
from hk_metrics.ui.memory import remembered
from hk_metrics.ui.parts.components import Cards
from hk_metrics.ui.parts.panels import Panel, PanelAnswers
from hk_metrics.view import View
from hk_metrics.wording import counted

_NOW = "As the data stands now, whatever period is shown."


def waiting() -> Panel:
    """Return what is due, late and held, and what is at risk; not there where nothing is told."""
    widget = Cards()
    widget.add_class("hk-span-12")

    def draw(answers: PanelAnswers) -> None:
        from hk_metrics.advice.recent import recent

        now = recent(answers.view)
        found = remembered(now, "waiting", lambda: [*_owed(answers, now), *_at_risk(answers, now)])
        widget.cards = [c.payload() for c in found]
        (widget.remove_class if found else widget.add_class)("hk-hidden")

    return Panel(widget, draw, late=True)


def _owed(answers: PanelAnswers, now: View) -> Iterator[Card]:
    """Yield what is due, late and held, where payouts say what is paid."""
    if "spend_due" not in now.metrics or now.unavailable("spend_due"):
        return
    booked = finance(answers.dataset, now)
    lines, dated = booked[booked["accrual"] > 0], booked["due_date"].notna().any()
    for state, label, line in (
        ("due", "Due", "Earned, not paid, and its day has not passed."),
        ("late", "Late", "Earned, not paid, and its due day has passed by the end of the data."),
        ("held", "Held", "Earned, and its payment is on hold, blocked or disputed."),
    ):
        amount = float(booked.attrs[state])
        if not (amount or state == "due" or (state == "late" and dated)):
            continue
        rows = lines[lines["state"] == state]
        who = counted(rows["influencer_id"].nunique(), "influencer")
        yield _card(f"money_{state}", label, amount, f"to {who}" if amount else "", line, answers)


def _at_risk(answers: PanelAnswers, now: View) -> Iterator[Card]:
    """Yield fees of posts that did not come, and revenue that may still come back."""
    if "deliverables" in answers.dataset.tables:
        from hk_metrics.payouts.deliverables import deliverables

        sums = deliverables(answers.dataset, now)[["missing", "fee_missing"]].sum()
        foot = counted(int(sums["missing"]), "post") + " missing"
        line = "The part of the fees for posts that are due and did not come."
        amount = float(sums["fee_missing"])
        yield _card("money_missing", "At risk: not posted", amount, foot, line, answers)
    if "open_revenue" in now.metrics and not now.unavailable("open_revenue"):
        totals = now.totals(["open_revenue", "revenue"])
        left, whole = (float(v) for v in totals)
        if left > 0:
            foot = f"of {fmt.compact_money(whole, answers.settings)} of revenue"
            line = "Orders that may still come back."
            yield _card("money_open", "At risk: open to returns", left, foot, line, answers)


def _card(key: str, label: str, amount: float, foot: str, line: str, answers: PanelAnswers) -> Card:
    return Card(
        key, label, fmt.compact_money(amount, answers.settings),
        fmt.money(amount, answers.settings), against=foot,
        explain={"title": label, "formula": "", "lines": [line, _NOW]},
    )  # fmt: skip
