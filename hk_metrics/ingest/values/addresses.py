"""Addresses of posts and profiles, compared by what they lead to, not by how they are written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

_SCHEME = r"^\s*(?:https?:)?(?://)?(?:www\.|m\.|mobile\.|web\.)?"
# Ways to write the address of one post, each to the one by which posts are compared.
_SAME = (
    (r"(?i)^youtu\.be/([\w-]+).*", "youtube.com/$1"),
    (r"(?i)^(?:music\.)?youtube(?:-nocookie)?\.com/watch\?(?:.*&)?v=([\w-]+).*", "youtube.com/$1"),
    (r"(?i)^youtube(?:-nocookie)?\.com/(?:shorts|embed|live|v)/([\w-]+).*", "youtube.com/$1"),
    (r"(?i)^(?:instagram\.com|instagr\.am)/(?:[\w.]+/)?(?:p|reels?|tv)/([\w-]+).*",
     "instagram.com/$1"),
    (r"(?i)^(?:x|twitter)\.com/(?:[^/]+|i/web)/status(?:es)?/(\d+).*", "x.com/$1"),
    (r"(?i)^tiktok\.com/@[^/]+/(?:video|photo)/(\d+).*", "tiktok.com/$1"),
    (r"(?i)^threads\.(?:net|com)/(?:@[^/]+/post|t)/([\w-]+).*", "threads.net/$1"),
    (r"(?i)^facebook\.com/(?:[^/]+/(?:videos|posts)|reel)/(?:[^/]+/)?(\w+).*", "facebook.com/$1"),
)  # fmt: skip
# What tells who shared a link, and nothing about where it leads.
_SHARED = r"[?&](?:utm_\w+|igsh(?:id)?|si|fbclid|gclid|feature|ref|ref_src|share\w*|s|t)=[^&#]*"
# The part of an address that names who posted; a post's own address on Instagram may have it.
_NAMED = (
    r"(?i)(?:^|[./])(?:x|twitter)\.com/([A-Za-z0-9_.]+)/status",
    r"(?i)(?:tiktok\.com|threads\.(?:net|com)|youtube\.com)/@([\w.-]+)",
    r"(?i)instagram\.com/([\w.]+)/(?:p|reels?|tv)/",
)
_NOBODY = ("i", "p", "reel", "reels", "tv")


def address_key(addresses: pl.Series) -> pl.Series:
    """Return by what each address is compared: one post has one, however it is written.

    Parameters
    ----------
    addresses
        Texts; one that is no address is compared as it stands.

    Examples
    --------
    >>> import polars as pl
    >>> ways = ["https://youtu.be/aBc1?si=zz", "http://m.youtube.com/watch?v=aBc1&t=3"]
    >>> address_key(pl.Series(ways)).to_list()
    ['youtube.com/aBc1', 'youtube.com/aBc1']
    """
    key = addresses.str.replace(r"(?i)" + _SCHEME, "").str.replace(r"#.*$", "")
    for way, same in _SAME:
        key = key.str.replace(way, same)
    key = key.str.replace_all(r"(?i)" + _SHARED, "").str.replace(r"^([^?&]*)&", "$1?")
    return key.str.strip_chars_end("/?& ").alias(addresses.name)


def poster_of(addresses: pl.Series) -> pl.Series:
    """Return the handle that each post's address names; null where it names none.

    Examples
    --------
    >>> import polars as pl
    >>> poster_of(pl.Series(["https://twitter.com/tara.moves/status/1", "a.b/c"])).to_list()
    ['tara.moves', None]
    """
    import polars as pl

    found = pl.coalesce(pl.lit(addresses).str.extract(way) for way in _NAMED)
    kept = pl.when(~found.str.to_lowercase().is_in(_NOBODY)).then(found)
    return pl.select(kept.alias(addresses.name)).to_series()


def handle_of(word: str) -> str:
    """Return the handle in a profile's address; any other word as it is.

    >>> handle_of("https://www.instagram.com/tara.moves/"), handle_of("@tara.moves")
    ('tara.moves', '@tara.moves')
    """
    found = re.match(
        r"(?i)\s*(?:https?://)?[\w-]+(?:\.[\w-]+)+/(?:@|c/|user/|channel/)?([^/?#]+)", word
    )
    return found[1] if found else word
