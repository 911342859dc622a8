"""What people call the columns, the tables and the influencers: words, no logic."""

from __future__ import annotations

from collections.abc import Mapping

CREATORS = ("influencer", "creator", "kol", "affiliate", "partner", "publisher", "ambassador",
            "inf", "infl")  # fmt: skip
_CREATOR_NAME = (*(f"{c}_name" for c in CREATORS), "account_name")
_CREATOR_ID = (
    *(c + end for c in CREATORS
      for end in ("", "_id", "_code", "_no", "_number", "_handle", "_username", "_unique_id")),
    "username", "handle", "account_username", "instagram_handle", "ig_handle", "insta_handle",
)  # fmt: skip
_DATE = ("date", "day", "datetime", "timestamp", "date_time", "created_at", "created_on",
         "created_time", "created_date")  # fmt: skip
_BRAND = ("brand", "brands", "brand_name", "sub_brand")
_CAMPAIGN = ("campaign", "campaign_name", "campaigns", "campaign_id", "campaign_code",
             "utm_campaign")  # fmt: skip
_PLATFORM = ("platform", "platforms", "platform_name", "social_platform", "social_network",
             "network", "channel", "social_media")  # fmt: skip
_ORDERS = ("orders", "order_count", "orders_count", "no_of_orders", "num_orders",
           "number_of_orders", "total_orders", "conversions", "purchases", "transactions",
           "ecommerce_purchases")  # fmt: skip
_REVENUE = ("revenue", "revenue_inr", "order_value", "order_amount", "sales", "sales_amount",
            "sales_value", "gmv", "sale_amount", "sale_value", "order_total", "purchase_amount",
            "purchase_value", "transaction_amount", "transaction_value", "total_revenue",
            "net_revenue", "net_sales", "order_revenue", "conversion_value")  # fmt: skip
_CLICKS = ("clicks", "link_clicks", "click_count", "clicks_count", "url_clicks", "outbound_clicks")
_FEES = ("payout", "payment", "cost", "amount", "amt", "fee", "spend")
_PAID = (
    *_FEES, *(f"total_{f}" for f in _FEES), *(f"{f}_paid" for f in _FEES),
    *(f"paid_{f}" for f in _FEES), *(f"payout_{f}" for f in (*_FEES, "total", "value")),
    *(f"payment_{f}" for f in _FEES), "total_paid", "total_payable", "paid", "cost_total",
)  # fmt: skip
_COMMISSION = ("commission", "commission_amount", "commission_paid", "commission_earned",
               "total_commission", "commission_payable", "earnings")  # fmt: skip
# Likes and comments in one: likes where a file has no more than that, and engagements are whole.
ENGAGEMENT = ("engagement", "engagements", "total_engagement", "total_engagements",
              "interactions", "total_interactions", "post_interactions")  # fmt: skip

SYNONYMS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "influencers": {
        "id": ("id", *_CREATOR_ID),
        "name": ("name", "full_name", "display_name", *_CREATOR_NAME),
        "category": ("category", "niche", "vertical", "genre", "content_category", "categories"),
        "gender": ("gender", "sex", "m/f", "male/female"),
        "follower_count": (
            "follower_count", "followers", "followers_count", "no_of_followers", "num_followers",
            "number_of_followers", "total_followers", "follower", "subscribers",
            "subscriber_count", "audience_size", "audience",
        ),
        "platform": (*_PLATFORM, "primary_platform", "main_platform"),
        "tier": ("tier", "influencer_tier", "size"),
        "persona": ("persona",),
        "city": ("city", "location_city", "town"),
    },
    "posts": {
        "influencer_id": _CREATOR_ID,
        "platform": _PLATFORM,
        "date": (*_DATE, "post_date", "posted_on", "posted_at", "posting_date", "published_at",
                 "publish_date", "publish_time", "published_on", "published_date", "date_posted",
                 "live_date", "go_live_date"),
        "url": ("url", "post_url", "link", "permalink", "post_link", "live_link", "permalink_url"),
        "caption": ("caption", "text", "description", "post_caption", "post_text", "caption_text",
                    "post_title", "title"),
        "reach": ("reach", "total_reach", "people_reached", "accounts_reached", "post_reach",
                  "unique_reach", "accounts_reach"),
        "likes": ("likes", "like_count", "likes_count", "total_likes", "no_of_likes", "reactions"),
        "comments": ("comments", "comment_count", "comments_count", "total_comments",
                     "no_of_comments"),
        "post_id": ("post_id", "id", "media_id", "content_id"),
        "brand": _BRAND,
        "campaign": _CAMPAIGN,
        "impressions": ("impressions", "impression_count", "total_impressions"),
        "video_views": ("video_views", "views", "view_count", "plays", "video_plays"),
        "shares": ("shares", "share_count", "reposts", "retweets"),
        "saves": ("saves", "save_count", "saved", "bookmarks"),
        "clicks": _CLICKS,
    },
    "tracking_data": {
        "source": ("source", "utm_source", "traffic_source", "medium", "utm_medium",
                   "source_medium", "sales_channel"),
        "campaign": (*_CAMPAIGN, "offer", "offer_name"),
        "influencer_id": _CREATOR_ID,
        "user_id": ("user_id", "customer_id", "user", "customer", "buyer_id", "buyer", "client_id",
                    "customer_email", "email"),
        "product": ("product", "product_name", "products", "item", "item_name", "sku",
                    "product_title"),
        "date": (*_DATE, "order_date", "purchase_date", "event_date", "transaction_date",
                 "order_time", "ordered_at", "ordered_on", "order_created_at", "sale_date",
                 "conversion_date", "conversion_time"),
        "orders": _ORDERS,
        "revenue": _REVENUE,
        "brand": _BRAND,
        "tracking_id": ("tracking_id", "id", "event_id", "order_id", "transaction_id",
                        "conversion_id", "order_number", "order_no"),
        "discount": ("discount", "discount_amount"),
        "returned": ("returned", "is_returned", "refunded", "is_refunded"),
        "clicks": _CLICKS,
    },
    "payouts": {
        "influencer_id": _CREATOR_ID,
        "basis": ("basis", "payout_basis", "payment_basis", "payout_type", "payment_type",
                  "payment_model", "deal_type", "commercial_type", "basis_of_payment", "type",
                  "model", "deal", "pricing_model", "cost_type", "compensation_type"),
        "rate": ("rate", "payout_rate", "payment_rate", "rate_inr", "unit_rate", "rate_card",
                 "rate_pct", "unit_cost"),
        "orders": (*_ORDERS, "total_orders_by_influencer", "orders_by_influencer", "paid_orders"),
        "total_payout": _PAID,
        "commission_rate": ("commission_rate", "commission_percent", "commission_pct",
                            "commission_percentage", "revenue_share", "rev_share",
                            "revenue_share_pct", "rev_share_pct"),
        "payout_id": ("payout_id", "id", "payment_id", "invoice_id", "invoice_no",
                      "invoice_number"),
        "date": (*_DATE, "payout_date", "payment_date", "paid_on", "paid_at", "paid_date",
                 "date_paid", "invoice_date"),
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

# Taken only where nothing says it better and the cells look like it.
WEAKER: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "posts": {"influencer_id": (*_CREATOR_NAME, "name"), "likes": ENGAGEMENT},
    "tracking_data": {
        "influencer_id": _CREATOR_NAME,
        "user_id": ("customer_name", "buyer_name", "phone", "customer_phone", "mobile"),
        "source": _PLATFORM,
        "revenue": ("total", "amount", "grand_total", "total_amount", "total_price", "subtotal",
                    "gross_sales", "gross_revenue", "total_sales"),
    },
    "payouts": {
        "influencer_id": (*_CREATOR_NAME, "name"),
        "total_payout": (*_COMMISSION, "total", "net_payable", "payable", "invoice_amount",
                         "invoice_value", "budget", "investment", "price"),
    },
}  # fmt: skip

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
}

NOUNS: Mapping[str, tuple[str, ...]] = {
    "influencers": ("influencer", "creator", "kol", "partner", "affiliate"),
    "posts": ("post", "content", "media"),
    "tracking_data": ("order", "tracking", "event", "transaction", "txn", "purchase", "sale",
                      "conversion", "session"),
    "payouts": ("payout", "payment", "invoice"),
    "daily_sales": ("shop", "store", "daily"),
}  # fmt: skip
