"""A dataset's identity: the hash of its content."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


def content_id(tables: Mapping[str, pl.DataFrame]) -> str:
    """Return a hash of all cells: equal tables, equal id; 16 hexadecimal digits.

    Names, types, order of rows and every value count; where the cells came from does not.
    """
    columns = [
        (
            f"{name}.{column}:{tables[name][column].dtype}:{tables[name].height}",
            tables[name][column],
        )
        for name in sorted(tables)
        for column in sorted(tables[name].columns)
    ]
    with ThreadPoolExecutor() as pool:
        hashes = pool.map(_column_hash, *zip(*columns, strict=True)) if columns else ()
    return hashlib.sha256(b"".join(hashes)).hexdigest()[:16]


def _column_hash(label: str, values: pl.Series) -> bytes:
    """Hash the label, the values, and where they are missing."""
    import polars as pl

    digest = hashlib.sha256(label.encode())
    if values.null_count():
        digest.update(_buffer(values.is_null()))
        plain = values if values.dtype == pl.String else values.to_physical()
        plain = plain.cast(pl.UInt8) if plain.dtype == pl.Boolean else plain
        values = plain.fill_null("" if values.dtype == pl.String else 0)
    if values.dtype == pl.String:
        digest.update(_buffer(values.str.len_bytes()))
        array = values.rechunk().to_arrow(compat_level=pl.CompatLevel.oldest())
        digest.update(array.buffers()[2] or b"")
    else:
        digest.update(_buffer(values.to_physical()))
    return digest.digest()


def _buffer(values: pl.Series) -> memoryview:
    return memoryview(values.to_numpy().data).cast("B")
