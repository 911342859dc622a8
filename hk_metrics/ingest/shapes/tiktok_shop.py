"""TikTok Shop: the affiliate orders of a seller.

Source: TikTok Shop Academy, "Affiliate Order Page" (statuses Pending, Settled, Ineligible, Frozen)
and the export's columns as of the seller center (Order ID, Creator Username, Payment Amount, Est.
and Actual commission, Time Created). What is settled counts by its actual commission, the rest by
the estimate; those by Shop Ads and bonuses are added. Each row is an item of an order.
"""

from hk_metrics.ingest.shapes.format import Format, Part

_WHO = {"Creator Username": "influencer_id"}
_WHEN = {"Time Created|Order creation time|Created Time": "date"}

# What a creator gets of an order: the commission, that of Shop Ads, and the bonus.
_PAID = (
    "Actual Commission Payment|Est. standard commission payment|Est. commission payment + "
    "Actual Shop Ads commission payment|Est. Shop Ads commission payment + "
    "Actual co-funded creator bonus|Est. co-funded creator bonus"
)
_ORDERS = Format(
    "TikTok Shop affiliate orders export",
    known_by=(
        "Order ID",
        "Creator Username",
        "Est. commission base|Actual commission base|Standard commission rate|Commission rate",
        "Order Status|Order settlement status|Content Type",
    ),
    parts=(
        Part(
            "tracking_data",
            {
                "Order ID": "tracking_id", **_WHO, **_WHEN, "Payment Amount": "revenue",
                "GMV": "revenue", "Actual commission base|Est. commission base": "revenue",
                "Product Name": "product", "Content Type": "source",
            },
            fixed={"orders": 1},
        ),
        Part(
            "payouts", {**_WHO, **_WHEN, _PAID: "total_payout"}, fixed={"basis": "commission"}
        ),
    ),
    words={
        "Fully returned or refunded": {"yes": "returned", "true": "returned", "no": "completed",
                                       "false": "completed"},
        "Order Status|Order settlement status": {"frozen": "pending"},
    },
    order_lines=True,
)  # fmt: skip
FORMATS = (_ORDERS,)
