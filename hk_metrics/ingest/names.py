"""What people call the columns: the synonyms that are certain enough to take without asking."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from hk_metrics.schemas import TABLES

_CREATOR_NAME = ("influencer_name", "creator_name", "account_name", "partner_name")
_CREATOR_ID = (
    "influencer_id", "influencer", "influencer_code", "influencer_no", "influencer_handle",
    "creator_id", "creator", "creator_code", "kol_id", "affiliate_id", "affiliate", "partner_id",
    "inf_id", "infl_id", "account_username", "username", "handle", "partner",
)  # fmt: skip
_DATE = ("date", "day", "datetime", "timestamp", "date_time", "created_at", "created_on")
_BRAND = ("brand", "brands", "brand_name", "sub_brand")
_CAMPAIGN = (
    "campaign", "campaign_name", "campaigns", "campaign_id", "campaign_code", "utm_campaign",
)  # fmt: skip
_PLATFORM = ("platform", "platforms", "social_platform", "social_network", "network", "channel")
_ORDERS = ("orders", "order_count", "orders_count", "no_of_orders", "num_orders",
           "number_of_orders", "total_orders", "conversions", "purchases")  # fmt: skip
_REVENUE = ("revenue", "revenue_inr", "order_value", "order_amount", "sales", "sales_amount", "gmv",
            "sale_amount", "sale_value", "order_total", "purchase_amount",
            "transaction_amount", "total_revenue", "net_revenue", "net_sales",
            "order_revenue")  # fmt: skip

SYNONYMS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "influencers": {
        "id": ("id", *_CREATOR_ID),
        "name": ("name", "influencer_name", "full_name", "creator_name", "display_name"),
        "category": ("category", "niche", "vertical", "genre", "content_category", "categories"),
        "gender": ("gender", "sex"),
        "follower_count": (
            "follower_count", "followers", "followers_count", "no_of_followers", "num_followers",
            "number_of_followers", "total_followers", "subscribers", "subscriber_count",
            "audience_size",
        ),
        "platform": (*_PLATFORM, "primary_platform", "main_platform"),
        "tier": ("tier", "influencer_tier", "size"),
        "persona": ("persona",),
        "city": ("city", "location_city", "town"),
    },
    "posts": {
        "influencer_id": _CREATOR_ID,
        "platform": _PLATFORM,
        "date": (*_DATE, "post_date", "posted_on", "posted_at", "published_at", "publish_date",
                 "publish_time", "date_posted"),
        "url": ("url", "post_url", "link", "permalink", "post_link"),
        "caption": ("caption", "text", "description", "post_caption", "post_text"),
        "reach": ("reach", "total_reach", "people_reached", "accounts_reached", "post_reach"),
        "likes": ("likes", "like_count", "likes_count", "total_likes", "no_of_likes"),
        "comments": ("comments", "comment_count", "comments_count", "total_comments",
                     "no_of_comments"),
        "post_id": ("post_id", "id", "media_id", "content_id"),
        "brand": _BRAND,
        "campaign": _CAMPAIGN,
        "impressions": ("impressions", "impression_count", "total_impressions"),
        "video_views": ("video_views", "views", "view_count", "plays", "video_plays"),
        "shares": ("shares", "share_count", "reposts", "retweets"),
        "saves": ("saves", "save_count", "saved", "bookmarks"),
        "clicks": ("clicks", "link_clicks", "click_count"),
    },
    "tracking_data": {
        "source": ("source", "utm_source", "traffic_source", "medium", "utm_medium"),
        "campaign": _CAMPAIGN,
        "influencer_id": _CREATOR_ID,
        "user_id": ("user_id", "customer_id", "user", "customer", "buyer_id", "client_id",
                    "customer_email", "email"),
        "product": ("product", "product_name", "products", "item", "item_name", "sku"),
        "date": (*_DATE, "order_date", "purchase_date", "event_date", "transaction_date",
                 "order_time", "ordered_at"),
        "orders": _ORDERS,
        "revenue": _REVENUE,
        "brand": _BRAND,
        "tracking_id": ("tracking_id", "id", "event_id", "order_id", "transaction_id",
                        "order_number", "order_no"),
        "discount": ("discount", "discount_amount"),
        "returned": ("returned", "is_returned", "refunded", "is_refunded"),
    },
    "payouts": {
        "influencer_id": _CREATOR_ID,
        "basis": ("basis", "payout_basis", "payment_basis", "payout_type", "payment_type",
                  "payment_model", "deal_type", "commercial_type", "basis_of_payment"),
        "rate": ("rate", "payout_rate", "payment_rate", "rate_inr", "unit_rate", "rate_card"),
        "orders": (*_ORDERS, "total_orders_by_influencer", "orders_by_influencer", "paid_orders"),
        "total_payout": ("total_payout", "payout", "payout_amount", "payout_total", "total_cost",
                         "cost", "amount", "amount_paid", "total_paid", "payment", "total_payment",
                         "payment_amount", "amt", "amt_paid", "paid_amt", "payout_amt", "spend",
                         "total_spend", "fee", "total_fee", "total_amount"),
        "commission_rate": ("commission_rate", "commission_percent", "commission_pct",
                            "revenue_share", "rev_share"),
        "payout_id": ("payout_id", "id", "payment_id", "invoice_id", "invoice_no",
                      "invoice_number"),
        "date": (*_DATE, "payout_date", "payment_date", "paid_on", "paid_at", "invoice_date"),
        "period": ("period", "payout_period", "payment_period", "billing_period", "month"),
        "period_start": ("period_start", "start_date", "from_date", "period_from"),
        "period_end": ("period_end", "end_date", "to_date", "period_to"),
        "campaign": _CAMPAIGN,
        "brand": _BRAND,
        "platform": _PLATFORM,
        "status": ("status", "payout_status", "payment_status"),
    },
    "daily_sales": {
        "date": (*_DATE, "sales_date", "order_date"),
        "revenue": (*_REVENUE, "total_sales", "gross_sales"),
        "orders": _ORDERS,
        "brand": _BRAND,
        "product": ("product", "product_name", "sku"),
        "city": ("city", "town"),
    },
}  # fmt: skip

FILE_WORDS: Mapping[str, tuple[str, ...]] = {
    "influencers": ("influencer", "creator", "kol", "profile"),
    "posts": ("post", "content", "media", "reel"),
    "tracking_data": ("tracking", "order", "transaction", "conversion", "event"),
    "payouts": ("payout", "payment", "invoice", "cost", "fee"),
    "daily_sales": ("dailysales", "sales", "shop"),
}

_NOUNS: Mapping[str, tuple[str, ...]] = {
    "influencers": ("influencer", "creator", "kol"),
    "posts": ("post", "content", "media"),
    "tracking_data": ("order", "tracking", "event", "transaction"),
    "payouts": ("payout", "payment", "invoice"),
    "daily_sales": ("shop", "store", "daily"),
}
_FILLERS = ("total", "no", "num", "number", "of", "the")
_UNITS = ("inr", "rs", "rupees", "in")
MOST_CHARS = 200


@lru_cache(4096)
def plain(header: str) -> str:
    """Reduce a header to what it says: no case, spaces, marks or signs.

    >>> plain(" Follower_Count "), plain("followerCount"), plain("Réach (₹)")
    ('followercount', 'followercount', 'reach')
    """
    bare = unicodedata.normalize("NFKD", header[:MOST_CHARS]).lower()
    return re.sub(r"[^a-z0-9]+", "", bare) or "".join(c for c in bare if c.isalnum())


def snake(header: str) -> str:
    """Name an extra column the way the canonical ones are named.

    >>> snake("Age Group"), snake("ageGroup"), snake("City (home)")
    ('age_group', 'age_group', 'city_home')
    """
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", header.strip())
    return re.sub(r"\W+", "_", parted).strip("_").lower() or "column"


@cache
def known(table: str) -> Mapping[str, tuple[str, float]]:
    """Return plain header → (canonical name, certainty) of one table."""
    synonyms = SYNONYMS.get(table, {})
    found = {plain(s): (name, 0.95) for name, names in synonyms.items() for s in names}
    if "influencer_id" in synonyms:
        found |= {plain(s): ("influencer_id", 0.91) for s in _CREATOR_NAME}
    return found | {plain(name): (name, 1.0) for name in TABLES[table].names}


def forms(header: str, nouns: Sequence[str]) -> list[tuple[str, float]]:
    """Return the plain forms that a header may stand for, the most certain first.

    Units in brackets, and the given nouns before a name, say nothing more.
    """
    bare = re.sub(r"[(\[{].*?[)\]}]", " ", header)
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", bare)
    tokens = [t for t in re.split(r"[^A-Za-z0-9]+", parted.lower()) if t]
    while tokens and tokens[-1] in _UNITS:
        tokens.pop()
    found = [(plain(header), 1.0), (plain(bare), 0.95), ("".join(tokens), 0.95)]
    while len(tokens) > 1 and tokens[0] in (*nouns, *_FILLERS):
        tokens = tokens[1:]
        found.append(("".join(tokens), 0.92))
    return found


@lru_cache(4096)
def meant(table: str, header: str) -> tuple[str, float] | None:
    """Return the canonical column that a header names, and how certainly; None where none.

    >>> meant("tracking_data", "Order Revenue (₹)"), meant("posts", "Post Likes")
    (('revenue', 0.95), ('likes', 0.92))
    """
    words = known(table)
    for form, most in forms(header, _NOUNS[table]):
        if form in words:
            name, certainty = words[form]
            return name, min(certainty, most)
    return None


@lru_cache(4096)
def is_known(header: str) -> bool:
    """Whether some table knows a header."""
    return bool(plain(header)) and any(meant(table, header) for table in TABLES)
