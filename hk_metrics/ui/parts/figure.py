"""A chart on the page: its traces and layout as plain data, drawn in place by plotly.js."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import traitlets as t

from hk_metrics.figures import Chart
from hk_metrics.figures.plotly_script import needs_whole
from hk_metrics.ui.parts.components import Component, module


class Figure(Component):
    """A chart with its title, its explanation and its data as a table.

    Plotly's script (1.5 MB, or all 5 MB where a trace is of a rare kind) is loaded once for the
    page; a change arrives as one message with the whole figure and is drawn by ``Plotly.react``,
    which touches only what differs.
    """

    _esm = module("figure.js")
    figure = t.Dict().tag(sync=True)
    words = t.Dict().tag(sync=True)
    explain = t.Dict().tag(sync=True)
    whole = t.Bool(False).tag(sync=True)
    height = t.Int(300).tag(sync=True)

    chart: Chart | None = None

    def __init__(self, height: int = 300, explain: Mapping[str, Any] | None = None) -> None:
        super().__init__(height=height, explain=dict(explain or {}))

    def draw(self, chart: Chart) -> None:
        """Show a chart in the place of the one before, in one message."""
        self.chart, payload = chart, chart.payload()
        drawn = {name: payload.pop(name) for name in ("data", "layout")}
        with self.hold_sync():
            self.whole = needs_whole(drawn["data"])
            self.figure, self.words = drawn, payload
