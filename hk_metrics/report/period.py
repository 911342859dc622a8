"""Periods in words, as a report's schedule needs them: ``last_week`` is a week of the calendar."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from hk_metrics.errors import ParameterError, UnknownNameError

Days = tuple[date, date]
_DAY = timedelta(days=1)
_LAST_DAYS = re.compile(r"last_(\d{1,4})_days")
_RANGE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\.\.|/)(\d{4}-\d{2}-\d{2})")


def _week(today: date) -> Days:
    monday = today - _DAY * today.weekday()
    return monday, monday + 6 * _DAY


def _last_week(today: date) -> Days:
    return _week(today - 7 * _DAY)


def _month(today: date) -> Days:
    after = (today.replace(day=28) + 4 * _DAY).replace(day=1)
    return today.replace(day=1), after - _DAY


def _last_month(today: date) -> Days:
    return _month(today.replace(day=1) - _DAY)


def _quarter(today: date) -> Days:
    first = today.replace(month=3 * ((today.month - 1) // 3) + 1, day=1)
    return first, _month(first + 64 * _DAY)[1]


def _year(today: date) -> Days:
    return date(today.year, 1, 1), date(today.year, 12, 31)


PERIODS: dict[str, Callable[[date], Days]] = {
    "yesterday": lambda today: (today - _DAY, today - _DAY),
    "this_week": _week,
    "last_week": _last_week,
    "this_month": _month,
    "last_month": _last_month,
    "this_quarter": _quarter,
    "last_quarter": lambda today: _quarter(_quarter(today)[0] - _DAY),
    "this_year": _year,
    "last_year": lambda today: _year(date(today.year - 1, 1, 1)),
}


def days(words: str, today: date) -> Days | None:
    """Return the first and last day that the words mean, both inclusive; None for all days.

    Parameters
    ----------
    words
        ``all``, ``yesterday``, ``this_week``, ``last_week`` (Monday to Sunday), ``this_month``,
        ``last_month``, ``this_quarter``, ``last_quarter``, ``this_year``, ``last_year``,
        ``last_28_days`` (any number; up to yesterday), or ``2025-03-01..2025-03-31``.
    today
        The local day that the words are said on.

    Raises
    ------
    UnknownNameError
        Other words.
    ParameterError
        A range that ends before it begins, or a day that does not exist.

    >>> days("last_week", date(2025, 3, 12))  # a Wednesday
    (datetime.date(2025, 3, 3), datetime.date(2025, 3, 9))
    >>> days("last_7_days", date(2025, 3, 12))
    (datetime.date(2025, 3, 5), datetime.date(2025, 3, 11))
    """
    if words == "all":
        return None
    if words in PERIODS:
        return PERIODS[words](today)
    if counted := _LAST_DAYS.fullmatch(words):
        return today - int(counted[1]) * _DAY, today - _DAY
    if spelled := _RANGE.fullmatch(words):
        return _spelled(spelled[1], spelled[2])
    raise UnknownNameError.of("period", words, ["all", *PERIODS, "last_7_days", "FIRST..LAST"])


def _spelled(first: str, last: str) -> Days:
    try:
        start, end = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError as wrong:
        raise ParameterError(f"period {first}..{last}: {wrong}") from None
    if start > end:
        raise ParameterError(f"period {first}..{last} ends before it begins: swap the two days")
    return start, end
