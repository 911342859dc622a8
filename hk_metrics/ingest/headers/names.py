"""What a header means: the words it stands for, and how certain that is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache

from hk_metrics.ingest.headers.languages import LANGUAGES
from hk_metrics.ingest.headers.nouns import NOUNS, SHORT
from hk_metrics.ingest.headers.synonyms import SYNONYMS, WEAKER
from hk_metrics.ingest.spelled import plain, snake
from hk_metrics.ingest.values.units import FACTORS
from hk_metrics.schemas import TABLES

__all__ = [
    "column_named",
    "count_known",
    "forms",
    "forms_of",
    "is_known",
    "known",
    "meant",
    "plain",
    "snake",
]

_FILLERS = ("total", "no", "num", "number", "of", "the", "unique")
_DONE = ("generated", "driven", "attributed", "achieved", "received", "gained", "purchased",
         "bought", "delivered", "placed")  # fmt: skip
# What a name ends with in most tables, and begins with in some: "date of sale", "date_sale".
_HEADS = frozenset({"date", "time", "name", "id", "number", "value", "amount"})
_UNITS = ("inr", "rs", "rupees", "in")
# Of these the outer name says what they are about: an order's ``customer.name`` names no order.
_GENERIC = frozenset({"id", "name", "date", "type", "status", "total", "amount", "text", "title"})
WEAK = 0.91
_BRACKETS = re.compile(r"[(\[{][^%]*?[)\]}]")
_NUMBER_SIGN = re.compile(r"(?<=\w)\s*#\s*$")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_BETWEEN = re.compile(r"[^A-Za-z0-9]+")
# A cell without one is a number or a day, and names no column.
_LETTER = re.compile(r"[^\W\d_]|%")


@cache
def known(table: str) -> Mapping[str, tuple[str, float]]:
    """Return plain header → (canonical name, certainty) of one table.

    Of several headers for a column the one that stands first among its words is more certain.
    """
    found = {
        plain(s): (name, certainty - place / 10_000)
        for synonyms, certainty in ((WEAKER, WEAK), (LANGUAGES, 0.93), (SYNONYMS, 0.95))
        for name, words in synonyms.get(table, {}).items()
        for place, s in reversed([*enumerate(words)])
    }
    return found | {plain(name): (name, 1.0) for name in TABLES[table].names}


def forms(header: str, nouns: Sequence[str]) -> list[tuple[str, float]]:
    """Return the plain forms that a header may stand for, the most certain first.

    Units in brackets or after "in", and the given nouns before a name, say nothing more; "name of
    creator" and "name creator" are "creator name", and ``insights.reach`` of nested records is
    "reach".
    """
    kept, words = _read(header)
    found, tokens = [*kept], [*words]
    while len(tokens) > 1 and tokens[0] in (*nouns, *_FILLERS):
        tokens = tokens[1:]
        found.append(("".join(tokens), 0.92))
    *outer, last = header.split(".")
    if outer and " " not in header and plain(last) not in _GENERIC:
        found.append((plain(last), WEAK))
    return found


@lru_cache(4096)
def _read(header: str) -> tuple[tuple[tuple[str, float], ...], tuple[str, ...]]:
    """Return the plain forms of a header that need no noun, and the words that are left of it."""
    bare = _BRACKETS.sub(" ", header)
    bare = _NUMBER_SIGN.sub(" number", bare)
    parted = _HUMP.sub(" ", bare.replace("%", " pct "))
    tokens = [SHORT.get(t, t) for t in _BETWEEN.split(parted.lower()) if t]
    if len(tokens) > 2 and tokens[-2] == "in" and tokens[-1] in FACTORS:
        tokens = tokens[:-2]
    while tokens and tokens[-1] in _UNITS:
        tokens.pop()
    found = [(plain(header), 1.0), (plain(bare), 0.95), ("".join(tokens), 0.95)]
    if len(tokens) > 1 and tokens[-1] in _DONE:
        tokens.pop()
        found.append(("".join(tokens), 0.92))
    if "of" in tokens[1:-1] and tokens[0] not in _FILLERS:
        at = tokens.index("of", 1)
        tokens = [*tokens[at + 1 :], *tokens[:at]]
        found.append(("".join(tokens), 0.92))
    if len(tokens) == 2 and tokens[0] in _HEADS:
        found.append((tokens[1] + tokens[0], 0.92))
    return tuple(found), tuple(tokens)


def forms_of(headers: Sequence[str]) -> dict[str, list[str]]:
    """Return header → its plain forms where no noun is given, the most certain first."""
    return {header: [form for form, _ in forms(header, ())] for header in headers}


@lru_cache(4096)
def meant(table: str, header: str) -> tuple[str, float] | None:
    """Return the canonical column that a header names, and how certainly; None where none.

    >>> meant("tracking_data", "Rev. (Rs.)"), meant("posts", "Post Likes")
    (('revenue', 0.95), ('likes', 0.92))
    """
    words = known(table)
    for form, most in forms(header, NOUNS[table]):
        if form in words:
            name, certainty = words[form]
            return name, min(certainty, most)
    return None


def column_named(table: str, header: str) -> str | None:
    """Return the canonical column that a header names; None where none."""
    hit = meant(table, header)
    return hit[0] if hit else None


@lru_cache(4096)
def is_known(header: str) -> bool:
    """Whether some table knows a header; a word like "total", which may be a value, is none."""
    if not _LETTER.search(header) or not plain(header):
        return False
    return any(hit and hit[1] > WEAK for hit in (meant(table, header) for table in TABLES))


def count_known(headers: Iterable[str]) -> int:
    """Return how many of some headers a table knows; see `is_known`."""
    return sum(map(is_known, headers))
