"""Tags of influencers: lists that a team makes, folded from what was added and taken away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from hk_metrics.errors import ParameterError
from hk_metrics.team.words import line

TAG = "tag"
_LONGEST = 40
_RESERVED = "(none)"


def tag_named(name: str, known: Iterable[str]) -> str:
    """Return a tag as it was typed; as it is spelled already, where there is one like it.

    Raises
    ------
    ParameterError
        For a name that is empty, too long or taken by what has no tag.

    >>> tag_named(" summer  LIST ", ["Summer list"])
    'Summer list'
    """
    written = line(name, "tag", _LONGEST)
    if written.casefold() == _RESERVED:
        raise ParameterError(f"{written!r} is what has no tag: choose another name")
    alike = {k.casefold(): k for k in known}
    return alike.get(written.casefold(), written)


def folded(changes: Iterable[Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    """Return tag → influencers after changes, each of which adds to or takes from one tag.

    >>> folded([{"tag": "micro", "add": ["1", "2"]}, {"tag": "micro", "drop": ["1"]}])
    {'micro': ('2',)}
    """
    held: dict[str, dict[str, None]] = {}
    for change in changes:
        tag = held.setdefault(str(change["tag"]), {})
        tag.update(dict.fromkeys(map(str, change.get("add", ()))))
        for gone in change.get("drop", ()):
            tag.pop(str(gone), None)
    return {name: tuple(ids) for name, ids in sorted(held.items()) if ids}
