"""The brand of an order that no column says: by its product, its source, or its campaign's name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import narwhals as nw

from hk_metrics.ledger.events import Frame, materialised
from hk_metrics.settings import Settings

# The first of these that names a brand says an order's.
NAMING = ("product", "source", "campaign")
_GAP = r"[\s_\-]*"


def known_brands(brands: Iterable[str], settings: Settings) -> dict[str, str]:
    """Return the brands of the settings and of every brand column, by their bare name.

    Parameters
    ----------
    brands
        The texts of all columns of brands.

    Returns
    -------
    dict
        Name in lower case, without gaps → spelling; that of the settings goes first.
    """
    of_settings = [*settings.brand_prefixes, *settings.campaign_brands.values()]
    named = [*of_settings, *sorted(filter(None, brands))]
    return {bare: name for name in reversed(named) if (bare := bare_name(name))}


def spellings(brands: Iterable[str], settings: Settings) -> dict[str, str]:
    """Return brand → its one spelling, of those that are spelt otherwise.

    Parameters
    ----------
    brands
        The texts of all columns of brands.

    Examples
    --------
    >>> spellings(["HK Vitals", "HKVitals", "Gritzo"], Settings())
    {'HK Vitals': 'HKVitals'}
    """
    there = sorted(brands)
    known = known_brands(there, settings)
    found = {b: known[key] for b in there if (key := bare_name(b)) in known}
    return {b: one for b, one in found.items() if b != one}


def bare_name(brand: str) -> str:
    """Return a brand as it is compared: without case and gaps.

    >>> bare_name("HK Vitals") == bare_name("hk-vitals")
    True
    """
    return re.sub(_GAP, "", brand.lower())


def _brand_in(column: str, known: Mapping[str, str], settings: Settings) -> nw.Expr:
    """Return the brand that a text names; null where it names none.

    Parameters
    ----------
    column
        One of `NAMING`: a product is or begins with a known brand or what campaigns abbreviate it
        to, a source is one, and how a campaign's name begins tells by the settings.
    known
        The result of `known_brands`.
    """
    if column == "campaign":
        return campaign_brand(settings)
    text = nw.col(column).str.to_lowercase()
    end = r"(?:$|[^a-z0-9])" if column == "product" else "$"
    brand = nw.lit(None, dtype=nw.String)
    short = _abbreviations(settings) if column == "product" else {}
    for bare, spelling in (*short.items(), *sorted(known.items(), key=lambda pair: len(pair[0]))):
        pattern = f"^{_GAP.join(map(re.escape, bare))}{end}"
        brand = nw.when(text.str.contains(pattern)).then(nw.lit(spelling)).otherwise(brand)
    return brand


def _abbreviations(settings: Settings) -> dict[str, str]:
    """Return how names of campaigns begin → brand, the shorter first; MB also begins "MB Whey"."""
    prefixes = {re.sub(r"[^a-z0-9]", "", p.lower()): brand
                for brand, begins in settings.brand_prefixes.items() for p in begins}  # fmt: skip
    return dict(sorted(prefixes.items(), key=lambda pair: len(pair[0])))


def campaign_brand(settings: Settings, column: str = "campaign") -> nw.Expr:
    """Return the brand that a campaign's name tells, by the settings; null where it tells none."""
    name = nw.col(column).str.to_lowercase()
    brand = nw.lit(None, dtype=nw.String)
    prefixes = [(p.lower(), b) for b, ps in settings.brand_prefixes.items() for p in ps]
    for prefix, spelling in sorted(prefixes, key=lambda pair: len(pair[0])):
        brand = nw.when(name.str.starts_with(prefix)).then(nw.lit(spelling)).otherwise(brand)
    for campaign, spelling in settings.campaign_brands.items():
        exact = nw.col(column) == campaign
        brand = nw.when(exact).then(nw.lit(spelling)).otherwise(brand)
    return brand


def with_brand(tracking: Frame, known: Mapping[str, str], settings: Settings) -> Frame:
    """Return tracked events with their ``brand``: its own column, or else what `NAMING` tells."""
    if "brand" in tracking.collect_schema().names():
        return tracking
    texts = {c: brands_in(tracking, c, known, settings) for c in NAMING}
    naming = {c: names for c, names in texts.items() if not names.head(1).collect().is_empty()}
    for column, names in naming.items():
        tracking = tracking.join(names, on=column, how="left")
    named = [f"{column}_brand" for column in naming]
    brand = nw.coalesce(*named, nw.lit(None, dtype=nw.String))
    return tracking.with_columns(brand.alias("brand")).drop(named)


def brands_in(tracking: Frame, column: str, known: Mapping[str, str], settings: Settings) -> Frame:
    """Return the texts of a column that name a brand, which few do, and the brand of each."""
    brand = _brand_in(column, known, settings).alias(f"{column}_brand")
    texts = tracking.select(column).unique().with_columns(brand)
    return materialised(texts.filter(~nw.col(f"{column}_brand").is_null()))
