"""Where money is, on the page of payouts: due, late and held, and the lines that finance books."""

from __future__ import annotations

from collections.abc import Sequence

from hk_metrics import formatting as fmt
from hk_metrics.payouts.finance import OWED, STATES, finance
from hk_metrics.present import Card, Table
from hk_metrics.ui.pages.paid import paid
from hk_metrics.ui.parts.cards import facts
from hk_metrics.ui.parts.panels import Panel, PanelAnswers, Row, row
from hk_metrics.ui.parts.tables import table
from hk_metrics.ui.parts.words import explained
from hk_metrics.ui.state import State

_LABELS = {
    "payee": "Payee", "invoice": "Invoice", "period_start": "From", "period_end": "To",
    "earned": "Earned", "paid": "Paid", "accrual": "Accrual", "balance": "Balance of payee",
    "state": "State", "due_date": "Due on", "payment_date": "Paid on", "approved_by": "Approved by",
}  # fmt: skip
_EXPLAINED = explained(_LABELS, {
    "earned": "What the payout's activity of the period earned, paid or not.",
    "paid": "What has been paid of it.",
    "accrual": "Earned − paid: what the books owe at the end of the period.",
    "balance": "Earned − paid of all lines of the payee; what is negative is carried over.",
})  # fmt: skip
_MONEY = dict.fromkeys(("earned", "paid", "accrual", "balance"), "money")


def rows(state: State) -> list[Row]:
    """Return the rows about what is owed; none where every payout is paid."""
    dataset = state.dataset
    if dataset is None or "spend_due" not in dataset.ledger.columns:
        return []
    return [row(_key_figures()), row(_lines())]


def _key_figures() -> Panel:
    def cards_of(answers: PanelAnswers) -> Sequence[Card]:
        sums, settings = finance(answers.dataset, paid(answers).view).attrs, answers.settings
        return [
            Card(
                key, label, fmt.text("money", sums[key], settings, "compact"),
                fmt.money(sums[key], settings),
            )
            for key, label in OWED.items()
        ]  # fmt: skip

    return facts(cards_of)


def _lines() -> Panel:
    return table(lines, late=True)


def lines(answers: PanelAnswers) -> Table:
    """Return the payouts as finance books them."""
    found = finance(answers.dataset, paid(answers).view)
    shown = found[[c for c in _LABELS if found[c].notna().any()]].copy()
    shown["state"] = [STATES[s] for s in found["state"]]
    accrued = fmt.money(found.attrs["accrual"], answers.settings)
    return Table(
        "For finance", shown, subtitle=f"Accrual is earned − paid: {accrued}", units=_MONEY,
        labels=_LABELS, explain=_EXPLAINED,
        keys=found["influencer_id"].tolist(), pick="influencer_id",
    )  # fmt: skip
