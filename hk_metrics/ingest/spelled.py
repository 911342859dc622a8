"""Words as they are compared: without the case, spaces and marks that people write them with."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_MOST_CHARS = 200


@lru_cache(4096)
def plain(header: str) -> str:
    """Reduce a header to what it says: no case, spaces, marks or signs.

    >>> plain(" Follower_Count "), plain("Réach (₹)"), plain("Commission %")
    ('followercount', 'reach', 'commissionpct')
    """
    bare = unicodedata.normalize("NFKD", header[:_MOST_CHARS]).lower().replace("%", "pct")
    return re.sub(r"[^a-z0-9]+", "", bare) or "".join(c for c in bare if c.isalnum())


@lru_cache(4096)
def snake(header: str) -> str:
    """Name an extra column the way the canonical ones are named.

    >>> snake("Age Group"), snake("ageGroup"), snake("City (home)")
    ('age_group', 'age_group', 'city_home')
    """
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", header.strip())
    return re.sub(r"\W+", "_", parted).strip("_").lower() or "column"


def spelled(word: str) -> str:
    """Return a name or id without case, marks and leading zeros.

    >>> spelled("INF-007"), spelled("inf_7"), spelled("@asha.rao"), spelled("Asha Rao")
    ('inf7', 'inf7', 'asharao', 'asharao')
    """
    return re.sub(r"^(\D*)0+(?=\d)", r"\1", unmarked(word))


def unmarked(word: str) -> str:
    """Return a word without case and marks."""
    return re.sub(r"[\W_]+", "", word.lower())
