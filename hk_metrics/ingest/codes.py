"""Orders that name their influencer by what the profiles say of them: a promo code, a handle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from hk_metrics.formatting import counted
from hk_metrics.ingest.creators import spelled
from hk_metrics.ingest.log import Log
from hk_metrics.ingest.names import meant, plain
from hk_metrics.ingest.raw import RawTable
from hk_metrics.ingest.recognise import recognise
from hk_metrics.quality import Finding

if TYPE_CHECKING:
    import polars as pl

CODES = frozenset({"code", "promocode", "discountcode", "couponcode", "coupon", "referralcode"})
LEAST_SHARE = 0.5


def credited(raw: RawTable, others: Sequence[RawTable], log: Log) -> RawTable:
    """Give orders without a column of influencers one, where another column names them.

    It does where at least half of its words are in one column of the profiles that has each word
    once; of promo codes, which a shop gives out too, one is enough. Rows with another word belong
    to nobody.
    """
    known = {meaning[0] for h in raw.headers if (meaning := meant("tracking_data", h))}
    if "influencer_id" in known or recognise(raw.headers, raw.name).table != "tracking_data":
        return raw
    for header in raw.headers:
        if meant("tracking_data", header) is None:
            words = raw.frame[header]
            least = 0.0 if plain(header) in CODES else LEAST_SHARE
            if found := owners(words, others, least):
                log.findings.append(_note(raw, header, words, found))
                named = owned(words, found).alias("influencer_id")
                return replace(raw, frame=raw.frame.with_columns(named))
    return raw


def owners(words: pl.Series, others: Sequence[RawTable], least: float = 0.0) -> dict[str, str]:
    """Return word → influencer's id of the profiles' column that knows most of the words.

    Nothing where it knows a smaller share of them than ``least``.
    """
    import polars as pl

    if words.dtype != pl.String:
        return {}
    # A number alone may count anything: it names nobody.
    said = {w: spelled(w) for w in words.drop_nulls().unique() if any(c.isalpha() for c in w)}
    best: dict[str, str] = {}
    for ids in _columns(others):
        found = {word: ids[key] for word, key in said.items() if key in ids}
        best = max(best, found, key=len)
    return best if len(best) >= max(1, least * len(said)) else {}


def owned(words: pl.Series, found: Mapping[str, str]) -> pl.Series:
    """Return the influencer's id of each word, null where it is nobody's."""
    import polars as pl

    return words.replace_strict(
        list(found), list(found.values()), default=None, return_dtype=pl.String
    )


def _columns(others: Sequence[RawTable]) -> list[dict[str, str]]:
    """Return word → id for each column of the profiles in which no word stands twice."""
    import polars as pl

    columns = []
    for raw in others:
        if (raw.table or recognise(raw.headers, raw.name).table) != "influencers":
            continue
        names = {hit[0]: h for h in reversed(raw.headers) if (hit := meant("influencers", h))}
        key = names.get("id", names.get("name", raw.headers[0]))
        for header in raw.headers:
            pairs = raw.frame.select(pl.col(header).alias("word"), pl.col(key).alias("key"))
            texts = pairs.cast(pl.String).drop_nulls()
            if texts["word"].is_unique().all():
                columns.append({spelled(w): k.strip() for w, k in texts.iter_rows()})
    return columns


def _note(raw: RawTable, header: str, words: pl.Series, found: Mapping[str, str]) -> Finding:
    word, key = next(iter(found.items()))
    others = len(words) - int(words.is_in(list(found)).sum())
    rest = f"; of nobody: {counted(others, 'other row')}" if others else ""
    message = f"{header!r} names the influencers: {word!r} is influencer {key!r}{rest}"
    return Finding("note", "named_by_code", message, file=raw.file, column=header)
