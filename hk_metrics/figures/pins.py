"""Notes on days as small numbered marks on charts over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from hk_metrics.figures.chart import Chart, Trace, safe
from hk_metrics.formatting import day
from hk_metrics.team import DayNote

if TYPE_CHECKING:
    from collections.abc import Iterator

_LISTED = 6  # notes told below a chart; its marks tell all
_STAGGER = 2  # marks nearer than this share of the axis (in hundredths) stand one above the other
_LEVELS = 3


def pinned(chart: Chart, notes: Sequence[DayNote]) -> Chart:
    """Return a chart over time with notes on its days; any other as it is.

    Parameters
    ----------
    chart
        Its x axis is one of dates.
    notes
        On days of the chart's period; numbered from 1 in their order, so that a note has the same
        number on every chart.
    """
    axis = chart.layout.get("xaxis", {})
    if chart.empty or axis.get("type") != "date" or not notes:
        return chart
    layout = {
        **chart.layout,
        "shapes": [*chart.layout.get("shapes", ()), *map(_line, notes)],
        "yaxis2": {"overlaying": "y", "range": [0, 1], "visible": False, "fixedrange": True},
    }
    words = " ".join(filter(None, (chart.note, _listed(notes))))
    return replace(
        chart, data=[*chart.data, _marks(notes, _span(chart, notes))], layout=layout, note=words
    )


def _span(chart: Chart, notes: Sequence[DayNote]) -> int:
    """Return how many days the axis is long, at least 1."""
    shown = {str(x)[:10] for trace in chart.data for x in trace.get("x", ())}
    days = sorted(shown | {n.day.isoformat() for n in notes})
    return max(1, (date.fromisoformat(days[-1]) - date.fromisoformat(days[0])).days)


def _line(note: DayNote) -> dict[str, Any]:
    """Return a thin line over the height of the plot at a note's day."""
    at = note.day.isoformat()
    return {"type": "line", "layer": "below", "yref": "paper", "x0": at, "x1": at, "y0": 0,
            "y1": 1, "line": {"dash": "dot", "width": 1, "color": "var(--muted)"}}  # fmt: skip


def _marks(notes: Sequence[DayNote], span: int) -> Trace:
    """Return the numbers at the top of the plot, with the words where they are pointed at."""
    return {
        "type": "scatter",
        "mode": "markers+text",
        "name": "Note",
        "x": [note.day.isoformat() for note in notes],
        "y": list(_heights(notes, span)),
        "yaxis": "y2",
        "text": [str(n) for n, _ in enumerate(notes, 1)],
        "textfont": {"size": 10, "color": "var(--surface)"},
        "marker": {"size": 16, "color": "var(--muted)"},
        "hovertext": [safe(f"{n}: {note.words}") for n, note in enumerate(notes, 1)],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "cliponaxis": False,
        "showlegend": False,
    }


def _heights(notes: Sequence[DayNote], span: int) -> Iterator[float]:
    """Yield where marks stand, so that those of near days do not lie on each other."""
    level, before = 0, None
    for note in notes:
        near = before is not None and (note.day - before).days * 100 <= _STAGGER * span
        level, before = ((level + 1) % _LEVELS if near else 0), note.day
        yield 0.96 - 0.1 * level


def _listed(notes: Sequence[DayNote]) -> str:
    """Return the notes in words, below a chart.

    >>> _listed([DayNote(date(2025, 6, 3), "price rise")])
    'Notes: 1) 3 Jun 2025: price rise.'
    """
    listed = [f"{n}) {day(note.day)}: {note.words}" for n, note in enumerate(notes[:_LISTED], 1)]
    more = [f"and {len(notes) - _LISTED} more"] if len(notes) > _LISTED else []
    return f"Notes: {'; '.join([*listed, *more])}."
