"""What a parser makes of one column: values, cells that failed, and what was understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from hk_metrics.quality import Finding


@dataclass(frozen=True)
class Parsed:
    """One column, parsed.

    Parameters
    ----------
    values
        As long as the column; null where the cell is empty or failed.
    failed
        Code of a problem → mask of the cells that have it.
    remarks
        What was understood, or done to cells; their column is not named yet.
    beside
        Further columns that the cells name, by name: the share in a rate of ₹500 + 6 %.
    """

    values: pl.Series
    failed: Mapping[str, pl.Series] = field(default_factory=dict)
    remarks: tuple[Finding, ...] = ()
    beside: Mapping[str, pl.Series] = field(default_factory=dict)


def through_unique(
    texts: pl.Series, answers: pl.DataFrame, column: str, dtype: pl.DataType
) -> pl.Series:
    """Spread answers worked out once per distinct text over the column that holds the texts.

    ``answers`` has ``text`` and ``column``; texts it does not know become null.
    """
    known = answers.filter(answers[column].is_not_null())
    return texts.replace_strict(
        known["text"], known[column].cast(dtype), default=None, return_dtype=dtype
    )
