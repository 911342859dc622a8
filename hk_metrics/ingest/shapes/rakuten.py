"""Rakuten Advertising: the individual item and the signature orders report.

Source: Rakuten Advertising help, "Individual Item Report" and "Signature Orders Report" (Member ID
(U1), MID, Order ID, Transaction Date, SKU, Sales, # of Items, Total Commission, Process Date). Its
rows are items of orders; what is cancelled comes as a row below zero. Dates are month first.
"""

from hk_metrics.ingest.shapes.format import Format, Part

_WHO = {
    "Publisher Name": "influencer_id", "Publisher": "influencer_id",
    "Publisher ID": "influencer_id", "SID": "influencer_id", "Member ID (U1)": "influencer_id",
    "Member ID": "influencer_id",
}  # fmt: skip
_WHEN = {"Transaction Date": "date", "Order Date": "date", "Process Date": "date"}
_ORDERS = Format(
    "Rakuten Advertising orders export",
    known_by=(
        "Order ID",
        "Transaction Date|Process Date",
        "Total Commission|Commissions|Baseline Commission",
        "Sales|Gross Sales",
        "MID|Member ID (U1)|Advertiser Name|SID|Publisher Name|Publisher ID",
        "SKU|SKU Number|Product Name|# of Items|Items",
    ),
    parts=(
        Part(
            "tracking_data",
            {
                "Order ID": "tracking_id", **_WHEN, **_WHO, "Sales": "revenue",
                "Gross Sales": "revenue", "Product Name": "product", "SKU": "product",
                "SKU Number": "product", "Advertiser Name": "brand", "Offer Name": "campaign",
            },
            fixed={"orders": 1, "source": "Rakuten"},
        ),
        Part(
            "payouts",
            {
                **_WHEN, **_WHO, "Total Commission": "total_payout",
                "Commissions": "total_payout", "Baseline Commission": "total_payout",
            },
            fixed={"basis": "commission"},
        ),
    ),
    order_lines=True,
    date_order="month_first",
)  # fmt: skip
FORMATS = (_ORDERS,)
