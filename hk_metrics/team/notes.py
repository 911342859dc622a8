"""Notes on days: what happened then that numbers alone do not say."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from hk_metrics.team.words import line, typed_day

_LONGEST = 200


@dataclass(frozen=True)
class DayNote:
    """A note on one day.

    Parameters
    ----------
    day
        The day that it is about.
    text
        Its words, in one line.
    brand
        The brand that it is about; empty for all.
    key
        What tells it from others; empty for one that is not kept yet.
    by
        Who wrote it, where that is known.
    """

    day: date
    text: str
    brand: str = ""
    key: str = ""
    by: str = ""

    @property
    def words(self) -> str:
        """The note with its brand.

        >>> DayNote(date(2025, 6, 3), "price rise", "Gritzo").words
        'price rise (Gritzo)'
        """
        return f"{self.text} ({self.brand})" if self.brand else self.text


def written(day: date | str, text: str, brand: str = "") -> DayNote:
    """Return a note as it was typed.

    Raises
    ------
    ParameterError
        For what is no day, or no text.

    >>> written("2025-06-03", " price  rise ")
    DayNote(day=datetime.date(2025, 6, 3), text='price rise', brand='', key='', by='')
    """
    return DayNote(typed_day(day), line(text, "note", _LONGEST), brand.strip())


def about(
    notes: Iterable[DayNote], days: tuple[date, date] | None, brands: Collection[str | None]
) -> tuple[DayNote, ...]:
    """Return the notes on days of a period, of some brands and of all of them.

    Parameters
    ----------
    days
        First and last day, both inclusive; None for none.
    brands
        Those in sight; empty for all.
    """
    if days is None:
        return ()
    first, last = days
    here = (n for n in notes if first <= n.day <= last)
    return tuple(n for n in here if not (n.brand and brands) or n.brand in brands)
