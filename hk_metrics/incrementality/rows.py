"""The answers for units, set beside their tracked outcome and spend."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import nan
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "estimate", "lower", "upper", "tracked", "spend", "iroas", "iroas_lower", "iroas_upper",
    "inconclusive", "method", "assumption", "checks", "refusal",
)  # fmt: skip
FEW_ORDERS = 20

_FIELDS = ("estimate", "lower", "upper", "assumption", "checks", "refusal")
_RATIOS = {"iroas": "estimate", "iroas_lower": "lower", "iroas_upper": "upper"}


@dataclass(frozen=True)
class LiftRow:
    """One unit's answer; ``refusal`` is empty where there is one.

    ``whole`` holds estimate, lower and upper of the lift that it is a share of, if it is one.
    """

    estimate: float = nan
    lower: float = nan
    upper: float = nan
    assumption: str = ""
    checks: str = ""
    refusal: str = ""
    whole: tuple[float, float, float] | None = None


def framed(
    numbers: pd.DataFrame, rows: Mapping[str, LiftRow], outcome: str, method: str, *, parts: bool
) -> pd.DataFrame:
    """Return the table of `hk_metrics.incrementality.lift`.

    Parameters
    ----------
    numbers
        One row per unit: the tracked outcome, orders, spend.
    rows
        The answer of each unit.
    outcome
        ``revenue`` or ``orders``.
    method
        Name of the estimator.
    parts
        Whether units share a total's lift rather than have a total of their own.
    """
    import pandas as pd

    frame = pd.DataFrame(
        {field: [getattr(rows[str(n)], field) for n in numbers.index] for field in _FIELDS},
        index=numbers.index,
    )
    frame["tracked"], frame["spend"] = numbers[outcome], numbers["spend"]
    spend = frame["spend"].where((frame["spend"] > 0) & (outcome == "revenue"))
    for name, source in _RATIOS.items():
        frame[name] = frame[source] / spend
    frame["method"] = method
    frame["refusal"] = frame["refusal"].astype(object).where(frame["refusal"] != "", None)
    frame["inconclusive"] = _wide(frame, outcome) | (parts & _scarce(frame, numbers["orders"]))
    result = frame[list(COLUMNS)]
    wholes = {row.whole for row in rows.values()}
    if len(wholes) == 1 and (whole := wholes.pop()) is not None:
        result.attrs["whole"] = dict(zip(COLUMNS, whole, strict=False))
    return result


def _wide(frame: pd.DataFrame, outcome: str) -> pd.Series[bool]:
    """Say which intervals are too wide to act on.

    Wider than the lift itself and than what was spent for it, an interval says neither how much
    there was nor whether it paid; for orders, tracked ones stand for the spend.
    """
    stake = frame["spend"] if outcome == "revenue" else frame["tracked"]
    known = stake.where(stake > 0, frame["tracked"]).fillna(0.0)
    return frame["upper"] - frame["lower"] > known.combine(frame["estimate"].abs(), max)


def _scarce(frame: pd.DataFrame, orders: pd.Series[float]) -> pd.Series[bool]:
    """Say which parts rest on too few tracked orders."""
    return frame["lower"].notna() & (orders < FEW_ORDERS)
