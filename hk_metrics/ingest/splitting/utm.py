"""Where an order came from, as the notes of a shop's cart and the link of its first page say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from hk_metrics.ingest.headers.names import plain
from hk_metrics.ingest.values.words import DASHES

if TYPE_CHECKING:
    import polars as pl

_PARTS = ("source", "medium", "campaign")
_NOTES = ("noteattributes", "landingsite", "landingpage", "landingurl", "landingsiteref")
_TAGS = frozenset(f"utm{part}" for part in _PARTS)
_NOTHING = {*DASHES, "(not set)", "undefined"}


def referral(headers: Sequence[str]) -> pl.Expr:
    """Put what a row says of its way to the shop in one text: notes, links, columns of UTM tags."""
    import polars as pl

    named = {h: plain(h) for h in headers}
    notes = [pl.col(h).cast(pl.String) for h, name in named.items() if name in _NOTES]
    tags = [
        pl.lit(f"{name}: ") + pl.col(h).cast(pl.String)
        for h, name in named.items() if name in _TAGS
    ]  # fmt: skip
    return pl.concat_str([pl.lit(""), *tags, *notes], separator="\n", ignore_nulls=True)


def tagged(texts: pl.Series) -> pl.DataFrame:
    """Return the UTM tags that each text names, null where it names none.

    Returns
    -------
    DataFrame
        ``source`` (the medium where only that is named) and ``campaign``.
    """
    import polars as pl

    tags = {part: _tag(texts, part) for part in _PARTS}
    return pl.DataFrame(tags).select(pl.coalesce("source", "medium").alias("source"), "campaign")


def _tag(texts: pl.Series, part: str) -> pl.Series:
    """Read "UTM source: ig" of a note, or "utm_source=ig&" of a link."""
    import polars as pl

    found = texts.str.extract(rf"(?i)utm[ _-]?{part}[ \"']*[:=][ \"']*([^\n\r&#\"']+)")
    words = {w: _decoded(w) for w in found.drop_nulls().unique()}
    known = {
        w: decoded for w, decoded in words.items() if decoded and decoded.lower() not in _NOTHING
    }
    return found.replace_strict(list(known), list(known.values()), default=None,
                                return_dtype=pl.String)  # fmt: skip


def _decoded(word: str) -> str:
    """Undo the signs of a link; a note, which has spaces, is as it was written."""
    bare = word.strip()
    return bare if " " in bare else unquote_plus(bare).strip()
