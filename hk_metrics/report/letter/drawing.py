"""Charts at the size that a letter's column wants, as data: plotly is only needed in the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hk_metrics.present.html import alternative_text, figure_json
from hk_metrics.report.html import FIGURE
from hk_metrics.settings import Settings

if TYPE_CHECKING:
    from hk_metrics.figures import Chart


@dataclass(frozen=True, eq=False)
class Drawing:
    """A chart as a notebook shows it, at a height in CSS pixels."""

    chart: Chart
    height: int
    settings: Settings

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        figure = figure_json(self.chart, self.settings, self.height)
        return {FIGURE: figure, "text/plain": alternative_text(self.chart)}
