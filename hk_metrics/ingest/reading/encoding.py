"""Which encoding a text file is in, and the same text as UTF-8."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hk_metrics.ingest.raw import Content

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
LABELS = {"cp1252": "Windows-1252", "utf-16": "UTF-16", "utf-32": "UTF-32", "latin-1": "Latin-1"}


_TORN = "utf-8 with errors"


class InvalidUtf8Error(ValueError):
    """A text that began as UTF-8 goes on as something else."""


def detect_encoding(head: bytes) -> str:
    """Return the encoding of a file by its beginning.

    Byte order mark first; then the pattern of NULs that UTF-16 leaves in Latin text; then UTF-8
    if it decodes; else Windows-1252, which nearly every Western export that is not UTF-8 uses.

    >>> detect_encoding("a,ö".encode()), detect_encoding("a,ö".encode("cp1252"))
    ('utf-8', 'cp1252')
    """
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding
    if head[:4096].count(0) > len(head[:4096]) / 4:
        first, second = head[0:4096:2].count(0), head[1:4096:2].count(0)
        return "utf-16-le" if second > first else "utf-16-be"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def as_utf8(source: Content, encoding: str) -> tuple[bytes, str]:
    """Return the whole text as UTF-8 without NULs, and the encoding that fitted."""
    data = source.read_bytes() if isinstance(source, Path) else source
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        # Five byte values mean nothing in Windows-1252; Latin-1 gives every byte a meaning.
        encoding = "latin-1" if encoding == "cp1252" else encoding
        text = data.decode(encoding, errors="replace")
    return text.removeprefix("\ufeff").replace("\0", "").encode(), encoding


def repaired_utf8(source: Content) -> tuple[bytes, str]:
    """Return a text that is not all UTF-8, and as what it was read.

    A few wrong bytes among many good characters are damage; else it is Windows-1252.
    """
    data = source.read_bytes() if isinstance(source, Path) else source
    text = data.decode("utf-8", errors="replace")
    wrong = text.count("\ufffd")
    if wrong * 50 <= sum(data.count(lead) for lead in range(0xC2, 0xF5)):
        return text.encode(), _TORN
    return as_utf8(data, "cp1252")
