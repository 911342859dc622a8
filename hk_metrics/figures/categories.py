"""Charts over the values of a dimension."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hk_metrics.figures.axes import AWAY, MARGIN, PLAIN, layout, legend, value_axis
from hk_metrics.figures.chart import Chart, Trace, lacking, safe
from hk_metrics.figures.palette import Palette, of_metric
from hk_metrics.formatting import text
from hk_metrics.metrics import METRICS, Unit
from hk_metrics.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

_DIMENSION_LABELS = {
    "influencer_id": "Influencer",
    "basis": "Payout basis",
    "organic": "No influencer",
}
NO_DATA = "Nothing in this view."
_LONGEST = 26
_LONGEST_BELOW = 16
# Few bars look like blocks at the width that many need.
_WIDTHS = ((3, 0.5), (6, 0.62))
_WIDEST = 0.72
# Pixels of a letter of the value that is written behind a bar.
_LETTER = 8

Names = Mapping[str, str]


def label_of(dimension: str) -> str:
    """Return a dimension's name for people.

    >>> label_of("influencer_id"), label_of("age_group")
    ('Influencer', 'Age group')
    """
    return _DIMENSION_LABELS.get(dimension, dimension.replace("_", " ").capitalize())


def bars(
    frame: pd.DataFrame,
    metric: str,
    *,
    settings: Settings,
    palette: Palette,
    names: Names | None = None,
    limit: int = 10,
    title: str = "",
    ascending: bool = False,
    in_order: bool = False,
    unit: Unit | None = None,
    label: str = "",
) -> Chart:
    """Return horizontal bars of a metric, the largest on top, with each value written out.

    Parameters
    ----------
    frame
        One row per value of a dimension (named index), with the metric's column.
    metric
        Name of the metric, or of another column whose ``unit`` and ``label`` are given.
    names
        Value → what to call it, for ids.
    limit
        Bars shown; the rest is in the chart's table.
    ascending
        Whether the smallest come first.
    in_order
        Whether the rows are in their order already, and stay in it.
    unit, label
        Of a column that is no metric.
    """
    dimension = str(frame.index.name or "value")
    known = frame[[metric]].dropna()
    known = known if in_order else known.sort_values(metric, ascending=ascending, kind="stable")
    shown = known.head(limit).iloc[::-1]
    label, unit = label or METRICS[metric].label, unit or METRICS[metric].unit
    colours = [palette.of_value(dimension, str(v)) for v in shown.index]
    trace = _bar(shown, metric, unit, dimension, names, settings)
    trace |= _lying(shown, metric, unit, settings, colours)
    return Chart(
        data=[trace] if len(shown) else [],
        layout=_written_out(trace, _named_axis(shown, names, _LONGEST)),
        title=title or f"{label} by {label_of(dimension).lower()}",
        note=f"{limit} of {len(known)} shown." if len(known) > limit else "",
        table=_listed(known, dimension, {metric: label}, names),
        units={label: unit},
        empty="" if len(shown) else lacking(frame, [metric]) or NO_DATA,
    )


def grouped(
    frame: pd.DataFrame,
    metrics: Sequence[str],
    *,
    settings: Settings,
    names: Names | None = None,
    limit: int = 8,
    title: str = "",
    lying: bool = False,
) -> Chart:
    """Return two or three metrics of one unit side by side for each value of a dimension.

    Parameters
    ----------
    frame
        One row per value of a dimension (named index), one column per metric.
    metrics
        Names, of one unit.
    limit
        Values shown; the rest is in the chart's table.
    lying
        Whether bars go to the right, the first value on top: names of any length stay level.
    """
    dimension = str(frame.index.name or "value")
    shown = frame.dropna(how="all", subset=list(metrics)).head(limit)
    available = [m for m in metrics if not lacking(frame, [m])]
    traces = [_beside(shown, metric, dimension, names, settings, lying) for metric in available]
    every = [v for metric in available for v in shown[metric].tolist()]
    missing = lacking(frame, metrics)
    return Chart(
        data=traces if len(shown) else [],
        layout=layout(
            **_crossed(
                _named_axis(shown, names, _LONGEST if lying else _LONGEST_BELOW),
                value_axis(every, METRICS[metrics[0]].unit, settings),
                lying,
            ),
            showlegend=True,
            legend=legend(),
        ),
        title=title or f"By {label_of(dimension).lower()}",
        note=missing if len(shown) else "",
        table=_listed(frame, dimension, {m: METRICS[m].label for m in available}, names),
        units={METRICS[m].label: METRICS[m].unit for m in available},
        empty="" if len(shown) else missing or NO_DATA,
    )


def _bar(
    shown: pd.DataFrame,
    metric: str,
    unit: Unit,
    dimension: str,
    names: Names | None,
    settings: Settings,
) -> Trace:
    """Return what every bar has: what a click picks, and what hovering says."""
    labels = [text(unit, v, settings) for v in shown[metric]]
    rows = zip(shown.index, labels, strict=True)
    return {
        "type": "bar",
        "customdata": [[str(v), safe(_name(v, names)), words] for v, words in rows],
        "meta": {"dimension": dimension},
        "hovertemplate": "<b>%{customdata[1]}</b><br>%{customdata[2]}<extra></extra>",
    }


def _lying(
    shown: pd.DataFrame, metric: str, unit: Unit, settings: Settings, colours: Sequence[str]
) -> Trace:
    """Return bars that go to the right, with their values written behind them."""
    width = next((w for most, w in _WIDTHS if len(shown) <= most), _WIDEST)
    return {
        "orientation": "h",
        "y": [safe(v) for v in shown.index],
        "x": shown[metric].tolist(),
        "width": [width] * len(shown),
        "text": [text(unit, v, settings, "compact") for v in shown[metric]],
        "textposition": "outside",
        "marker": {"color": colours, "cornerradius": 4},
        "cliponaxis": False,
    }


def _written_out(trace: Trace, names: dict[str, Any]) -> dict[str, Any]:
    """Return the layout of bars whose values stand behind them, and need no axis."""
    return layout(
        xaxis={**PLAIN, "visible": False, "range": _ends(trace["x"])},
        yaxis=names,
        margin={**MARGIN, "r": _room(trace["x"], trace["text"])},
    )


def _crossed(names: dict[str, Any], values: dict[str, Any], lying: bool) -> dict[str, Any]:
    """Return the two axes of bars that stand, or that lie with the first value on top."""
    if lying:
        return {"xaxis": values, "yaxis": {**names, "autorange": "reversed"}}
    return {"xaxis": names, "yaxis": values}


def _beside(
    shown: pd.DataFrame,
    metric: str,
    dimension: str,
    names: Names | None,
    settings: Settings,
    lying: bool,
) -> Trace:
    label, across = METRICS[metric].label, ("y", "x") if lying else ("x", "y")
    return {
        **_bar(shown, metric, METRICS[metric].unit, dimension, names, settings),
        "name": label,
        "orientation": "h" if lying else "v",
        across[0]: [safe(v) for v in shown.index],
        across[1]: shown[metric].tolist(),
        "marker": {"color": of_metric(metric), "cornerradius": 4},
        "hovertemplate": f"<b>%{{customdata[1]}}</b><br>{label} %{{customdata[2]}}<extra></extra>",
    }


def _named_axis(shown: pd.DataFrame, names: Names | None, longest: int) -> dict[str, Any]:
    """Return an axis of categories whose ticks are names, ids being told apart below them."""
    return {
        **PLAIN,
        **AWAY,
        "type": "category",
        "showgrid": False,
        "tickvals": [safe(v) for v in shown.index],
        "ticktext": [safe(_short(_name(v, names), longest)) for v in shown.index],
    }


def _ends(values: Sequence[float]) -> list[float]:
    """Return the range of bars from zero; left of it, with room for the value written there."""
    low, high = min([0.0, *values]), max([0.0, *values])
    room = (0.5 if high > 0 else 0.24) * (high - low)
    return [low - (room if low < 0 else 0.0), high if high > low else 1.0]


def _room(values: Sequence[float], written: Sequence[str]) -> int:
    """Return the pixels that the values behind the bars to the right take."""
    right = [len(words) for value, words in zip(values, written, strict=True) if value >= 0]
    return MARGIN["r"] + _LETTER * max(right, default=0)


def _name(value: object, names: Names | None) -> str:
    return str((names or {}).get(str(value), value))


def _short(label: str, longest: int) -> str:
    return label if len(label) <= longest else f"{label[: longest - 1]}…"


def _listed(
    frame: pd.DataFrame, dimension: str, labels: Mapping[str, str], names: Names | None
) -> pd.DataFrame:
    table = frame[list(labels)].rename(columns=dict(labels))
    table.insert(0, label_of(dimension), [_name(v, names) for v in frame.index])
    return table.reset_index(drop=True)
