"""What people call the tables, in headers and file names, and how they shorten words."""

from __future__ import annotations

from collections.abc import Mapping

SHORT = {
    "dt": "date", "rev": "revenue", "amt": "amount", "src": "source", "camp": "campaign",
    "prod": "product", "cust": "customer", "ord": "orders", "cat": "category",
}  # fmt: skip

FILE_WORDS: Mapping[str, tuple[str, ...]] = {
    "influencers": ("influencer", "creator", "kol", "profile"),
    "posts": ("post", "content", "media", "reel"),
    "tracking_data": ("tracking", "order", "transaction", "conversion", "event"),
    "payouts": ("payout", "payment", "invoice", "cost", "fee", "paid"),
    "daily_sales": ("dailysales", "sales", "shop"),
    "customers": ("customer", "buyer"),
    "costs": ("cost", "expense", "gift", "seeding", "barter"),
    "margins": ("margin",),
    "deliverables": ("deliverable", "promise", "contentplan", "contentcalendar", "contract"),
}

# What a list of influencers calls itself: each word of its name is one of these.
ROSTER_WORDS = frozenset(
    {"influencer", "influencers", "creator", "creators", "kol", "kols", "affiliates", "ambassadors"}
)
ROSTER_ENDS = frozenset(
    {"list", "registry", "register", "roster", "directory", "database", "db", "master", "profile",
     "profiles", "details", "info", "contacts", "data", "hk", "our", "all"}
)  # fmt: skip

NOUNS: Mapping[str, tuple[str, ...]] = {
    "influencers": ("influencer", "creator", "kol", "partner", "affiliate"),
    "posts": ("post", "content", "media", "video", "reel"),
    "tracking_data": ("order", "tracking", "event", "transaction", "txn", "purchase", "sale",
                      "conversion", "session"),
    "payouts": ("payout", "payment", "invoice"),
    "daily_sales": ("shop", "store", "daily"),
    "customers": ("customer", "buyer", "user"),
    "costs": ("cost", "expense", "gift"),
    "deliverables": ("deliverable", "content", "post"),
    "margins": ("product", "brand"),
}  # fmt: skip
