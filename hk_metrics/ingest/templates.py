"""Empty files to fill in: the columns of a table, and a row that shows how."""

from __future__ import annotations

import csv
import io

from hk_metrics.errors import UnknownNameError
from hk_metrics.schemas import TABLES

_EXAMPLES: dict[str, dict[str, str]] = {
    "influencers": {
        "id": "INF_001", "name": "Asha Rao", "category": "Fitness", "gender": "Female",
        "follower_count": "52000", "platform": "Instagram", "tier": "Micro", "city": "Pune",
    },
    "posts": {
        "influencer_id": "INF_001", "platform": "Instagram", "date": "2025-03-01",
        "url": "https://instagram.com/p/1", "caption": "Leg day #fit", "reach": "12000",
        "likes": "640", "comments": "41", "brand": "MuscleBlaze", "campaign": "SummerFit",
    },
    "tracking_data": {
        "source": "SwipeUp", "campaign": "SummerFit", "influencer_id": "INF_001",
        "user_id": "U_1001", "product": "Whey Protein", "date": "2025-03-02", "orders": "1",
        "revenue": "2499.00", "brand": "MuscleBlaze",
    },
    "payouts": {
        "influencer_id": "INF_001", "basis": "order", "rate": "120", "orders": "45",
        "total_payout": "5400", "period_start": "2025-03-01", "period_end": "2025-03-31",
    },
    "customers": {"user_id": "U_0007", "first_order": "2024-11-12"},
    "daily_sales": {"date": "2025-03-01", "revenue": "182500.00", "orders": "96"},
    "costs": {
        "date": "2025-03-01", "amount": "850.00", "cost_kind": "product",
        "market_value": "2499.00", "influencer_id": "INF_001", "campaign": "SummerFit",
        "brand": "MuscleBlaze", "item": "Whey Protein 1 kg",
    },
    "margins": {"product": "Whey Protein", "brand": "MuscleBlaze", "margin": "0.45"},
    "deliverables": {
        "influencer_id": "INF_001", "campaign": "SummerFit", "format": "Reel", "count": "2",
        "due_date": "2025-03-15", "fee": "40000", "agreed_on": "2025-02-20",
        "channel": "Paid ads", "ends_on": "2025-06-30",
    },
}  # fmt: skip


def template(table: str) -> str:
    """Return a CSV to fill in: a header and one example row.

    Parameters
    ----------
    table
        Canonical table name.

    Raises
    ------
    UnknownNameError
        If there is no such table.

    Examples
    --------
    >>> print(template("daily_sales"))
    date,revenue,orders
    2025-03-01,182500.00,96
    """
    if table not in TABLES:
        raise UnknownNameError.of("table", table, TABLES)
    text = io.StringIO()
    rows = csv.DictWriter(text, _EXAMPLES[table], lineterminator="\n")
    rows.writeheader()
    rows.writerow(_EXAMPLES[table])
    return text.getvalue()
