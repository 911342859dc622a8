"""Charts of single things: scatter, and estimates with their intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hk_metrics.figures.axes import AWAY, PLAIN, layout, legend, line_at, log_axis, value_axis
from hk_metrics.figures.categories import NO_DATA, label_of
from hk_metrics.figures.chart import Chart, Trace, lacking, safe
from hk_metrics.figures.palette import ACCENT, GOOD, MUTED, POOR, Palette
from hk_metrics.formatting import text
from hk_metrics.metrics import Unit
from hk_metrics.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

_OUTLINE = {"width": 1, "color": "var(--surface)"}


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
    known = _drawable(frame, x, y, log)
    dimension = str(frame.index.name or "influencer_id")
    groups = known.groupby(colour, sort=False, dropna=False) if colour else [("", known)]
    traces = []
    for value, part in groups:
        shade = palette.of_value(colour, str(value)) if colour else ACCENT
        points = _points(part, x, y, units, labels, settings)
        traces.append({**points, **_series(value, shade), "meta": {"dimension": dimension}})
    columns = ["name", *([colour] if colour else []), x, y]
    headings = {"name": label_of(dimension), colour: label_of(colour), **labels}
    return Chart(
        data=traces if len(known) else [],
        layout=layout(
            xaxis=_axis("x" in log, known[x], units[x], labels[x], settings),
            yaxis=_axis("y" in log, known[y], units[y], labels[y], settings),
            shapes=list(lines),
            showlegend=bool(colour),
            legend=legend(),
        ),
        title=title or f"{labels[x]} and {labels[y].lower()}",
        subtitle=subtitle,
        table=known[columns].rename(columns=headings).reset_index(drop=True),
        units={labels[x]: units[x], labels[y]: units[y]},
        empty="" if len(known) else lacking(frame, [x, y]) or NO_DATA,
    )


def _drawable(frame: pd.DataFrame, x: str, y: str, log: Sequence[str]) -> pd.DataFrame:
    """Return the rows that have both measures; positive ones where the axis is logarithmic."""
    known = frame.dropna(subset=[x, y])
    for axis, column in (("x", x), ("y", y)):
        known = known[known[column] > 0] if axis in log else known
    return known


def _axis(
    log: bool, values: pd.Series[float], unit: Unit, label: str, settings: Settings
) -> dict[str, Any]:
    axis = (
        log_axis(values, unit, settings)
        if log
        else value_axis(values, unit, settings, from_zero=False)
    )
    return {**axis, "title": {"text": label}}


def _series(value: object, shade: str) -> Trace:
    named = "(none)" if value is None or value != value else safe(value)
    return {
        "name": named,
        "marker": {"color": shade, "size": 9, "opacity": 0.8, "line": _OUTLINE},
    }


def _points(
    part: pd.DataFrame,
    x: str,
    y: str,
    units: Mapping[str, Unit],
    labels: Mapping[str, str],
    settings: Settings,
) -> Trace:
    hovered = zip(
        map(str, part.index),
        map(safe, part["name"]),
        (text(units[x], v, settings) for v in part[x]),
        (text(units[y], v, settings) for v in part[y]),
        strict=True,
    )
    return {
        "type": "scatter",
        "mode": "markers",
        "x": part[x].tolist(),
        "y": part[y].tolist(),
        "customdata": [list(row) for row in hovered],
        "hovertemplate": f"<b>%{{customdata[1]}}</b><br>{labels[x]} %{{customdata[2]}}<br>"
        f"{labels[y]} %{{customdata[3]}}<extra></extra>",
    }


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
    ends = [*shown["estimate"], *shown["lower"].dropna(), *shown["upper"].dropna()]
    marks = [] if mark is None else [mark]
    headings = {"estimate": "Estimate", "lower": "Lower", "upper": "Upper"}
    table = frame.reset_index(names="Estimate of").rename(columns=headings)
    return Chart(
        data=[_ranges(shown, unit, settings, mark)] if len(shown) else [],
        layout=layout(
            xaxis=value_axis([*ends, *marks], unit, settings),
            yaxis={**PLAIN, **AWAY, "type": "category", "showgrid": False},
            shapes=[line_at(m, "x") for m in marks],
        ),
        title=title,
        subtitle=subtitle,
        table=table[["Estimate of", *headings.values()]],
        units=dict.fromkeys(headings.values(), unit),
        empty="" if len(shown) else NO_DATA,
    )


def _ranges(shown: pd.DataFrame, unit: Unit, settings: Settings, mark: float | None) -> Trace:
    rows = list(zip(shown["estimate"], shown["lower"], shown["upper"], strict=True))
    return {
        "type": "scatter",
        "mode": "markers",
        "cliponaxis": False,
        "x": shown["estimate"].tolist(),
        "y": [safe(name) for name in shown.index],
        "marker": {"size": 11, "color": [_tone(low, high, mark) for _, low, high in rows]},
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": (shown["upper"] - shown["estimate"]).tolist(),
            "arrayminus": (shown["estimate"] - shown["lower"]).tolist(),
            "color": MUTED,
            "thickness": 1.6,
            "width": 4,
        },
        "customdata": [_range_text(row, unit, settings) for row in rows],
        "hovertemplate": "<b>%{y}</b><br>%{customdata}<extra></extra>",
    }


def _range_text(row: tuple[float, float, float], unit: Unit, settings: Settings) -> str:
    estimate, low, high = (text(unit, value, settings) for value in row)
    return f"{estimate} ({low} to {high})" if row[1] == row[1] else estimate


def _tone(low: float, high: float, mark: float | None) -> str:
    """Return the colour of an interval that lies wholly on one side of the mark."""
    if mark is None or low != low or low <= mark <= high:
        return ACCENT
    return GOOD if low > mark else POOR
