"""Google Analytics 4: the exports of its traffic acquisition reports.

Source: Analytics Help, "Traffic acquisition report"; its CSV begins with comment lines (``#``).
"""

from hk_metrics.ingest.shapes.format import Format, Part

_TRAFFIC = Format(
    "Google Analytics traffic acquisition export",
    known_by=(
        "Session source / medium|First user source / medium|Session source|First user source",
        "Purchase revenue|Total revenue",
        "Ecommerce purchases|Key events|Transactions",
    ),
    parts=(
        Part(
            "tracking_data",
            {
                "Session source / medium": "source", "First user source / medium": "source",
                "Session source": "source", "First user source": "source",
                "Session campaign": "campaign", "First user campaign": "campaign",
                "Session manual ad content": "product", "Item name": "product", "Date": "date",
                "Ecommerce purchases": "orders", "Transactions": "orders", "Key events": "orders",
                "Purchase revenue": "revenue", "Total revenue": "revenue",
            },
            code="Session source / medium",
        ),
    ),
)  # fmt: skip
FORMATS = (_TRAFFIC,)
