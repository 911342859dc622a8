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

_FIELDS = ("estimate", "lower", "upper", "assumption", "checks", "refusal", "wide")
_RATIOS = {"iroas": "estimate", "iroas_lower": "lower", "iroas_upper": "upper"}


@dataclass(frozen=True)
class Row:
    """One unit's answer; ``refusal`` is empty where there is one."""

    estimate: float = nan
    lower: float = nan
    upper: float = nan
    assumption: str = ""
    checks: str = ""
    refusal: str = ""
    wide: bool = False


def framed(
    numbers: pd.DataFrame, rows: Mapping[str, Row], outcome: str, method: str, *, parts: bool
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
    frame["inconclusive"] = _scarce(frame, numbers["orders"]) if parts else frame["wide"]
    return frame[list(COLUMNS)]


def _scarce(frame: pd.DataFrame, orders: pd.Series[float]) -> pd.Series[bool]:
    """Say which parts' intervals are too wide to act on, or rest on too few tracked orders."""
    wide = frame["upper"] - frame["lower"] > frame["tracked"]
    return wide | (frame["lower"].notna() & (orders < FEW_ORDERS))
