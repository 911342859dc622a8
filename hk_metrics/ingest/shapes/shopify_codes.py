"""Shopify: the report of sales by discount code.

Source: Shopify Help Center, "Sales by discount" (Discount name, Discount method, Discount type,
Orders, Gross sales, Discounts, Returns, Net sales, Total sales). It is a sum over the report's
time; sales are net of discounts and returns, without taxes and shipping.
Headers are from the documentation, not confirmed by a download.
"""

from hk_metrics.ingest.shapes.format import Format, Part

_CODES = Format(
    "Shopify sales by discount code export",
    known_by=(
        "Discount name|Discount code|Discount codes",
        "Discount method|Discount type|Discount class|Discounts|Discounts applied|"
        "Applied discounts",
        "Orders|Total orders",
        "Net sales|Total sales|Gross sales",
    ),
    parts=(
        Part(
            "tracking_data",
            {
                "Day": "date", "Date": "date", "Month": "date", "Orders": "orders",
                "Total orders": "orders", "Net sales": "revenue", "Total sales": "revenue",
                "Gross sales": "revenue",
            },
            fixed={"source": "Discount code"},
            code="Discount code|Discount codes|Discount name",
        ),
    ),
)  # fmt: skip
FORMATS = (_CODES,)
