"""Refersion: the export of conversions.

Source: Refersion developer documentation, "Conversions" (conversion, order and affiliate id, status
PENDING, APPROVED, UNQUALIFIED, DENIED; payment status PAID, UNPAID; order and commission total);
column titles as of these names, not checked against a download.
"""

from hk_metrics.ingest.shapes.format import Format, Part

_WHO = {
    "Affiliate|Affiliate Name": "influencer_id", "Affiliate Code": "influencer_id",
    "Affiliate ID": "influencer_id",
}  # fmt: skip
_WHEN = {"Created|Created At|Date|Conversion Date|Order Date": "date"}
_OFFER = {"Offer": "campaign", "Offer Name": "campaign"}
_CONVERSIONS = Format(
    "Refersion conversions export",
    known_by=(
        "Conversion ID",
        "Affiliate|Affiliate Name|Affiliate ID|Affiliate Code",
        "Order ID|Order Number",
        "Payment Status|Commissionable Order Total|Conversion Trigger",
        "Commission Total|Commission|Commission Amount",
        "Status|Conversion Status",
    ),
    parts=(
        Part(
            "tracking_data",
            {
                "Order ID|Order Number|Conversion ID": "tracking_id", **_WHEN, **_WHO, **_OFFER,
                "Order Total": "revenue", "Commissionable Order Total": "revenue",
                "Total": "revenue", "Customer Email": "user_id", "Customer": "user_id",
                "SKU": "product",
            },
            fixed={"orders": 1, "source": "Refersion"},
        ),
        Part(
            "payouts",
            {
                "Conversion ID": "payout_id", **_WHEN, **_WHO, **_OFFER,
                "Commission Total": "total_payout", "Commission": "total_payout",
                "Commission Amount": "total_payout",
            },
            fixed={"basis": "commission"},
        ),
    ),
    # What is approved is due until the payment's own status says that it was paid.
    words={"Status|Conversion Status": {"approved": "completed"}},
    order_lines=True,
)  # fmt: skip
FORMATS = (_CONVERSIONS,)
