"""RazorpayX: the report of payouts.

Source: Razorpay documentation, "Payouts Entity" and "Payouts life cycle" (queued, pending,
rejected, processing, processed, reversed, cancelled, failed, scheduled) and "Bulk payouts" (amounts
in rupees); column titles of the report as of these names, not checked against a download.
"""

from hk_metrics.ingest.shapes.format import Format, Part

_PAYOUTS = Format(
    "RazorpayX payouts export",
    known_by=(
        "Payout ID|payout_id",
        "Contact Name|Name of Contact|fund_account.contact.name",
        "UTR|Fund Account ID|Payout Mode|Mode|Debit Account Number",
        "Status|Payout Status",
        "Amount|Payout Amount",
    ),
    parts=(
        Part(
            "payouts",
            {
                "Payout ID": "payout_id",
                "Contact Name|Name of Contact|fund_account.contact.name":
                    "influencer_id",
                "Payout Amount": "total_payout", "Amount": "total_payout",
                "Processed At|Processed On|Created At|Created On|Date": "payment_date",
            },
            currency="Payout Currency|Currency",
        ),
    ),
)  # fmt: skip
FORMATS = (_PAYOUTS,)
