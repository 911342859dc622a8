"""PayPal: the activity download, of which mass payments and payments sent are payouts.

Source: PayPal developer documentation, "Activity Download Report" (Date, Name, Type, Status,
Currency, Gross, Fee, Net, To Email Address, Balance Impact) and "Payouts status" (unclaimed,
returned, blocked, denied). What was paid stands below zero. PayPal's fee is no payout.
Headers are from the documentation, not confirmed by a download.
"""

from hk_metrics.ingest.shapes.format import Format, Part

_SENT = (
    "Mass Pay Payment", "Mass Payment", "MassPay Payment", "Payout", "Payouts",
    "General Payment", "Mobile Payment", "Payment", "Payment Sent",
)  # fmt: skip
_ACTIVITY = Format(
    "PayPal activity download",
    known_by=("Date", "Type", "Status", "Gross", "Net", "To Email Address|Transaction ID",
              "Name|Balance Impact"),
    parts=(
        Part(
            "payouts",
            {
                "Transaction ID": "payout_id", "Name|To Email Address": "influencer_id",
                "Gross": "total_payout", "Date": "payment_date",
            },
            negated=("Gross",),
        ),
    ),
    only={"Balance Impact": ("Debit",), "Type": _SENT},
)  # fmt: skip
_PAYOUTS = Format(
    "PayPal payouts export",
    known_by=(
        "Payout Item ID|Payout Batch ID|Payout Item Transaction ID",
        "Receiver|Recipient|Recipient Name|Recipient Email",
        "Amount|Payment Amount|Gross Amount",
        "Transaction Status|Status|Payment Status",
    ),
    parts=(
        Part(
            "payouts",
            {
                "Payout Item ID": "payout_id", "Payout Item Transaction ID": "payout_id",
                "Recipient Name|Receiver|Recipient|Recipient Email": "influencer_id",
                "Payment Amount": "total_payout", "Gross Amount": "total_payout",
                "Amount": "total_payout", "Time Processed|Processed|Date": "payment_date",
            },
        ),
    ),
)  # fmt: skip
FORMATS = (_ACTIVITY, _PAYOUTS)
