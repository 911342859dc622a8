"""Views saved by name: the choices of a page, for all who see the data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hk_metrics.errors import ParameterError
from hk_metrics.team.words import line

_LONGEST = 60
_LONGEST_QUERY = 20_000


@dataclass(frozen=True)
class SavedView:
    """A view by its name.

    Parameters
    ----------
    name
        What people call it.
    query
        The choices, as a link has them.
    by
        Who saved it, where that is known.
    key
        What tells it from others; empty for one that is not kept yet.
    at
        When it was saved, in UTC; None for one that is not kept yet.
    """

    name: str
    query: str
    by: str = ""
    key: str = ""
    at: datetime | None = None


def named(name: str, query: str) -> SavedView:
    """Return a view under a name as it was typed.

    Raises
    ------
    ParameterError
        For a name that is empty or too long, or for more choices than a link can hold.
    """
    if len(query) > _LONGEST_QUERY:
        raise ParameterError("this view has more choices than a link can hold: choose fewer values")
    return SavedView(line(name, "name of a view", _LONGEST), query)
