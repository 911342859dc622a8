"""impact.com: the listing of a programme's actions.

Source: impact.com help, "Advanced Action Listing Report", "Action Listing" (columns Action Id,
Action Date, Locking Date, Status, Sale Amount, Payout; statuses PENDING, APPROVED, REVERSED), and
the names of the API's Actions (MediaPartnerName, Oid, State, Amount, Payout, EventDate).
"""

from hk_metrics.ingest.shapes.format import Format, Part

_WHO = {
    "Partner|Partner Name|Media Partner|Media Partner Name": "influencer_id",
    "Partner Id": "influencer_id", "Media Partner Id": "influencer_id",
}  # fmt: skip
_WHEN = {"Action Date|Event Date|Creation Date": "date"}
_PROGRAMME = {"Campaign Name": "campaign", "Campaign": "campaign", "Program": "campaign"}
_ACTIONS = Format(
    "impact.com actions export",
    known_by=(
        "Action Id|Action Tracker|Action Tracker Id|Action Tracker Name",
        "Partner|Partner Name|Media Partner|Media Partner Name|Media Partner Id|Partner Id",
        "Payout|Action Cost|Action Earnings|Total Cost",
        "Status|State|Action Status",
        "Sale Amount|Amount|Revenue",
    ),
    parts=(
        Part(
            "tracking_data",
            {
                "OID|Order Id|Action Id|Id": "tracking_id", **_WHEN, **_WHO, **_PROGRAMME,
                "Sale Amount": "revenue", "Amount": "revenue", "Revenue": "revenue",
                "Customer Id": "user_id", "Item Name": "product", "SKU": "product",
            },
            fixed={"orders": 1, "source": "impact.com"},
        ),
        Part(
            "payouts",
            {
                "Action Id": "payout_id", "Id": "payout_id", **_WHEN, **_WHO, **_PROGRAMME,
                "Payout": "total_payout", "Action Cost": "total_payout",
                "Action Earnings": "total_payout", "Total Cost": "total_payout",
            },
            fixed={"basis": "commission"},
        ),
    ),
    order_lines=True,
)  # fmt: skip
FORMATS = (_ACTIONS,)
