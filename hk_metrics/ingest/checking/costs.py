"""Costs beside the payouts: the words of their kinds, and whether they are spend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hk_metrics.ingest.log import Log
from hk_metrics.ingest.raw import FILE, ROW
from hk_metrics.ingest.values.cost_words import read_kind
from hk_metrics.quality import Finding, finding
from hk_metrics.schemas import COST_KINDS
from hk_metrics.wording import counted

if TYPE_CHECKING:
    import polars as pl

    from hk_metrics.settings import Settings

_SHOWN = 4


def read_kinds(costs: pl.DataFrame, log: Log) -> pl.DataFrame:
    """Put the kind of each cost in the vocabulary; what names none is other, and is listed.

    Without a kind, what has a market value is a gift, and so of the kind product.
    """
    import polars as pl

    words = costs["cost_kind"].drop_nulls().unique().sort().to_list()
    read = {word: kind for word in words if (kind := read_kind(word))}
    unknown = costs.filter(pl.col("cost_kind").is_in([w for w in words if w not in read]))
    if unknown.height:
        log.findings.append(_unknown(unknown))
    for word, kind in read.items():
        if word not in COST_KINDS:
            log.findings.append(_wording(costs.filter(pl.col("cost_kind") == word), kind))
    gift = (
        pl.col("market_value").is_not_null() if "market_value" in costs.columns else pl.lit(False)
    )
    unsaid = pl.when(gift).then(pl.lit("product")).otherwise(pl.lit("other"))
    read_as = pl.col("cost_kind").replace_strict(
        read, default=pl.lit("other"), return_dtype=pl.String
    )
    settled = pl.when(pl.col("cost_kind").is_null()).then(unsaid).otherwise(read_as)
    return costs.with_columns(settled.alias("cost_kind"))


def report_costs(costs: pl.DataFrame, settings: Settings, log: Log) -> None:
    """Say that costs are no spend where spend is payouts alone."""
    if costs.is_empty() or settings.spend_means != "payouts":
        return
    beside = finding(
        "costs_beside", costs=counted(costs.height, "cost"), amount=float(costs["amount"].sum()),
        file=costs[FILE][0], table="costs", column="amount", count=costs.height,
    )  # fmt: skip
    log.findings.append(beside)


def _wording(costs: pl.DataFrame, kind: str) -> Finding:
    one = costs.row(0, named=True)
    return finding(
        "cost_kind", kind=kind, file=one[FILE], table="costs", row=one[ROW], column="cost_kind",
        value=one["cost_kind"], count=costs.height,
    )  # fmt: skip


def _unknown(costs: pl.DataFrame) -> Finding:
    words = costs["cost_kind"].unique(maintain_order=True).head(_SHOWN)
    one = costs.row(0, named=True)
    return finding(
        "cost_kind.unknown", costs=counted(costs.height, "cost"),
        wordings=", ".join(map(repr, words)), file=one[FILE], table="costs", row=one[ROW],
        column="cost_kind", value=one["cost_kind"], count=costs.height,
        money=float(costs["amount"].sum()),
    )  # fmt: skip
