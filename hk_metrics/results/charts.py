"""From a result to the dashboard's own figure of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from hk_metrics.errors import InsufficientDataError, ParameterError
from hk_metrics.figures import Chart, Palette, bars, grouped, intervals, lines, trend
from hk_metrics.metrics import METRICS
from hk_metrics.results.presentation import Presentation

_MANY = "{0} have different units; draw one at a time: .plot({1!r})"


def _plain(result: pd.DataFrame) -> pd.DataFrame:
    """Return a result as plain pandas, several levels of its index as one."""
    frame = pd.DataFrame(result)
    frame.attrs = result.attrs
    if frame.index.nlevels > 1:
        names = " · ".join(str(name) for name in frame.index.names if name)
        joined = [" · ".join(map(str, values)) for values in frame.index.to_list()]
        frame.index = pd.Index(joined, name=names)
    return frame


def _first(
    result: pd.DataFrame, presentation: Presentation, asked: Sequence[str]
) -> tuple[str, ...]:
    """Return the metrics to draw: those asked for, else the first, with others of its unit."""
    if asked:
        if strange := [name for name in asked if presentation.unit(name) is None]:
            numbers = ", ".join(str(c) for c in result.columns if presentation.unit(str(c)))
            raise ParameterError(f"{strange[0]!r} is no metric; draw one of: {numbers}")
        return tuple(asked)
    if presentation.metric in result.columns:
        return (presentation.metric,)
    named = [str(c) for c in result.columns if str(c) in METRICS]
    if not named:
        raise InsufficientDataError("nothing can be drawn here: the result holds no metric")
    return (named[0],)


def _breakdown(
    result: pd.DataFrame, presentation: Presentation, asked: Sequence[str], limit: int
) -> Chart:
    frame, settings = _plain(result), presentation.settings
    metrics = _first(result, presentation, asked)
    if len(metrics) == 1:
        dimension = str(frame.index.name or "value")
        palette = Palette.of({dimension: sorted(map(str, frame.index))})
        return bars(frame, metrics[0], settings=settings, palette=palette, limit=limit)
    if len({METRICS[m].unit for m in metrics}) > 1:
        raise ParameterError(_MANY.format(", ".join(metrics), metrics[0]))
    return grouped(frame, metrics, settings=settings, limit=limit)


def _trend(
    result: pd.DataFrame, presentation: Presentation, asked: Sequence[str], limit: int
) -> Chart:
    metrics, settings = _first(result, presentation, asked), presentation.settings
    frame = pd.DataFrame(result)
    frame.attrs = result.attrs
    if frame.index.nlevels == 1:
        if len({METRICS[m].unit for m in metrics}) > 1:
            raise ParameterError(_MANY.format(", ".join(metrics), metrics[0]))
        return trend(frame, metrics, settings=settings)
    if len(metrics) > 1:
        raise ParameterError(f"by a dimension, draw one metric at a time: .plot({metrics[0]!r})")
    rest = [n for n in frame.index.names if n != "date"]
    wide = frame[metrics[0]].unstack(rest)
    wide.columns = [" · ".join(map(str, c)) if isinstance(c, tuple) else str(c) for c in wide]
    if METRICS[metrics[0]].additive:
        wide = wide.fillna(0.0)
    wide = wide[wide.sum().sort_values(ascending=False).index[:limit]]
    dimension = " · ".join(map(str, rest))
    palette = Palette.of({dimension: sorted(wide.columns)})
    return lines(wide, metrics[0], dimension=dimension, settings=settings, palette=palette)


def _comparison(
    result: pd.DataFrame, presentation: Presentation, asked: Sequence[str], limit: int
) -> Chart:
    """Return the change of each metric, in per cent of before."""
    if asked:
        raise ParameterError("a comparison draws the change of each of its metrics: .plot()")
    change = pd.DataFrame(result)["change_pct"].dropna()
    labels = [METRICS[str(m)].label if str(m) in METRICS else str(m) for m in change.index]
    frame = pd.DataFrame({"change": change.to_numpy()}, index=pd.Index(labels, name="metric"))
    return bars(frame, "change", unit="percent", label="Change", settings=presentation.settings,
                palette=Palette(), limit=limit, in_order=True,
                title="Change against the period before")  # fmt: skip


def _estimates(
    result: pd.DataFrame, presentation: Presentation, asked: Sequence[str], limit: int
) -> Chart:
    """Return estimates with their intervals, in the order of the result."""
    frame = _plain(result)
    chosen = (asked[0], "", "") if asked else presentation.estimate
    assert chosen is not None
    ends = {
        new: frame[old] if old in frame else float("nan")
        for new, old in zip(("estimate", "lower", "upper"), chosen, strict=True)
    }
    unit = presentation.unit(chosen[0])
    if unit is None:
        raise ParameterError(f"{chosen[0]!r} is no number to draw; .plot() draws the estimate")
    shown = pd.DataFrame(ends, index=frame.index.map(str)).head(limit)
    return intervals(
        shown,
        unit=unit,
        settings=presentation.settings,
        mark=presentation.mark,
        title=presentation.title,
    )


def _amounts(
    result: pd.DataFrame, presentation: Presentation, asked: Sequence[str], limit: int
) -> Chart:
    """Return bars of one column that is no metric itself."""
    frame = _plain(result)
    column = asked[0] if asked else presentation.metric
    unit = presentation.unit(column)
    if unit is None:
        raise ParameterError(
            f"{column!r} is no number to draw; .plot() draws {presentation.metric!r}"
        )
    label = column.replace("_", " ").capitalize()
    return bars(frame, column, unit=unit, label=label, settings=presentation.settings,
                palette=Palette(), limit=limit, in_order=True,
                title=presentation.title or label)  # fmt: skip


def totals_chart(totals: pd.Series[float], presentation: Presentation) -> Chart:
    """Return bars of totals that have one unit.

    Raises
    ------
    ParameterError
        For totals of several units.
    """
    unit, *others = {presentation.unit(str(name)) for name in totals.index} or {None}
    if unit is None or others:
        raise ParameterError(
            "totals of different units share no axis; draw some of one unit, such as "
            ".plot('revenue', 'spend'), or view.plot('revenue')"
        )
    labels = [METRICS[str(name)].label for name in totals.index]
    frame = pd.DataFrame({"total": totals.to_numpy()}, index=pd.Index(labels, name="metric"))
    return bars(frame, "total", unit=unit, label="Total", settings=presentation.settings,
                palette=Palette(), in_order=True, title="Totals")  # fmt: skip


CHARTS: Mapping[str, Callable[[pd.DataFrame, Presentation, Sequence[str], int], Chart]] = {
    "breakdown": _breakdown,
    "trend": _trend,
    "comparison": _comparison,
    "estimates": _estimates,
    "amounts": _amounts,
}
