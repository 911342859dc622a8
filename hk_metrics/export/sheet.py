"""A table that leaves: its title, its rows, and the unit of each column."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from hk_metrics.export import safe

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

Unit = Literal["money", "count", "percent", "chance", "times", "number", "date", "text"]


@dataclass(frozen=True, eq=False)
class Sheet:
    """One table with what a reader needs to read it.

    Parameters
    ----------
    title
        Its name, in words; also the name of its file or sheet.
    frame
        One row per thing; an index with a name becomes the first column.
    units
        Column name → unit; columns not listed are written as they are. ``percent`` and
        ``chance`` (a probability) values are fractions.
    labels
        Column name → heading, where the name itself should not be shown.
    note
        What to know before reading it: estimated values, what is left out.
    """

    title: str
    frame: pd.DataFrame
    units: Mapping[str, Unit] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    note: str = ""

    @property
    def slug(self) -> str:
        """The title as a file name: lower case, words joined by hyphens.

        >>> import pandas as pd
        >>> Sheet("Top & bottom", pd.DataFrame()).slug
        'top-bottom'
        """
        return re.sub(r"[^\w]+", "-", self.title.lower()).strip("-") or "table"

    def flat(self) -> pd.DataFrame:
        """Return the rows with a named index moved into the columns, and text column names."""
        named = [n for n in self.frame.index.names if n is not None]
        rows = self.frame.reset_index() if named else self.frame.reset_index(drop=True)
        return rows.rename(columns=str)

    def polars(self) -> pl.DataFrame:
        """Return the rows ready to be written: text neutralised, NaN as null."""
        import polars as pl
        from pandas.api.types import is_object_dtype

        rows = self.flat()
        for name in (n for n in rows if is_object_dtype(rows[n])):
            kinds = {type(v) for v in rows[name].dropna()}
            if len(kinds) > 1 or any(k in (list, dict, tuple, set) for k in kinds):
                # A file's column has one type; mixed values can only be text.
                rows[name] = rows[name].map(str, na_action="ignore")
        frame = pl.from_pandas(rows, nan_to_null=True)
        finite = pl.col(pl.Float32, pl.Float64)
        return safe.frame(frame.with_columns(pl.when(finite.is_finite()).then(finite)))


def time_columns(frame: pl.DataFrame) -> list[str]:
    """Return the names of the columns that hold a date with a time of day."""
    import polars as pl

    return [n for n, t in frame.schema.items() if isinstance(t, pl.Datetime)]
