"""What people type, in one line and of a length that a page can show."""

from __future__ import annotations

import unicodedata

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
