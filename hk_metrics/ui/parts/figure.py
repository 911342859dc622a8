"""A plotly figure that is updated in place: plotly's own widget, with our front end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

import traitlets as t

from hk_metrics.figures import Chart
from hk_metrics.startup import left_out
from hk_metrics.ui.arrival import served_by_voila
from hk_metrics.ui.parts.components import module

# plotly imports these for its own `show` and image export, which a served page never calls; through
# nbformat's validator that takes 1.6 s and 25 MB of every session.
SHOWN_BY_US = ("nbformat", "kaleido") if served_by_voila() else ()
with left_out(*SHOWN_BY_US):
    from plotly.graph_objs import FigureWidget


class Figure(FigureWidget):  # type: ignore[misc]
    """A chart with its title, its explanation and its data as a table.

    Everything that plotly's `FigureWidget` does in Python works: ``data``, ``layout``,
    ``batch_update``. Two things differ in the browser. Plotly's script (5 MB) is loaded once for
    the page instead of once for each figure; and a change arrives as one message with the state of
    the figure, drawn by ``Plotly.react`` once the figure is in sight, instead of an edit that is
    answered with all of plotly's defaults.
    """

    _esm = module("figure.js")
    words = t.Dict().tag(sync=True)
    explain = t.Dict().tag(sync=True)
    height = t.Int(300).tag(sync=True)

    chart: Chart | None = None
    _quiet = False
    _shown: Mapping[str, Any] = {}

    def __init__(self, height: int = 300, explain: Mapping[str, Any] | None = None) -> None:
        super().__init__(layout={"template": "none"})
        self.height, self.explain = height, dict(explain or {})

    def draw(self, chart: Chart) -> None:
        """Show a chart in the place of the one before, in one message."""
        self.chart, payload = chart, chart.payload()
        with self.hold_sync():
            with self._one_message(), self.batch_update():
                self._take(payload["data"], payload["layout"])
            self.words = {k: v for k, v in payload.items() if k not in ("data", "layout")}

    def _take(self, traces: list[dict[str, Any]], layout: dict[str, Any]) -> None:
        """Change what differs from the chart shown; start anew where the kinds of traces differ."""
        before = self._shown.get("data", [])
        if [x["type"] for x in traces] == [x["type"] for x in before]:
            for trace, new, old in zip(self.select_traces(), traces, before, strict=True):
                trace.update(_different(new, old), overwrite=True)
        else:
            self.data = ()
            self.add_traces(traces)
        for name, value in _different(layout, self._shown.get("layout", {})).items():
            self.layout[name] = value
        self._shown = {"data": traces, "layout": layout}

    @contextmanager
    def _one_message(self) -> Iterator[None]:
        self._quiet = True
        try:
            yield
        finally:
            self._quiet = False
            self._push()

    def _push(self, *_: Any, **__: Any) -> None:
        """Send the state of the figure, once per batch."""
        if self._quiet:
            return
        with self.hold_sync():
            self._widget_data = deepcopy(self._data)
            self._widget_layout = deepcopy(self._layout_obj._props)

    # Each kind of edit that plotly would send by itself.
    _send_update_msg = _send_relayout_msg = _send_restyle_msg = _push
    _send_addTraces_msg = _send_deleteTraces_msg = _send_moveTraces_msg = _push  # noqa: N815


def _different(new: Mapping[str, Any], old: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is new or changed; what is gone becomes None."""
    changed = {k: v for k, v in new.items() if k not in old or old[k] != v}
    return {**changed, **{k: None for k in old if k not in new}}
