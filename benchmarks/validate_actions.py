"""Actions: how often they tell to move money where all influencers are alike, find who is not, and
bring the money that they promise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import polars as pl

from hk_metrics.advice import actions
from hk_metrics.dataset import Dataset
from hk_metrics.intervals import LEVEL
from hk_metrics.planning import what_if

Row = dict[str, Any]

MOVES_MONEY = ("stop", "renegotiate", "post more", "move")
PEOPLE, POSTS, DAYS, PRICE = 24, 8, 60, 1000.0
ALIKE_ORDERS, VALUE = 4.0, 500.0  # a post of theirs brings twice its price
MOST_FALSE, FOUND, BETTER = 0.05, 0.9, 0.95
COVERED = (0.85, 0.95)
RESPONSE = 0.7  # revenue grows with posts to this power, as of spend everywhere
MIXED_POSTS = (4, 17)
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
    yield from delivered(worlds)


def delivered(worlds: int) -> Iterator[Row]:
    """Yield how often what was promised came, and how often accepting beats doing nothing."""
    came: dict[str, list[bool]] = {}
    better = []
    for seed in range(worlds):
        roas = mixed_roas(seed)
        data = mixed(seed, roas)
        found = actions(data)
        found = found[found["kind"].isin(MOVES_MONEY)]
        brought = [_brought(row, data, roas, mixed_posts(seed)) for _, row in found.iterrows()]
        for kind, low, high, money in zip(
            found["kind"], found["lower"], found["upper"], brought, strict=True
        ):
            came.setdefault(str(kind), []).append(bool(low <= money <= high))
        if brought:
            better.append(sum(brought) > 0)
    every = [hit for hits in came.values() for hit in hits]
    for kind, hits in {**came, "all kinds": every}.items():
        error = np.sqrt(LEVEL * (1 - LEVEL) / len(hits))
        share = np.mean(hits)
        yield {"table": "actions: promised money that came", "worlds": f"mixed influencers: {kind}",
               "of": len(hits), "share": share,
               "holds": COVERED[0] - 2 * error <= share <= COVERED[1] + 2 * error}  # fmt: skip
    yield {"table": "actions: accepting beats doing nothing", "worlds": "mixed influencers",
           "of": len(better), "share": np.mean(better), "holds": np.mean(better) >= BETTER}  # fmt: skip


def _brought(row: Any, data: Dataset, roas: Mapping[str, float], posts: Mapping[str, int]) -> float:
    """Return what an action really brings, as an expectation (money)."""
    who = list(row["values"])
    if row["kind"] in ("stop", "renegotiate"):
        return PRICE * posts[who[0]] * (1 - roas[who[0]])
    if row["kind"] == "post more":
        return PRICE * (RESPONSE * roas[who[0]] - 1)
    away, to = who
    amount = what_if(data, locked=[i for i in posts if i not in who])["change"].max()
    return _grown(to, amount, roas, posts) + _grown(away, -amount, roas, posts)


def _grown(who: str, step: float, roas: Mapping[str, float], posts: Mapping[str, int]) -> float:
    """Return the revenue that a step of spend adds along the true response (money)."""
    spend = PRICE * posts[who]
    return float(spend * roas[who] * ((1 + step / spend) ** RESPONSE - 1))


def mixed_posts(seed: int) -> dict[str, int]:
    """Return how many posts each influencer of a mixed world made."""
    counts = np.random.default_rng([seed, 1]).integers(*MIXED_POSTS, PEOPLE)
    return {f"i{n}": int(c) for n, c in enumerate(counts)}


def mixed_roas(seed: int) -> dict[str, float]:
    """Return what a rupee paid to each influencer of a mixed world brings, as an expectation."""
    skill = np.random.default_rng([seed, 2]).gamma(1.5, 1.6 / 1.5, PEOPLE)
    posts = mixed_posts(seed)
    middle = sum(MIXED_POSTS) / 2
    return {
        who: float(s * (posts[who] / middle) ** (RESPONSE - 1))
        for who, s in zip(posts, skill, strict=True)
    }


def mixed(seed: int, roas: Mapping[str, float]) -> Dataset:
    """Return two months of influencers who differ in what a post brings and in how often they post."""
    orders = {who: r * PRICE / VALUE for who, r in roas.items()}
    return world(seed, orders, mixed_posts(seed))


def _is_told(data: Dataset, who: tuple[str, ...], words: tuple[str, ...]) -> bool:
    """Return whether one of the first three actions is about some of them, in the right way."""
    first = actions(data).head(3)
    pairs = zip(first["kind"], first["values"], strict=True)
    return any(kind in words and bool({*who} & {*values}) for kind, values in pairs)


def told_to_move(data: Dataset) -> list[str]:
    """Return the actions that move money."""
    found = actions(data)
    return [str(t) for k, t in zip(found["kind"], found["text"], strict=True) if k in MOVES_MONEY]


def world(
    seed: int, orders: Mapping[str, float] | None = None, posts: Mapping[str, int] | None = None
) -> Dataset:
    """Return two months of influencers who are alike but for the orders that some posts bring."""
    rng = np.random.default_rng(seed)
    people = [f"i{n}" for n in range(PEOPLE)]
    rate = np.array([(orders or {}).get(p, ALIKE_ORDERS) for p in people])
    first = datetime(2025, 1, 1)
    made = np.array([(posts or {}).get(p, POSTS) for p in people])
    who, at = np.repeat(people, made), rng.integers(0, DAYS - 10, made.sum())
    # Posts of one influencer differ, as real ones do.
    brought = rng.poisson(np.repeat(rate, made) * rng.gamma(4.0, 1 / 4.0, made.sum()))
    buyer = np.repeat(np.arange(made.sum()), brought)
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
            "total_payout": PRICE * made}),
    })  # fmt: skip
