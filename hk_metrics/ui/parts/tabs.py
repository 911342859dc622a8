"""Tabs of a page: one of a few groups of rows is there, and the link says which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from hk_metrics.ui.parts.components import Choice
from hk_metrics.ui.parts.controls import choice, chosen
from hk_metrics.ui.parts.panels import Panel, Row, bar
from hk_metrics.ui.state import State

_OPTION = "tab"


def tabbed(
    state: State, label: str, tabs: Mapping[str, tuple[str, Sequence[Row]]], *beside: Panel
) -> list[Row]:
    """Return the tabs, and the rows of all of them: those of the tab in front are there.

    Parameters
    ----------
    state
        The visitor's choices; the tab in front is its option ``tab``.
    label
        What the tabs are of, for who cannot see them.
    tabs
        Name in a link → (what is written on it, its rows); the first is in front at first.
    beside
        Controls that are there in each of them.
    """
    names = {name: words for name, (words, _) in tabs.items()}
    first = next(iter(names))

    def within(name: str, one: Row) -> Row:
        def there(state: State) -> bool:
            in_front = chosen(state, _OPTION, names, first) == name
            return in_front and (one.when is None or one.when(state))

        return replace(one, when=there)

    rows = [within(name, r) for name, (_, rows) in tabs.items() for r in rows]
    return [bar(choice(state, _OPTION, label, names, first, "tabs"), *beside), *rows]


def in_front(panels: Iterable[Panel]) -> str:
    """Return what is written on the tab in front; nothing for a page without tabs."""
    shown = (p.widget for p in panels if isinstance(p.widget, Choice) and p.widget.kind == "tabs")
    return next((str(dict(w.options).get(w.value, "")) for w in shown), "")
