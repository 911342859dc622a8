"""Filters: what a user may ask for, checked, and as conditions on the ledger's columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import narwhals as nw

from hk_metrics.errors import ParameterError, UnknownNameError
from hk_metrics.ledger import Ledger
from hk_metrics.team.tags import TAG
from hk_metrics.view.period import days

NONE = "(none)"
RANGES = frozenset({"date", "follower_count"})
Values = tuple[Any, ...]
Tags = Mapping[str, tuple[str, ...]]
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?!\.\.|/)")


class Tagged(tuple[str | None, ...]):
    """The chosen tags, with the influencers that have one of them.

    Parameters
    ----------
    names
        Tags; None is no tag at all.
    tags
        Tag → ids of influencers.
    """

    ids: tuple[str, ...]
    tagged: tuple[str, ...]

    def __new__(cls, names: Iterable[str | None], tags: Tags) -> Tagged:
        """Look the chosen tags up."""
        made = super().__new__(cls, tuple(names))
        made.ids = tuple(sorted({i for n in made if n is not None for i in tags[n]}))
        made.tagged = tuple(sorted({i for ids in tags.values() for i in ids}))
        return made

    def __repr__(self) -> str:
        return f"Tagged({tuple(self)!r}, {self.ids!r}, {self.tagged if None in self else ()!r})"

    def condition(self) -> nw.Expr:
        """Return whether a row is of an influencer with one of the tags."""
        chosen = condition("influencer_id", self.ids)
        if None not in self:
            return chosen.fill_null(False)
        return chosen.fill_null(False) | ~condition("influencer_id", self.tagged).fill_null(False)


def checked(ledger: Ledger, name: str, value: Any, tags: Tags | None = None) -> Values:
    """Return a filter's value in canonical form.

    Parameters
    ----------
    ledger
        Whose dimensions and values are known.
    name
        A dimension, ``date`` or ``follower_count``.
    value
        One value, several, or (first, last) for the two ranges; a date also in words
        (`hk_metrics.view.period`), seen from the day after the data's last or from today,
        whichever is earlier.
    tags
        Of the team: ``tag`` chooses the influencers that have one of them, where the data has no
        dimension of that name itself.

    Returns
    -------
    tuple
        (first, last) for a range, else the selected values with None for the missing one.

    Raises
    ------
    UnknownNameError
        For a dimension or a value that the data does not have.
    ParameterError
        For a date that is not one, or a range that ends before it begins.
    """
    if name == "date" and name in ledger.columns:
        return _dates(ledger, value)
    if name in RANGES and name in ledger.columns:
        return _span(name, value)
    own = {TAG: tags} if tags and TAG not in ledger.dimensions else {}
    if name not in ledger.dimensions and name not in own:
        ranges = sorted(RANGES & set(ledger.columns))
        if name == TAG:
            raise UnknownNameError("nobody has a tag yet, so nothing can be chosen by one")
        raise UnknownNameError.of("dimension", name, [*ranges, *own, *ledger.dimensions])
    many = isinstance(value, Iterable) and not isinstance(value, str)
    chosen = tuple(
        None if isinstance(v, str) and v == NONE else v for v in (value if many else (value,))
    )
    if name in own:
        return Tagged(_known(chosen, name, own[name]), own[name])
    if name == "organic":
        return chosen
    return _known(chosen, name, ledger.values(name))


def _known(chosen: Values, name: str, known: Iterable[str | None]) -> tuple[str | None, ...]:
    """Return chosen values as text, each of which is known."""
    texts = tuple(v if v is None else str(v) for v in chosen)
    for text in set(texts) - set(known) - {None}:
        raise UnknownNameError.of(name, text, sorted(v for v in known if v is not None))
    return texts


def condition(name: str, values: Values) -> nw.Expr:
    """Return a checked filter as a condition that is true or false for every row."""
    if isinstance(values, Tagged):
        return values.condition()
    if name in RANGES:
        return _within(name, *values)
    chosen = [v for v in values if v is not None]
    column = nw.col(name)
    # A literal alone has no length of its own, and cannot filter.
    selected = column.is_in(chosen) if chosen else column.is_null() & nw.lit(False)
    if None in values:
        return selected.fill_null(False) | column.is_null()
    return selected


def _within(name: str, first: Any, last: Any) -> nw.Expr:
    bound = nw.lit(True)
    if first is not None:
        bound = bound & (nw.col(name) >= _midnight(first))
    if last is not None:
        bound = bound & (nw.col(name) <= _midnight(last))
    return bound


def _midnight(value: Any) -> Any:
    return datetime(value.year, value.month, value.day) if isinstance(value, date) else value


def _dates(ledger: Ledger, value: Any) -> Values:
    """Return the first and last day of a period, however it is given."""
    if isinstance(value, slice):
        value = (value.start, value.stop)
    if isinstance(value, str | date) or hasattr(value, "start_time"):
        value = (value, value)
    if isinstance(value, Iterable):
        value = tuple(_end(ledger, v, i) for i, v in enumerate(value))
    return _span("date", value)


def _end(ledger: Ledger, value: Any, last: int) -> Any:
    """Return the first or the last day of what may be a month, a quarter or words."""
    if hasattr(value, "start_time"):
        return (value.start_time, value.end_time)[min(last, 1)]
    if not isinstance(value, str) or not value or _ISO.match(value):
        return value
    try:
        found = days(value, _today(ledger))
    except UnknownNameError:
        raise ParameterError(
            f"date={value!r}: write a period like '2025-03', '2025-Q1', '2025', 'last_month' or "
            "'last_30_days', or give its ends: ('2025-03-01', '2025-03-31')"
        ) from None
    return found[min(last, 1)] if found else None


def _today(ledger: Ledger) -> date:
    now = datetime.now(ZoneInfo(ledger.settings.timezone)).date()
    return min(now, ledger.period[1] + timedelta(days=1)) if ledger.period else now


def _span(name: str, value: Any) -> Values:
    example = "('2025-03-01', '2025-03-31')" if name == "date" else "(10000, 50000)"
    try:
        first, last = value
    except (TypeError, ValueError):
        raise ParameterError(f"{name}={value!r}: give (first, last), e.g. {example}") from None
    read = _day if name == "date" else _number
    start: Any = read(first)
    end: Any = read(last)
    if start is not None and end is not None and start > end:
        raise ParameterError(f"{name}: {start} comes after {end}; swap them")
    return start, end


def _number(value: Any) -> float | None:
    try:
        return None if value in (None, "") else float(value)
    except ValueError:
        raise ParameterError(f"{value!r} is not a number") from None


def _day(value: Any) -> date | None:
    if value is None or value == "":
        return None
    if isinstance(value, date) and value == value:  # pandas' NaT is a date that equals nothing
        return value.date() if isinstance(value, datetime) else value
    try:
        return datetime.fromisoformat(str(value)).date()
    except ValueError:
        raise ParameterError(f"{value!r} is not a date; write it like 2025-03-31") from None
