"""The worked example of the design: three influencers, three posts, five orders, three payouts."""

from __future__ import annotations

from datetime import datetime

import polars as pl


def _days(*days: int) -> list[datetime]:
    return [datetime(2025, 3, day) for day in days]


INFLUENCERS = pl.DataFrame(
    {
        "id": ["1", "2", "3"],
        "name": ["Asha", "Bo", "Cy"],
        "category": ["Fitness", "Nutrition", "Yoga"],
        "gender": ["Female", "Male", "Female"],
        "follower_count": [10_000, 20_000, 30_000],
        "platform": ["Instagram", "YouTube", "Twitter"],
    }
)
POSTS = pl.DataFrame(
    {
        "influencer_id": ["1", "1", "2"],
        "platform": ["Instagram", "Instagram", "YouTube"],
        "date": _days(1, 11, 5),
        "url": ["https://i.example/1", "https://i.example/2", "https://y.example/3"],
        "caption": ["P1", "P2", "P3"],
        "reach": [1000, 3000, 6000],
        "likes": [40, 90, 200],
        "comments": [10, 30, 40],
    }
)
TRACKING = pl.DataFrame(
    {
        "source": ["SwipeUp", "PromoCode", "BioLink", "SwipeUp", "SwipeUp"],
        "campaign": ["Fit", "Fit", "Run", "Run", "Fit"],
        "influencer_id": ["1", "1", "1", "2", "2"],
        "user_id": ["u1", "u2", "u1", "u3", "u4"],
        "product": ["Whey", "Whey", "Omega", "Whey", "Omega"],
        "date": _days(2, 3, 12, 6, 20),
        "orders": [1, 1, 2, 1, 3],
        "revenue": [300.0, 500.0, 400.0, 250.0, 750.0],
    }
)
PAYOUTS = pl.DataFrame(
    {
        "influencer_id": ["1", "2", "3"],
        "basis": ["post", "order", "post"],
        "rate": [200.0, 100.0, 90.0],
        "orders": [None, 4, None],
        "total_payout": [400.0, 400.0, 90.0],
    }
)
TABLES = {
    "influencers": INFLUENCERS,
    "posts": POSTS,
    "tracking_data": TRACKING,
    "payouts": PAYOUTS,
}
