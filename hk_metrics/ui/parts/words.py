"""Sentences on a page: titled lists that say in words what a figure cannot."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from hk_metrics.ui.parts.components import Sentences
from hk_metrics.ui.parts.panels import Panel, PanelAnswers
from hk_metrics.view import Query


def sentences(
    title: str,
    draw: Callable[[PanelAnswers], list[dict[str, str]]],
    *asks: Query,
    span: int = 6,
    late: bool = False,
    hides: bool = False,
    look: Literal["", "lead", "line"] = "",
) -> Panel:
    """Return a panel with sentences: dicts of ``text`` and ``tone``.

    One that ``hides`` is not there where there is nothing to say.
    """
    widget = Sentences(title=title, look=look)
    widget.add_class(f"hk-span-{span}")

    def show(answers: PanelAnswers) -> None:
        widget.lines = draw(answers)
        gone = hides and not widget.lines
        (widget.add_class if gone else widget.remove_class)("hk-hidden")

    return Panel(widget, show, asks, late=late)


def explained(labels: Mapping[str, str], lines: Mapping[str, str]) -> dict[str, Any]:
    """Return what headings of a table explain: column → its heading and one line.

    >>> explained({"late": "Late"}, {"late": "After the due day."})
    {'late': {'title': 'Late', 'lines': ['After the due day.']}}
    """
    return {name: {"title": labels[name], "lines": [line]} for name, line in lines.items()}
