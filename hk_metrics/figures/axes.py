"""Axes whose ticks read like the rest of the page: lakh and crore, per cent, multiples."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Literal

from hk_metrics.figures.palette import MUTED
from hk_metrics.formatting import is_known, text
from hk_metrics.metrics import Unit
from hk_metrics.settings import Settings

PLAIN: dict[str, Any] = {"automargin": True, "zeroline": False, "fixedrange": True}
# Ticks that nobody sees keep labels away from bars and from the other axis's labels.
AWAY: dict[str, Any] = {"ticks": "outside", "ticklen": 7, "tickcolor": "rgba(0,0,0,0)"}
MARGIN = {"l": 8, "r": 12, "t": 8, "b": 8}


def ticks(low: float, high: float, wanted: int = 5) -> list[float]:
    """Return round positions that cover a range.

    >>> ticks(0, 87_000)
    [0.0, 20000.0, 40000.0, 60000.0, 80000.0]
    """
    if not high > low:
        return [low]
    rough = (high - low) / wanted
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(s * size for s in (1, 2, 2.5, 5, 10) if s * size >= rough * 0.999)
    first = math.ceil(low / step - 1e-9)
    return [round(n * step, 12) for n in range(first, math.floor(high / step + 1e-9) + 1)]


def log_ticks(low: float, high: float) -> list[float]:
    """Return the powers of ten over a range of positive numbers; with 2 and 5 where it is short.

    >>> log_ticks(800, 120_000)
    [1000.0, 10000.0, 100000.0]
    """
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    heads = (1, 2, 5) if last - first <= 2 else (1,)
    marks = [h * 10.0**p for p in range(first, last + 1) for h in heads]
    return [m for m in marks if low * 0.99 <= m <= high * 1.01]


def value_axis(
    values: Iterable[float], unit: Unit, settings: Settings, *, from_zero: bool = True
) -> dict[str, Any]:
    """Return a linear axis for values of a unit, with its ticks in words."""
    known = [float(v) for v in values if is_known(float(v))]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    low, high = (min(low, 0.0), max(high, 0.0)) if from_zero else (low, high)
    if high == low:
        high = low + 1.0
    marks = ticks(low, high)
    pad = (high - low) * 0.06
    return {
        **PLAIN,
        "range": [low - (pad if low < 0 or not from_zero else 0), high + pad],
        "tickvals": marks,
        "ticktext": [text(unit, m, settings, "tick") for m in marks],
    }


def log_axis(values: Iterable[float], unit: Unit, settings: Settings) -> dict[str, Any]:
    """Return a logarithmic axis for the positive ones of the values."""
    known = [float(v) for v in values if is_known(float(v)) and float(v) > 0]
    low, high = (min(known), max(known)) if known else (1.0, 10.0)
    marks = log_ticks(low, high * 1.0001)
    pad = max(0.05, (math.log10(high) - math.log10(low)) * 0.06)
    return {
        **PLAIN,
        "type": "log",
        "range": [math.log10(low) - pad, math.log10(high) + pad],
        "tickvals": marks,
        "ticktext": [text(unit, m, settings, "tick") for m in marks],
    }


def time_axis() -> dict[str, Any]:
    """Return a time axis, whose first label keeps away from the lowest one beside the plot."""
    days = {"type": "date", "tickformat": "%-d %b", "nticks": 7}
    return {**PLAIN, **AWAY, **days, "showgrid": False}


def layout(**more: Any) -> dict[str, Any]:
    """Return what all charts share."""
    return {"margin": MARGIN, "showlegend": False, "hovermode": "closest", "bargap": 0.28, **more}


def line_at(value: float, axis: Literal["x", "y"]) -> dict[str, Any]:
    """Return a dotted line across the plot at a value of one axis."""
    along = "y" if axis == "x" else "x"
    ends = {f"{axis}0": value, f"{axis}1": value, f"{along}0": 0, f"{along}1": 1}
    style = {"dash": "dot", "width": 1.4, "color": MUTED}
    return {"type": "line", "layer": "below", "line": style, f"{along}ref": "paper", **ends}


def legend(**more: Any) -> dict[str, Any]:
    """Return a legend above the plot, in one line where it fits."""
    return {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "itemclick": False,
            "itemdoubleclick": False, **more}  # fmt: skip
