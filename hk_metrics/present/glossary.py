"""What headings mean that are no metric's: told wherever a table shows them."""

from __future__ import annotations

from typing import Any

from hk_metrics.metrics import METRICS

_HEADINGS = {
    "Rate": "As the payouts say: money per post or per order, or a share of revenue.",
    "Units": "Posts, orders or revenue within the dates and names of the payment. Observed.",
    "Paid": "As the payouts say; trusted everywhere.",
    "Difference": "Paid − rate × units. Shown as — where the rate or the activity is not known.",
    "Orders tracked": "The influencer's orders within the payment's dates and names. Observed.",
    "Revenue tracked": "The influencer's revenue within the payment's dates and names. Observed.",
    "In doubt": "The money that the doubt is about; shown as — where it is not about money.",
    "Payments": "How many rows of the payouts are on this basis.",
    "Average": "Paid on this basis ÷ its payments.",
    "Least": "The smallest rate on this basis.",
    "Middle": "The median rate on this basis: half of the payments have a lower one.",
    "Most": "The largest rate on this basis.",
    "Influencers": "How many of the influencers who were paid.",
    "Of all": "Their share of the influencers who were paid.",
    "Followers": "As the influencers' file says; shown as — where it says nothing.",
    "Revenue credited": "Revenue of tracked orders in this view, by the model chosen above.",
    "Incremental revenue": "Estimated: revenue that would not have come without the posts, by the "
                           "method chosen above. Shown as — where the data cannot tell.",
    "from": "Lower end of the 90 % interval: an estimate.",
    "to": "Upper end of the 90 % interval: an estimate.",
    "Verdict": "Whether the 90 % interval lies above, below or across what was paid.",
    "Spend now": "What was paid in this view.",
    "Proposed": "What the plan would pay instead, within the bounds above.",
    "Change": "Proposed − spend now.",
    "Revenue expected now": "What the fitted response curve gives for the spend now. Estimated.",
    "Revenue expected then": "What the fitted response curve gives for the proposal. Estimated.",
    "Rows": "How many rows of its tables are in use.",
    "Left out": "How many rows of the files could not be used; the quality report says why.",
    "First order": "Day of the first tracked order in this view.",
    "Last order": "Day of the last tracked order in this view.",
    "Weeks": "How long the test would run.",
    "Held back": "The share of weeks, cities or followers that would be without posts or codes.",
    "Smallest lift told": "The smallest share of tracked revenue that four of five such tests "
                          "would tell from none. Estimated; shown as — where none would.",
    "Expected lift told": "The share of such tests that would tell the lift expected. Estimated.",
    "Forgone": "What the test would cost: the lift of what is held back, at its largest.",
}  # fmt: skip


def meaning(label: str) -> dict[str, Any] | None:
    """Return what a heading explains: its own words, or those of the metric of that name.

    >>> meaning("Average")["lines"]
    ['Paid on this basis ÷ its payments.']
    >>> meaning("ROAS")["formula"]
    'revenue ÷ spend'
    >>> meaning("Colour of the sky")
    """
    if label in _HEADINGS:
        return {"title": label, "lines": [_HEADINGS[label]]}
    for metric in METRICS.values():
        if metric.label == label:
            note = metric.note[:1].upper() + metric.note[1:]
            return {"title": label, "formula": metric.formula, "lines": [note] if note else []}
    return None
