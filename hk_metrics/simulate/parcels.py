"""Orders on their way: delivered, open or back at the data's end, and what stands in the end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hk_metrics.simulate.buyers import Buyers, bought

_START = np.datetime64("2025-01-01", "us")
_DAY = np.timedelta64(1, "D")
_BRANDS = ("Gritzo", "HKVitals", "MuscleBlaze")


@dataclass(frozen=True)
class Parcels:
    """A world of orders of which some come back.

    Parameters
    ----------
    orders
        How many, over all days alike.
    days
        Length of the data.
    influencers
        Whose they are.
    cod
        Share that is paid on delivery; the rest is prepaid.
    refused
        Share that comes back without being delivered: cash on delivery, and prepaid.
    sent_back
        Share of what is delivered that comes back later.
    statuses
        Whether the data says what is delivered and open, or only what came back.
    """

    orders: int = 4_000
    days: int = 150
    influencers: int = 8
    cod: float = 0.55
    refused: tuple[float, float] = (0.25, 0.06)
    sent_back: float = 0.0
    statuses: bool = True


def shipped(
    seed: int, world: Parcels | None = None
) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """Return tables of orders as they are seen on the last day, and what stands in the end.

    Parameters
    ----------
    seed
        Same seed, same data.
    world
        What becomes of orders.

    Returns
    -------
    The canonical tables, and one row per order: ``date``, ``influencer_id`` and ``stands`` (money
    that is left once nothing is open any more).
    """
    world = world or Parcels()
    rng = np.random.default_rng([seed, 23])
    size = world.orders
    day = rng.integers(0, world.days, size)
    who, brand = rng.integers(0, world.influencers, size), rng.integers(0, len(_BRANDS), size)
    cod = rng.random(size) < world.cod
    # Brands differ in what comes back, and cash on delivery is slower.
    odds = np.array([0.8, 1.0, 1.2])[brand] * np.where(cod, *world.refused)
    refused = rng.random(size) < odds
    sent_back = ~refused & (rng.random(size) < world.sent_back)
    delivery = 1 + rng.gamma(4.0, np.where(cod, 1.6, 1.0), size)
    back = np.where(refused, delivery + 4 + rng.gamma(4.0, 1.5, size),
                    delivery + 3 + rng.gamma(3.0, 2.0, size))  # fmt: skip
    age = world.days - 1 - day
    gone = (refused | sent_back) & (back <= age)
    there = ~refused & (delivery <= age) & ~gone
    revenue = rng.lognormal(7.0, 0.6, size).round(2)
    outcome = np.select([gone, there], ["returned", "delivered"], "open")
    frame = pl.DataFrame(
        {
            "tracking_id": [f"T{n}" for n in range(size)],
            "source": "PromoCode",
            "campaign": "Launch",
            "influencer_id": pl.Series(who).cast(pl.String),
            "user_id": [f"U{n}" for n in range(size)],
            "product": "Whey",
            "brand": np.array(_BRANDS)[brand],
            "date": _START + day * _DAY,
            "orders": np.ones(size, dtype=np.int64),
            "revenue": revenue,
            "returned": gone,
            "payment_mode": np.where(cod, "COD", "Prepaid"),
            "outcome": outcome,
        }
    ).with_columns(influencer_id="INF" + pl.col("influencer_id"))
    if not world.statuses:
        frame = frame.drop("outcome")
    others, _ = bought(seed, Buyers(influencers=world.influencers, customers=1.0))
    stands = _standing(frame, revenue, refused | sent_back)
    return {**others, "tracking_data": frame}, stands


def _standing(
    frame: pl.DataFrame, revenue: NDArray[np.float64], back: NDArray[np.bool_]
) -> pl.DataFrame:
    kept = pl.Series("stands", np.where(back, 0.0, revenue))
    return frame.select("date", "influencer_id").with_columns(kept)
