"""Which table a file is: by its columns first, by its name second."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from hk_metrics.ingest.headers.names import column_named, meant, plain, snake
from hk_metrics.ingest.headers.nouns import FILE_WORDS, ROSTER_ENDS, ROSTER_WORDS
from hk_metrics.ingest.headers.unsupported import (
    Unsupported,
    is_named_for,
    subject_of,
    unsupported_by,
)
from hk_metrics.schemas import TABLES

_RECOGNISED = 0.45
_CLEAR_LEAD = 0.08


@dataclass(frozen=True)
class Recognition:
    """What a file seems to be; where nothing fits ``table`` is None, ``unsupported`` what it is."""

    table: str | None
    confidence: float
    others: tuple[str, ...] = ()
    unsupported: Unsupported | None = None


def recognise(headers: Sequence[str], name: str) -> Recognition:
    """Say which table a file holds.

    Parameters
    ----------
    headers
        Its column headers.
    name
        File or sheet name; decides only between tables whose columns fit about equally.

    Returns
    -------
    Recognition
        The table with the best fit, and others that fit nearly as well.

    Notes
    -----
    The fit is the mean of two shares: of the table's required columns that the file has, and of
    the file's columns that the table knows; a fitting file name adds 0.15, the table's own 0.4.
    Rows with the number, day and value of an order fit whatever other columns they have.

    >>> recognise(["influencer_id", "basis", "rate", "orders", "total_payout"], "x").table
    'payouts'
    """
    return _recognised(tuple(headers), name)


@lru_cache(1024)
def _recognised(headers: tuple[str, ...], name: str) -> Recognition:
    named = plain(name) in map(plain, TABLES)
    if not named and (unsupported := unsupported_by(headers, name)):
        return Recognition(None, 0.0, unsupported=unsupported)
    fits = {t: _fit(t, headers) for t in TABLES}
    fits = {t: fit + _named(t, name) if fit else 0.0 for t, fit in fits.items()}
    ranked = sorted(fits, key=lambda t: -fits[t])
    best = ranked[0]
    # Whoever names a file after a table means it; what it lacks is said then.
    if fits[best] < _RECOGNISED and named:
        best = next(t for t in TABLES if plain(t) == plain(name))
    elif fits[best] < _RECOGNISED and _is_roster(name):
        best = "influencers"
    elif fits[best] < _RECOGNISED:
        return Recognition(None, fits[best], tuple(ranked))
    near = tuple(t for t in ranked[1:] if fits[best] - fits[t] < _CLEAR_LEAD)
    return Recognition(best, min(fits[best], 1.0), near)


def _fit(table: str, headers: Sequence[str]) -> float:
    subject = subject_of(headers)
    found = {
        hit[0] for h in headers if (hit := meant(table, h))
        and not (hit[0] == "influencer_id" and is_named_for(subject, h))
    }  # fmt: skip
    if table == "daily_sales" and any(_is_of_someone(h) for h in headers):
        return 0.0
    schema = TABLES[table]
    if not all(found & {*group} for group in schema.known_by) or any(
        column_named(other, h) == column for other, column in schema.never_with for h in headers
    ):
        return 0.0
    required = TABLES[table].required_names
    have = sum(c in found for c in required) / len(required)
    understood = len(found) / max(len(headers), 1)
    fit = (have + understood) / 2
    return max(fit, _RECOGNISED) if table == "tracking_data" and _are_orders(headers) else fit


def _are_orders(headers: Sequence[str]) -> bool:
    """Whether each row has the number, the day and the value of an order, whatever else it has."""
    found = {hit[0] for h in headers if plain(h) != "id" and (hit := meant("tracking_data", h))}
    return {"tracking_id", "date", "revenue"} <= found


def _is_roster(name: str) -> bool:
    """Whether the name of a file says that it lists influencers, and nothing else."""
    words = set(snake(name).split("_"))
    return bool(words & ROSTER_WORDS) and words <= ROSTER_WORDS | ROSTER_ENDS


def _is_of_someone(header: str) -> bool:
    """Whether a header names an influencer, a customer or an order: a shop's sums have none."""
    hit = meant("tracking_data", header)
    return hit is not None and hit[0] in ("influencer_id", "user_id", "tracking_id")


def _named(table: str, name: str) -> float:
    if plain(name) == plain(table):
        return 0.4
    return 0.15 if any(word in plain(name) for word in FILE_WORDS[table]) else 0.0
