"""A week's hours as a map of colour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hk_metrics.figures.axes import PLAIN, layout
from hk_metrics.figures.chart import Chart
from hk_metrics.figures.palette import SEQUENTIAL
from hk_metrics.formatting import text
from hk_metrics.metrics import METRICS
from hk_metrics.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

_HOURS = range(24)
_ENDS = ("estimate", "lower", "upper")
_EMPTY = "No posts with a time of day in this view."


def hours(
    frame: pd.DataFrame,
    metric: str,
    weekdays: Sequence[str],
    *,
    settings: Settings,
    title: str = "",
    subtitle: str = "",
) -> Chart:
    """Return a metric by weekday and hour, darker where it is more.

    Parameters
    ----------
    frame
        One row per ``weekday`` (0 is the first of ``weekdays``) and ``hour``: ``posts``, and
        ``estimate``, ``lower`` and ``upper`` (90 %) of the metric.
    metric
        Name of the metric.
    """
    unit = METRICS[metric].unit
    # Few posts make an hour look extreme: the scale ends where nine tenths of the hours lie.
    known = frame["estimate"].dropna()
    top = float(known.quantile(0.9)) if len(known) else 1.0

    def written(values: Sequence[float], posts: int) -> str:
        middle, low, high = (text(unit, v, settings) for v in values)
        span = f" ({low} to {high})" if values[1] == values[1] else ""
        return f"{middle}{span} · {posts:,} posts"

    cells = {(int(d), int(h)): (values[0], written(values, posts))
             for d, h, posts, *values in frame[["weekday", "hour", "posts", *_ENDS]]
             .itertuples(index=False)}  # fmt: skip
    rows = [[cells.get((d, h)) for h in _HOURS] for d in range(len(weekdays))]
    trace: dict[str, Any] = {
        "type": "heatmap",
        "z": [[c[0] if c else None for c in row] for row in rows],
        "x": [f"{h:02d}" for h in _HOURS],
        "y": list(weekdays),
        "customdata": [[c[1] if c else "no posts" for c in row] for row in rows],
        "hovertemplate": "<b>%{y}, %{x}:00</b><br>%{customdata}<extra></extra>",
        "colorscale": [list(stop) for stop in SEQUENTIAL],
        "zmin": float(known.min()) if len(known) else 0.0,
        "zmax": top,
        "showscale": False,
        "xgap": 2,
        "ygap": 2,
    }
    return Chart(
        data=[trace] if len(known) else [],
        layout=layout(
            xaxis={**PLAIN, "type": "category", "showgrid": False, "title": {"text": "Hour"},
                   "dtick": 3},
            yaxis={**PLAIN, "type": "category", "showgrid": False, "autorange": "reversed"},
        ),
        title=title or f"{METRICS[metric].label} by weekday and hour",
        subtitle=subtitle,
        table=_listed(frame, metric, weekdays),
        units={**dict.fromkeys((METRICS[metric].label, "from", "to"), unit), "Posts": "count"},
        empty="" if len(known) else _EMPTY,
    )  # fmt: skip


def _listed(frame: pd.DataFrame, metric: str, weekdays: Sequence[str]) -> pd.DataFrame:
    listed = frame[["weekday", "hour", "posts", *_ENDS]].copy()
    listed["weekday"] = [weekdays[int(d)] for d in listed["weekday"]]
    listed["hour"] = [f"{int(h):02d}:00" for h in listed["hour"]]
    names = ["Weekday", "Hour", "Posts", METRICS[metric].label, "from", "to"]
    return listed.set_axis(names, axis=1)
