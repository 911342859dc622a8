"""Charts at the size that a letter's column wants."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from hk_metrics.figures import Chart


def drawn(chart: Chart, height: int) -> go.Figure:
    """Return a chart as a figure of a height (CSS pixels), its words as its text alternative."""
    said = ". ".join(s for s in (chart.title, chart.subtitle, chart.note) if s)
    figure = chart.figure()
    return figure.update_layout(height=height, meta={"description": said}, autosize=True)
