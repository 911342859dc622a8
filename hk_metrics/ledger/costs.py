"""Costs beside the payouts: a measure for each kind, and what spend means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import narwhals as nw

from hk_metrics.ledger.events import Frame, text_or_null
from hk_metrics.schemas import COST_KINDS

SpendMeans = Literal["payouts", "all_costs"]
_MARKET_VALUE = "market_value"
OF_KIND = {kind: f"cost_{kind}" for kind in COST_KINDS}
# Where there are costs, spend is one of these sums, and both stand beside it.
PAYOUTS, COSTS = "payouts", "costs"
COST_MEASURES = (PAYOUTS, COSTS, *OF_KIND.values(), _MARKET_VALUE)
# The measure that a row of `as_payouts` is of.
MEASURE = "__measure"
_AMOUNT = "total_payout"
_DAYS = ("date", "period_start", "period_end")


def _kind_of_row() -> nw.Expr:
    """Return the kind of each cost; what is none of the kinds is other."""
    kind = nw.col("cost_kind")
    known = kind.is_in(COST_KINDS).fill_null(False)
    return nw.when(known).then(kind).otherwise(nw.lit("other"))


def measures_of(costs: Frame) -> tuple[str, ...]:
    """Return the measures of which a table of costs has a value."""
    frame = _complete(costs)
    some = frame.filter(~nw.col("amount").is_null()).select(_kind_of_row().alias("kind"))
    kinds = set(some.unique().collect()["kind"].to_list())
    values = int(frame.select(nw.col(_MARKET_VALUE).count()).collect().item() or 0)
    given = [_MARKET_VALUE] if values else []
    return (*(OF_KIND[kind] for kind in COST_KINDS if kind in kinds), *given)


def as_payouts(costs: Frame) -> Frame:
    """Return costs, and the values of gifts, as payments that follow posts, else orders.

    Returns
    -------
    Frame
        One row per amount, with the columns of `payouts` that spreading needs and ``MEASURE``.
    """
    frame = _complete(costs)
    of_kind = nw.concat_str(nw.lit("cost_"), _kind_of_row())
    amounts = frame.with_columns(of_kind.alias(MEASURE), nw.col("amount").alias(_AMOUNT))
    values = frame.with_columns(
        nw.lit(_MARKET_VALUE).alias(MEASURE), nw.col(_MARKET_VALUE).alias(_AMOUNT)
    )
    columns = ["influencer_id", "campaign", "brand", "platform", MEASURE, _AMOUNT]
    columns += [d for d in _DAYS if d in frame.collect_schema().names()]
    both = [f.filter(~nw.col(_AMOUNT).is_null()).select(columns) for f in (amounts, values)]
    return nw.concat(both).with_columns(
        nw.lit("post").alias("basis"), nw.lit(None, dtype=nw.Float64).alias("rate")
    )


def with_sums(rows: Frame, measures: Sequence[str]) -> Frame:
    """Add to ledger rows with costs what was paid out and the sum of all kinds of cost."""
    kinds = [m for m in OF_KIND.values() if m in measures]
    total = nw.sum_horizontal(*kinds) if kinds else nw.lit(0.0)
    return rows.with_columns(nw.col("spend").alias(PAYOUTS), total.alias(COSTS))


def with_spend(rows: Frame, means: SpendMeans) -> Frame:
    """Let spend be what it is to mean, in rows that have both sums."""
    paid = nw.col(PAYOUTS)
    return rows.with_columns(
        (paid + nw.col(COSTS) if means == "all_costs" else paid).alias("spend")
    )


def _complete(costs: Frame) -> Frame:
    """Add the columns that a table of costs may lack, empty."""
    frame = text_or_null(costs, "influencer_id", "cost_kind", "campaign", "brand", "platform")
    there = frame.collect_schema().names()
    value = nw.col(_MARKET_VALUE) if _MARKET_VALUE in there else nw.lit(None)
    return frame.with_columns(
        nw.col("amount").cast(nw.Float64), value.cast(nw.Float64).alias(_MARKET_VALUE)
    )
