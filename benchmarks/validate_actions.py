"""Actions: how often they tell to move money where all influencers are alike, and find who is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import polars as pl

from hk_metrics.advice import actions
from hk_metrics.dataset import Dataset

Row = dict[str, Any]

MOVES_MONEY = ("stop", "renegotiate", "post more", "move")
PEOPLE, POSTS, DAYS, PRICE = 24, 8, 60, 1000.0
ALIKE_ORDERS, VALUE = 4.0, 500.0  # a post of theirs brings twice its price
MOST_FALSE, FOUND = 0.05, 0.9
# Who brings how many orders a post, and what is to be told of them.
PLANTED = (
    (("i0", "i1", "i2", "i3"), 0.3, ("stop", "renegotiate", "move")),
    (("i4",), 16.0, ("post more", "move")),
)


def run(quick: bool = False) -> Iterator[Row]:
    """Yield a row for worlds of noise alone, and a row for each planted influencer."""
    worlds = 20 if quick else 200
    alike = [bool(told_to_move(world(seed))) for seed in range(worlds)]
    error = np.sqrt(MOST_FALSE * (1 - MOST_FALSE) / worlds)
    yield {"table": "actions: told to move money", "worlds": "all influencers alike",
           "of": worlds, "share": np.mean(alike),
           "holds": np.mean(alike) <= MOST_FALSE + 2 * error}  # fmt: skip
    for who, orders, words in PLANTED:
        found = [_is_told(world(10_000 + n, dict.fromkeys(who, orders)), who, words)
                 for n in range(worlds // 2)]  # fmt: skip
        yield {"table": "actions: told to move money",
               "worlds": f"{len(who)} of {PEOPLE} bring {orders:g} orders a post, others "
                         f"{ALIKE_ORDERS:g}", "of": len(found), "share": np.mean(found),
               "holds": np.mean(found) >= FOUND}  # fmt: skip


def _is_told(data: Dataset, who: tuple[str, ...], words: tuple[str, ...]) -> bool:
    """Return whether one of the first three actions is about some of them, in the right way."""
    first = actions(data).head(3)
    pairs = zip(first["kind"], first["values"], strict=True)
    return any(kind in words and bool({*who} & {*values}) for kind, values in pairs)


def told_to_move(data: Dataset) -> list[str]:
    """Return the actions that move money."""
    found = actions(data)
    return [str(t) for k, t in zip(found["kind"], found["text"], strict=True) if k in MOVES_MONEY]


def world(seed: int, orders: Mapping[str, float] | None = None) -> Dataset:
    """Return two months of influencers who are alike but for the orders that some posts bring."""
    rng = np.random.default_rng(seed)
    people = [f"i{n}" for n in range(PEOPLE)]
    rate = np.array([(orders or {}).get(p, ALIKE_ORDERS) for p in people])
    first = datetime(2025, 1, 1)
    posted = rng.integers(0, DAYS - 10, (PEOPLE, POSTS))
    # Posts of one influencer differ, as real ones do.
    brought = rng.poisson(rate[:, None] * rng.gamma(4.0, 1 / 4.0, (PEOPLE, POSTS)))
    who, at = np.repeat(people, POSTS), posted.ravel()
    buyer = np.repeat(np.arange(PEOPLE * POSTS), brought.ravel())
    days = at[buyer] + rng.integers(0, 10, len(buyer))
    many = len(buyer)
    return Dataset({
        "influencers": pl.DataFrame({"id": people, "name": people, "category": "Fit",
                                     "gender": "Female", "follower_count": 10_000,
                                     "platform": "Instagram"}),
        "posts": pl.DataFrame({"influencer_id": who, "platform": "Instagram",
                               "date": [first + timedelta(days=int(d)) for d in at],
                               "url": [f"https://x.example/{n}" for n in range(len(at))],
                               "caption": "", "reach": 10_000, "likes": 100, "comments": 10}),
        "tracking_data": pl.DataFrame({
            "source": "SwipeUp", "campaign": "Fit", "influencer_id": who[buyer], "product": "Whey",
            "user_id": [f"u{n}" for n in range(many)], "orders": np.ones(many, np.int64),
            "date": [first + timedelta(days=int(d)) for d in days],
            "revenue": VALUE * rng.gamma(4.0, 1 / 4.0, many)}),
        "payouts": pl.DataFrame({
            "influencer_id": people, "basis": "post", "rate": PRICE,
            "orders": pl.Series([None] * PEOPLE, dtype=pl.Float64),
            "total_payout": PRICE * POSTS}),
    })  # fmt: skip
