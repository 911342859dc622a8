"""What is sold and how it is promoted: brands, products with rupee prices, campaign flights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class _Brand:
    """A brand, its share of the shop's baseline orders and its hashtags."""

    name: str
    share: float
    hashtags: tuple[str, ...]


@dataclass(frozen=True)
class _Product:
    """A product: brand, price in rupees, and its share of the brand's orders."""

    name: str
    brand: str
    price: int
    share: float


@dataclass(frozen=True)
class Campaign:
    """A campaign; ``begins`` and ``ends`` are fractions of the simulated period."""

    name: str
    brand: str
    begins: float
    ends: float

    def flight(self, days: int) -> tuple[int, int]:
        """Return the first day and the day after the last, as offsets from the start.

        >>> Campaign("HKFitBlast", "HKVitals", 0.33, 0.56).flight(180)
        (59, 101)
        """
        first = min(int(self.begins * days), days - 1)
        return first, max(first + 1, round(self.ends * days))


BRANDS = (
    _Brand("MuscleBlaze", 0.45, ("#MuscleBlaze", "#ZiddForMore")),
    _Brand("HKVitals", 0.33, ("#HKVitals", "#HealthFromWithin")),
    _Brand("Gritzo", 0.22, ("#Gritzo", "#SuperMilk")),
)

PRODUCTS = (
    _Product("Biozyme Whey 1 kg", "MuscleBlaze", 2899, 0.20),
    _Product("Biozyme Whey 2 kg", "MuscleBlaze", 5499, 0.06),
    _Product("Super Gainer XXL 1 kg", "MuscleBlaze", 1349, 0.14),
    _Product("Creatine Monohydrate", "MuscleBlaze", 699, 0.26),
    _Product("Pre-Workout 200", "MuscleBlaze", 1199, 0.16),
    _Product("Peanut Butter 1 kg", "MuscleBlaze", 449, 0.18),
    _Product("Multivitamin", "HKVitals", 499, 0.26),
    _Product("Omega 3", "HKVitals", 599, 0.24),
    _Product("Skin Radiance Collagen", "HKVitals", 1299, 0.22),
    _Product("Biotin", "HKVitals", 549, 0.16),
    _Product("Apple Cider Vinegar", "HKVitals", 449, 0.12),
    _Product("SuperMilk 4-7 y", "Gritzo", 749, 0.34),
    _Product("SuperMilk 8-12 y", "Gritzo", 799, 0.30),
    _Product("SuperMilk 13+ Athlete", "Gritzo", 999, 0.22),
    _Product("SuperMilk Genius+", "Gritzo", 1499, 0.14),
)

# Weeks without posts between flights, and a brand that starts late, are what lift is measured
# against; without them every estimator would have to refuse the sample.
CAMPAIGNS = (
    Campaign("MBStrengthWeek", "MuscleBlaze", 0.03, 0.24),
    Campaign("MBBiozymeLaunch", "MuscleBlaze", 0.30, 0.52),
    Campaign("MBSummerShred", "MuscleBlaze", 0.60, 0.96),
    Campaign("HKVGlowUp", "HKVitals", 0.06, 0.27),
    Campaign("HKFitBlast", "HKVitals", 0.33, 0.56),
    Campaign("HKVImmunity", "HKVitals", 0.64, 0.93),
    Campaign("GritzoKidsRun", "Gritzo", 0.53, 0.72),
    Campaign("GritzoSuperMilkStars", "Gritzo", 0.79, 0.98),
)

UNITS = np.array([1, 2, 3, 4, 6, 12])
# A few stock-up orders give order values the heavy tail they have in real shops.
UNIT_SHARES = np.array([0.80, 0.13, 0.04, 0.02, 0.008, 0.002])
MEAN_UNITS = float(UNITS @ UNIT_SHARES)
CODE_DISCOUNT = 0.10

BRAND_NAMES = tuple(b.name for b in BRANDS)
BRAND_OF_PRODUCT = np.array([BRAND_NAMES.index(p.brand) for p in PRODUCTS])
BRAND_OF_CAMPAIGN = np.array([BRAND_NAMES.index(c.brand) for c in CAMPAIGNS])
PRICES = np.array([float(p.price) for p in PRODUCTS])
_PRODUCT_SHARES = np.array([p.share for p in PRODUCTS])


def usual_value() -> NDArray[np.float64]:
    """Return the expected value of an order without a code, one per brand (rupees)."""
    unit = np.bincount(BRAND_OF_PRODUCT, weights=PRICES * _PRODUCT_SHARES)
    return np.asarray(unit * MEAN_UNITS)


def draw_products(rng: np.random.Generator, brand: NDArray[np.int64]) -> NDArray[np.int64]:
    """Draw one product per brand code given, by the products' shares."""
    # Products are listed brand by brand, so brand + u falls into the brand's own stretch.
    ends = BRAND_OF_PRODUCT + np.concatenate(
        [np.cumsum(_PRODUCT_SHARES[b == BRAND_OF_PRODUCT]) for b in range(len(BRANDS))]
    )
    ends[np.append(np.diff(BRAND_OF_PRODUCT) > 0, True)] = np.arange(1, len(BRANDS) + 1)
    return np.searchsorted(ends, brand + rng.random(len(brand)), side="right")
