"""The month that a budget is for."""

from __future__ import annotations

import re
from calendar import monthrange
from typing import TYPE_CHECKING

from hk_metrics.arguments import text
from hk_metrics.errors import ParameterError
from hk_metrics.ranking.shrinkage import Posterior

if TYPE_CHECKING:
    import pandas as pd

    from hk_metrics.view import View


def target_month(month: str | None, view: View) -> float:
    """Return how long a month is against the view's period (1 where none is named).

    Raises
    ------
    ParameterError
        For what is no month.
    """
    if month is None:
        return 1.0
    found = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", text("month", month, "2025-11"))
    if not found:
        raise ParameterError(f"month={month!r}: write it like '2025-11'")
    if view.period is None:
        return 1.0
    first, last = view.period
    days: int = (last - first).days + 1
    return monthrange(int(found[1]), int(found[2]))[1] / days


def of_part(sums: pd.DataFrame, part: float) -> pd.DataFrame:
    """Return sums of a part of the time; orders stay, and with them how firmly rates are known."""
    names = [c for c in ("spend", "revenue", "excess") if c in sums]
    money = {c: sums[c] * part for c in names}
    return sums.assign(**money, squares=sums["squares"] * part**2)


def level_of_part(level: Posterior | None, part: float) -> Posterior | None:
    """Return what is brought in a part of the time."""
    return None if level is None else Posterior(level.mean * part, level.draws * part)
