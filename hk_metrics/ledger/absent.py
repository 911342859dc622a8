"""What a dataset does not tell: measures of which no row of its table holds a value."""

from __future__ import annotations

from collections.abc import Mapping, Set

from hk_metrics.ledger.posts import POST_MEASURES

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
}
# What one table does not say, another may.
_ELSE: Mapping[tuple[str, str], tuple[str, str]] = {
    ("posts", "clicks"): ("tracking_data", "clicks"),
}

COUNTED = frozenset({*_ELSE.values(), *(cell for needed in _NEEDS.values() for cell in needed)})


def absent(filled: Set[tuple[str, str]]) -> frozenset[str]:
    """Return the measures, and ``user_id``, that the tables have no value of.

    A table without rows has none of its measures; nor is a column that is empty in every row a
    column of zeros.

    Parameters
    ----------
    filled
        (table, column) of those in `COUNTED` that hold a value anywhere.
    """
    known = filled | {column for column, other in _ELSE.items() if other in filled}
    return frozenset(m for m, needed in _NEEDS.items() if not known >= set(needed))
