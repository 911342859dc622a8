"""Partnerize: the export of a campaign's conversions.

Source: Partnerize API documentation, "Conversions" (conversion_id, publisher_name,
advertiser_reference, conversion_status pending, approved, rejected, mixed; value and commission);
column titles as of these names, not checked against a download.
"""

from hk_metrics.ingest.shapes.format import Format, Part

_WHO = {
    "Publisher Name|Partner Name|Publisher|Partner": "influencer_id",
    "Publisher ID": "influencer_id", "Partner ID": "influencer_id",
}  # fmt: skip
_WHEN = {"Conversion Date|Conversion Time|Conversion Date Time": "date"}
_CAMPAIGN = {"Campaign Title": "campaign", "Campaign Name": "campaign", "Campaign": "campaign"}
_CONVERSIONS = Format(
    "Partnerize conversions export",
    known_by=(
        "Conversion ID",
        "Publisher Name|Publisher|Publisher ID|Partner Name|Partner|Partner ID",
        "Conversion Reference|Advertiser Reference|Publisher Reference",
        "Conversion Status|Item Status|Status",
        "Publisher Commission|Item Publisher Commission|Partner Commission|Commission",
    ),
    parts=(
        Part(
            "tracking_data",
            {
                "Advertiser Reference|Conversion Reference|Conversion ID": "tracking_id",
                **_WHEN, **_WHO, **_CAMPAIGN, "Item Value": "revenue", "Value": "revenue",
                "Conversion Value": "revenue", "Order Value": "revenue",
                "Customer Reference": "user_id", "SKU": "product", "Voucher": "source",
            },
            fixed={"orders": 1},
        ),
        Part(
            "payouts",
            {
                **_WHEN, **_WHO, **_CAMPAIGN, "Item Publisher Commission": "total_payout",
                "Publisher Commission": "total_payout", "Partner Commission": "total_payout",
                "Commission": "total_payout",
            },
            fixed={"basis": "commission"},
        ),
    ),
    words={"Conversion Status|Item Status|Status": {"mixed": "pending"}},
    order_lines=True,
)  # fmt: skip
FORMATS = (_CONVERSIONS,)
