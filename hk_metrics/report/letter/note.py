"""A sentence or a short list that stands between tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hk_metrics.present import html


@dataclass(frozen=True)
class Note:
    """A heading and what is said below it; nothing at all where all three are empty.

    Parameters
    ----------
    title
        Empty for none.
    text
        One paragraph; empty for none.
    points
        Below it, as a list.
    """

    title: str
    text: str = ""
    points: Sequence[str] = ()

    def _repr_html_(self) -> str:
        return html.note(self.title, self.text, self.points)
