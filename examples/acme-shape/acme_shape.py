"""The transactions export of Acme Affiliates: known by its headers, a record and no code."""

from hk_metrics.ingest.shapes.format import Format, Part

ORDERS = Format(
    "Acme Affiliates transactions export",
    known_by=("Acme Click Ref", "Sale Amount"),
    parts=(
        Part(
            "tracking_data",
            {
                "Acme Click Ref": "tracking_id", "Sale Date": "date",
                "Sale Amount": "revenue", "Creator": "influencer_id",
            },
            fixed={"orders": 1, "source": "Acme"},
        ),
    ),
)  # fmt: skip
