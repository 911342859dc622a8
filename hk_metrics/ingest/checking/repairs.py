"""Problems grouped by the repair they need, in a marketer's words, with the money at stake."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from hk_metrics.quality import Finding, finding
from hk_metrics.schemas import TABLES
from hk_metrics.wording import counted

if TYPE_CHECKING:
    import polars as pl


def grouped(
    problems: pl.DataFrame,
    table: str,
    currency: str,
    headers: Mapping[tuple[str, str], str],
    money: pl.DataFrame,
) -> list[Finding]:
    """Turn the problems of one table to findings: one per file, column and repair.

    Parameters
    ----------
    problems
        file, row, column, value, code.
    table, currency
        For the words.
    headers
        (file, canonical column) → the header in that file.
    money
        file, row, money: what is at stake on each row with a problem.
    """
    import polars as pl

    values = pl.col("value").drop_nulls()
    groups = (
        problems.join(money, on=["file", "row"], how="left", maintain_order="left")
        .group_by("file", "column", "code", maintain_order=True)
        .agg(
            pl.col("row").n_unique().alias("rows"),
            pl.col("row").min().alias("first"),
            pl.col("value").sort_by("row").first(),
            values.n_unique().alias("distinct"),
            values.unique(maintain_order=True).head(4).alias("values"),
            pl.col("money").sum(),
        )
    )
    return [_finding(group, table, currency, headers) for group in groups.iter_rows(named=True)]


def _finding(
    group: dict[str, Any], table: str, currency: str, headers: Mapping[tuple[str, str], str]
) -> Finding:
    count = group["rows"]
    return finding(
        group["code"], file=group["file"], table=table, row=group["first"],
        column=headers.get((group["file"], group["column"]), group["column"]),
        value=group["value"] or "", count=count, money=group["money"] or None,
        rows=counted(count, "row"), cells=counted(count, "cell"),
        empty=counted(count, "empty cell"), ids=counted(group["distinct"], "influencer id"),
        values=_listed(group["values"], group["distinct"]), row_is=TABLES[table].row,
        currency=currency, at_stake=f"{group['money']:,.2f}",
    )  # fmt: skip


def _listed(values: Iterable[str], distinct: int) -> str:
    shown = [v if len(v) <= 40 else f"{v[:39]}…" for v in values]
    return ", ".join(repr(v) for v in shown) + (" …" if distinct > len(shown) else "")
