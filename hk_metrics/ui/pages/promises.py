"""What was promised, on the page of payouts: late and missing posts, others, and rights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hk_metrics import formatting as fmt
from hk_metrics.payouts.deliverables import STATES, deliverables, expiring_rights, unpromised
from hk_metrics.present import Card, Table
from hk_metrics.ui.parts.cards import facts
from hk_metrics.ui.parts.panels import Panel, PanelAnswers, Row, row
from hk_metrics.ui.parts.tables import table
from hk_metrics.ui.parts.words import explained
from hk_metrics.ui.state import State

if TYPE_CHECKING:
    import pandas as pd

_LABELS = {
    "name": "Influencer", "campaign": "Campaign", "brand": "Brand", "platform": "Platform",
    "format": "Format", "channel": "Rights for", "due_date": "Due", "count": "Promised",
    **STATES,
    "days_late": "Days late", "fee": "Fee", "fee_missing": "Fee of missing",
    "fee_late": "Fee of late", "date": "Posted", "kind": "What", "spend": "Spend",
    "ends_on": "Rights end", "days_left": "Days left", "url": "Post",
}  # fmt: skip
_KINDS = {"double": "More than promised", "unplanned": "Not planned"}
_EXPLAINED = {
    "count": "Posts that were promised.",
    "on_time": "Posts of the promise up to its due day.",
    "late": "Posts of the promise after its due day.",
    "missing": "Promised, due and not posted.",
    "to_come": "Promised and not due yet.",
    "days_late": "Of the latest post of the promise.",
    "days_left": "Until the rights end.",
    "fee": "Of the whole promise.",
    "fee_missing": "The part of the fee for what is missing.",
    "fee_late": "The part of the fee for what came late.",
    "spend": "What was paid for the post.",
}
_COUNTS = ("count", "on_time", "late", "missing", "to_come", "days_late", "days_left")
_MONEY = ("fee", "fee_missing", "fee_late", "spend")
_UNITS = {**dict.fromkeys(_COUNTS, "count"), **dict.fromkeys(_MONEY, "money")}


def rows(state: State) -> list[Row]:
    """Return the rows about what was promised; none where the data has no promises."""
    if state.dataset is None or "deliverables" not in state.dataset.tables:
        return []
    has_rights = "ends_on" in state.dataset.tables["deliverables"].columns
    beside = [_rights()] if has_rights else []
    return [row(_key_figures()), row(_promises()), row(_unpromised(12 - 4 * len(beside)), *beside)]


def _key_figures() -> Panel:
    """Return how many promised posts are on time, late, missing and to come, with their fees."""

    def cards_of(answers: PanelAnswers) -> Sequence[Card]:
        sums = deliverables(answers.dataset, answers.view).sum(numeric_only=True)
        money = {s: fmt.money(float(sums[f"fee_{s}"]), answers.settings) for s in STATES}
        return [
            Card(state, label, number, number, against=money[state])
            for state, label in STATES.items()
            for number in [f"{int(sums[state]):,}"]
        ]

    return facts(cards_of)


def _promises() -> Panel:
    """Return every promise with what was posted of it."""

    return table(promises, late=True)


def promises(answers: PanelAnswers) -> Table:
    """Return every promise with what was posted of it."""
    found = deliverables(answers.dataset, answers.view)
    return _table("Promised and posted", found, answers, "Nothing was promised in this view.")


def _unpromised(span: int) -> Panel:
    """Return the posts that keep no promise."""

    def draw(answers: PanelAnswers) -> Table:
        found = unpromised(answers.dataset, answers.view)
        found["kind"] = [_KINDS[k] for k in found["kind"]]
        return _table("Posts of no promise", found, answers, "Every post keeps a promise.")

    return table(draw, span=span, late=True)


def _rights() -> Panel:
    """Return the rights that end within 14 days."""

    return table(ending_rights, span=4, late=True)


def ending_rights(answers: PanelAnswers) -> Table:
    """Return the rights that end within 14 days."""
    found = expiring_rights(answers.dataset, answers.view)
    return _table("Rights that end in 14 days", found, answers, "None ends in 14 days.")


def _table(title: str, found: pd.DataFrame, answers: PanelAnswers, nothing: str) -> Table:
    names = answers.catalog.names
    shown = found[[c for c in found if c in _LABELS and (found[c].notna().any() or not len(found))]]
    shown.insert(0, "name", [names.get(i, i) for i in found["influencer_id"]])
    return Table(
        title, shown, units=_UNITS, labels=_LABELS, keys=found["influencer_id"].tolist(),
        pick="influencer_id", note="" if len(found) else nothing,
        explain=explained(_LABELS, {n: line for n, line in _EXPLAINED.items() if n in shown}),
    )  # fmt: skip
