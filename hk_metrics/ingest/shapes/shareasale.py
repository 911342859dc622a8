"""ShareASale: the transaction detail report of a merchant.

Source: ShareASale help, "Transaction Detail Report" (Order ID, Transaction ID, sale amount,
commission, affiliate, voided) and the merchant API's report of the same name; column titles as of
these, not checked against a download. Its fee of 20% of the commission is no payout.
"""

from hk_metrics.ingest.shapes.format import Format, Part

_VOID = {"1": "cancelled", "yes": "cancelled", "true": "cancelled", "voided": "cancelled",
         "0": "completed", "no": "completed", "false": "completed"}  # fmt: skip
_WHO = {
    "Affiliate|Affiliate Name|Organization": "influencer_id", "Affiliate ID": "influencer_id",
    "User ID": "influencer_id",
}  # fmt: skip
_WHEN = {"Trans Date": "date", "Transaction Date": "date", "Date": "date"}
_TRANSACTIONS = Format(
    "ShareASale transaction detail export",
    known_by=(
        "Trans ID|Transaction ID",
        "Trans Date|Transaction Date|Date",
        "Trans Amount|Transaction Amount|Sale Amount",
        "Voided|Void|Void Date",
        "Affiliate|Affiliate ID|Affiliate Name|User ID",
        "Commission|SSAmount",
    ),
    parts=(
        Part(
            "tracking_data",
            {
                "Order Number|Order ID|OrderNum|Trans ID|Transaction ID": "tracking_id",
                **_WHEN, **_WHO, "Trans Amount": "revenue", "Transaction Amount": "revenue",
                "Sale Amount": "revenue", "SKU": "product", "SKU List": "product",
            },
            fixed={"orders": 1, "source": "ShareASale"},
        ),
        Part(
            "payouts",
            {
                "Trans ID": "payout_id", "Transaction ID": "payout_id", **_WHEN, **_WHO,
                "Commission": "total_payout",
            },
            fixed={"basis": "commission"},
        ),
    ),
    words={"Voided|Void": _VOID},
    order_lines=True,
    date_order="month_first",
)  # fmt: skip
FORMATS = (_TRANSACTIONS,)
