"""A dataset's identity: the hash of its content."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


def content_id(tables: Mapping[str, pl.DataFrame]) -> str:
    """Return a hash of all cells: equal tables, equal id; 16 hexadecimal digits.

    Names, types, order of rows and every value count; where the cells came from does not.
    """
    digest = hashlib.blake2b(digest_size=8)
    for name in sorted(tables):
        frame = tables[name]
        digest.update(f"{name}:{frame.height}".encode())
        for column in sorted(frame.columns):
            digest.update(f"{column}:{frame[column].dtype}".encode())
            for part in _bytes(frame[column]):
                digest.update(part)
    return digest.hexdigest()


def _bytes(values: pl.Series) -> list[bytes | memoryview]:
    import polars as pl

    empty = values.is_null()
    parts: list[pl.Series] = [empty] if empty.any() else []
    if values.dtype == pl.String:
        texts = values.fill_null("")
        parts.append(texts.str.len_bytes())
        return [*(_raw(p) for p in parts), texts.str.join("").item().encode()]
    return [_raw(p) for p in (*parts, values.to_physical().fill_null(0))]


def _raw(values: pl.Series) -> memoryview:
    return memoryview(values.to_numpy().data).cast("B")
