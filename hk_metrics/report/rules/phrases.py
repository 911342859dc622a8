"""The words that rules are made of, and what they mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from hk_metrics.errors import UnknownNameError
from hk_metrics.metrics import METRICS

COMPARATORS: Mapping[str, str] = {
    **dict.fromkeys(("<=", "≤", "at most", "no more than", "not more than", "not above",
                     "less than or equal to", "lower than or equal to", "below or equal to"), "<="),
    **dict.fromkeys((">=", "≥", "at least", "no less than", "not less than", "not below",
                     "reaches", "greater than or equal to", "more than or equal to",
                     "above or equal to"), ">="),
    **dict.fromkeys(("<", "below", "under", "less than", "lower than", "fewer than", "smaller than",
                     "falls below", "fall below", "falls under", "drops below", "drop below",
                     "drops under", "goes below", "goes under"), "<"),
    **dict.fromkeys((">", "above", "over", "more than", "greater than", "higher than", "exceeds",
                     "exceed", "rises above", "goes above", "goes over", "climbs above"), ">"),
    **dict.fromkeys(("==", "=", "equals", "equal to"), "="),
}  # fmt: skip
_DOWN = ("falls", "fall", "fell", "drops", "drop", "dropped", "declines", "declined", "decreases",
         "decreased", "down", "goes down", "sinks")  # fmt: skip
_UP = ("rises", "rise", "rose", "grows", "grow", "grew", "increases", "increased", "up", "goes up",
       "climbs", "jumps")  # fmt: skip
_EITHER = ("changes", "changed", "moves", "moved")
MOVES: Mapping[str, str] = {
    **dict.fromkeys(_DOWN, "falls"),
    **dict.fromkeys(_UP, "rises"),
    **dict.fromkeys(_EITHER, "changes"),
}
_DIMENSIONS: Mapping[str, str] = {
    **{n: n for n in ("brand", "campaign", "platform", "source", "product", "category", "gender",
                      "tier", "city", "persona", "basis", "name", "influencer_id")},
    "brands": "brand", "campaigns": "campaign", "platforms": "platform", "sources": "source",
    "products": "product", "categories": "category", "channel": "source", "channels": "source",
    "influencer": "influencer_id", "influencers": "influencer_id", "creator": "influencer_id",
    "creators": "influencer_id",
}  # fmt: skip
# What is compared, over which period where none is said, and how the two are named in a sentence.
AGAINST: Mapping[str, tuple[str, str]] = {
    "day": ("yesterday", "previous_period"),
    "week": ("last_week", "previous_period"),
    "month": ("last_month", "previous_month"),
    "quarter": ("last_quarter", "previous_quarter"),
    "year": ("last_year", "previous_year"),
    "period": ("", "previous_period"),
}
SHORT: Mapping[str, str] = {
    "dod": "day", "wow": "week", "mom": "month", "qoq": "quarter", "yoy": "year",
}  # fmt: skip


# What other tools call the same.
_OTHER_TOOLS: Mapping[str, str] = {
    "sales": "revenue", "conversion value": "revenue", "purchase value": "revenue",
    "purchases": "orders", "conversions": "orders", "amount spent": "spend",
    "return on ad spend": "roas", "purchase roas": "roas", "order value": "aov",
    "cpa": "cpo", "cost per purchase": "cpo", "cost per conversion": "cpo",
}  # fmt: skip


def _metrics() -> dict[str, str]:
    named: dict[str, str] = {}
    for name, metric in METRICS.items():
        label = re.sub(r"\s*\(.*\)", "", metric.label).lower()
        named |= dict.fromkeys((name, name.replace("_", " "), label), name)
    return {**named, **_OTHER_TOOLS}


def either(words: Iterable[str]) -> str:
    """Return a pattern for one of some phrases, the longest first."""
    return "|".join(
        r"\s+".join(map(re.escape, w.split())) for w in sorted(words, key=len, reverse=True)
    )


def metrics_pattern() -> str:
    """Return a pattern for all that a metric may be called; registered ones, too."""
    return rf"(?P<metric>{either(_metrics())})(?!\w)"


def metric_named(words: str) -> str:
    """Return the metric that words mean.

    Raises
    ------
    UnknownNameError
        They mean none; names the nearest.
    """
    known = _metrics()
    plain = " ".join(words.lower().split())
    if plain not in known:
        raise UnknownNameError.of("metric", words, METRICS)
    return known[plain]


def dimension_named(word: str) -> str:
    """Return the dimension that a word means; one that only the data may know as it is.

    Raises
    ------
    UnknownNameError
        It looks like one that is misspelt.
    """
    plain = word.lower()
    if plain in _DIMENSIONS:
        return _DIMENSIONS[plain]
    if get_close_matches(plain, _DIMENSIONS, n=1, cutoff=0.75):
        raise UnknownNameError.of("dimension", word, _DIMENSIONS)
    return word
