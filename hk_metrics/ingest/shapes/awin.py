"""Awin: the transactions export of a programme.

Source: Awin developer documentation, "GET transactions (list)" (field names, statuses pending,
approved, declined, deleted); the report's column titles as of the help pages, "Transactions".
Headers are from the documentation, not confirmed by a download.
A commission is declined with its sale, so a declined transaction is no order.
"""

from hk_metrics.ingest.shapes.format import Format, Part

_TRANSACTIONS = Format(
    "Awin transactions export",
    known_by=(
        "Commission status|Transaction status",
        "Publisher ID|Publisher|Publisher name|Site name",
        "Click ref|Click refs|clickRefs.clickRef|Click date|Click time",
        "Commission amount|commissionAmount.amount|Amount of commission",
        "Sale amount|saleAmount.amount|Transaction amount",
    ),
    parts=(
        Part(
            "tracking_data",
            {
                "Order reference|orderRef|Order ref|Transaction ID|id": "tracking_id",
                "Transaction date": "date", "Publisher name": "influencer_id",
                "Publisher": "influencer_id", "Site name": "influencer_id",
                "Publisher ID": "influencer_id",
                "Sale amount": "revenue", "saleAmount.amount": "revenue",
                "Transaction amount": "revenue", "Campaign": "campaign", "Product": "product",
            },
            fixed={"orders": 1, "source": "Awin"},
            currency="saleAmount.currency|Sale amount currency",
        ),
        Part(
            "payouts",
            {
                "Transaction ID": "payout_id", "id": "payout_id",
                "Transaction date": "date", "Publisher name": "influencer_id",
                "Publisher": "influencer_id", "Site name": "influencer_id",
                "Publisher ID": "influencer_id", "Campaign": "campaign",
                "Commission amount": "total_payout", "commissionAmount.amount": "total_payout",
                "Amount of commission": "total_payout",
            },
            fixed={"basis": "commission"},
            currency="commissionAmount.currency|Commission amount currency",
        ),
    ),
    order_lines=True,
)  # fmt: skip
FORMATS = (_TRANSACTIONS,)
