"""Charts at the size that a letter's column wants, as data: plotly is only needed in the page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from hk_metrics.figures import picture
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

    @cached_property
    def _shown(self) -> dict[str, Any]:
        figure = figure_json(self.chart, self.settings, self.height)
        words = {"text/plain": alternative_text(self.chart)}
        return {FIGURE: figure, **picture.bundle(figure), **words}

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        return self._shown, {picture.PNG: {"alt": alternative_text(self.chart)}}
