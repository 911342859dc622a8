"""What a caller handed in, held to what a function takes: each refusal says what was expected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hk_metrics.errors import ParameterError
from hk_metrics.view import View

Days = NDArray[np.datetime64]
_LARGEST = 2**53


def view_of(data: Any, caller: str) -> View:
    """Return the view that was given, or that of everything in a dataset."""
    if isinstance(data, View):
        return data
    if hasattr(data, "tables") and hasattr(data, "view"):
        found: View = data.view()
        return found
    raise ParameterError(
        f"{caller} takes a dataset or a view of one, not {kind_of(data)}: load the files with "
        "hk.load, e.g. hk.load('folder').view()"
    )


def kind_of(value: object) -> str:
    """Return what a value is, in a word that people know it by.

    >>> kind_of([1]), kind_of(None)
    ('a list', 'nothing (None)')
    """
    return "nothing (None)" if value is None else f"a {type(value).__name__}"


def text(name: str, value: Any, example: str) -> str:
    """Return a text, or refuse what is none."""
    if not isinstance(value, str):
        raise ParameterError(f"{name}={value!r}: give a text, e.g. {example!r}")
    return value


def number(
    name: str, value: Any, example: float, low: float = -np.inf, high: float = np.inf
) -> float:
    """Return a finite number from ``low`` to ``high``, or refuse what is none."""
    is_number = isinstance(value, (int, float, np.integer, np.floating))
    if not is_number or isinstance(value, bool) or not np.isfinite(value):
        raise ParameterError(f"{name}={value!r}: give a number, e.g. {example:g}")
    if not low <= value <= high:
        ends = f"from {low:g} to {high:g}" if high < np.inf else f"of at least {low:g}"
        raise ParameterError(f"{name}={value!r}: give a number {ends}, e.g. {example:g}")
    return float(value)


def whole(name: str, value: Any, example: int, low: int = 0, high: int | None = None) -> int:
    """Return a whole number from ``low`` to ``high``, or refuse what is none."""
    most = _LARGEST if high is None else high
    is_number = isinstance(value, (int, float, np.integer, np.floating))
    if not is_number or isinstance(value, bool) or not low <= value <= most or value != int(value):
        ends = f"from {low} to {high}" if high is not None else f"of at least {low}"
        raise ParameterError(f"{name}={value!r}: give a whole number {ends}, e.g. {example}")
    return int(value)


def flag(name: str, value: Any) -> bool:
    """Return yes or no, or refuse what is neither."""
    if not isinstance(value, (bool, np.bool_)):
        raise ParameterError(f"{name}={value!r}: give True or False")
    return bool(value)


def mapping(name: str, value: Any, example: str) -> Mapping[Any, Any]:
    """Return a mapping, or refuse what is none."""
    if not isinstance(value, Mapping):
        raise ParameterError(f"{name}: give a dict like {example}, not {kind_of(value)}")
    return value


def days(name: str, values: Any) -> Days:
    """Return one day or several, given as dates or ISO text.

    >>> days("start", "2025-03-01")
    array(['2025-03-01'], dtype='datetime64[D]')
    """
    import pandas as pd

    alone = isinstance(values, (str, bytes)) or not isinstance(values, Iterable)
    several = [values] if alone else [*values]
    if not several or any(isinstance(v, (int, float, np.number)) or v is None for v in several):
        raise ParameterError(_no_day(name, values))
    try:
        found = pd.DatetimeIndex(several)
    except (TypeError, ValueError):
        raise ParameterError(_no_day(name, values)) from None
    if found.hasnans:
        raise ParameterError(_no_day(name, values))
    return np.asarray(found.tz_localize(None).to_numpy(), dtype="datetime64[D]")


def _no_day(name: str, values: Any) -> str:
    return f"{name}: {values!r} is not a day; write it like '2025-03-31'"
