"""What headers mean in a file that was merged of several tables: orders_x, date_post, orders."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hk_metrics.ingest.headers.names import forms, known, meant
from hk_metrics.ingest.headers.synonyms import CREATORS

# What an order cost the company; a fee, an amount paid or a price may be the customer's.
_PAID = frozenset(
    {"commission", "commissionamount", "commissionpaid", "commissionearned", "totalcommission",
     "payout", "payoutamount", "totalpayout", "cost", "spend"}
)  # fmt: skip
_SUFFIX = re.compile(
    r"(?i)^(.+?)_(x|y|left|right|tracking(?:_data)?|orders?|sales?|posts?|payouts?|payments?|"
    r"influencers?|creators?|inf)$"
)
_OWNERS = {"t": "tracking_data", "o": "tracking_data", "s": "tracking_data", "po": "posts",
           "pa": "payouts", "i": "influencers", "c": "influencers"}  # fmt: skip


def column_words(table: str, headers: Sequence[str]) -> dict[str, list[str]]:
    """Return column → the headers that may name it, the most certain first.

    A suffix that a join gave to two equal names says whose each is, or leaves it open (``_x``).

    >>> column_words("payouts", ["orders_tracking", "orders_payouts", "total_payout"])
    {'orders': ['orders_payouts'], 'total_payout': ['total_payout']}
    """
    bases = [_parted(h)[0].lower() for h in headers]
    hits = []
    for header in headers:
        base, owner = _parted(header)
        if bases.count(base.lower()) < 2:
            base, owner = header, None
        if owner in (None, table) and (hit := _meaning(table, base)):
            hits.append((owner == table, hit[1], header, hit[0]))
    found: dict[str, list[str]] = {}
    for _, _, header, column in sorted(hits, key=lambda hit: (not hit[0], -hit[1])):
        found.setdefault(column, []).append(header)
    return found


def _meaning(table: str, header: str) -> tuple[str, float] | None:
    """Return the column that a header names; beside orders, a payout is the influencer's."""
    hit = meant(table, header)
    if hit is None and table == "payouts":
        words = known(table)
        hit = next((words[f] for f, _ in forms(header, CREATORS) if f in words), None)
    return hit


def is_payout(header: str) -> bool:
    """Whether a header can only mean what was paid to an influencer."""
    names = {header, _parted(header)[0]}
    return bool(_PAID & {form for name in names for form, _ in forms(name, CREATORS)})


def has_suffix(header: str) -> bool:
    """Whether a header ends as a join makes equal names end."""
    return _SUFFIX.match(header) is not None


def _parted(header: str) -> tuple[str, str | None]:
    """Return the name and the table whose suffix it has, None where that is open."""
    match = _SUFFIX.match(header)
    if match is None:
        return header, None
    end = match[2].lower()
    return match[1], next((t for start, t in _OWNERS.items() if end.startswith(start)), None)
