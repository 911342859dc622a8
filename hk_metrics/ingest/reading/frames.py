"""Frames of any library, and lists of records, to cells."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hk_metrics.errors import ParameterError
from hk_metrics.ingest.raw import RawTable, from_frame, unique_names
from hk_metrics.ingest.reading.limits import check_shape
from hk_metrics.ingest.reading.records import is_records, read_records
from hk_metrics.interchange import polars_column

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

    from hk_metrics.settings import Settings


def is_frame(content: Any) -> bool:
    """Whether something is a frame of a library that Narwhals knows."""
    import narwhals.stable.v2 as nw

    made = nw.from_native(content, pass_through=True)
    return isinstance(made, nw.DataFrame | nw.LazyFrame)


def read_frame(content: Any, label: str, settings: Settings) -> RawTable:
    """Read a frame that was handed in under the name of its table.

    Parameters
    ----------
    content
        pandas, Polars, PyArrow, DuckDB … (what Narwhals knows), or a list of dicts.
    label
        What it was called.
    settings
        Limits.

    Raises
    ------
    ParameterError
        If it is none of these.
    """
    import narwhals.stable.v2 as nw

    if is_records(content):
        return read_records(content, label, label, settings, sys.maxsize)
    if nw.dependencies.is_pandas_dataframe(content):
        frame = _from_pandas(content)
        check_shape(frame.height, frame.width, label, settings)
        return from_frame(frame, label, label)
    try:
        given = nw.from_native(content)
    except TypeError as error:
        raise ParameterError(
            f"cannot load {label!r}: a {type(content).__name__} is neither a frame nor bytes"
        ) from error
    if isinstance(given, nw.LazyFrame):
        given = given.collect("polars")
    frame = given.to_polars()
    check_shape(frame.height, frame.width, label, settings)
    return from_frame(frame, label, label)


def _from_pandas(frame: pd.DataFrame) -> pl.DataFrame:
    """Take a named index as columns, columns of one name apart, and mixed columns as text."""
    import polars as pl

    if any(name is not None for name in frame.index.names):
        frame = frame.reset_index()
    names = unique_names([str(c) for c in frame.columns], frame.shape[1])
    return pl.DataFrame([_column(frame.iloc[:, i]).alias(name) for i, name in enumerate(names)])


def _column(values: pd.Series[Any]) -> pl.Series:
    import polars as pl

    try:
        return polars_column(values)
    except (TypeError, ValueError, OverflowError, pl.exceptions.PolarsError):
        texts: Sequence[str | None] = [
            None if missing else str(value)
            for value, missing in zip(values, values.isna(), strict=True)
        ]
        return pl.Series(texts, dtype=pl.String)
