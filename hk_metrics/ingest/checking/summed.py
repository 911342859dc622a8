"""What files measure, summed by influencer, and whether two of them say the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from hk_metrics.ingest.sheet import Sheet

if TYPE_CHECKING:
    import polars as pl

_TIME = re.compile(
    r"(?:^|[^a-z])((?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*|q[1-4]|h[12]|\d+)(?![a-z])"
)
MEASURES = {"tracking_data": "revenue", "payouts": "total_payout", "posts": "reach"}
_TOLERANCE = 0.01
_MOST_OTHERS = 0.1


def agree(sheet: Sheet, others: Sequence[Sheet]) -> bool:
    """Whether the sums of nearly all influencers of a sheet are those of the others."""
    import polars as pl

    measure = MEASURES.get(sheet.table, "")
    if any(measure not in s.frame.columns for s in (sheet, *others)):
        return False
    parts = [_sums_of(s, "theirs") for s in others]
    theirs = pl.concat(parts).group_by("influencer_id").sum()
    both = _sums_of(sheet, "mine").join(theirs, on="influencer_id", how="left").fill_null(0.0)
    far = (both["mine"] - both["theirs"]).abs() > _TOLERANCE * both["mine"].abs()
    return both["mine"].sum() != 0 and int(far.sum()) <= _MOST_OTHERS * both.height


def _sums_of(sheet: Sheet, name: str) -> pl.DataFrame:
    import polars as pl

    measure = pl.col(MEASURES[sheet.table]).cast(pl.Float64).sum().alias(name)
    return sheet.frame.group_by("influencer_id").agg(measure).filter(
        pl.col("influencer_id").is_not_null()
    )  # fmt: skip


def total(sheet: Sheet) -> float:
    """Return the sum (money or people) of what a file measures; 0 where it has no such column."""
    measure = MEASURES[sheet.table]
    return float(sheet.frame[measure].sum()) if measure in sheet.frame.columns else 0.0


def same_time(one: Sheet, other: Sheet) -> bool:
    """Whether the names of two files of sums name no different times: Jan and Feb, Q1 and Q2."""
    names = [_TIME.findall((s.raw.part_of or s.raw.file).lower()) for s in (one, other)]
    return bool(names[0] == names[1])
