"""The statement of one influencer, as the payee gets it: on their page and among the payouts."""

from __future__ import annotations

from typing import Any

from hk_metrics import formatting as fmt
from hk_metrics.present import Table
from hk_metrics.settings import Settings
from hk_metrics.ui.pages.payments import rate_words
from hk_metrics.ui.parts.panels import Panel, PanelAnswers
from hk_metrics.ui.parts.tables import table
from hk_metrics.ui.parts.words import explained
from hk_metrics.wording import counted

_LABELS = {
    "invoice": "Invoice", "period": "Period", "campaign": "Campaign", "for": "For",
    "units": "Quantity", "rate": "Rate", "amount": "Amount", "state": "State",
    "due_date": "Due on", "payment_date": "Paid on",
}  # fmt: skip
_FOR = {"post": "Posts", "order": "Orders", "commission": "Share of revenue",
        "hybrid": "Posts and a share of revenue"}  # fmt: skip
_STATES = {"paid": "Paid", "due": "Due", "late": "Late", "held": "On hold", "": ""}
_EXPLAINED = explained(_LABELS, {
    "units": "Posts, orders or revenue that the amount is for, where rate × quantity makes it.",
    "amount": "As it was agreed or paid; below zero where it was taken back.",
})  # fmt: skip


def statement() -> Panel:
    """Return the statement of the one influencer whom the filter holds."""

    def draw(answers: PanelAnswers) -> Table:
        from hk_metrics.payouts.statement import statement as lines_of

        key = str(answers.state.filters["influencer_id"][0])
        lines = lines_of(answers.dataset, key, answers.view)
        payee = answers.catalog.names.get(key, key)
        spans = zip(lines["period_start"], lines["period_end"], strict=True)
        rates = zip(lines["rate"], lines["basis"], strict=True)
        shown = lines.assign(
            period=[fmt.period(a.date(), b.date()) if a == a and b == b else "" for a, b in spans],
            rate=[rate_words(rate, basis, answers.settings) for rate, basis in rates],
            state=[_STATES[s] for s in lines["state"]],
        )
        shown["for"] = [_FOR.get(str(b), str(b)) for b in lines["basis"]]
        there = [c for c in _LABELS if c in shown and _filled(shown[c])]
        return Table(
            f"Statement of {payee}", shown[there], subtitle=_summary(key, lines, answers.settings),
            units={"units": "count", "amount": "money"}, labels=_LABELS, explain=_EXPLAINED,
            note=answers.view.gaps(["spend"]), paper=True,
        )  # fmt: skip

    return table(draw, late=True)


def _filled(column: Any) -> bool:
    """Whether a column says anything."""
    return bool((column.notna() & (column != "")).any())


def _summary(key: str, lines: Any, settings: Settings) -> str:
    """Return payee, period, lines, total, what of it is paid, and when the rest is due."""
    about = lines.attrs
    parts = [f"Payee {about['payee']} ({key})"]
    if about["period"]:
        parts.append(fmt.period(*about["period"]))
    total = fmt.money(about["total"], settings)
    parts.append(f"{counted(len(lines), 'payment')}, {total} in all")
    owed = about["due"] + about["late"]
    if owed:
        when = f" by {fmt.day(about['due_on'])}" if about["due_on"] else ""
        parts.append(f"{fmt.money(owed, settings)} of it due{when}")
    if about["held"]:
        parts.append(f"{fmt.money(about['held'], settings)} on hold")
    return "; ".join(parts)
