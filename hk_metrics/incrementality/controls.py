"""Controls: series that the posts cannot touch, and which move as the shop does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
import polars as pl
from numpy.typing import NDArray

from hk_metrics.arguments import days, kind_of
from hk_metrics.errors import ParameterError, UnknownNameError
from hk_metrics.incrementality.regression import coefficient
from hk_metrics.incrementality.result import Check

if TYPE_CHECKING:
    from hk_metrics.incrementality.series import Series

Array = NDArray[np.float64]

_EXPECTED = (
    "a frame with date and a column per control, one row per day; or names of parts of "
    "daily_sales, e.g. a brand or a city without posts"
)
_MOST = 8
_TOUCHED = 0.025


@dataclass(frozen=True, eq=False)
class Controls:
    """Series beside the outcome.

    Parameters
    ----------
    names
        What they are called.
    days
        Their days.
    values
        Days × controls.
    """

    names: tuple[str, ...]
    days: NDArray[np.datetime64]
    values: Array

    def during(self, series: Series) -> Array:
        """Return each control on the days of a series, with mean 0 and deviation 1.

        Raises
        ------
        ParameterError
            If a day has no value.
        """
        every = series.first + np.arange(series.days)
        place = np.minimum(np.searchsorted(self.days, every), len(self.days) - 1)
        missing = every[self.days[place] != every]
        if len(missing):
            raise ParameterError(
                f"controls: {len(missing)} of {len(every)} days of the sales have no value (the "
                f"first: {missing[0]}). Give one row per day, or leave the controls out"
            )
        found = self.values[place]
        return np.asarray((found - found.mean(axis=0)) / np.maximum(found.std(axis=0), 1e-12))


def controls_of(
    given: Any, sales: pl.DataFrame | None, outcome: str
) -> tuple[Controls | None, pl.DataFrame | None]:
    """Return the controls, and the sales without those parts that serve as one.

    Parameters
    ----------
    given
        What `hk_metrics.lift` was given.
    sales
        The table of daily sales.
    outcome
        Which measure of a part is taken.
    """
    if given is None:
        return None, sales
    if isinstance(given, str):
        given = [given]
    if isinstance(given, Sequence) and given and all(isinstance(n, str) for n in given):
        return _of_parts(tuple(given), sales, outcome)
    try:
        frame: pl.DataFrame = nw.from_native(given, eager_only=True).to_polars()
    except TypeError:
        raise ParameterError(f"controls: give {_EXPECTED}; not {kind_of(given)}") from None
    return _of_frame(frame), sales


def _of_frame(frame: pl.DataFrame) -> Controls:
    names = [n for n in frame.columns if n != "date"]
    if "date" not in frame.columns or not names or frame.is_empty():
        raise ParameterError(f"controls: this frame has no date, or nothing else; give {_EXPECTED}")
    numbers = frame.select(pl.col(names).cast(pl.Float64, strict=False).fill_nan(None))
    for name in names:
        if numbers[name].null_count() or numbers[name].is_infinite().any():
            raise ParameterError(f"controls: {name} has values that are no numbers, or none")
    dated = days("controls: date", frame["date"].to_list())
    order = np.argsort(dated, kind="stable")
    if len(np.unique(dated)) != len(dated):
        raise ParameterError("controls: a day is there more than once; give one row per day")
    return Controls(tuple(names), dated[order], numbers.to_numpy()[order])


def _of_parts(
    names: tuple[str, ...], sales: pl.DataFrame | None, outcome: str
) -> tuple[Controls, pl.DataFrame]:
    if sales is None:
        raise ParameterError("controls: there is no daily_sales whose parts could be controls")
    texts = [n for n, kind in sales.schema.items() if kind in (pl.String, pl.Categorical, pl.Enum)]
    known = {str(v): c for c in reversed(texts) for v in sales[c].drop_nulls().unique().to_list()}
    series, rest = [], sales
    for name in names:
        if name not in known:
            raise UnknownNameError.of("part of daily_sales", name, sorted(known))
        inside = pl.col(known[name]).cast(pl.String) == name
        daily = sales.filter(inside).group_by("date").agg(pl.col(outcome).sum().alias(name))
        series.append(daily)
        rest = rest.filter(~inside.fill_null(False))
    every = sales.select("date").unique().sort("date")
    for one in series:
        every = every.join(one, on="date", how="left")
    return _of_frame(every.fill_null(0.0)), rest


def condensed(values: Array) -> Array:
    """Return controls, or where there are many the directions in which they differ most."""
    if values.shape[1] <= _MOST:
        return values
    u, s, _ = np.linalg.svd(values, full_matrices=False)
    kept: Array = u[:, :_MOST] * s[:_MOST]
    return np.asarray(kept / np.maximum(kept.std(axis=0), 1e-12))


def touched(
    values: Array, baseline: Array, columns: Array, deviation: Array, noises: Sequence[int]
) -> NDArray[np.bool_]:
    """Say which controls answer to the posts themselves, so that they would hide the lift."""
    found = []
    for value in values.T:
        below = coefficient(value / deviation, baseline, columns, None, noises).probability_below(0)
        found.append(min(below, 1 - below) < _TOUCHED)
    return np.array(found, dtype=bool)


def controls_check(names: Sequence[str], moved: NDArray[np.bool_]) -> Check:
    """Say which controls are used, and which are left out since posts seem to touch them."""
    kept = [n for n, m in zip(names, moved, strict=True) if not m]
    out = [n for n, m in zip(names, moved, strict=True) if m]
    text = f"Controls: {', '.join(kept) or 'none'}; the posts must not touch them."
    if out:
        text += f" {', '.join(out)} rose or fell after posts and is left out: a control that posts "
        text += "touch hides their lift."
    return Check("controls", not out, text)
