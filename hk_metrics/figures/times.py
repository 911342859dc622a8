"""Charts over time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hk_metrics.figures.axes import layout, legend, time_axis, value_axis
from hk_metrics.figures.categories import NO_DATA
from hk_metrics.figures.chart import Chart, lacking, safe, undated
from hk_metrics.figures.palette import Palette, of_metric
from hk_metrics.metrics import METRICS
from hk_metrics.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

_WEEK = 7
_UNDATED = "Nothing in this view has a date."


def trend(
    frame: pd.DataFrame,
    metrics: Sequence[str],
    *,
    settings: Settings,
    smooth: int = _WEEK,
    title: str = "",
    subtitle: str = "",
) -> Chart:
    """Return metrics of one unit by day: faint days, and their moving mean as a line.

    Parameters
    ----------
    frame
        One row per day (index ``date``), one column per metric.
    metrics
        Names, of one unit.
    smooth
        Days of the moving mean; 1 for none. Sums are averaged; ratios are shown as they are.
    """
    unit, names = METRICS[metrics[0]].unit, [METRICS[m].label for m in metrics]
    missing = lacking(frame, metrics)
    metrics = [m for m in metrics if not lacking(frame, [m])]
    drawn = len(frame) > 0 and len(metrics) > 0
    traces: list[dict[str, Any]] = []
    for metric in metrics:
        smoothed = METRICS[metric].additive and smooth > 1 and len(frame) > 2 * smooth
        if smoothed:
            traces.append(_faint(frame, metric))
        traces.append(_line(frame, metric, smooth if smoothed else 1))
    values = [v for m in metrics for v in frame[m].tolist()]
    mean = f"Line: mean of {smooth} days; faint: each day"
    return Chart(
        data=traces if drawn else [],
        layout=layout(
            xaxis=time_axis(),
            yaxis=value_axis(values, unit, settings),
            hovermode="x unified",
            showlegend=len(metrics) > 1,
            legend=legend(),
        ),
        title=title or " and ".join(names),
        subtitle=subtitle or (mean if any(t.get("hoverinfo") == "skip" for t in traces) else ""),
        note=f"{missing} {undated(frame, metrics, settings)}".strip() if drawn else "",
        table=_by_date(frame[list(metrics)].rename(columns={m: METRICS[m].label for m in metrics})),
        units={METRICS[m].label: METRICS[m].unit for m in metrics},
        empty="" if drawn else f"{missing} {_UNDATED if metrics else ''}".strip(),
    )


def lines(
    frame: pd.DataFrame,
    metric: str,
    *,
    settings: Settings,
    palette: Palette,
    dimension: str,
    title: str = "",
) -> Chart:
    """Return one line per value of a dimension.

    Parameters
    ----------
    frame
        One row per period (index ``date``), one column per value.
    """
    unit = METRICS[metric].unit
    traces = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": safe(value),
            "x": _days(frame),
            "y": frame[value].tolist(),
            "line": {"color": palette.of_value(dimension, str(value)), "width": 2},
            "meta": {"dimension": dimension, "value": str(value), "unit": unit},
            "customdata": frame[value].tolist(),
            "hovertemplate": "%{customdata}",
        }
        for value in frame.columns
    ]
    return Chart(
        data=traces if len(frame) else [],
        layout=layout(xaxis=time_axis(), yaxis=value_axis(frame.to_numpy().ravel(), unit, settings),
                      hovermode="x unified", showlegend=True, legend=legend()),
        title=title or METRICS[metric].label,
        table=_by_date(frame),
        units={str(c): unit for c in frame.columns},
        empty="" if len(frame) and len(frame.columns) else lacking(frame, [metric]) or NO_DATA,
    )  # fmt: skip


def _faint(frame: pd.DataFrame, metric: str) -> dict[str, Any]:
    return {"type": "scatter", "mode": "lines", "x": _days(frame), "y": frame[metric].tolist(),
            "line": {"color": of_metric(metric), "width": 1}, "opacity": 0.28, "hoverinfo": "skip",
            "showlegend": False}  # fmt: skip


def _line(frame: pd.DataFrame, metric: str, smooth: int) -> dict[str, Any]:
    series = frame[metric].rolling(smooth, min_periods=1).mean() if smooth > 1 else frame[metric]
    return {
        "type": "scatter",
        "mode": "lines",
        "name": METRICS[metric].label,
        "x": _days(frame),
        "y": series.tolist(),
        "line": {"color": of_metric(metric), "width": 2.4},
        "customdata": frame[metric].tolist(),
        "meta": {"unit": METRICS[metric].unit},
        "hovertemplate": "%{customdata}",
    }


def _days(frame: pd.DataFrame) -> list[str]:
    import numpy as np

    return [str(day) for day in np.datetime_as_string(frame.index.to_numpy(), unit="D")]


def _by_date(frame: pd.DataFrame) -> pd.DataFrame:
    table = frame.copy()
    table.insert(0, "Date", _days(frame))
    return table.reset_index(drop=True)


def spark(values: Sequence[float]) -> list[float | None]:
    """Return a series for a card's small line: at most 60 points, unknown ones left out."""
    step = max(1, -(-len(values) // 60))
    return [None if v != v else round(float(v), 6) for v in list(values)[::step]]
