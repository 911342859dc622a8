"""Sales of cities day by day, and what a change in some of them did: synthetic control."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hk_metrics.errors import InsufficientDataError, ParameterError
from hk_metrics.incrementality.mixture import Mixture
from hk_metrics.incrementality.regression import baseline_columns, coefficient, deviations
from hk_metrics.incrementality.series import Series

if TYPE_CHECKING:
    import polars as pl

Array = NDArray[np.float64]

_LEAST_CITIES, LEAST_BEFORE = 4, 28


@dataclass(frozen=True, eq=False)
class CityPanel:
    """The outcome of cities, day by day without gaps.

    Parameters
    ----------
    cities
        Their names.
    first
        First day.
    values
        Outcome per day, days × cities (orders, or money).
    """

    cities: tuple[str, ...]
    first: np.datetime64
    values: Array

    @classmethod
    def of(cls, sales: pl.DataFrame | None, outcome: str) -> CityPanel:
        """Return the panel of a table of daily sales.

        Raises
        ------
        InsufficientDataError
            If it has no cities, too few of them, or days are missing.
        """
        if sales is None or "city" not in sales.columns:
            raise InsufficientDataError(
                "daily_sales has no column city, so cities cannot be compared. Import the sales of "
                "each day and city, or plan design='weeks'."
            )
        import polars as pl

        known = sales.filter(pl.col("city").is_not_null())
        wide = known.pivot("city", index="date", values=outcome, aggregate_function="sum")
        wide = wide.sort("date").fill_null(0.0)
        days = wide["date"].to_numpy().astype("datetime64[D]")
        if len(wide.columns) - 1 < _LEAST_CITIES:
            raise InsufficientDataError(
                f"daily_sales has {len(wide.columns) - 1} cities; at least {_LEAST_CITIES} are "
                "needed to compare some with others"
            )
        if int((days[-1] - days[0]).astype(int)) + 1 != len(days):
            raise InsufficientDataError(
                "daily_sales leaves out days, or has one row per week; cities are compared day by "
                "day. Import the sales of each day."
            )
        names = [c for c in wide.columns if c != "date"]
        return cls(tuple(names), days[0], wide.select(names).to_numpy().astype(np.float64))

    def __len__(self) -> int:
        return len(self.values)

    def place(self, names: Sequence[str]) -> list[int]:
        """Return the columns of cities."""
        unknown = [n for n in names if n not in self.cities]
        if unknown:
            raise ParameterError(f"no sales of {', '.join(map(str, unknown))} in daily_sales")
        return [self.cities.index(n) for n in names]

    def until(self, days: int) -> CityPanel:
        """Return the first days."""
        return replace(self, values=self.values[:days])


def synthetic(panel: CityPanel, treated: Sequence[int], before: int) -> tuple[Array, Array]:
    """Return what the other cities say of the treated ones' sum, and their weights.

    Non-negative weights on the others, learnt on the days before.
    """
    from scipy.optimize import nnls

    others = [n for n in range(len(panel.cities)) if n not in set(treated)]
    target = panel.values[:, list(treated)].sum(axis=1)
    past = panel.values[:before, others]
    middle, usual = past.mean(axis=0), target[:before].mean()
    # Weekday and trend are shared; the level is the regression's.
    weights, _ = nnls(past - middle, target[:before] - usual)
    full = np.zeros(len(panel.cities))
    full[others] = weights
    return usual + (panel.values[:, others] - middle) @ weights, full


def effect(panel: CityPanel, treated: Sequence[int], begin: int, end: int) -> Mixture:
    """Return the posterior of the summed effect in some cities over some days.

    Parameters
    ----------
    panel
        The cities, up to the last day of the effect at least.
    treated
        Which cities were changed.
    begin, end
        First day of the change, and the day after its last.

    Notes
    -----
    Treated = level + trend + weekday + b · synthetic control + effect per day + noise, with the
    noise's dependence averaged over as in `post_response`; days in proportion to their size.

    Source: Abadie, Diamond, Hainmueller 2010, "Synthetic Control Methods for Comparative Case
    Studies".
    """
    if begin < LEAST_BEFORE:
        raise InsufficientDataError(
            f"There are {begin} days before the change; at least {LEAST_BEFORE} are needed."
        )
    control, _ = synthetic(panel, treated, begin)
    target = panel.values[:end, list(treated)].sum(axis=1)
    series = Series(panel.first, target, np.zeros(end), controls=control[:end, None])
    base = baseline_columns(series)
    acting = np.zeros((end, 1))
    acting[begin:end] = 1.0 / (end - begin)
    deviation = deviations(np.maximum(control[:end], 0.0) + 1e-9)
    parts = [(c.T / deviation).T for c in (target, base, acting)]
    return coefficient(parts[0], parts[1], parts[2])
