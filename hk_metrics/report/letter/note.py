"""A sentence or a short list that stands between tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hk_metrics.present import html
from hk_metrics.report.outputs import FACTS


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
    links
        Where a point can be looked at: an address a point, empty for none.
    name
        Under which the letter in short has the points, for mails; empty for none.
    """

    title: str
    text: str = ""
    points: Sequence[str] = ()
    links: Sequence[str] = ()
    name: str = ""

    @property
    def facts(self) -> dict[str, list[dict[str, str]]]:
        """The points with their links, as the letter in short has them."""
        if not self.name:
            return {}
        links = self.links or [""] * len(self.points)
        listed = zip(self.points, links, strict=True)
        return {self.name: [{"text": text, "link": link} for text, link in listed]}

    def _repr_html_(self) -> str:
        return html.note(self.title, self.text, self.points, self.links)

    def _ipython_display_(self) -> None:
        """Show nothing at all, no empty place, where there is nothing to say."""
        from IPython.display import display

        if shown := self._repr_html_():
            words = "\n".join(w for w in (self.title, self.text, *self.points) if w)
            facts = {FACTS: self.facts} if self.facts else {}
            show: Any = display
            show({"text/html": shown, **facts, "text/plain": words}, raw=True)
