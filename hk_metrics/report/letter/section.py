"""One part of a letter that fails is told in its place; the others go on without it."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from hk_metrics.errors import HkMetricsError
from hk_metrics.report.html import FAILURE, missing
from hk_metrics.report.letter.note import Note
from hk_metrics.report.letter.story import Story

# Parts that say something where the period has no row; a page of dashes says nothing.
_OF_NOTHING = ("opening", "plan", "data_quality")
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Missing:
    """What stands in the place of a part that could not be made.

    Parameters
    ----------
    title
        The part's name, in words.
    reason
        One line: what went wrong and, for a fault of ours, where.
    """

    title: str
    reason: str

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        words = missing(self.title, self.reason)
        return {"text/html": words, FAILURE: {"title": self.title, "reason": self.reason}}


def section(
    part: Callable[Concatenate[Story, P], T],
) -> Callable[Concatenate[Story, P], T | Missing]:
    """Return a part of the letter that gives a `Missing` instead of failing.

    Parameters
    ----------
    part
        Story → something that shows itself; it is drawn once here, because a notebook drops what
        fails only when it is shown. Where the period has no row it says nothing, unless it is one
        of those that then have something to say.
    """

    @wraps(part)
    def guarded(story: Story, /, *args: P.args, **kwargs: P.kwargs) -> T | Missing:
        try:
            if story.is_empty and part.__name__ not in _OF_NOTHING:
                return Note("")  # type: ignore[return-value]
            made = part(story, *args, **kwargs)
            show = getattr(made, "_repr_mimebundle_", None) or made._repr_html_  # type: ignore[attr-defined]
            show()
        except Exception as failure:  # noqa: BLE001 - whatever it is, the others are wanted
            return Missing(_title(part.__name__, args), _reason(failure))
        return made

    return guarded


def _title(name: str, args: tuple[Any, ...]) -> str:
    """What the reader knows the part by: "By brand", "To review".

    >>> _title("by", ("follower_size",))
    'By follower size'
    """
    words = [name, *(a for a in args if isinstance(a, str))]
    return " ".join(words).replace("_", " ").capitalize()


def _reason(failure: Exception) -> str:
    if isinstance(failure, HkMetricsError):
        return str(failure)
    last = traceback.extract_tb(failure.__traceback__)[-1]
    place = f"{last.filename.rpartition('/')[2]}, line {last.lineno}"
    return f"{type(failure).__name__}: {failure} ({place})"
