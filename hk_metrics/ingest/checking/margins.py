"""Margins of products and brands: shares or per cent, one for each, and who has no order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hk_metrics.ingest.log import Log
from hk_metrics.ingest.problems import problem_frame
from hk_metrics.ingest.raw import FILE, ROW
from hk_metrics.quality import finding
from hk_metrics.wording import counted

if TYPE_CHECKING:
    import polars as pl

_SHOWN = 4
_OF = ("product", "brand")


def read_margins(margins: pl.DataFrame, log: Log) -> pl.DataFrame:
    """Read margins of a file in which each is above 1, or none at all, as per cent; say so.

    A file with shares and per cent in it says of neither which it means: what is above 1 is then
    no share.
    """
    import polars as pl

    margin = pl.col("margin")
    high, share = (margin > 1) & (margin <= 100), (margin > 0) & (margin <= 1)
    percent = high.any().over(FILE) & ~share.any().over(FILE)
    found = margins.filter(percent & high)
    if found.height:
        one = found.row(0, named=True)
        log.findings.append(
            finding(
                "percent_margin", file=one[FILE], table="margins", row=one[ROW], column="margin",
                value=f"{one['margin']:g}", count=found.height,
            )
        )  # fmt: skip
    return margins.with_columns(pl.when(percent).then(margin / 100).otherwise(margin))


def twice(margins: pl.DataFrame) -> pl.DataFrame:
    """Return the rows whose product and brand have another margin in a row before."""
    import polars as pl

    there = [c for c in _OF if c in margins.columns]
    keys = [pl.col(c).str.strip_chars().str.to_lowercase().alias(f"__{c}") for c in there]
    known = margins.with_columns(keys, __all=pl.lit(1))
    other = pl.col("margin") != pl.col("margin").first().over("__all", *(f"__{c}" for c in there))
    found = known.filter(other.fill_null(False))
    if found.is_empty():
        return problem_frame()
    frames = [
        problem_frame(str(file), "margin_twice", "margin", rows[ROW], rows["margin"])
        for (file,), rows in found.group_by(FILE, maintain_order=True)
    ]
    return pl.concat(frames)


def report_unsold(tables: Mapping[str, pl.DataFrame], log: Log) -> None:
    """Say which products and brands have a margin and no order: they may be written otherwise."""
    import polars as pl

    margins, orders = tables["margins"], tables["tracking_data"]
    for column in (c for c in _OF if c in margins.columns):
        bought = orders[column].cast(pl.String) if column in orders.columns else None
        if bought is None or not bought.count():
            continue
        names = margins[column].drop_nulls().unique(maintain_order=True)
        spelled = [s.str.strip_chars().str.to_lowercase() for s in (names, bought.unique())]
        strange = names.filter(~spelled[0].is_in(spelled[1].drop_nulls().implode()))
        if len(strange):
            log.findings.append(
                finding(
                    "margins_unknown", of=counted(len(strange), column), table="margins",
                    column=column, count=len(strange),
                    names=", ".join(map(repr, strange.head(_SHOWN)))
                    + (" …" if len(strange) > _SHOWN else ""),
                )
            )  # fmt: skip
