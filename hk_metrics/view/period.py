"""Periods in words, as people and schedules write them: ``last_week`` is one of the calendar."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
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


_PERIODS: dict[str, Callable[[date], Days]] = {
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


_DAY_OF = re.compile(r"\d{4}-\d{2}-\d{2}")
_MONTH_OF = re.compile(r"(\d{4})-(\d{1,2})")
_QUARTER_OF = re.compile(r"(\d{4})-?[Qq]([1-4])")
_YEAR_OF = re.compile(r"\d{4}")


def days(words: str, today: date) -> Days | None:
    """Return the first and last day that the words mean, both inclusive; None for all days.

    Parameters
    ----------
    words
        ``all``, ``yesterday``, ``this_week``, ``last_week`` (Monday to Sunday), ``this_month``,
        ``last_month``, ``this_quarter``, ``last_quarter``, ``this_year``, ``last_year``,
        ``last_28_days`` (any number; up to yesterday), ``2025``, ``2025-Q2``, ``2025-03``,
        ``2025-03-01`` or ``2025-03-01..2025-03-31``.
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
    >>> days("2025-Q2", date(2025, 3, 12))
    (datetime.date(2025, 4, 1), datetime.date(2025, 6, 30))
    """
    if words == "all":
        return None
    if words in _PERIODS:
        return _PERIODS[words](today)
    if counted := _LAST_DAYS.fullmatch(words):
        return today - int(counted[1]) * _DAY, today - _DAY
    if spelled := _RANGE.fullmatch(words):
        return _spelled(spelled[1], spelled[2])
    if _DAY_OF.fullmatch(words):
        return _spelled(words, words)
    if (found := _of_calendar(words)) is not None:
        return found
    known = ["all", *_PERIODS, "last_7_days", "2025", "2025-Q2", "2025-03", "FIRST..LAST"]
    raise UnknownNameError.of("period", words, known)


def _of_calendar(words: str) -> Days | None:
    """Return the days of a year, a quarter or a month that is written as a number."""
    try:
        if _YEAR_OF.fullmatch(words):
            return _year(date(int(words), 1, 1))
        if quarter := _QUARTER_OF.fullmatch(words):
            return _quarter(date(int(quarter[1]), 3 * int(quarter[2]), 1))
        if month := _MONTH_OF.fullmatch(words):
            return _month(date(int(month[1]), int(month[2]), 1))
    except ValueError as wrong:
        raise ParameterError(f"period {words}: {wrong}") from None
    return None


def last_complete(unit: str, ends: Days, active: Collection[date], today: date) -> Days | None:
    """Return the last whole month or week that data covers and has something in; None for none.

    Parameters
    ----------
    unit
        ``month`` or ``week`` (Monday to Sunday).
    ends
        First and last day of the data.
    active
        Days on which something happened.
    today
        No day from this one on is over.

    >>> june = [date(2025, 6, 3)]
    >>> last_complete("month", (date(2025, 4, 1), date(2025, 8, 31)), june, date(2025, 9, 5))
    (datetime.date(2025, 6, 1), datetime.date(2025, 6, 30))
    >>> last_complete("month", (date(2025, 6, 2), date(2025, 7, 4)), june, date(2025, 9, 5)) is None
    True
    """
    of = {"month": _month, "week": _week}[unit]
    over = min(ends[1], today - _DAY)
    known = (of(day) for day in sorted(active, reverse=True) if day <= over)
    return next((d for d in known if ends[0] <= d[0] and d[1] <= over), None)


def _spelled(first: str, last: str) -> Days:
    try:
        start, end = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError as wrong:
        raise ParameterError(f"period {first}..{last}: {wrong}") from None
    if start > end:
        raise ParameterError(f"period {first}..{last} ends before it begins: swap the two days")
    return start, end
