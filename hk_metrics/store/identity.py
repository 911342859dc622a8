"""A dataset's identity: the hash of its content."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

Hashes = dict[str, "Future[bytes]"]


def content_id(tables: Mapping[str, pl.DataFrame]) -> str:
    """Return a hash of all cells: equal tables, equal id; 16 hexadecimal digits.

    Names, types, order of rows and every value count; where the cells came from does not.
    """
    with ThreadPoolExecutor() as pool:
        return Identity(pool).of(tables)


class Identity:
    """Hashes tables in the background, from when they are likely to stay as they are.

    Parameters
    ----------
    pool
        By whom columns are hashed.
    leaving_out
        Columns that say where a row came from.
    """

    def __init__(self, pool: Executor, leaving_out: tuple[str, ...] = ()) -> None:
        self._pool = pool
        self._leaving_out = leaving_out
        self._begun: dict[str, tuple[pl.DataFrame, Hashes]] = {}

    def begin(self, tables: Mapping[str, pl.DataFrame]) -> None:
        """Hash tables that may still change; those that do not are done when `of` asks."""
        for name, table in tables.items():
            self._begun[name] = table, self._hashes(name, table)

    def of(self, tables: Mapping[str, pl.DataFrame]) -> str:
        """Return the `content_id` of the tables."""
        from blake3 import blake3

        for name, table in tables.items():
            if name not in self._begun or self._begun[name][0] is not table:
                self.begin({name: table})
        hashes = {k: h for name in tables for k, h in self._begun[name][1].items()}
        return blake3(b"".join(hashes[k].result() for k in sorted(hashes))).hexdigest()[:16]

    def _hashes(self, name: str, table: pl.DataFrame) -> Hashes:
        labels = {
            c: f"{name}.{c}:{table[c].dtype}:{table.height}"
            for c in table.columns
            if c not in self._leaving_out
        }
        return {k: self._pool.submit(_column_hash, k, table[c]) for c, k in labels.items()}


def _column_hash(label: str, values: pl.Series) -> bytes:
    """Hash the label, the values, and where they are missing."""
    import polars as pl
    from blake3 import blake3

    digest = blake3(label.encode())
    if values.null_count():
        digest.update(_buffer(values.is_null()))
        plain = values if values.dtype == pl.String else values.to_physical()
        plain = plain.cast(pl.UInt8) if plain.dtype == pl.Boolean else plain
        values = plain.fill_null("" if values.dtype == pl.String else 0)
    if values.dtype == pl.String:
        digest.update(_buffer(values.str.len_bytes()))
        digest.update(values.str.join("").cast(pl.Binary).item())
    else:
        digest.update(_buffer(values.to_physical()))
    return digest.digest()


def _buffer(values: pl.Series) -> memoryview:
    return memoryview(values.to_numpy().data).cast("B")
