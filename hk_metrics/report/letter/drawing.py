"""Charts at the size that a letter's column wants, as data: plotly is only needed in the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hk_metrics.figures.palette import LIGHT
from hk_metrics.report.html import FIGURE

if TYPE_CHECKING:
    from hk_metrics.figures import Chart


@dataclass(frozen=True, eq=False)
class Drawing:
    """A chart as a notebook shows it.

    Parameters
    ----------
    chart
        Its traces and layout.
    height
        In CSS pixels.
    """

    chart: Chart
    height: int

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        chart = self.chart
        said = ". ".join(s for s in (chart.title, chart.subtitle, chart.note, chart.empty) if s)
        drawn = _on_paper(chart.payload())
        more = {
            "title": {"text": chart.title},
            "height": self.height,
            "meta": {"description": said},
        }
        figure = {"data": drawn["data"], "layout": {**drawn["layout"], **more}}
        return {FIGURE: figure, "text/plain": said}


def drawn(chart: Chart, height: int) -> Drawing:
    """Return a chart at a height (CSS pixels), its words as its text alternative."""
    return Drawing(chart, height)


def _on_paper(value: Any) -> Any:
    """The page's own colours as they are in light."""
    if isinstance(value, Mapping):
        return {name: _on_paper(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_on_paper(part) for part in value]
    return LIGHT.get(value, value) if isinstance(value, str) else value
