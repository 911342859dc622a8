"""The headers of a flat file of sums, a row per influencer (or influencer and campaign)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from hk_metrics.ingest.headers.names import forms_of, plain
from hk_metrics.ingest.headers.synonyms import ENGAGEMENT, SYNONYMS

_MORE: Mapping[str, tuple[str, ...]] = {
    "posts": ("posts", "post_count", "posts_count", "no_of_posts", "num_posts", "number_of_posts",
              "total_posts", "deliverables"),
    "revenue": ("attributed_revenue", "total_sales"),
    "orders": ("attributed_orders",),
    "total_payout": ("investment", "budget_spent", "influencer_cost", "commercials"),
    "likes": ENGAGEMENT,
}  # fmt: skip
FAMILIES = {
    "payouts": ("basis", "rate", "total_payout", "status"),
    "tracking_data": ("revenue", "orders", "source", "product", "discount"),
    "posts": ("reach", "likes", "comments", "impressions", "video_views", "shares", "saves",
              "clicks"),
    "shared": ("campaign", "brand", "date", "period", "period_start", "period_end"),
    "influencers": ("id", "name", "category", "gender", "follower_count", "platform", "tier",
                    "persona", "city"),
}  # fmt: skip
_EVENT_IDS = frozenset({"user_id", "tracking_id"})


def flat_columns(headers: Sequence[str]) -> dict[str, str] | None:
    """Return canonical name → header if the headers are those of a flat file, else None.

    A flat file has money earned and money paid in one row, and no id of a user or an event.

    >>> flat_columns(["Influencer", "Followers", "Posts", "Reach", "Revenue", "Orders", "Spend"])[
    ...     "total_payout"]
    'Spend'
    """
    found: dict[str, str] = {}
    formed = forms_of(headers)
    for words in (_words(), _more_words()):
        for header in headers:
            name = next((words[f] for f in formed[header] if f in words), None)
            if name and name not in found and header not in found.values():
                found[name] = header
    events = {plain(s) for n in _EVENT_IDS for s in SYNONYMS["tracking_data"][n]} - {"id"}
    if any(plain(h) in events for h in headers):
        return None
    return found if {"revenue", "total_payout"} <= set(found) and {"id", "name"} & set(found) else (
        None
    )  # fmt: skip


@cache
def _words() -> Mapping[str, str]:
    """Return plain header → what it is in a flat file."""
    words: dict[str, str] = {}
    for family, names in FAMILIES.items():
        tables = ("payouts", "tracking_data", "posts") if family == "shared" else (family,)
        for name in names:
            words |= {plain(s): name for t in tables for s in SYNONYMS[t].get(name, ())}
    return words | {plain(s): "posts" for s in _MORE["posts"]}


@cache
def _more_words() -> Mapping[str, str]:
    """Return plain header → what it is where no other header says it."""
    return {plain(s): name for name, words in _MORE.items() for s in words}
