"""Charts over the values of a dimension."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hk_metrics.figures.axes import PLAIN, layout, legend, value_axis
from hk_metrics.figures.chart import Chart, safe
from hk_metrics.figures.palette import ACCENT, Palette, of_metric
from hk_metrics.formatting import text
from hk_metrics.metrics import METRICS
from hk_metrics.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

DIMENSION_LABELS = {"influencer_id": "Influencer", "basis": "Payout basis", "organic": "Organic"}
NO_DATA = "Nothing in this view."
LONGEST = 26


def label_of(dimension: str) -> str:
    """Return a dimension's name for people.

    >>> label_of("influencer_id"), label_of("age_group")
    ('Influencer', 'Age group')
    """
    return DIMENSION_LABELS.get(dimension, dimension.replace("_", " ").capitalize())


def bars(
    frame: pd.DataFrame,
    metric: str,
    *,
    settings: Settings,
    palette: Palette,
    names: Mapping[str, str] | None = None,
    limit: int = 10,
    title: str = "",
    ascending: bool = False,
) -> Chart:
    """Return horizontal bars of a metric, the largest on top, with each value written out.

    Parameters
    ----------
    frame
        One row per value of a dimension (named index), with the metric's column.
    metric
        Name of the metric.
    names
        Value → what to call it, for ids.
    limit
        Bars shown; the rest is in the chart's table.
    ascending
        Whether the smallest come first.
    """
    dimension = str(frame.index.name or "value")
    known = frame[[metric]].dropna().sort_values(metric, ascending=ascending, kind="stable")
    shown = known.head(limit).iloc[::-1]
    unit = METRICS[metric].unit
    labels = [_short(_name(v, names)) for v in shown.index]
    texts = [text(unit, v, settings, "compact") for v in shown[metric]]
    trace = {
        "type": "bar",
        "orientation": "h",
        "y": [safe(v) for v in shown.index],
        "x": shown[metric].tolist(),
        "text": texts,
        "textposition": "outside",
        "cliponaxis": False,
        "marker": {
            "color": [palette.of_value(dimension, str(v)) for v in shown.index],
            "cornerradius": 4,
        },
        "customdata": [
            [str(v), safe(_name(v, names)), text(unit, x, settings)]
            for v, x in zip(shown.index, shown[metric], strict=True)
        ],
        "meta": {"dimension": dimension},
        "hovertemplate": "<b>%{customdata[1]}</b><br>%{customdata[2]}<extra></extra>",
    }
    return Chart(
        data=[trace] if len(shown) else [],
        layout=layout(
            xaxis={
                **PLAIN,
                **_room(shown[metric].tolist()),
                "visible": False,
            },
            yaxis={
                **PLAIN,
                "type": "category",
                "showgrid": False,
                "tickvals": list(trace["y"]),
                "ticktext": [safe(v) for v in labels],
            },
        ),
        title=title or f"{METRICS[metric].label} by {label_of(dimension).lower()}",
        note=f"{limit} of {len(known)} shown." if len(known) > limit else "",
        table=_listed(known, dimension, [metric], names),
        units={METRICS[metric].label: unit},
        empty="" if len(shown) else NO_DATA,
    )


def grouped(
    frame: pd.DataFrame,
    metrics: Sequence[str],
    *,
    settings: Settings,
    names: Mapping[str, str] | None = None,
    limit: int = 8,
    title: str = "",
) -> Chart:
    """Return two or three metrics of one unit side by side for each value of a dimension."""
    dimension = str(frame.index.name or "value")
    shown = frame.dropna(how="all", subset=list(metrics)).head(limit)
    unit = METRICS[metrics[0]].unit
    keys = [safe(v) for v in shown.index]
    traces = [
        {
            "type": "bar",
            "name": METRICS[m].label,
            "x": keys,
            "y": shown[m].tolist(),
            "marker": {"color": of_metric(m), "cornerradius": 4},
            "customdata": [
                [str(v), safe(_name(v, names)), text(unit, y, settings)]
                for v, y in zip(shown.index, shown[m], strict=True)
            ],
            "meta": {"dimension": dimension},
            "hovertemplate": f"<b>%{{customdata[1]}}</b><br>{METRICS[m].label} %{{customdata[2]}}<extra></extra>",
        }
        for m in metrics
    ]
    every = [v for m in metrics for v in shown[m].tolist()]
    return Chart(
        data=traces if len(shown) else [],
        layout=layout(
            xaxis={**PLAIN, "type": "category", "showgrid": False, "tickvals": keys,
                   "ticktext": [safe(_short(_name(v, names), 16)) for v in shown.index]},
            yaxis=value_axis(every, unit, settings),
            showlegend=True,
            legend=legend(),
        ),
        title=title or f"By {label_of(dimension).lower()}",
        table=_listed(frame, dimension, metrics, names),
        units={METRICS[m].label: METRICS[m].unit for m in metrics},
        empty="" if len(shown) else NO_DATA,
    )  # fmt: skip


def shares(
    frame: pd.DataFrame, metric: str, *, settings: Settings, palette: Palette, title: str = ""
) -> Chart:
    """Return one bar split by the values of a dimension, with each one's share."""
    dimension = str(frame.index.name or "value")
    known = frame[[metric]].dropna()
    known = known[known[metric] > 0]
    total = known[metric].sum()
    unit = METRICS[metric].unit
    traces = [
        {
            "type": "bar",
            "orientation": "h",
            "name": safe(value),
            "x": [amount / total],
            "y": [""],
            "marker": {
                "color": palette.of_value(dimension, str(value)),
                "line": {"width": 1, "color": "var(--surface)"},
            },
            "customdata": [[str(value), safe(value), text(unit, amount, settings)]],
            "meta": {"dimension": dimension},
            "hovertemplate": "<b>%{customdata[1]}</b><br>%{customdata[2]} · %{x:.1%}<extra></extra>",
        }
        for value, amount in known[metric].items()
    ]
    return Chart(
        data=traces,
        layout=layout(barmode="stack", showlegend=True, legend=legend(traceorder="normal"),
                      xaxis={**PLAIN, "range": [0, 1], "tickformat": ".0%", "showgrid": False},
                      yaxis={**PLAIN, "showticklabels": False}),
        title=title or f"Share of {METRICS[metric].label.lower()} by {label_of(dimension).lower()}",
        table=_listed(known, dimension, [metric], None),
        units={METRICS[metric].label: unit},
        empty="" if traces else NO_DATA,
    )  # fmt: skip


def _room(values: Sequence[float]) -> dict[str, Any]:
    """Leave room for the text at the end of the longest bar, on either side of zero."""
    low, high = min([0.0, *values]), max([0.0, *values])
    if high == low:
        return {"range": [0, 1]}
    reach = high - low
    return {
        "range": [low - (0.24 * reach if low < 0 else 0), high + (0.24 * reach if high > 0 else 0)]
    }


def _name(value: object, names: Mapping[str, str] | None) -> str:
    return str((names or {}).get(str(value), value))


def _short(label: str, longest: int = LONGEST) -> str:
    return label if len(label) <= longest else f"{label[: longest - 1]}…"


def _listed(
    frame: pd.DataFrame, dimension: str, metrics: Sequence[str], names: Mapping[str, str] | None
) -> pd.DataFrame:
    table = frame[list(metrics)].rename(columns={m: METRICS[m].label for m in metrics})
    table.insert(0, label_of(dimension), [_name(v, names) for v in frame.index])
    return table.reset_index(drop=True)
