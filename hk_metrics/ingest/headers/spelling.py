"""Headers that no table knows, but that are spelt nearly like a column."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import lru_cache

from hk_metrics.ingest.headers.names import is_known, known, plain, snake

_LIKELY = 0.72
_LEAST_CHARS = 3
_HINTED = 85  # of 100: below it "email" would be a "male/female"
# A rate or a mean is never the sum that it is one of, however alike their names.
_RATES = frozenset({"rate", "ratio", "pct", "percent", "percentage", "avg", "average", "per"})
Fits = Callable[[str, str], bool]


def alike(
    table: str, headers: Sequence[str], used: Collection[str | None], fits: Fits
) -> list[tuple[str, str, float]]:
    """Return header, column and certainty of headers spelt nearly like a column.

    Parameters
    ----------
    table
        Canonical table name.
    headers
        Headers that have no meaning yet; one that some table knows says what it means, and is
        no other column's.
    used
        Columns that other headers give.
    fits
        Whether the cells under a header look like those of a column.

    Returns
    -------
    list
        The most alike first; each header and each column once.
    """
    free = [h for h in headers if len(plain(h)) >= _LEAST_CHARS and not is_known(h)]
    if not free:
        return []
    from rapidfuzz import fuzz

    words = {w: c for w, (c, _) in known(table).items() if c not in used and len(w) >= _LEAST_CHARS}
    pairs = [
        (score / 100, h, c)
        for h in free
        for w, c in words.items()
        if (score := fuzz.ratio(plain(h), w, score_cutoff=100 * _LIKELY)) and _is_of_kind(h, w)
    ]
    likely = sorted(pairs, key=lambda p: (-p[0], p[2]))
    found: dict[str, tuple[str, str, float]] = {}
    for score, header, column in likely:
        taken = header in found or any(column == c for _, c, _ in found.values())
        if not taken and fits(header, column):
            found[header] = (header, column, round(0.85 * score, 2))
    return list(found.values())


def candidates(table: str, column: str, headers: Sequence[str], fits: Fits) -> tuple[str, ...]:
    """Return the headers that a missing column might be: alike in name, and their cells fit."""
    from rapidfuzz import fuzz

    words = [w for w, (name, _) in known(table).items() if name == column]
    score = {
        h: max((fuzz.partial_ratio(plain(h), w, score_cutoff=_HINTED)
                for w in words if _is_of_kind(h, w)), default=0)
        for h in headers if len(plain(h)) >= _LEAST_CHARS
    }  # fmt: skip
    near = [h for h in score if score[h] >= _HINTED and fits(h, column)]
    return tuple(sorted(near, key=lambda h: -score[h])[:5])


def _is_of_kind(header: str, word: str) -> bool:
    return all(token in word for token in _rates_in(header))


@lru_cache(4096)
def _rates_in(header: str) -> frozenset[str]:
    return _RATES.intersection(snake(header).split("_"))
