"""What people type, in one line and of a length that a page can show."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime

from hk_metrics.errors import ParameterError


def line(written: object, what: str, most: int) -> str:
    """Return typed text in one line.

    Parameters
    ----------
    written
        As it was typed.
    what
        How a message calls it.
    most
        Characters.

    Raises
    ------
    ParameterError
        For nothing, or too much.

    >>> line("  price \\n rise ", "note", 200)
    'price rise'
    """
    kept = (" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in str(written))
    text = " ".join("".join(kept).split())
    if not text:
        raise ParameterError(f"the {what} is empty: write a few words")
    if len(text) > most:
        raise ParameterError(f"the {what} has {len(text):,} characters; at most {most} are kept")
    return text


def typed_day(given: date | str) -> date:
    """Return a day that was typed, or given as one.

    Raises
    ------
    ParameterError
        For what is no day.

    >>> typed_day(" 2025-06-03 ")
    datetime.date(2025, 6, 3)
    """
    if isinstance(given, date):
        return given.date() if isinstance(given, datetime) else given
    try:
        return date.fromisoformat(str(given).strip())
    except ValueError:
        raise ParameterError(f"{given!r} is no day: write it as 2025-07-31") from None
