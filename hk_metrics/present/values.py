"""Single values as text: as shown, and with all their digits."""

from __future__ import annotations

import math
from typing import Any, Literal, cast

from hk_metrics import formatting
from hk_metrics.settings import Settings

Unit = Literal["money", "count", "percent", "chance", "times", "number", "date", "text", "figure"]
# A "figure" is a number that is text already, because its column has several units.
NUMBERS = ("money", "count", "percent", "chance", "times", "number")
RIGHT = (*NUMBERS, "figure")
_WHOLE = 1000  # shares of a count are shown below this: 5.5 posts, but 7,86,718 reached


def written(unit: str, value: Any, settings: Settings) -> str:
    """Return a table's value as text; "—" for the unknown.

    >>> written("percent", 0.041, Settings()), written("text", None, Settings())
    ('4.1%', '—')
    """
    if formatting.is_missing(value):
        return formatting.DASH
    if hasattr(value, "strftime"):
        return formatting.day(value)
    if unit == "count" and abs(value) >= _WHOLE:
        value = round(value)
    if unit in formatting.FULL:
        return formatting.text(cast("Any", unit), float(value), settings)
    return formatting.count(float(value), settings) if unit == "number" else str(value)


def exact(unit: str, value: Any, settings: Settings) -> str:
    """Return a number with all the digits that a reader may check, money to the hundredth.

    >>> exact("times", 2.51, Settings()), exact("money", 2.0, Settings())
    ('2.5100×', '₹2.00')
    """
    if unit not in NUMBERS or formatting.is_missing(value) or not math.isfinite(value):
        return written(unit, value, settings)
    if unit == "money":
        text = formatting.money(value, settings)
        return text if "." in text else f"{text}.00"
    scale = {"times": (1, "×"), "percent": (100, "%")}.get(unit)
    return f"{value * scale[0]:.4f}{scale[1]}" if scale else written(unit, value, settings)
