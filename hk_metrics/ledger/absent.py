"""What a dataset does not tell: measures of which no row of its table holds a value."""

from __future__ import annotations

from collections.abc import Mapping

import narwhals as nw

from hk_metrics.ledger.events import Frame
from hk_metrics.ledger.posts import POST_MEASURES

# No measures: a list of earlier customers, and numbers by which orders are told apart.
EARLIER, ORDER_NUMBERS = "earlier_customers", "order_numbers"
# Measure → the columns that must hold a value somewhere for it to be known.
_NEEDS: Mapping[str, tuple[tuple[str, str], ...]] = {
    **{m: (("posts", m),) for m in POST_MEASURES},
    "posts": (("posts", "influencer_id"),),
    "post_followers": (("posts", "influencer_id"), ("influencers", "follower_count")),
    "orders": (("tracking_data", "orders"),),
    "revenue": (("tracking_data", "revenue"),),
    "discount": (("tracking_data", "discount"),),
    "returned": (("tracking_data", "returned"), ("tracking_data", "orders")),
    "user_id": (("tracking_data", "user_id"),),
    "spend": (("payouts", "total_payout"),),
    EARLIER: (("customers", "user_id"),),
    ORDER_NUMBERS: (("tracking_data", "tracking_id"),),
}
# What one table does not say, another may.
_ELSE: Mapping[tuple[str, str], tuple[str, str]] = {
    ("posts", "clicks"): ("tracking_data", "clicks"),
}


def absent(tables: Mapping[str, Frame]) -> frozenset[str]:
    """Return the measures, ``user_id``, and what else of `_NEEDS` the tables have no value of.

    A table without rows has none of its measures; nor is a column that is empty in every row a
    column of zeros.

    Parameters
    ----------
    tables
        ``influencers``, ``posts``, ``tracking_data``, ``payouts`` and, where given, ``customers``.
    """
    columns = {*_ELSE.values(), *(column for needed in _NEEDS.values() for column in needed)}
    known = {
        (name, column)
        for name in {table for table, _ in columns}
        if name in tables
        for column in _known(tables[name], [c for table, c in columns if table == name])
    }
    known |= {column for column, other in _ELSE.items() if other in known}
    return frozenset(m for m, needed in _NEEDS.items() if not known.issuperset(needed))


def _known(frame: Frame, columns: list[str]) -> list[str]:
    """Return the columns that hold a value; counting them is free where the engine keeps count."""
    there = [c for c in columns if c in frame.collect_schema().names()]
    counts = frame.select(nw.col(*there).count()).collect()
    return [c for c in there if counts[c].item() > 0]
