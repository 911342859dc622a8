"""What kind of file a file is: by its first bytes, then by its name."""

from __future__ import annotations

from pathlib import PurePath
from typing import Literal

Kind = Literal["text", "xlsx", "xls", "json", "parquet", "zip", "gzip", "sqlite", "duckdb", "other"]

_CONTROL_BYTES = bytes(b for b in range(32) if not 9 <= b <= 13)
SUFFIXES: dict[str, Kind] = {
    ".csv": "text", ".tsv": "text", ".txt": "text", ".psv": "text", ".tab": "text",
    ".xlsx": "xlsx", ".xlsm": "xlsx", ".xls": "xls", ".xlsb": "xls", ".ods": "xls",
    ".json": "json", ".jsonl": "json", ".ndjson": "json",
    ".parquet": "parquet", ".pq": "parquet", ".zip": "zip", ".gz": "gzip",
    ".sqlite": "sqlite", ".sqlite3": "sqlite", ".db": "sqlite", ".duckdb": "duckdb",
}  # fmt: skip

_SIGNATURES: tuple[tuple[bytes, Kind, str], ...] = (
    (b"PK\x03\x04", "zip", "a zip archive"),
    (b"PK\x05\x06", "zip", "an empty zip archive"),
    (b"PAR1", "parquet", "a Parquet file"),
    (b"SQLite format 3\0", "sqlite", "a SQLite database"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls", "an old Excel workbook"),
    (b"\x89PNG", "other", "a PNG image"),
    (b"\xff\xd8\xff", "other", "a JPEG image"),
    (b"GIF8", "other", "a GIF image"),
    (b"RIFF", "other", "a media file"),
    (b"%PDF", "other", "a PDF document"),
    (b"\x1f\x8b", "gzip", "a gzip archive"),
    (b"BZh", "other", "a bzip2 archive"),
    (b"7z\xbc\xaf", "other", "a 7-Zip archive"),
    (b"Rar!", "other", "a RAR archive"),
    (b"\x7fELF", "other", "a program"),
    (b"MZ", "other", "a program"),
    (b"{\\rtf", "other", "a word-processor document"),
)


def kind_of(name: str, head: bytes) -> tuple[Kind, str]:
    """Return the kind of a file, and what it is called in a message.

    >>> kind_of("posts.csv", b"\\x89PNG....")
    ('other', 'a PNG image')
    >>> kind_of("posts.csv", b"ID,Name")
    ('text', 'text')
    """
    by_name = SUFFIXES.get(PurePath(name.lower()).suffix, "other")
    for signature, kind, label in _SIGNATURES:
        if head.startswith(signature) and not (signature == b"MZ" and by_name == "text"):
            if kind == "zip" and by_name in ("xlsx", "xls"):
                return by_name, "a workbook"
            return kind, label
    if len(head) > 12 and head[8:12] == b"DUCK":
        return "duckdb", "a DuckDB database"
    if head.lstrip()[:1] in (b"{", b"[") and by_name in ("json", "other"):
        return "json", "JSON"
    if head.lstrip()[:15].lower().startswith((b"<!doctype", b"<html", b"<?xml", b"<table")):
        return "other", "a web page or XML"
    if by_name in ("text", "json", "other") and _looks_binary(head):
        return "other", "a binary file"
    return ("text", "text") if by_name == "other" else (by_name, by_name)


def _looks_binary(head: bytes) -> bool:
    """More than one odd control byte in fifty, beside the NULs of UTF-16 text."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")):
        return False
    sample = head[:4096]
    controls = len(sample) - len(sample.translate(None, _CONTROL_BYTES))
    nuls = sample.count(0)
    utf16 = nuls > len(sample) / 4 and controls - nuls < len(sample) / 50
    return bool(sample) and not utf16 and controls > len(sample) / 50
