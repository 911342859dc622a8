"""Codes with orders that posts do not explain, and what speaks for and against a leak."""

from __future__ import annotations

from hk_metrics.present import Table
from hk_metrics.ui.memory import answered, remembered
from hk_metrics.ui.parts.panels import Panel, PanelAnswers
from hk_metrics.ui.parts.tables import table
from hk_metrics.ui.parts.words import explained

_TITLE = "Orders not explained by posts"
_LABELS = {
    "name": "Influencer", "source": "Code or link", "seen": "Seen", "orders": "Orders",
    "share": "Not explained", "share_lower": "from", "share_upper": "at most", "since": "Since",
    "late_orders": "14 days after a post", "clicks_per_order_before": "Clicks per order before",
    "clicks_per_order_since": "since", "new_customers_before": "New customers before",
    "new_customers_since": "New customers since", "at_stake": "At stake",
}  # fmt: skip
_EXPLAINED = explained(_LABELS, {
    "orders": "Orders that came through it.",
    "share": "Orders above what the influencer's posts predict ÷ orders.",
    "share_lower": "Nine times in ten at least so many are not explained.",
    "share_upper": "An upper bound of the leak, with 90 %; a video that keeps working is in it.",
    "since": "From when on more came than posts predict.",
    "late_orders": "Share of orders later than 14 days after a post.",
    "clicks_per_order_before": "Before that day; a leaked code brings orders without clicks.",
    "clicks_per_order_since": "From that day on.",
    "new_customers_before": "Share of orders by new customers before that day.",
    "new_customers_since": "From that day on; coupon sites bring customers one had.",
    "at_stake": "Commission and discount on what is not explained.",
})  # fmt: skip
_UNITS = {
    "orders": "count", "at_stake": "money", "since": "date",
    **dict.fromkeys(("share", "share_lower", "share_upper", "late_orders", "new_customers_before",
                     "new_customers_since"), "percent"),
    **dict.fromkeys(("clicks_per_order_before", "clicks_per_order_since"), "count"),
}  # fmt: skip


def unexplained() -> Panel:
    """Return the codes whose orders posts do not explain, said as no more than that."""

    return table(codes, late=True)


def codes(answers: PanelAnswers) -> Table:
    """Return the codes with orders that posts do not explain."""
    import pandas as pd

    from hk_metrics.leaks import unexplained_orders

    known, reason = remembered(
        answers.view, "leaks", lambda: answered(lambda: unexplained_orders(answers.view))
    )
    if known is None:
        return Table(_TITLE, pd.DataFrame(), note=reason)
    shown, names = known.reset_index(), answers.catalog.names
    shown["name"] = [names.get(str(i), str(i)) for i in shown["influencer_id"]]
    shown["seen"] = ["clearly" if listed else "" for listed in shown["listed"]]
    columns = [c for c in _LABELS if not shown[c].isna().all()]
    return Table(
        _TITLE, shown[columns], labels=_LABELS, units=_UNITS, explain=_EXPLAINED,
        note=known.attrs["assumption"],
        subtitle=f"{int(known['listed'].sum())} of {len(known)} codes clearly above what posts "
        "predict", keys=list(shown["influencer_id"]), pick="influencer_id",
    )  # fmt: skip
