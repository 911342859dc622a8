"""Orders that name their influencer by what the profiles say of them: a promo code, a handle."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hk_metrics.ingest.headers.names import meant, plain
from hk_metrics.ingest.headers.recognise import recognise
from hk_metrics.ingest.log import Log
from hk_metrics.ingest.raw import RawTable
from hk_metrics.ingest.spelled import spelled
from hk_metrics.quality import Finding, finding
from hk_metrics.wording import counted

if TYPE_CHECKING:
    import polars as pl

_CODE = ("code", "promocode", "discountcode", "couponcode", "coupon", "referralcode", "vouchercode")
_CODES = frozenset(c + end for c in _CODE for end in ("", "s", "used", "sused"))
_LEAST_SHARE = 0.5
_BETWEEN = re.compile(r"[,;|+\s]+")


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
            is_code = plain(header) in _CODES
            found = owners(words, others, 0.0 if is_code else _LEAST_SHARE, several=is_code)
            if found.ids:
                log.findings.append(_note(raw, header, words, found.ids))
                named = _owned(words, found, raw.file, header, log).alias("influencer_id")
                return replace(raw, frame=raw.frame.with_columns(named))
    return raw


def creditors(
    codes: pl.Series, others: Sequence[RawTable], file: str, header: str, log: Log
) -> pl.Series:
    """Return the influencer's id of each order by its codes; the first code where none is known."""
    found = owners(codes, others, several=True)
    if not found.ids:
        return codes.str.split(",").list.first().str.strip_chars()
    return _owned(codes, found, file, header, log)


@dataclass(frozen=True)
class Owners:
    """Whose the words of a column are.

    ``ids`` says the influencer of each word; of a ``shared`` one, which holds the codes of
    several, that of the first.
    """

    ids: Mapping[str, str]
    shared: frozenset[str] = frozenset()


def owners(
    words: pl.Series, others: Sequence[RawTable], least: float = 0.0, several: bool = False
) -> Owners:
    """Return the owners of words by the profiles' column that knows most of them.

    Parameters
    ----------
    words
        Texts, as long as the file.
    others
        The other files of the import.
    least
        The share of the words that a column must know.
    several
        Whether a cell may hold several codes, of which any may be someone's.
    """
    import polars as pl

    if words.dtype != pl.String:
        return Owners({})
    spelled = {w: _spellings(w, several) for w in words.drop_nulls().unique()}
    # A number alone may count anything: it names nobody.
    spelled = {w: keys for w, keys in spelled.items() if keys}
    best: dict[str, list[str]] = {}
    for ids in _columns(others):
        hits = {w: [ids[k] for k in keys if k in ids] for w, keys in spelled.items()}
        best = max(best, {w: keys for w, keys in hits.items() if keys}, key=len)
    if len(best) < max(1, least * len(spelled)):
        return Owners({})
    shared = frozenset(w for w, keys in best.items() if len({*keys}) > 1)
    return Owners({w: keys[0] for w, keys in best.items()}, shared)


def _spellings(word: str, several: bool) -> list[str]:
    """Return a word as it is compared, and what its parts are; numbers alone are none of it."""
    parts = _BETWEEN.split(word) if several else []
    return [spelled(w) for w in (word, *parts) if any(c.isalpha() for c in w)]


def _owned(words: pl.Series, found: Owners, file: str, header: str, log: Log) -> pl.Series:
    """Return the influencer's id of each word, null where it is nobody's; say what is shared."""
    import polars as pl

    if found.shared:
        rows = words.is_in(list(found.shared))
        count = int(rows.sum())
        log.findings.append(
            finding("several_codes", orders=counted(count, "order"), code=min(found.shared),
                    file=file, column=header, count=count)
        )  # fmt: skip
    return words.replace_strict(
        list(found.ids), list(found.ids.values()), default=None, return_dtype=pl.String
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
    return finding(
        "named_by_code", word=word, influencer=key, rest=rest, file=raw.file, column=header
    )
