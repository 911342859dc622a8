"""Amazon: the earnings report of Associates, and the report of Attribution.

Source: Associates Central help, "Reports" (Tracking ID, Date Shipped, Items Shipped, Returns,
Revenue, Ad Fees) and Amazon Ads help, "Amazon Attribution reports" (Campaign, Ad group,
Click-throughs, Purchases, Product sales; the API's attributedSales14d ...). Associates names no
orders: shipped items are counted. Who promoted is told by the tracking id or the ad group.
The headers of Attribution are from the documentation, not confirmed by a download.
"""

from hk_metrics.ingest.shapes.format import Format, Part

_WHO = {"Tracking ID|Store ID": "influencer_id"}
_WHEN = {"Date Shipped": "date", "Ship Date": "date", "Shipment Date": "date", "Date": "date"}
_ASSOCIATES = Format(
    "Amazon Associates earnings export",
    known_by=("ASIN", "Tracking ID|Store ID", "Items Shipped|Shipped Items", "Revenue",
              "Ad Fees|Fees|Earnings|Bounties"),
    parts=(
        Part(
            "tracking_data",
            {
                **_WHO, **_WHEN, "Name": "product", "Product Name": "product",
                "Items Shipped": "orders", "Shipped Items": "orders", "Revenue": "revenue",
            },
            fixed={"source": "Amazon Associates"},
        ),
        Part(
            "payouts",
            {**_WHO, **_WHEN, "Ad Fees": "total_payout", "Fees": "total_payout",
             "Earnings": "total_payout"},
            fixed={"basis": "commission"},
        ),
    ),
    note="shipped items are counted as orders, and its fees as commission, though Amazon pays them",
)  # fmt: skip
_ATTRIBUTION = Format(
    "Amazon Attribution export",
    known_by=(
        "Ad group|Ad group name|Ad group ID",
        "Click-throughs",
        "Purchases|Purchases (14d)|Total purchases|14 day total purchases|attributedPurchases14d|"
        "attributedTotalPurchases14d",
        "Product sales|Sales|Total product sales|Total sales|14 day total sales|"
        "attributedSales14d|totalAttributedSales14d",
        "Publisher|Publisher name|DPV|Detail page views",
    ),
    parts=(
        Part(
            "tracking_data",
            {
                "Date": "date", "Campaign": "campaign", "Campaign name": "campaign",
                "Publisher": "source", "Publisher name": "source",
                "Click-throughs": "clicks", "Purchases": "orders",
                "Purchases (14d)": "orders", "attributedPurchases14d": "orders",
                "Total purchases": "orders", "14 day total purchases": "orders",
                "attributedTotalPurchases14d": "orders", "Product sales": "revenue",
                "Sales": "revenue", "attributedSales14d": "revenue",
                "Total product sales": "revenue", "Total sales": "revenue",
                "14 day total sales": "revenue", "totalAttributedSales14d": "revenue",
            },
            code="Ad group|Ad group name|Ad group ID",
        ),
    ),
)  # fmt: skip
FORMATS = (_ASSOCIATES, _ATTRIBUTION)
