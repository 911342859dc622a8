"""What became of a payout: the words that banks, networks and payout providers have for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hk_metrics.ingest.headers.names import plain
from hk_metrics.ingest.headers.status_words import words_of

if TYPE_CHECKING:
    import polars as pl

# Graver above, as for orders.
PAID, DUE, FAILED = range(3)
_OUTCOMES: Mapping[int, tuple[str, ...]] = {
    PAID: (
        "paid", "processed", "completed", "complete", "success", "successful", "succeeded",
        "settled", "cleared", "captured", "transferred", "sent", "outgoing_payment_sent",
        "disbursed", "credited", "done", "closed", "released", "deposited", "received", "claimed",
        "paid_out", "fully_paid", "reconciled", "confirmed", "executed",
    ),
    DUE: (
        "pending", "queued", "scheduled", "processing", "in_progress", "in_process", "initiated",
        "on_hold", "hold", "held", "due", "unpaid", "not_paid", "not_yet_paid", "overdue", "open",
        "created", "draft", "approved", "accepted", "authorized", "authorised", "awaiting",
        "awaiting_approval", "pending_approval", "under_review", "in_review", "invoiced",
        "issued", "submitted", "unclaimed", "incoming_payment_waiting", "waiting", "to_be_paid",
        "to_pay", "payable", "partially_paid", "accrued", "earned", "requested", "new", "locked",
        "extended",
    ),
    FAILED: (
        "failed", "failure", "reversed", "reversal", "cancelled", "canceled", "rejected",
        "denied", "declined", "returned", "refunded", "bounced", "bounced_back", "void", "voided",
        "expired", "blocked", "stopped", "invalid", "charged_back", "chargeback", "error",
        "funds_refunded", "removed", "deleted", "disapproved", "not_approved",
        "ineligible", "not_eligible", "unqualified", "disqualified", "corrected_to_zero",
    ),
}  # fmt: skip
WORDS = {plain(word): outcome for outcome, words in _OUTCOMES.items() for word in words}
_LEAST_SHARE = 0.5


def says_payout_outcomes(cells: pl.Series) -> bool:
    """Whether the words of a column are outcomes: most under a status, else all, some of them bad.

    Whoever calls a column a status means one; elsewhere "new" or "open" may be anything.
    """
    words = [] if cells.dtype.is_numeric() else words_of(cells)
    known = [WORDS[plain(w)] for w in words if plain(w) in WORDS]
    if plain(cells.name).endswith(("status", "state")):
        return len(known) > _LEAST_SHARE * len(words)
    return len(known) == len(words) > 0 and max(known) == FAILED
