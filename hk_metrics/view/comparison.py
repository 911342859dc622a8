"""The period that another is compared with, by the calendar."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Literal, get_args

from hk_metrics.errors import ParameterError, UnknownNameError

Named = Literal["previous_period", "previous_month", "previous_quarter", "previous_year"]
Days = tuple[date, date]
Comparison = Named | tuple[date | str, date | str]
COMPARISONS: tuple[Named, ...] = get_args(Named)
_MONTHS: Mapping[str, int] = {"previous_month": 1, "previous_quarter": 3, "previous_year": 12}
_DAY = timedelta(days=1)


def compared(days: Days, to: Comparison) -> Days:
    """Return the first and last day that a period is compared with, both inclusive.

    Parameters
    ----------
    days
        First and last day of the period.
    to
        ``previous_period``: the stretch just before; for whole months, quarters or years those
        before, else as many days. ``previous_month``, ``previous_quarter``, ``previous_year``: the
        same part of the month, quarter or year before, as often further back as a longer period
        needs. Or a first and a last day.

    Raises
    ------
    UnknownNameError
        Another name.
    ParameterError
        Two days that are none, or in the wrong order.

    Notes
    -----
    A whole month compares with a whole month, however long each is; the 31st of a month has its
    like in the last day of a shorter one.

    >>> compared((date(2025, 5, 1), date(2025, 5, 31)), "previous_period")
    (datetime.date(2025, 4, 1), datetime.date(2025, 4, 30))
    >>> compared((date(2025, 5, 5), date(2025, 5, 11)), "previous_period")
    (datetime.date(2025, 4, 28), datetime.date(2025, 5, 4))
    >>> compared((date(2025, 5, 5), date(2025, 5, 11)), "previous_month")
    (datetime.date(2025, 4, 5), datetime.date(2025, 4, 11))
    """
    if not isinstance(to, str):
        return _chosen(*to)
    if to not in COMPARISONS:
        raise UnknownNameError.of("comparison", to, COMPARISONS)
    if to == "previous_period" and not _is_whole(days):
        length = days[1] - days[0] + _DAY
        return days[0] - length, days[1] - length
    unit = _MONTHS.get(to, 1)
    return _months_before(days, unit * -(-_length(days) // unit))


def _chosen(first: date | str, last: date | str) -> Days:
    try:
        start, end = (d if isinstance(d, date) else date.fromisoformat(d) for d in (first, last))
    except ValueError:
        raise ParameterError(
            f"the period to compare with must be two dates like 2025-03-01, not {first!r} and "
            f"{last!r}"
        ) from None
    if start > end:
        raise ParameterError(f"the period to compare with ends before it begins: {start}, {end}")
    return start, end


def _is_whole(days: Days) -> bool:
    """Whether a period is whole months: one, a quarter, a year."""
    return days[0].day == 1 and (days[1] + _DAY).day == 1


def _length(days: Days) -> int:
    """Months that a period takes, begun ones counted."""
    first, last = days
    months = 12 * (last.year - first.year) + last.month - first.month
    return months + (last.day >= first.day)


def _months_before(days: Days, months: int) -> Days:
    first, last = (_back(day, months) for day in days)
    return first, _month_end(last) if _is_whole(days) else last


def _back(day: date, months: int) -> date:
    month = 12 * day.year + day.month - 1 - months
    begin = date(month // 12, month % 12 + 1, 1)
    return begin.replace(day=min(day.day, _month_end(begin).day))


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])
