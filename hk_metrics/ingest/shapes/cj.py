"""CJ (Commission Junction): the commission detail report of an advertiser.

Source: CJ developer documentation, "Commission Detail" (action status new, extended, locked,
closed; corrections are rows of the same order below zero); column titles as of that page's names.
CJ's own fee is no payout to the publisher.
"""

from hk_metrics.ingest.shapes.format import Format, Part

_WHO = {
    "Publisher Name|Website Name": "influencer_id", "Publisher": "influencer_id",
    "Publisher ID": "influencer_id", "PID": "influencer_id", "Website ID": "influencer_id",
}  # fmt: skip
_WHEN = {"Event Date|Posting Date": "date"}
_COMMISSIONS = Format(
    "CJ commission detail export",
    known_by=(
        "Action Status|Status|Action Name|Action Type",
        "Posting Date|Event Date",
        "Publisher Commission|Publisher Commission Amount|Pub Commission Amount USD|"
        "Adv Commission Amount Adv Currency|Pub Commission Amount Pub Currency|"
        "Advertiser Commission",
        "Publisher ID|Publisher Name|PID|Website ID|Website Name",
        "Sale Amount|Sale Amount USD|Sale Amount Adv Currency|Sale Amount Pub Currency",
    ),
    parts=(
        Part(
            "tracking_data",
            {
                "Order ID|Original Action ID|Commission ID": "tracking_id", **_WHEN, **_WHO,
                "Sale Amount": "revenue", "Sale Amount Adv Currency": "revenue",
                "Sale Amount Pub Currency": "revenue", "Sale Amount USD": "revenue",
                "Action Name": "campaign", "Action Tracker Name": "campaign", "SKU": "product",
            },
            fixed={"orders": 1, "source": "CJ"},
        ),
        Part(
            "payouts",
            {
                "Commission ID": "payout_id", **_WHEN, **_WHO,
                "Publisher Commission": "total_payout",
                "Publisher Commission Amount": "total_payout",
                "Adv Commission Amount Adv Currency": "total_payout",
                "Pub Commission Amount Pub Currency": "total_payout",
                "Pub Commission Amount USD": "total_payout",
                "Advertiser Commission": "total_payout",
            },
            fixed={"basis": "commission"},
        ),
    ),
    order_lines=True,
)  # fmt: skip
FORMATS = (_COMMISSIONS,)
