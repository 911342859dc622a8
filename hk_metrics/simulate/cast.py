"""The people: influencers as the file shows them, and what only the simulation knows of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hk_metrics.simulate.scenario import Scenario

Array = NDArray[np.float64]
Codes = NDArray[np.int64]

_TIERS = ("Nano", "Micro", "Macro", "Mega")
_TIER_SHARES = (0.30, 0.40, 0.24, 0.06)
_TIER_FOLLOWERS = ((1_200, 10_000), (10_000, 100_000), (100_000, 1_000_000), (1_000_000, 4_000_000))
# Small audiences are closer: more of them see a post, engage with it and buy.
_TIER_REACH = np.array([0.42, 0.30, 0.21, 0.13])
_TIER_ENGAGEMENT = np.array([0.052, 0.038, 0.027, 0.019])
_TIER_SELLING = np.array([2.8, 1.8, 0.9, 0.5])
_TIER_OPENING = np.array([0.3, 0.7, 1.4, 2.2])

PLATFORMS = ("Instagram", "YouTube", "Twitter")
_PLATFORM_SHARES = (0.58, 0.30, 0.12)
_GENDERS = ("Female", "Male", "Other")
_GENDER_SHARES = (0.52, 0.44, 0.04)
_CITIES = (
    "Mumbai", "Delhi", "Bengaluru", "Hyderabad", "Pune", "Chennai", "Kolkata", "Ahmedabad",
    "Jaipur", "Chandigarh", "Lucknow", "Indore", "Kochi", "Guwahati",
)  # fmt: skip

# category: share, personas, brands its audience buys (MuscleBlaze, HKVitals, Gritzo)
_CATEGORIES = {
    "Fitness": (0.26, ("Coach", "Athlete"), (0.80, 0.15, 0.05)),
    "Nutrition": (0.16, ("Dietitian", "Doctor"), (0.35, 0.45, 0.20)),
    "Parenting": (0.18, ("Mother", "Father", "Teacher"), (0.05, 0.15, 0.80)),
    "Beauty": (0.13, ("Stylist", "Dermatologist"), (0.05, 0.90, 0.05)),
    "Yoga": (0.11, ("Coach", "Healer"), (0.15, 0.75, 0.10)),
    "Sports": (0.09, ("Athlete", "Commentator"), (0.75, 0.10, 0.15)),
    "Lifestyle": (0.07, ("Traveller", "Student"), (0.35, 0.45, 0.20)),
}

# basis: share, median ROAS its terms aim at, spread of that (log), lowest and highest
_TERMS = {
    "post": (0.55, 2.7, 0.28, 1.5, 6.0),
    "order": (0.25, 4.2, 0.25, 2.4, 8.0),
    "commission": (0.10, 5.5, 0.25, 3.3, 12.0),
    "hybrid": (0.10, 3.2, 0.22, 1.9, 6.0),
}


@dataclass(frozen=True)
class Cast:
    """Influencers: the table, and hidden traits as arrays of the same order.

    Parameters
    ----------
    table
        The canonical ``influencers`` table.
    handles
        Account names, for addresses of posts.
    home, tier
        Codes into `PLATFORMS`, and of the tier from nano (0) to mega (3).
    brand_taste
        Probability that a post is for each brand (influencers × brands).
    reach_rate, engagement_rate
        Typical reach per follower and engagements per reach (fractions).
    selling
        Tracked orders per reach, relative to the others (1 is average).
    opening
        How readily the influencer starts journeys that others finish, relative.
    incremental_share
        Share of the influencer's tracked orders that would not have come anyway.
    basis, aimed_roas
        The terms: payout basis, and the ROAS at which they were agreed.
    loss_making
        Who sells far less than the fee supposes.
    """

    table: pl.DataFrame
    handles: pl.Series
    home: Codes
    tier: Codes
    brand_taste: Array
    reach_rate: Array
    engagement_rate: Array
    selling: Array
    opening: Array
    incremental_share: Array
    basis: NDArray[np.str_]
    aimed_roas: Array
    loss_making: NDArray[np.bool_]


def cast(rng: np.random.Generator, seed: int, count: int, scenario: Scenario) -> Cast:
    """Invent ``count`` influencers from Nano to Mega, a share of them loss-making."""
    tier = _dealt(rng, _TIER_SHARES, count)
    home = rng.choice(len(PLATFORMS), count, p=_PLATFORM_SHARES)
    category = rng.choice(len(_CATEGORIES), count, p=[c[0] for c in _CATEGORIES.values()])
    gender = rng.choice(len(_GENDERS), count, p=_GENDER_SHARES)
    losing = _losing(rng, tier, round(scenario.loss_makers * count))
    basis, aimed = _terms(rng, losing)
    names = _names(seed, gender)
    return Cast(
        table=_table(rng, names, tier, home, category, gender),
        handles=names.str.to_lowercase().str.replace_all(r"[^a-z]+", "."),
        home=home,
        tier=tier,
        brand_taste=np.array([c[2] for c in _CATEGORIES.values()])[category],
        reach_rate=_TIER_REACH[tier] * rng.lognormal(0, 0.25, count),
        engagement_rate=_TIER_ENGAGEMENT[tier] * rng.lognormal(0, 0.25, count),
        selling=_selling(rng, tier, home, losing),
        opening=_TIER_OPENING[tier] * rng.gamma(2.0, 0.5, count),
        incremental_share=_beta(rng, scenario.incremental_share, count, scenario.alike),
        basis=basis,
        aimed_roas=aimed,
        loss_making=losing,
    )


def _dealt(rng: np.random.Generator, shares: tuple[float, ...], count: int) -> Codes:
    """Deal codes in fixed proportions, so that a small cast still has every tier."""
    codes = np.searchsorted(np.cumsum(shares), (np.arange(count) + 0.5) / count)
    return rng.permutation(np.minimum(codes, len(shares) - 1))


def _losing(rng: np.random.Generator, tier: Codes, count: int) -> NDArray[np.bool_]:
    """Choose who disappoints; Mega only once the others are used up, lest one decide the total."""
    order = np.argsort(rng.random(len(tier)) + (tier == len(_TIERS) - 1), kind="stable")
    losing = np.zeros(len(tier), dtype=bool)
    losing[order[:count]] = True
    return losing


def _selling(
    rng: np.random.Generator, tier: Codes, home: Codes, losing: NDArray[np.bool_]
) -> Array:
    platform = np.array([1.0, 1.1, 0.5])[home]
    luck = np.where(losing, rng.uniform(0.18, 0.30, len(tier)), 1.0)
    return np.asarray(_TIER_SELLING[tier] * platform * rng.gamma(4.0, 0.25, len(tier)) * luck)


def _beta(rng: np.random.Generator, mean: float, count: int, weight: float) -> Array:
    if mean in (0.0, 1.0):
        return np.full(count, mean)
    return rng.beta(mean * weight, (1 - mean) * weight, count)


def _terms(rng: np.random.Generator, losing: NDArray[np.bool_]) -> tuple[NDArray[np.str_], Array]:
    """Draw who is paid how; only a fee per post can lose money, for it is paid whatever sells."""
    bases = np.array(list(_TERMS))
    code = rng.choice(len(bases), len(losing), p=[t[0] for t in _TERMS.values()])
    code[losing] = 0
    median, spread, low, high = np.array([t[1:] for t in _TERMS.values()]).T
    aimed = median[code] * np.exp(spread[code] * rng.standard_normal(len(losing)))
    return bases[code], np.clip(aimed, low[code], high[code])


def _names(seed: int, gender: Codes) -> pl.Series:
    from faker import Faker

    fake = Faker("en_IN")
    fake.seed_instance(seed)
    draw = (fake.unique.name_female, fake.unique.name_male, fake.unique.name_nonbinary)
    return pl.Series([draw[g]() for g in gender.tolist()], dtype=pl.String)


def _table(
    rng: np.random.Generator,
    names: pl.Series,
    tier: Codes,
    home: Codes,
    category: Codes,
    gender: Codes,
) -> pl.DataFrame:
    count = len(names)
    low, high = np.log(np.array(_TIER_FOLLOWERS, dtype=float))[tier].T
    followers = np.exp(low + (high - low) * rng.beta(1.2, 1.8, count))
    personas = [c[1] for c in _CATEGORIES.values()]
    city = np.minimum(rng.geometric(0.16, count) - 1, len(_CITIES) - 1)
    width = max(3, len(str(count)))
    return pl.DataFrame(
        {
            "id": [f"INF{n:0{width}d}" for n in range(1, count + 1)],
            "name": names,
            "category": np.array(list(_CATEGORIES))[category],
            "gender": np.array(_GENDERS)[gender],
            "follower_count": followers.astype(np.int64),
            "platform": np.array(PLATFORMS)[home],
            "tier": np.array(_TIERS)[tier],
            "persona": [
                personas[c][d % len(personas[c])]
                for c, d in zip(category.tolist(), rng.integers(0, 60, count).tolist(), strict=True)
            ],
            "city": np.array(_CITIES)[city],
        }
    )
