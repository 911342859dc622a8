"""What became of an order: the words that shops, networks and couriers have for it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from hk_metrics.ingest.headers.names import plain
from hk_metrics.ingest.raw import RawTable
from hk_metrics.ingest.values.words import DASHES, FLAGS

if TYPE_CHECKING:
    import polars as pl

# Graver above: of two columns the graver word says what became of an order.
SOLD, PENDING, RETURNED, CANCELLED = range(4)
_OUTCOMES: Mapping[int, tuple[str, ...]] = {
    SOLD: (
        "delivered", "delivered_to_customer", "delivered_to_buyer", "shipped", "in_transit",
        "out_for_delivery", "dispatched", "ready_to_ship", "packed", "picked_up", "completed",
        "complete", "fulfilled", "partially_fulfilled", "partial", "processing", "processed",
        "in_progress", "confirmed", "accepted", "approved", "placed", "new", "paid", "success",
        "successful", "captured", "settled", "closed", "prepaid", "partially_refunded",
        "partial_refund", "partially_returned", "refund_rejected", "return_rejected",
        "shipped_delivered_to_buyer", "valid", "validated", "verified", "qualified", "eligible",
        "active", "open", "locked", "unlocked", "cleared", "booked", "won", "ok", "actioned",
    ),
    PENDING: (
        "pending", "payment_pending", "pending_payment", "awaiting_payment", "unpaid", "not_paid",
        "on_hold", "hold", "authorized", "authorised", "partially_paid", "unfulfilled",
        "not_fulfilled", "unshipped", "cod_pending", "scheduled", "awaiting", "awaiting_approval",
        "pending_approval", "under_review", "in_review", "delayed", "extended", "initiated",
        "queued", "created", "draft", "unverified", "tracked",
    ),
    RETURNED: (
        "returned", "return", "return_completed", "returned_to_seller", "return_to_origin",
        "returned_to_origin", "rto", "rto_delivered", "rto_initiated", "rto_in_transit",
        "refunded", "refund", "fully_refunded", "refund_completed", "chargeback", "charged_back",
        "exchanged", "shipped_returned_to_seller",
    ),
    CANCELLED: (
        "cancelled", "canceled", "cancel", "order_cancelled", "order_canceled",
        "cancelled_by_customer", "cancelled_by_seller", "failed", "failure", "payment_failed",
        "void", "voided", "expired", "declined", "rejected", "denied", "invalid", "abandoned",
        "reversed", "reversal", "ineligible", "unqualified", "not_qualified", "disqualified",
        "not_eligible", "not_approved", "disapproved", "unapproved", "deleted", "removed",
        "corrected_to_zero", "not_valid", "no_sale", "fraud", "fraudulent", "suspected_fraud",
        "blocked", "duplicate", "test", "test_order", "lost", "undelivered", "not_delivered",
        "bounced", "nullified", "annulled", "discarded",
    ),
}  # fmt: skip
_WORDS = {plain(word): outcome for outcome, words in _OUTCOMES.items() for word in words}
# Of what counts: words after which nothing comes, and those that say nothing of the goods.
_DELIVERED = frozenset(
    map(plain, (
        "delivered", "delivered_to_customer", "delivered_to_buyer", "shipped_delivered_to_buyer",
        "completed", "complete", "closed", "partially_refunded", "partial_refund",
        "partially_returned", "refund_rejected", "return_rejected", "settled", "cleared", "locked",
        "approved", "valid", "validated", "verified", "qualified", "actioned", "won",
    ))
)  # fmt: skip
_UNSAID = frozenset(
    map(plain, ("paid", "success", "successful", "captured", "prepaid", "ok", "partial", "active",
                "eligible", "unlocked", "booked", "cod_pending", "payment_pending",
                "pending_payment", "unpaid", "not_paid", "authorized", "authorised",
                "partially_paid"))
)  # fmt: skip
_CANCELLED_ON = re.compile(
    r"(order)?(cancell?ed|cancellation|voided|declined|rejected)(at|on|date|time)"
)
# Columns of yes and no: those of what came to nothing, and those of what counts.
_NOTHING = re.compile(
    r"(is)?(order)?(cancell?ed|void(ed)?|declined|rejected|reversed|invalid|ineligible|"
    r"disqualified|fraud(ulent)?|test(order)?)"
)
_COUNTS = re.compile(r"(is)?(order)?(valid(ated)?|eligible|qualified|approved)")
# Columns whose words are of payments or of the goods alone, and never of the sale.
_COMMISSION = re.compile(
    r"(commission|payout|earnings?|reward|affiliate)(payment|approval)?stat(us|e)"
)
_LEAST_SHARE = 0.5
_MOST_WORDS = 200


def status_headers(raw: RawTable, free: Sequence[str]) -> list[str]:
    """Return the headers, of those not used, whose cells say what became of each order.

    Whatever a column is called, it is one of outcomes where all of its words are, and some say that
    an order came to nothing; under the name of a status, where more than half are. "Cancelled"
    alone, which may also count, is one only where it says yes and no.
    """
    return [h for h in free if _is_dated(h) or _is_flag(raw, h) or _is_status(raw, h)]


def is_of_commission(header: str) -> bool:
    """Whether a column says what became of the commission, and not of the sale."""
    return _COMMISSION.fullmatch(plain(header)) is not None


def _is_dated(header: str) -> bool:
    return _CANCELLED_ON.fullmatch(plain(header)) is not None


def _is_flag(raw: RawTable, header: str) -> bool:
    if not (_NOTHING.fullmatch(plain(header)) or _COUNTS.fullmatch(plain(header))):
        return False
    words = {plain(w) for w in words_of(raw.frame[header])}
    named = header[:2].lower() == "is"
    return bool(words) and all(w in FLAGS and (named or w.isalpha()) for w in words)


def _is_status(raw: RawTable, header: str) -> bool:
    if raw.frame[header].dtype.is_numeric():
        return False
    words = words_of(raw.frame[header])
    known = [_WORDS[plain(w)] for w in words if plain(w) in _WORDS]
    if plain(header).endswith(("status", "state")):
        return len(known) > _LEAST_SHARE * len(words)
    return len(known) == len(words) > 0 and max(known) >= RETURNED


def words_of(cells: pl.Series) -> list[str]:
    """Return the distinct words of a column without those for "no value"; none where many are."""
    import polars as pl

    texts = cells.cast(pl.String).drop_nulls().unique()
    if len(texts) > _MOST_WORDS:
        return []
    return [t for t in texts.sort().to_list() if plain(t) and t.strip() not in DASHES]


def outcomes(cells: pl.Series) -> dict[str, int]:
    """Return what each word of a column says; words that are not understood are left out."""
    words = words_of(cells)
    header = plain(cells.name)
    if words and all(plain(w) in FLAGS for w in words):
        if _NOTHING.fullmatch(header):
            return {w: CANCELLED if FLAGS[plain(w)] else SOLD for w in words}
        if _COUNTS.fullmatch(header):
            return {w: SOLD if FLAGS[plain(w)] else CANCELLED for w in words}
    return {w: _WORDS[plain(w)] for w in words if plain(w) in _WORDS}


def read_outcomes(cells: pl.Series) -> pl.Series:
    """Return what became of each row by one column.

    Under a header such as "Cancelled at" every day that is filled in is a cancelled order.
    """
    import polars as pl

    texts = cells.cast(pl.String).str.strip_chars()
    if not _is_dated(cells.name):
        words = {w.strip(): outcome for w, outcome in outcomes(cells).items()}
        return texts.replace_strict(words, default=SOLD, return_dtype=pl.UInt8)
    dated = ~texts.is_in(["", *DASHES]).fill_null(True)
    return dated.cast(pl.UInt8) * CANCELLED


def says_delivered(cells: pl.Series) -> pl.Series:
    """Return whether each row is delivered (true) or open (false) by its word; null if unsaid.

    >>> import polars as pl
    >>> says_delivered(pl.Series("status", ["Delivered", "Shipped", "Paid"])).to_list()
    [True, False, None]
    """
    import polars as pl

    if _is_dated(cells.name):
        return pl.repeat(None, len(cells), dtype=pl.Boolean, eager=True)
    words = {
        w.strip(): plain(w) in _DELIVERED
        for w, outcome in outcomes(cells).items()
        if outcome in (SOLD, PENDING) and plain(w) in _WORDS and plain(w) not in _UNSAID
    }
    texts = cells.cast(pl.String).str.strip_chars()
    return texts.replace_strict(words, default=None, return_dtype=pl.Boolean)


def says_words(header: str) -> bool:
    """Whether the cells of a column of statuses are words, and not days."""
    return not _is_dated(header)
