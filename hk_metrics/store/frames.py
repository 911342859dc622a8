"""Tables on disk, each read when it is first asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from hk_metrics.errors import StoreError

if TYPE_CHECKING:
    import polars as pl


class StoredFrames(Mapping[str, "pl.DataFrame"]):
    """Tables of a version, each read when it is first asked for.

    A page that draws from the ledger alone never pays for the tables behind it.

    Raises
    ------
    StoreError
        If a file is missing or cut off.
    """

    def __init__(self, folder: Path, names: tuple[str, ...], prefix: str = "") -> None:
        self._paths = {name: _paths(folder, f"{prefix}{name}") for name in names}
        self._read: dict[str, pl.DataFrame] = {}
        for name in names:
            self._opened(name)

    @property
    def heights(self) -> dict[str, int]:
        """Table → rows, as the files' ends say."""
        import polars as pl

        return {n: int(self._opened(n).select(pl.len()).collect().item()) for n in self._paths}

    @property
    def files(self) -> dict[str, list[Path]]:
        """Table → the files that hold it, of those that lie in several."""
        return {name: paths for name, paths in self._paths.items() if len(paths) > 1}

    def _opened(self, name: str) -> pl.LazyFrame:
        import polars as pl

        paths = self._paths[name]
        path = paths[0]
        try:
            frame = pl.scan_parquet(paths)
            frame.collect_schema()
        except (OSError, pl.exceptions.PolarsError) as error:
            raise StoreError(
                f"{path} is damaged ({error}): undo to the version before, or import the files "
                "again"
            ) from error
        return frame

    def __getitem__(self, name: str) -> pl.DataFrame:
        if name not in self._read:
            if name not in self._paths:
                raise KeyError(name)
            self._read[name] = self._opened(name).collect()
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


def _paths(folder: Path, name: str) -> list[Path]:
    """Return the files of a table: one, or those of its parts."""
    return sorted(folder.glob(f"{name}-[0-9][0-9][0-9][0-9].parquet")) or [
        folder / f"{name}.parquet"
    ]
