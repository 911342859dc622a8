"""What of a team's words those may read who see a part of the data: nothing that names the rest."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from hk_metrics.team import DayNote, SavedView, Team
from hk_metrics.team.tags import TAG
from hk_metrics.view.filters import NONE

if TYPE_CHECKING:
    from hk_metrics.dataset import Dataset
    from hk_metrics.store.book import TeamBook

_LONG = 4  # letters from which a name is looked for inside of words, too
_FILTER = "f."


def allowed(whole: Dataset, part: Dataset, book: TeamBook) -> tuple[list[SavedView], Team]:
    """Return the views, notes and tags of a store that name nothing of what is not in a part.

    Who wrote them is left out: that, too, belongs to the whole.
    """
    names = _texts(whole) - _texts(part)
    foreign = _finder(names)
    people = {str(i) for i in part.tables["influencers"]["id"]}
    own = {tag: tuple(i for i in ids if i in people) for tag, ids in book.tags().items()}
    tags = {tag: ids for tag, ids in own.items() if ids and not foreign(tag)}
    brands = _values(part, "brand")
    notes = [replace(n, by="") for n in book.notes() if _may_read(n, brands, foreign)]
    views = [replace(v, by="") for v in book.views() if _may_open(v, part, tags, foreign)]
    return views, Team(tuple(notes), tags)


def _may_read(note: DayNote, brands: Collection[str], foreign: Callable[[str], bool]) -> bool:
    return (not note.brand or note.brand in brands) and not foreign(note.text)


def _may_open(
    view: SavedView, part: Dataset, tags: Collection[str], foreign: Callable[[str], bool]
) -> bool:
    """Whether every value that a view chooses is in the part, and its words name nothing else."""
    if foreign(view.name):
        return False
    dimensions = set(part.view().dimensions)
    for name, value in parse_qsl(view.query, keep_blank_values=True):
        dimension = name.removeprefix(_FILTER)
        known = _values(part, dimension) if dimension in dimensions else set()
        if dimension == TAG and not known:
            known = set(tags)
        if dimension in {*dimensions, TAG}:
            if value != NONE and value not in known:
                return False
        elif foreign(value) or foreign(name):
            return False
    return True


def _values(data: Dataset, dimension: str) -> set[str]:
    view = data.view()
    known = view.values(dimension) if dimension in view.dimensions else []
    return {str(v) for v in known if v is not None}


def _texts(data: Dataset) -> set[str]:
    """Return every value of a dimension, and the names of influencers, in small letters."""
    found = {v for d in data.view().dimensions if d != "organic" for v in _values(data, d)}
    people = data.tables["influencers"]
    for column in ("id", "name"):
        if column in people.columns:
            found |= {str(v) for v in people[column].drop_nulls()}
    return {v.casefold() for v in found if any(c.isalpha() for c in v)}


def _finder(names: Collection[str]) -> Callable[[str], bool]:
    """Return what says whether a text names one of the names."""
    long = [n for n in names if len(n) >= _LONG]
    short = {n for n in names if len(n) < _LONG}

    def names_one(text: str) -> bool:
        small = text.casefold()
        return any(n in small for n in long) or not short.isdisjoint(re.findall(r"\w+", small))

    return names_one
