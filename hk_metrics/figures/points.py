"""Charts of single things: scatter, histogram, intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hk_metrics.figures.axes import PLAIN, layout, legend, log_axis, value_axis
from hk_metrics.figures.categories import NO_DATA, label_of
from hk_metrics.figures.chart import Chart, safe
from hk_metrics.figures.palette import ACCENT, GOOD, MUTED, POOR, Palette
from hk_metrics.formatting import text
from hk_metrics.metrics import METRICS, Unit
from hk_metrics.settings import Settings

if TYPE_CHECKING:
    import pandas as pd


def scatter(
    frame: pd.DataFrame,
    x: str,
    y: str,
    *,
    settings: Settings,
    palette: Palette,
    units: Mapping[str, Unit],
    labels: Mapping[str, str],
    colour: str = "",
    log: Sequence[str] = (),
    lines: Sequence[dict[str, Any]] = (),
    title: str = "",
    subtitle: str = "",
) -> Chart:
    """Return one point per row.

    Parameters
    ----------
    frame
        One row per thing; index = its id, a column ``name``, the two measures, and the column
        named by ``colour`` (a dimension).
    units, labels
        Of the two measures, by column.
    log
        Which of "x" and "y" are logarithmic.
    lines
        Plotly shapes to draw below: break-even, medians.
    """
    known = frame.dropna(subset=[x, y])
    for axis, column in (("x", x), ("y", y)):
        known = known[known[column] > 0] if axis in log else known
    groups = list(known.groupby(colour, sort=False, dropna=False)) if colour else [("", known)]
    dimension = str(frame.index.name or "influencer_id")
    traces = [
        {
            "type": "scatter",
            "mode": "markers",
            "name": safe(value) if value == value else "(none)",
            "x": part[x].tolist(),
            "y": part[y].tolist(),
            "marker": {"color": palette.of_value(colour, str(value)) if colour else ACCENT, "size": 9,
                       "opacity": 0.8, "line": {"width": 1, "color": "var(--surface)"}},
            "customdata": [
                [str(i), safe(n), text(units[x], a, settings), text(units[y], b, settings)]
                for i, n, a, b in zip(part.index, part["name"], part[x], part[y], strict=True)
            ],
            "meta": {"dimension": dimension},
            "hovertemplate": f"<b>%{{customdata[1]}}</b><br>{labels[x]} %{{customdata[2]}}<br>"
            f"{labels[y]} %{{customdata[3]}}<extra></extra>",
        }
        for value, part in groups
    ]  # fmt: skip
    axes = {
        name: log_axis(known[c], units[c], settings)
        if name in log
        else value_axis(known[c], units[c], settings, from_zero=False)
        for name, c in (("x", x), ("y", y))
    }
    table = known[["name", *([colour] if colour else []), x, y]].rename(
        columns={"name": label_of(dimension), colour: label_of(colour), **labels}
    )
    return Chart(
        data=traces if len(known) else [],
        layout=layout(
            xaxis={**axes["x"], "title": {"text": labels[x]}},
            yaxis={**axes["y"], "title": {"text": labels[y]}},
            shapes=list(lines),
            showlegend=bool(colour),
            legend=legend(),
        ),
        title=title or f"{labels[x]} and {labels[y].lower()}",
        subtitle=subtitle,
        table=table.reset_index(drop=True),
        units={labels[x]: units[x], labels[y]: units[y]},
        empty="" if len(known) else NO_DATA,
    )


def line_at(value: float, axis: str) -> dict[str, Any]:
    """Return a dashed line across the plot at a value of one axis."""
    ends = {"x0": value, "x1": value, "y0": 0, "y1": 1, "yref": "paper"}
    if axis == "y":
        ends = {"y0": value, "y1": value, "x0": 0, "x1": 1, "xref": "paper"}
    return {
        "type": "line",
        "layer": "below",
        "line": {"dash": "dot", "width": 1.4, "color": MUTED},
        **ends,
    }


def histogram(
    values: Sequence[float],
    *,
    unit: Unit,
    label: str,
    settings: Settings,
    bins: int = 24,
    mark: float | None = None,
    mark_text: str = "",
    title: str = "",
    what: str = "influencers",
) -> Chart:
    """Return how many things have which value; those left of the mark in the colour of a loss.

    The top 2 % are gathered in the last bar, so that one outlier does not flatten the rest.
    """
    import numpy as np
    import pandas as pd

    known = np.array([v for v in values if v == v and abs(v) != float("inf")], dtype=float)
    if not len(known):
        return Chart([], title=title or label, empty=NO_DATA)
    top = float(np.quantile(known, 0.98)) if len(known) > 50 else float(known.max())
    low = min(float(known.min()), mark if mark is not None else known.min())
    edges = np.linspace(low, max(top, low + 1e-9), min(bins, max(4, len(known) // 2)) + 1)
    if mark is not None and low < mark < top:
        edges = edges + (mark - edges[np.abs(edges - mark).argmin()])
        edges = np.concatenate([[min(low, edges[0])], edges[1:]])
    heights, edges = np.histogram(np.clip(known, edges[0], edges[-1]), edges)
    middles = (edges[:-1] + edges[1:]) / 2
    spans = [
        f"{text(unit, a, settings, 'compact')} to {text(unit, b, settings, 'compact')}"
        for a, b in zip(edges[:-1], edges[1:], strict=True)
    ]
    colours = [POOR if mark is not None and m < mark else ACCENT for m in middles]
    shapes = [line_at(mark, "x")] if mark is not None else []
    notes = (
        [
            {
                "x": mark,
                "y": 1,
                "yref": "paper",
                "text": safe(mark_text),
                "showarrow": False,
                "xanchor": "left",
                "xshift": 4,
                "yanchor": "top",
            }
        ]
        if mark is not None and mark_text
        else []
    )
    trace = {
        "type": "bar", "x": middles.tolist(), "y": heights.tolist(), "width": np.diff(edges).tolist(),
        "marker": {"color": colours, "line": {"width": 1.5, "color": "var(--surface)"}}, "customdata": spans,
        "hovertemplate": f"%{{customdata}}<br>%{{y}} {what}<extra></extra>",
    }  # fmt: skip
    return Chart(
        data=[trace],
        layout=layout(xaxis={**value_axis(edges, unit, settings, from_zero=False), "showgrid": False, "title": {"text": label}},
                      yaxis={**value_axis([*heights.tolist(), 1], "count", settings), "title": {"text": what.capitalize()}},
                      bargap=0, shapes=shapes, annotations=notes),
        title=title or f"Distribution of {label.lower()}",
        table=pd.DataFrame({label: spans, what.capitalize(): heights.tolist()}),
        units={what.capitalize(): "count"},
    )  # fmt: skip


def intervals(
    frame: pd.DataFrame,
    *,
    unit: Unit,
    settings: Settings,
    title: str = "",
    subtitle: str = "",
    mark: float | None = None,
) -> Chart:
    """Return estimates with their intervals, one a line.

    Parameters
    ----------
    frame
        One row per estimate (index = what it is called) with ``estimate``, ``lower``, ``upper``;
        the last two NaN where there is no interval.
    mark
        Where to draw a line, e.g. 1 for break-even.
    """
    shown = frame.dropna(subset=["estimate"]).iloc[::-1]
    texts = [
        f"{text(unit, e, settings)} ({text(unit, a, settings)} to {text(unit, b, settings)})"
        if a == a
        else text(unit, e, settings)
        for e, a, b in zip(shown["estimate"], shown["lower"], shown["upper"], strict=True)
    ]
    trace = {
        "type": "scatter", "mode": "markers", "x": shown["estimate"].tolist(),
        "y": [safe(n) for n in shown.index], "marker": {"size": 11, "color": [GOOD if mark is not None and a == a and a > mark else POOR if mark is not None and b == b and b < mark else ACCENT for a, b in zip(shown["lower"], shown["upper"], strict=True)]},
        "error_x": {"type": "data", "symmetric": False, "array": (shown["upper"] - shown["estimate"]).tolist(),
                    "arrayminus": (shown["estimate"] - shown["lower"]).tolist(), "color": MUTED, "thickness": 1.6, "width": 4},
        "customdata": texts, "hovertemplate": "<b>%{y}</b><br>%{customdata}<extra></extra>",
    }  # fmt: skip
    ends = [*shown["estimate"], *shown["lower"].dropna(), *shown["upper"].dropna()]
    table = frame.reset_index(names="Estimate of").rename(
        columns={"estimate": "Estimate", "lower": "Lower", "upper": "Upper"}
    )
    return Chart(
        data=[trace] if len(shown) else [],
        layout=layout(xaxis=value_axis([*ends, *([mark] if mark is not None else [])], unit, settings),
                      yaxis={**PLAIN, "type": "category"}, shapes=[line_at(mark, "x")] if mark is not None else []),
        title=title,
        subtitle=subtitle,
        table=table[["Estimate of", "Estimate", "Lower", "Upper"]],
        units=dict.fromkeys(("Estimate", "Lower", "Upper"), unit),
        empty="" if len(shown) else NO_DATA,
    )  # fmt: skip
