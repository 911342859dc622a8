"""Wise: the export of transfers.

Source: Wise help, "Download your transaction history" (ID, Status, Direction, Created on, Finished
on, Source amount (after fees), Target name; COMPLETED, CANCELLED, REFUNDED). Only what goes out is
a payout, by the amount that left the account without Wise's fee.
"""

from hk_metrics.ingest.shapes.format import Format, Part

_TRANSFERS = Format(
    "Wise transfers export",
    known_by=("Direction", "Source amount (after fees)", "Target name", "Status"),
    parts=(
        Part(
            "payouts",
            {
                "ID": "payout_id", "Target name": "influencer_id",
                "Source amount (after fees)": "total_payout",
                "Finished on|Created on": "payment_date",
            },
            currency="Source currency",
        ),
    ),
    only={"Direction": ("OUT",)},
)  # fmt: skip
FORMATS = (_TRANSFERS,)
