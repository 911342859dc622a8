"""WooCommerce Analytics: the export of its orders.

Source: WooCommerce documentation, "Orders Report" (columns Date, Order #, N. Revenue, Status,
Customer, Product(s), Items Sold, Coupon(s), Net Sales, Attribution).
"""

from hk_metrics.ingest.shapes.format import Format, Part

_ORDERS = Format(
    "WooCommerce orders export",
    known_by=("Order #", "Coupon(s)", "Net Sales|N. Revenue", "Product(s)"),
    parts=(
        Part(
            "tracking_data",
            {
                "Order #": "tracking_id", "Date": "date", "Net Sales": "revenue",
                "N. Revenue": "revenue", "Customer": "user_id", "Product(s)": "product",
                "Attribution": "source",
            },
            fixed={"orders": 1},
            code="Coupon(s)",
        ),
    ),
    order_lines=True,
)  # fmt: skip
FORMATS = (_ORDERS,)
