"""Units that a header or a cell states: thousands, lakhs, crores."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hk_metrics.ingest.values.parsed import Parsed
from hk_metrics.quality import finding

if TYPE_CHECKING:
    import polars as pl

MULTIPLIERS = {
    "k": 1e3, "thousand": 1e3, "l": 1e5, "lac": 1e5, "lacs": 1e5, "lakh": 1e5, "lakhs": 1e5,
    "m": 1e6, "mn": 1e6, "mio": 1e6, "million": 1e6, "cr": 1e7, "crore": 1e7, "crores": 1e7,
    "b": 1e9, "bn": 1e9, "billion": 1e9,
}  # fmt: skip
FACTORS = {**MULTIPLIERS, "000": 1e3, "000s": 1e3, "thousands": 1e3, "millions": 1e6}


def unit_of(header: str) -> float | None:
    """Return the factor that a header states in brackets or after "in", or None.

    >>> unit_of("Revenue (₹ lakh)"), unit_of("reach_in_K"), unit_of("Revenue (B2B)")
    (100000.0, 1000.0, None)
    """
    for stated in re.findall(r"[(\[]([^)\]]*)[)\]]|[\s_]in[\s_]+(.+)$", header.lower()):
        words = set(re.findall(r"\w+", "".join(stated))) - {"in", "inr", "rs", "rupees"}
        factors = [FACTORS.get(word) for word in words]
        if len(factors) == 1:
            return factors[0]
    return None


def scaled(given: pl.Series, parsed: Parsed, header: str, factor: float) -> Parsed:
    """Multiply a column by what its header states, but not the cells that state it themselves."""
    import polars as pl

    own = pl.repeat(False, len(given), eager=True)
    if given.dtype == pl.String:
        own = given.str.contains(r"(?i)\d\s*[a-z]+\.?\s*$").fill_null(False)
    times = (parsed.values * factor).round(6)
    values = pl.select(pl.when(own).then(parsed.values).otherwise(times))
    count = int((~own & given.is_not_null()).sum())
    understood = finding("header_unit", header=header, factor=factor, count=count)
    return Parsed(values.to_series(), parsed.failed, (*parsed.remarks, understood))
