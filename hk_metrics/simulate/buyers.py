"""New customers with a known future: what they bring by an age, and when the data ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

_Array = NDArray[np.float64]

_START = np.datetime64("2025-01-01", "us")
_DAY = np.timedelta64(1, "D")


@dataclass(frozen=True)
class Buyers:
    """A world of customers.

    Parameters
    ----------
    influencers
        How many bring customers, each with a rate of its own.
    customers
        New ones per influencer, on average.
    days
        Length of the data; first orders come on any of them.
    again
        Purchases that follow within the first ``days_again`` days, on average.
    days_again
        Mean age of a later purchase (days; exponential).
    unlike
        How customers differ in coming again: the shape of a gamma law, smaller is more unlike.
    refunds
        Share of purchases that are paid back 3 to 14 days later.
    earlier
        Share of buyers who had bought before the data begins; they are in the table ``customers``.
    """

    influencers: int = 8
    customers: float = 80.0
    days: int = 180
    again: float = 1.2
    days_again: float = 45.0
    unlike: float = 0.7
    refunds: float = 0.06
    earlier: float = 0.0


def bought(seed: int, world: Buyers | None = None) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """Return tables of customers who come again, and what each is expected to bring.

    Parameters
    ----------
    seed
        Same seed, same data.
    world
        What the customers are like.

    Returns
    -------
    The canonical tables, and one row per influencer: ``influencer_id``, ``new_customers`` (people
    who had not bought before) and ``revenue_30``, ``revenue_60``, ``revenue_90`` (money per new
    customer by that age, expected, net of refunds by then).
    """
    world = world or Buyers()
    rng = np.random.default_rng([seed, 17])
    count = rng.poisson(world.customers, world.influencers) + 1
    who = np.repeat(np.arange(world.influencers), count)
    value = rng.lognormal(7.0, 0.25, world.influencers)
    rate = world.again * rng.gamma(8.0, 1 / 8.0, world.influencers)
    first = rng.integers(0, world.days, len(who))
    later = rng.poisson(rate[who] * rng.gamma(world.unlike, 1 / world.unlike, len(who)))
    buyer = np.concatenate([np.arange(len(who)), np.repeat(np.arange(len(who)), later)])
    age = np.concatenate(
        [np.zeros(len(who)), 1 + rng.exponential(world.days_again, int(later.sum()))]
    ).astype(np.int64)
    paid = value[who[buyer]] * rng.lognormal(-0.18, 0.6, len(buyer))
    back = np.flatnonzero(rng.random(len(buyer)) < world.refunds)
    again = age[back] + rng.integers(3, 15, len(back))
    events = pl.DataFrame(
        {
            "buyer": np.concatenate([buyer, buyer[back]]),
            "day": np.concatenate([first[buyer] + age, first[buyer[back]] + again]),
            "orders": np.concatenate([np.ones(len(buyer)), np.zeros(len(back))]).astype(np.int64),
            "revenue": np.concatenate([paid, -paid[back]]).round(2),
        }
    ).filter(pl.col("day") < world.days)
    before = rng.random(len(who)) < world.earlier
    return _tables(events, who, before), _truth(world, who, before, value, rate)


def _tables(
    events: pl.DataFrame, who: NDArray[np.int64], before: NDArray[np.bool_]
) -> dict[str, pl.DataFrame]:
    owner = pl.Series(who).gather(events["buyer"])
    ids = pl.int_range(pl.len()).cast(pl.String)
    tracking = events.select(
        tracking_id="T" + ids,
        source=pl.lit("PromoCode"),
        campaign=pl.lit("Launch"),
        influencer_id="INF" + owner.cast(pl.String),
        user_id="U" + pl.col("buyer").cast(pl.String),
        product=pl.lit("Whey"),
        date=pl.Series(_START + events["day"].to_numpy() * _DAY),
        orders="orders",
        revenue="revenue",
    )
    people = pl.DataFrame({"id": [f"INF{n}" for n in range(int(who.max()) + 1)]}).with_columns(
        name="id", category=pl.lit("Fitness"), gender=pl.lit("Female"),
        follower_count=pl.lit(10_000), platform=pl.lit("Instagram"),
    )  # fmt: skip
    nothing: dict[str, dict[str, Any]] = {
        "posts": {"influencer_id": pl.String, "platform": pl.String, "date": pl.Datetime("us"),
                  "url": pl.String, "caption": pl.String, "reach": pl.Int64, "likes": pl.Int64,
                  "comments": pl.Int64},
        "payouts": {"influencer_id": pl.String, "basis": pl.String, "rate": pl.Float64,
                    "orders": pl.Int64, "total_payout": pl.Float64},
    }  # fmt: skip
    empty = {name: pl.DataFrame(schema=columns) for name, columns in nothing.items()}
    tables = {"influencers": people, "tracking_data": tracking, **empty}
    if before.any():
        listed = pl.Series(np.flatnonzero(before)).cast(pl.String)
        since = pl.lit(_START - 90 * _DAY).cast(pl.Datetime("us"))
        tables["customers"] = pl.DataFrame({"user_id": "U" + listed}).with_columns(
            first_order=since
        )
    return tables


def _truth(
    world: Buyers,
    who: NDArray[np.int64],
    before: NDArray[np.bool_],
    value: _Array,
    rate: _Array,
) -> pl.DataFrame:
    """Return expectations: purchases by an age, less those of them paid back by then."""
    ages = np.arange(91)
    # Whole days: a purchase of age a came 1 + an exponential time later, cut to days.
    by_age = np.where(ages > 0, 1 - np.exp(-ages / world.days_again), 0.0)
    back = np.array([np.mean(ages[n] - np.arange(3, 15) >= 0) for n in ages])
    of_day = np.diff(by_age, prepend=0.0)
    mean = {}
    for day in (30, 60, 90):
        kept = 1 - world.refunds * back[day - ages[: day + 1]]
        mean[f"revenue_{day}"] = value * (kept[0] + rate * (of_day[: day + 1] @ kept))
    fresh = np.bincount(who[~before], minlength=world.influencers)
    ids = [f"INF{n}" for n in range(world.influencers)]
    return pl.DataFrame({"influencer_id": ids, "new_customers": fresh, **mean})
