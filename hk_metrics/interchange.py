"""Polars and pandas frames turned to each other, the same with and without pyarrow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl


class LateTables(Mapping[str, "pl.DataFrame"]):
    """Tables of which some are read when they are first asked for.

    Parameters
    ----------
    near
        Those that are here.
    far
        Table → its rows, and what reads it.
    files
        Table → the Parquet files that hold it, in order.

    Examples
    --------
    >>> import polars as pl
    >>> tables = LateTables({}, {"posts": (1, lambda: pl.DataFrame({"reach": [5]}))})
    >>> tables.heights, tables["posts"]["reach"].to_list()
    ({'posts': 1}, [5])
    """

    def __init__(
        self,
        near: Mapping[str, pl.DataFrame],
        far: Mapping[str, tuple[int, Callable[[], pl.DataFrame]]],
        files: Mapping[str, Sequence[Path]] | None = None,
    ) -> None:
        self._near = dict(near)
        self._far = far
        self.files = files or {}
        self.heights = {n: t.height for n, t in near.items()} | {n: r for n, (r, _) in far.items()}

    def __getitem__(self, name: str) -> pl.DataFrame:
        if name not in self._near and name in self._far:
            self._near[name] = self._far[name][1]()
        return self._near[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.heights)

    def __len__(self) -> int:
        return len(self.heights)


def heights(tables: Mapping[str, Any]) -> dict[str, int]:
    """Return table → rows, without reading what is read only when it is asked for."""
    known: dict[str, int] | None = getattr(tables, "heights", None)
    return {name: table.height for name, table in tables.items()} if known is None else known


def to_pandas(frame: Any) -> pd.DataFrame:
    """Return a frame as pandas, each column in the type that pandas itself would give it.

    Parameters
    ----------
    frame
        A Polars frame, or one of narwhals over any library.

    Returns
    -------
    DataFrame
        Counts with gaps are floats, flags with gaps objects, texts of pandas' own type.

    Examples
    --------
    >>> import polars as pl
    >>> to_pandas(pl.DataFrame({"orders": [1, None]}))["orders"].tolist()
    [1.0, nan]
    """
    import pandas as pd
    import polars as pl

    if not isinstance(frame, pl.DataFrame):
        if frame.implementation.is_pandas():
            native: pd.DataFrame = frame.to_native()
            return native
        frame = frame.to_polars()
    columns = {c.name: _pandas_column(c) for c in frame.iter_columns()}
    return pd.DataFrame(columns, index=pd.RangeIndex(frame.height), columns=frame.columns)


def _pandas_column(values: pl.Series) -> Any:
    import pandas as pd
    import polars as pl

    kind = values.dtype
    if kind == pl.String:
        return pd.Series(values.to_numpy(), dtype=str(pd.Series([""]).dtype))
    if isinstance(kind, pl.Enum | pl.Categorical):
        names = kind.categories.to_list() if isinstance(kind, pl.Enum) else None
        return pd.Categorical(values.cast(pl.String).to_numpy(), categories=names)
    if isinstance(kind, pl.Datetime) and kind.time_zone:
        plain = values.dt.convert_time_zone("UTC").dt.replace_time_zone(None).to_numpy()
        return pd.DatetimeIndex(plain).tz_localize("UTC").tz_convert(kind.time_zone)
    if kind == pl.Date:
        return values.cast(pl.Datetime("ms")).to_numpy()
    if kind.is_nested() or kind in (pl.Object, pl.Decimal, pl.Time, pl.Binary):
        return pd.Series(values.to_list(), dtype=object)
    return values.to_numpy()


def to_polars(frame: pd.DataFrame) -> pl.DataFrame:
    """Return a pandas frame as Polars; missing values of any kind are null.

    Raises
    ------
    TypeError
        A column holds values of several types.
    """
    import polars as pl

    return pl.DataFrame([polars_column(frame[name]).alias(str(name)) for name in frame.columns])


def polars_column(values: pd.Series[Any]) -> pl.Series:
    """Return one column; see `to_polars`.

    >>> import pandas as pd
    >>> polars_column(pd.Series(["a", None])).to_list()
    ['a', None]
    """
    import numpy as np
    import pandas as pd
    import polars as pl

    kind = values.dtype
    if isinstance(kind, pd.DatetimeTZDtype):
        plain = polars_column(values.dt.tz_convert("UTC").dt.tz_localize(None))
        return plain.dt.replace_time_zone("UTC").dt.convert_time_zone(str(kind.tz))
    if isinstance(kind, np.dtype) and kind.kind == "M":
        moments = values.to_numpy()
        known = kind.str.endswith(("[ms]", "[us]", "[ns]"))
        return pl.Series(moments if known else moments.astype("M8[ms]"))
    if isinstance(kind, np.dtype) and kind.kind in "biuf":
        return pl.Series(values.to_numpy(), nan_to_null=True)
    if isinstance(kind, np.dtype) and kind.kind == "m":
        return pl.Series(values.to_numpy().astype("m8[us]"))
    held = values.astype(object).where(values.notna(), None)
    return pl.Series(held.to_list(), dtype=None if held.notna().any() else pl.String)
