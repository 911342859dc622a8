"""A chart as plain data: traces, layout, and the same numbers as a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from hk_metrics.figures.palette import LIGHT
from hk_metrics.formatting import plain, text
from hk_metrics.metrics import METRICS, parts
from hk_metrics.wording import sentences

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

    from hk_metrics.settings import Settings

Trace = dict[str, Any]


@dataclass(frozen=True)
class Chart:
    """A plotly figure before plotly: light to make, light to send, the same on every surface.

    Colours may be the page's own (``var(--accent)``), which the page resolves for its theme and
    `figure` for paper.

    Parameters
    ----------
    data, layout
        Plotly's traces and layout, as dicts. A trace whose ``meta`` names a ``unit`` has numbers
        as ``customdata``, which are put in words where it is drawn.
    title, subtitle, note
        Words above and below.
    table
        The chart's numbers, one row per mark: its alternative in text.
    units
        Column of ``table`` → unit, for the columns that are metrics.
    empty
        What to say where there is nothing to draw.
    """

    data: Sequence[Trace]
    layout: Mapping[str, Any] = field(default_factory=dict)
    title: str = ""
    subtitle: str = ""
    note: str = ""
    table: pd.DataFrame | None = None
    units: Mapping[str, str] = field(default_factory=dict)
    empty: str = ""

    def figure(self, settings: Settings | None = None) -> go.Figure:
        """Return the chart as a plotly figure on white, for notebooks and reports."""
        import plotly.graph_objects as go

        from hk_metrics.figures import picture

        picture.offer()
        figure = go.Figure(**self.on_paper(settings))
        return figure.update_layout(template="plotly_white", title=heading(self.title))

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return self.figure()._repr_mimebundle_(**options)

    def on_paper(self, settings: Settings | None = None) -> dict[str, Any]:
        """Return traces and layout as JSON has them, in light colours, hover values in words."""
        traces = [_worded(trace, settings) for trace in self.data]
        return {"data": _plain(_resolved(traces)), "layout": _plain(_resolved(dict(self.layout)))}

    def payload(self) -> dict[str, Any]:
        """Return what the page needs to draw it, without NaN."""
        return {
            "data": [_plain(trace) for trace in self.data],
            "layout": _plain(dict(self.layout)),
            "title": self.title,
            "subtitle": self.subtitle,
            "note": self.note,
            "empty": self.empty,
            "table": _table(self.table, self.units),
        }


def lacking(values: object, metrics: Sequence[str]) -> str:
    """Return why metrics of a frame cannot be told, as the view that made it says; else empty."""
    reasons: Mapping[str, str] = getattr(values, "attrs", {}).get("unavailable", {})
    return sentences(reasons, metrics)


def undated(values: object, metrics: Sequence[str], settings: Settings) -> str:
    """Return how much money metrics by time leave out, since nothing dates it; else empty."""
    left_out: Mapping[str, float] = getattr(values, "attrs", {}).get("undated", {})
    terms = {c for m in metrics for p in parts(m) for c in getattr(METRICS[p], "terms", {})}
    amounts = [f"{text('money', v, settings)} of {m}" for m, v in left_out.items() if m in terms]
    be = "has" if len(amounts) == 1 else "have"
    return f"{' and '.join(amounts)} {be} no date: in totals, and on no day." if amounts else ""


def heading(title: str) -> dict[str, Any]:
    """Return a title inside a figure, which makes the room that it takes."""
    place = {"x": 0, "xref": "container", "y": 0.97, "yref": "container", "yanchor": "top"}
    return {"text": safe(title), "automargin": True, "font": {"size": 16}, **place} if title else {}


def safe(text: object) -> str:
    """Return text from data as plotly shows it letter by letter: it reads some tags itself.

    >>> safe("<b>A&B</b>")
    '&lt;b&gt;A&amp;B&lt;/b&gt;'
    """
    return str(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def relabelled(chart: Chart, old: str, new: str) -> Chart:
    """Return a chart whose table calls a column by another name."""
    table = None if chart.table is None else chart.table.rename(columns={old: new})
    return replace(
        chart, table=table, units={new if k == old else k: u for k, u in chart.units.items()}
    )


def _worded(trace: Trace, settings: Settings | None) -> Trace:
    """Return a trace whose hover values are words; the page writes them itself."""
    unit = (trace.get("meta") or {}).get("unit")
    if unit is None:
        return trace
    return {**trace, "customdata": [text(unit, v, settings) for v in trace["customdata"]]}


def _resolved(value: Any) -> Any:
    if isinstance(value, str):
        return LIGHT.get(value, value)
    if isinstance(value, Mapping):
        return {k: _resolved(v) for k, v in value.items()}
    return [_resolved(v) for v in value] if isinstance(value, list | tuple) else value


def _plain(value: Any) -> Any:
    """Return nested values as JSON has them."""
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list | tuple | Iterator):
        return [_plain(v) for v in value]
    return plain(value)


def _table(table: pd.DataFrame | None, units: Mapping[str, str]) -> dict[str, Any]:
    if table is None:
        return {"columns": [], "rows": []}
    columns = [{"label": str(c), "unit": units.get(str(c), "text")} for c in table.columns]
    rows = zip(*(table[c].tolist() for c in table.columns), strict=True)
    return {"columns": columns, "rows": [_plain(list(row)) for row in rows]}
