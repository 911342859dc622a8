"""Waterfalls: from one total to another, step by step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from hk_metrics.figures.axes import AWAY, MARGIN, PLAIN, layout
from hk_metrics.figures.categories import Names, label_of
from hk_metrics.figures.chart import Chart, Trace, safe
from hk_metrics.figures.palette import GOOD, MUTED, POOR
from hk_metrics.formatting import MINUS, period, text
from hk_metrics.metrics import METRICS
from hk_metrics.settings import Settings
from hk_metrics.wording import uncapped

if TYPE_CHECKING:
    import pandas as pd

_LONGEST = 24
_ROOM = 0.02  # of the width, between the bars and their numbers
_LETTER = 8  # pixels of a letter of these
_UNCHANGED = "Nothing moved between the two periods."


def waterfall(
    drivers: pd.DataFrame,
    *,
    settings: Settings,
    names: Names | None = None,
    limit: int = 7,
    title: str = "",
    subtitle: str = "",
) -> Chart:
    """Return what led from one period's total to another's, the largest steps first.

    Parameters
    ----------
    drivers
        A result of `View.drivers` by one dimension or by the chain, not by two metrics.
    names
        Value → what to call it, for ids and factors.
    limit
        Steps shown; the rest is one step of its own, and in the chart's table one by one.
    """
    about = drivers.attrs
    metric = METRICS[about["metric"]]
    steps = drivers["contribution"]
    shown = steps.head(limit)
    then, now = about["totals"]["previous"], about["totals"]["current"]
    labels = [_called(value, names) for value in shown.index]
    kept = [*shown.tolist()]
    if len(steps) > limit:
        labels.append(f"{len(steps) - limit} others")
        kept.append(float(steps.iloc[limit:].sum()))
    ends = [period(*about[side]) for side in ("previous_period", "period")]
    dimension = "" if str(drivers.index.name) == "factor" else str(drivers.index.name)
    keys = [str(v) for v in shown.index]
    write = _writer(about["metric"], settings)
    better = metric.higher_is_better is not False
    written = [write(then, False), *(write(v, True) for v in kept), write(now, False)]
    data = [
        _ends(ends, [then, now], [written[0], written[-1]]),
        _steps(labels, then, kept, written[1:-1], dimension, keys, better),
    ]
    unchanged = not len(steps) or not (steps.abs().sum() or then or now)
    return Chart(
        data=[] if unchanged else data,
        layout=_laid_out(ends, labels, [then, now, *_levels(then, kept)], written),
        title=title or f"Why {uncapped(metric.label)} changed",
        subtitle=" · ".join(w for w in (subtitle, _within(about, now - then, write)) if w),
        note=" ".join(w for w in (about["reason"], about["note"], _estimated(about)) if w),
        table=_listed(drivers, names, metric.label),
        units=dict.fromkeys(["Contribution"], metric.unit),
        empty=_UNCHANGED if unchanged else "",
    )


def _writer(metric: str, settings: Settings) -> Callable[[float, bool], str]:
    unit = METRICS[metric].unit

    def write(value: float, signed: bool) -> str:
        words = text(unit, value, settings, "compact")
        return words if not signed or words.startswith(MINUS) else f"+{words}"

    return write


def _within(about: Any, change: float, write: Callable[[float, bool], str]) -> str:
    noise = about["noise"]
    return f"within the noise of days, {write(noise, False)}" if abs(change) <= noise else ""


def _levels(then: float, steps: Sequence[float]) -> list[float]:
    """Return the total after each step."""
    levels = [then]
    for step in steps:
        levels.append(levels[-1] + step)
    return levels[1:]


def _ends(labels: Sequence[str], values: Sequence[float], written: Sequence[str]) -> Trace:
    return {**_bars(labels, [0.0, 0.0], values, written), "marker": {"color": MUTED}}


def _steps(
    labels: Sequence[str],
    then: float,
    steps: Sequence[float],
    written: Sequence[str],
    dimension: str,
    keys: Sequence[str],
    better: bool,
) -> Trace:
    levels = [then, *_levels(then, steps)]
    trace = _bars(labels, levels[:-1], steps, written)
    colours = [GOOD if (s > 0) == better else POOR for s in steps]
    trace["marker"] = {"color": colours}
    if dimension and len(keys) == len(labels):
        trace["meta"] = {"dimension": dimension}
        trace["customdata"] = [
            [k, *rest[1:]] for k, rest in zip(keys, trace["customdata"], strict=True)
        ]
    return trace


def _bars(
    labels: Sequence[str], base: Sequence[float], values: Sequence[float], written: Sequence[str]
) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "y": [safe(n) for n in labels],
        "x": list(values),
        "base": list(base),
        "customdata": [[n, safe(n), w] for n, w in zip(labels, written, strict=True)],
        "hovertemplate": "<b>%{customdata[1]}</b><br>%{customdata[2]}<extra></extra>",
    }


def _laid_out(
    ends: Sequence[str], labels: Sequence[str], levels: Sequence[float], written: Sequence[str]
) -> dict[str, Any]:
    """Return axes from top to bottom, with every number right of the bars."""
    order = [ends[0], *labels, ends[1]]
    low, high = min(0.0, *levels), max(0.0, *levels)
    names = [safe(n) for n in order]
    notes = [
        {"x": 1, "xref": "paper", "xanchor": "left", "y": n, "text": safe(w), "showarrow": False}
        for n, w in zip(names, written, strict=True)
    ]
    short = [n if len(n) <= _LONGEST else f"{n[: _LONGEST - 1]}…" for n in order]
    return layout(
        xaxis={**PLAIN, "visible": False, "range": [low, high + _ROOM * (high - low) or 1.0]},
        yaxis={
            **PLAIN, **AWAY, "type": "category", "showgrid": False, "autorange": "reversed",
            "categoryorder": "array", "categoryarray": names,
            "tickvals": names, "ticktext": [safe(n) for n in short],
        },
        annotations=notes,
        barmode="overlay",
        margin={**MARGIN, "r": MARGIN["r"] + _LETTER * max(map(len, written))},
    )  # fmt: skip


def _called(value: object, names: Names | None) -> str:
    return str((names or {}).get(str(value), value))


def _estimated(about: Any) -> str:
    split = ", ".join(label_of(d).lower() for d in about["estimated"])
    return f"The split by {split} is estimated." if split else ""


def _listed(drivers: pd.DataFrame, names: Names | None, label: str) -> pd.DataFrame:
    dimension = str(drivers.index.name or "value")
    table = drivers.rename(
        columns={
            "previous": f"{label} before", "current": f"{label} now",
            "contribution": "Contribution", "rate_effect": "Own rate",
            "mix_effect": "Mix",
        }
    )  # fmt: skip
    first = "Factor" if dimension == "factor" else label_of(dimension)
    table.insert(0, first, [_called(v, names) for v in drivers.index])
    return table.reset_index(drop=True)
