"""Worlds of posts that are hits or flops, for ranking and what-if."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl

from hk_metrics.dataset import Dataset

DAYS, POSTS, HALF_LIFE = 180, 8.0, 3.0
SPREAD = 0.6


def posted(
    seed: int, mean_orders: float, noise: float, influencers: int = 100
) -> tuple[Dataset, pd.Series]:
    """Return a dataset in which posts of one influencer differ by ``noise`` (log), and true ROAS."""
    rng = np.random.default_rng([seed, int(mean_orders), int(100 * noise)])
    count = 1 + rng.poisson(POSTS - 1, influencers)
    fee = rng.lognormal(8, 0.7, influencers)
    sigma = np.sqrt(np.log(1 + SPREAD**2))
    rate = rng.lognormal(-(sigma**2) / 2, sigma, influencers) * mean_orders / (fee * count).mean()
    value = rng.lognormal(6, 0.2, influencers)
    who = np.repeat(np.arange(influencers), count)
    day = rng.integers(0, DAYS, len(who))
    hits = rng.lognormal(-(noise**2) / 2, noise, len(who))
    post = np.repeat(np.arange(len(who)), rng.poisson(rate[who] * fee[who] * hits))
    bought = day[post] + np.floor(rng.exponential(HALF_LIFE / np.log(2), len(post))).astype(int)
    buyer = who[post]
    revenue = value[buyer] * rng.lognormal(-0.18, 0.6, len(buyer))
    ids = np.array([f"I{n:03d}" for n in range(influencers)])

    def dated(days: np.ndarray) -> np.ndarray:
        return (np.datetime64("2025-01-01") + days).astype("datetime64[us]")

    tables = {
        "influencers": pl.DataFrame({"id": ids, "name": ids, "category": "a", "gender": "b",
                                     "follower_count": 1, "platform": "X"}),
        "posts": pl.DataFrame({"influencer_id": ids[who], "platform": "X", "date": dated(day),
                               "url": "u", "caption": "c", "reach": 1, "likes": 1, "comments": 1}),
        "tracking_data": pl.DataFrame({"source": "Link", "campaign": "c", "product": "p",
                                       "influencer_id": ids[buyer], "user_id": "u",
                                       "date": dated(bought), "orders": 1, "revenue": revenue}),
        "payouts": pl.DataFrame({"influencer_id": ids, "basis": "post", "rate": fee, "orders": 0,
                                 "total_payout": fee * count}),
    }  # fmt: skip
    return Dataset(tables), pd.Series(rate * value, ids)
