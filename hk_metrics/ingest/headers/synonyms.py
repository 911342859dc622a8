"""What people call the columns and the influencers: words, no logic.

Of several words for a column the one that says it best stands first.
"""

from __future__ import annotations

from collections.abc import Mapping

CREATORS = ("influencer", "creator", "kol", "affiliate", "partner", "publisher", "ambassador",
            "inf", "infl")  # fmt: skip
_CREATOR_NAME = (*(f"{c}_name" for c in (*CREATORS, "media_partner")), "account_name",
                 "profile_name")  # fmt: skip
_HANDLE = ("handle", "username")
_CREATOR_ID = (
    *(c + end for end in ("_id", "_code", "_no", "_number", "_unique_id", "", "_handle",
                          "_username") for c in (*CREATORS, "media_partner")),
    *_HANDLE, *(f"{whose}_{h}" for h in _HANDLE for whose in
                ("account", "instagram", "ig", "insta", "social", "profile", "social_media")),
    "instagram_id", "ig_id", "insta_id",
)  # fmt: skip
_CUSTOMER = ("user_id", "customer_id", "buyer_id", "client_id", "customer_number", "customer_no",
             "customer_code", "user_pseudo_id", "customer_email", "buyer_email", "user_email",
             "email", "email_address", "user", "customer", "buyer")  # fmt: skip
_DATE = ("date", "day", "datetime", "date_time", "timestamp", "created_at", "created_on",
         "created_time", "created_date")  # fmt: skip
# When a row was written, as a form or a database says it.
WRITTEN = ("timestamp", "created_at", "created_on", "created_time", "created_date", "created",
           "submitted_at", "submitted_on", "entry_date", "added_on")  # fmt: skip
_BRAND = ("brand", "brand_name", "brands", "sub_brand")
_CAMPAIGN = ("campaign", "campaign_name", "campaigns", "campaign_title", "utm_campaign",
             "utm_campaign_name", "first_user_campaign", "campaign_code",
             "campaign_id")  # fmt: skip
_PLATFORM = ("platform", "platforms", "platform_name", "social_platform", "social_media_platform",
             "social_network", "social_media", "social_channel", "channel", "network")  # fmt: skip
_ORDERS = ("orders", "order_count", "orders_count", "no_of_orders", "num_orders",
           "number_of_orders", "total_orders", "purchases", "conversions", "transactions",
           "ecommerce_purchases", "no_of_sales", "num_sales", "number_of_sales",
           "sales_count")  # fmt: skip
_REVENUE = ("revenue", "revenue_inr", "total_revenue", "order_revenue", "net_revenue",
            "order_value", "net_order_value", "order_amount", "order_total", "order_sum", "sales",
            "net_sales", "sales_amount", "sales_value", "sale_amount", "sale_value",
            "purchase_amount", "purchase_value", "transaction_amount", "transaction_value",
            "basket_value", "cart_value", "conversion_value", "gmv", "gross_merchandise_value",
            "item_revenue")  # fmt: skip
_CLICKS = ("clicks", "link_clicks", "click_count", "clicks_count", "url_clicks", "outbound_clicks")
_COST = ("cost", "costs", "expense", "expenses", "expenditure", "total_cost", "cost_inr")
_FEES = ("payout", "payment", "cost", "amount", "amt", "fee", "spend")
_PAID = (
    *_FEES, *(f"total_{f}" for f in _FEES), *(f"{f}_paid" for f in _FEES),
    *(f"{c}_{f}" for c in CREATORS for f in _FEES),
    *(f"paid_{f}" for f in _FEES), *(f"payout_{f}" for f in (*_FEES, "total", "value")),
    *(f"payment_{f}" for f in _FEES), "total_paid", "total_payable", "paid", "cost_total",
)  # fmt: skip
_COMMISSION = ("commission", "commission_amount", "commission_paid", "commission_earned",
               "total_commission", "commission_payable", "commission_total", "earnings",
               *(f"{c}_commission" for c in CREATORS))  # fmt: skip
# Likes and comments in one: likes where a file has no more than that.
ENGAGEMENT = ("engagement", "engagements", "total_engagement", "total_engagements",
              "interactions", "total_interactions", "post_interactions",
              "content_interactions")  # fmt: skip

SYNONYMS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "influencers": {
        "id": ("id", *_CREATOR_ID, "channel_id"),
        "name": ("name", "full_name", "display_name", *_CREATOR_NAME, "channel_title"),
        "category": ("category", "primary_category", "main_category", "category_name",
                     "content_category", "categories", "niche", "content_niche", "vertical",
                     "content_vertical", "genre", "content_genre"),
        "gender": ("gender", "sex", "m/f", "male/female"),
        "follower_count": (
            "follower_count", "followers", "followers_count", "no_of_followers", "num_followers",
            "number_of_followers", "total_followers", "follower", "subscribers",
            "subscriber_count", "subscribers_count", "no_of_subscribers", "follower_base",
            "audience_size", "audience",
        ),
        "platform": (*_PLATFORM, "primary_platform", "main_platform"),
        "tier": ("tier", "influencer_tier", "size"),
        "persona": ("persona",),
        "city": ("city", "city_name", "home_city", "base_city", "current_city", "location_city",
                 "town", "hometown"),
    },
    "posts": {
        "influencer_id": (*_CREATOR_ID, "channel_id"),
        "platform": _PLATFORM,
        "date": ("date", "post_date", "posted_on", "posted_at", "posted_date", "date_posted",
                 "posting_date", "post_timestamp", "published_at", "publish_date", "publish_time",
                 "published_on", "published_date", "date_published", "publishing_date",
                 "upload_date", "uploaded_at", "uploaded_on", "live_date", "go_live_date",
                 "live_on", "taken_at", *_DATE[1:]),
        "url": ("url", "post_url", "link", "permalink", "permalink_url", "post_link", "live_link"),
        "caption": ("caption", "post_caption", "caption_text", "text", "post_text", "description",
                    "post_title", "title"),
        "reach": ("reach", "total_reach", "people_reached", "accounts_reached", "post_reach",
                  "unique_reach", "accounts_reach", "reach_count", "unique_viewers"),
        "likes": ("likes", "like_count", "likes_count", "total_likes", "no_of_likes", "reactions"),
        "comments": ("comments", "comment_count", "comments_count", "comments_added"),
        "post_id": ("post_id", "media_id", "content_id", "id"),
        "brand": _BRAND,
        "campaign": _CAMPAIGN,
        "format": ("format", "post_type", "post_format", "content_type", "content_format",
                   "media_type", "media_product_type"),
        "boosted_reach": ("boosted_reach", "paid_reach", "reach_boosted", "reach_paid",
                          "sponsored_reach", "promoted_reach", "ad_reach", "ads_reach"),
        "impressions": ("impressions", "impression_count", "impressions_count"),
        "video_views": ("video_views", "views", "view_count", "views_count", "video_plays",
                        "plays", "play_count"),
        "shares": ("shares", "share_count", "shares_count", "reposts", "retweets"),
        "saves": ("saves", "save_count", "saves_count", "saved", "bookmarks"),
        "clicks": _CLICKS,
    },
    "tracking_data": {
        "source": ("source", "utm_source", "traffic_source", "first_user_source",
                   "referral_source", "attribution_source", "acquisition_source", "source_medium",
                   "first_user_source_medium", "medium", "utm_medium", "first_user_medium",
                   "sales_channel"),
        "campaign": (*_CAMPAIGN, "offer", "offer_name"),
        "influencer_id": _CREATOR_ID,
        "user_id": _CUSTOMER,
        "product": ("product", "product_name", "product_title", "item_name", "item_title",
                    "lineitem_name", "line_item_name", "products", "item", "sku_name", "sku",
                    "product_sku", "item_sku", "sku_code", "product_code", "product_id",
                    "item_id"),
        "date": ("date", "order_date", "ordered_at", "ordered_on", "order_time",
                 "order_created_at", "purchase_date", "purchased_at", "purchased_on", "placed_at",
                 "placed_on", "order_placed_at", "order_placed_on", "transaction_date",
                 "sale_date", "sales_date", "conversion_date", "conversion_time", "action_date",
                 "action_time", "event_date", *_DATE[1:]),
        "orders": _ORDERS,
        "revenue": _REVENUE,
        "brand": _BRAND,
        "tracking_id": ("tracking_id", "event_id", "order_id", "transaction_id", "conversion_id",
                        "action_id", "order_number", "order_no", "order_name", "order_reference",
                        "order_ref", "id"),
        "discount": ("discount", "discount_amount", "discount_value", "discounts",
                     "coupon_discount"),
        "returned": ("returned", "is_returned", "refunded", "is_refunded"),
        "payment_mode": ("payment_mode", "payment_method", "mode_of_payment", "method_of_payment",
                         "payment_option", "pay_mode", "pay_method"),
        "clicks": _CLICKS,
    },
    "payouts": {
        "influencer_id": _CREATOR_ID,
        "basis": ("basis", "payout_basis", "payment_basis", "payout_type", "payment_type",
                  "payout_model", "payment_model", "payout_structure", "payment_structure",
                  "deal_type", "deal_model", "deal_structure", "commercial_type",
                  "commercial_model", "basis_of_payment", "pricing_model", "pricing_type",
                  "fee_type", "rate_type", "cost_type", "compensation_type",
                  "compensation_model", "collab_type", "collaboration_type", "deal", "model",
                  "type"),
        "rate": ("rate", "payout_rate", "payment_rate", "rate_inr", "unit_rate", "rate_card",
                 "rate_pct", "unit_cost", "unit_fee", "per_unit_rate", "rate_per_unit"),
        "orders": (*_ORDERS, "total_orders_by_influencer", "orders_by_influencer", "paid_orders",
                   "orders_paid"),
        "posts": ("posts", "post_count", "posts_count", "paid_posts", "posts_paid"),
        "total_payout": _PAID,
        "commission_rate": ("commission_rate", "commission_percent", "commission_pct",
                            "commission_percentage", "revenue_share", "rev_share",
                            "revenue_share_pct", "rev_share_pct"),
        "payout_id": ("payout_id", "payment_id", "invoice_id", "invoice_no", "invoice_number",
                      "id"),
        "date": ("date", "day", "datetime", "date_time"),
        "period": ("period", "payout_period", "payment_period", "billing_period", "month",
                   "billing_month"),
        "period_start": ("period_start", "start_date", "from_date", "period_from"),
        "period_end": ("period_end", "end_date", "to_date", "period_to"),
        "payment_date": ("payment_date", "payout_date", "pay_date", "paid_on", "paid_at",
                         "paid_date", "date_paid", "invoice_date", "invoiced_on",
                         "settlement_date", "settled_on", "transfer_date", *WRITTEN),
        "campaign": _CAMPAIGN,
        "brand": _BRAND,
        "platform": _PLATFORM,
        "due_date": ("due_date", "payment_due", "payment_due_date", "due_on", "due_by",
                     "payable_by", "payable_on"),
        "approved_by": ("approved_by", "approver", "approver_name", "signed_off_by"),
        "status": ("status", "payout_status", "payment_status", "paid_status"),
    },
    "customers": {
        "user_id": _CUSTOMER,
        "first_order": ("first_order", "first_order_date", "first_order_at", "first_ordered_at",
                        "first_purchase", "first_purchase_date", "first_purchased_at",
                        "first_bought", "customer_since", "acquired_at", "acquired_on",
                        "acquisition_date", "date_of_first_order", "date_first_ordered"),
    },
    "daily_sales": {
        "date": (*_DATE, "sales_date", "sale_date", "order_date"),
        "revenue": (*_REVENUE, "total_sales", "gross_sales"),
        "orders": _ORDERS,
        "brand": _BRAND,
        "product": ("product", "product_name", "product_title", "products", "item_name", "sku"),
        "city": ("city", "city_name", "shipping_city", "billing_city", "town"),
    },
    "deliverables": {
        "influencer_id": _CREATOR_ID,
        "format": ("format", "deliverable", "deliverable_type", "deliverable_format",
                   "content_type", "content_format", "type_of_content", "post_type", "post_format",
                   "asset_type", "media_type"),
        "count": ("count", "quantity", "qty", "no_of_posts", "number_of_posts", "num_posts",
                  "no_of_deliverables", "number_of_deliverables", "deliverables",
                  "deliverables_count", "posts_promised", "promised_posts", "posts", "promised"),
        "due_date": ("due_date", "due_on", "due_by", "due", "deadline", "delivery_due",
                     "delivery_deadline", "live_by", "go_live_by", "post_by", "planned_date",
                     "planned_live_date", "scheduled_date", "target_date", "expected_date",
                     "expected_live_date"),
        "fee": (*_FEES, "agreed_fee", "agreed_amount", "deal_fee", "deal_value", "deal_amount",
                "contract_value", "contracted_fee", "negotiated_fee", "commercials", "commercial",
                "price", "total_fee"),
        "agreed_on": ("agreed_on", "agreed_date", "agreement_date", "contract_date", "signed_on",
                      "signed_date", "deal_date", "booked_on", "booking_date", "made_on",
                      "briefed_on", "brief_date"),
        "channel": ("channel", "usage_channel", "rights_channel", "usage", "usage_rights",
                    "rights", "rights_for", "used_on"),
        "ends_on": ("ends_on", "rights_end", "rights_end_date", "rights_until", "rights_expire",
                    "rights_expiry", "rights_expiry_date", "usage_end", "usage_end_date",
                    "usage_until", "usage_rights_end", "usage_rights_until",
                    "usage_rights_expiry", "licence_end", "license_end", "license_expiry",
                    "expires_on", "expiry", "expiry_date", "expires", "valid_until"),
        "campaign": _CAMPAIGN,
        "brand": _BRAND,
        "platform": tuple(p for p in _PLATFORM if p != "channel"),
    },
    "margins": {
        "margin": (
            *(f"{of}{word}{unit}"
              for of in ("", "gross_", "contribution_", "profit_", "net_", "unit_")
              for word in ("margin", "margins")
              for unit in ("", "_pct", "_percent", "_percentage", "_rate", "_share")),
            "gm", "gm_pct", "gm_percent", "gp_pct", "cm_pct", "pct_margin",
        ),
        "product": ("product", "product_name", "product_title", "item_name", "item_title", "item",
                    "sku_name", "sku", "product_sku", "sku_code", "product_code", "product_id",
                    "title"),
        "brand": _BRAND,
    },
    "costs": {
        "amount": (*_COST, "amount", "amt", "value", "total", "total_amount", "cost_amount",
                   "expense_amount", "amount_spent", "spent", "net_amount", "invoice_amount",
                   "invoice_value", "product_cost", "landed_cost", "cogs", "cost_price"),
        "cost_kind": (*(f"{c}_{k}" for c in ("cost", "expense", "expenditure", "spend", "charge")
                        for k in ("kind", "type", "category", "head", "class", "group")),
                      "type_of_cost", "kind_of_cost", "type_of_expense", "nature_of_expense",
                      "cost_center", "cost_centre", "line_item"),
        "market_value": ("market_value", "gift_value", "retail_value", "product_value", "mrp",
                         "mrp_value", "barter_value", "value_of_gift", "value_of_product",
                         "selling_price", "retail_price", "list_price", "product_mrp"),
        "influencer_id": _CREATOR_ID,
        "date": ("date", "cost_date", "expense_date", "gift_date", "gifted_on", "sent_on",
                 "sent_date", "shipped_on", "ship_date", "shipping_date", "dispatch_date",
                 "dispatched_on", "delivery_date", "delivered_on", "invoice_date", "spent_on",
                 *_DATE[1:]),
        "period": ("period", "cost_period", "billing_period", "month", "billing_month"),
        "period_start": ("period_start", "start_date", "from_date", "period_from"),
        "period_end": ("period_end", "end_date", "to_date", "period_to"),
        "campaign": _CAMPAIGN,
        "brand": _BRAND,
        "platform": _PLATFORM,
        "item": ("item", "product", "product_name", "product_sent", "gift", "gifted_product", "sku",
                 "description", "particulars"),
    },
}  # fmt: skip

# Taken only where nothing says it better and the cells look like it.
_CONTACT = ("customer_name", "buyer_name", "phone", "customer_phone", "mobile")
_LOCATION = ("location", "base_location", "home_location", "current_location")
WEAKER: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "influencers": {
        "city": _LOCATION,
        "follower_count": ("instagram_followers", "ig_followers", "insta_followers",
                           "youtube_subscribers", "yt_subscribers", "fans"),
    },
    "posts": {
        "influencer_id": (*_CREATOR_NAME, "channel_title", "name"), "likes": ENGAGEMENT,
        "date": ("created",),
    },
    "tracking_data": {
        "influencer_id": _CREATOR_NAME,
        "date": ("created",),
        "user_id": _CONTACT,
        "source": _PLATFORM,
        "revenue": ("total", "amount", "grand_total", "total_amount", "total_price", "subtotal",
                    "gross_sales", "gross_revenue", "total_sales"),
    },
    "payouts": {
        "influencer_id": (*_CREATOR_NAME, "name"),
        "posts": ("deliverables",),
        "total_payout": (*_COMMISSION, "total", "net_payable", "payable", "amount_payable",
                         "invoice_amount", "invoice_value", "final_amount", "deal_value",
                         "deal_amount", "commercials", "final_commercials", "commercial",
                         "investment", "price"),
    },
    "daily_sales": {"city": _LOCATION},
    "customers": {"user_id": _CONTACT},
    "deliverables": {"influencer_id": (*_CREATOR_NAME, "name")},
    "costs": {
        "influencer_id": (*_CREATOR_NAME, "name"),
        "cost_kind": ("kind", "type", "category", "head"),
    },
}  # fmt: skip
