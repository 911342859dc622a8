"""A view: what is asked of the rows that filters keep, as tables, figures and words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, overload

from hk_metrics.errors import ParameterError
from hk_metrics.results.output import Output, given_as
from hk_metrics.view import typed
from hk_metrics.view.comparison import Comparison
from hk_metrics.view.drivers import drivers
from hk_metrics.view.filters import NONE
from hk_metrics.view.matured import Matured, ageing, at_equal_age
from hk_metrics.view.query import Freq, Query, listed

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go
    import polars as pl

    from hk_metrics.results.result import Result

__all__ = ["NONE", "Comparison", "Query", "View"]


@dataclass(frozen=True, eq=False)
class View(Matured):
    """The rows of a ledger that a set of filters keeps; its parameters are those of `Selection`.

    Examples
    --------
    >>> import hk_metrics as hk
    >>> data, _ = hk.simulate(seed=7, influencers=12, days=30, events=500)
    >>> view = data.view(platform="Instagram").where(date="2025-01")
    >>> view.period[0].isoformat(), list(view.by("platform", metrics="revenue").index)
    ('2025-01-01', ['Instagram'])
    """

    def __repr__(self) -> str:
        return typed.view_card(self).text()

    def _repr_html_(self) -> str:
        return typed.view_card(self).html()

    if not TYPE_CHECKING:  # so that a checker still knows what a view has not

        def __getattr__(self, name: str) -> Any:
            raise AttributeError(typed.lacking("View", name))

    def __getitem__(self, name: object) -> Any:
        raise ParameterError(typed.lacking("View", str(name)))

    @overload
    def compare(
        self,
        to: Comparison = "previous_period",
        metrics: str | Sequence[str] = (),
        *,
        output: Literal["pandas"] = ...,
    ) -> Result: ...
    @overload
    def compare(
        self,
        to: Comparison = "previous_period",
        metrics: str | Sequence[str] = (),
        *,
        output: Literal["polars"],
    ) -> pl.DataFrame: ...
    def compare(
        self,
        to: Comparison = "previous_period",
        metrics: str | Sequence[str] = (),
        *,
        output: Output = "pandas",
    ) -> Result | pl.DataFrame:
        """Return the totals of this view and of another period, and the change.

        Parameters
        ----------
        to
            ``previous_period`` (for whole months, quarters or years those before, else as many
            days), ``previous_month``, ``previous_quarter``, ``previous_year``, or a first and a
            last day; see `hk_metrics.view.comparison.compared`.
        metrics
            Names; empty for every additive metric that the data has.
        output
            ``polars`` gives a Polars frame, the index as columns; attrs stay with pandas.

        Returns
        -------
        DataFrame
            Index = metrics; columns ``current``, ``previous``, ``change`` (same unit),
            ``change_pct`` (fraction of previous; NaN where that is 0 or missing);
            ``attrs["unavailable"]`` says why some are NaN, ``attrs["note"]`` what is missing of
            the other period; "" for nothing.
        """
        import numpy as np
        import pandas as pd

        names = listed(metrics) or self._additive
        other = self.before(to)
        now = self.totals(names)
        then = other.totals(names) if other else pd.Series(np.nan, index=list(names))
        change = now - then
        result = pd.DataFrame(
            {
                "current": now,
                "previous": then,
                "change": change,
                "change_pct": change / then.abs().where(then != 0),
            }
        ).rename_axis("metric")
        result.attrs = {
            "unavailable": now.attrs["unavailable"],
            "period": self.period,
            "previous_period": other.period if other else None,
            "note": " ".join(filter(None, [self.lacking(to), self._unequal(other, names)])),
        }
        return given_as(result, output, self._presentation("comparison"))

    @overload
    def drivers(
        self,
        metric: str,
        by: str | Sequence[str] = (),
        compare: Comparison = "previous_period",
        *,
        output: Literal["pandas"] = ...,
    ) -> Result: ...
    @overload
    def drivers(
        self,
        metric: str,
        by: str | Sequence[str] = (),
        compare: Comparison = "previous_period",
        *,
        output: Literal["polars"],
    ) -> pl.DataFrame: ...
    def drivers(
        self,
        metric: str,
        by: str | Sequence[str] = (),
        compare: Comparison = "previous_period",
        *,
        output: Output = "pandas",
    ) -> Result | pl.DataFrame:
        """Return what each part contributed to the change of a metric between two periods.

        Parameters
        ----------
        metric
            One name.
        by
            A dimension or several; or ``chain`` for the factors of a total: posts × reach per
            post × conversion rate × average order value (`hk_metrics.view.chain`).
        compare
            The period before, as of `compare`.
        output
            ``polars`` gives a Polars frame, the index as columns; attrs stay with pandas.

        Returns
        -------
        DataFrame
            Index = the values (or factors), the largest contribution first; columns ``previous``,
            ``current`` and ``contribution`` (unit of the metric); for ratios also
            ``rate_effect`` (its own ratio changed) and ``mix_effect`` (its share of the
            denominator changed, against the average ratio), which add to the contribution.
            Contributions add to the change of the whole, ``attrs["totals"]``; new and ended parts
            included. Users of several parts are in a row of their own, "(several)". Where a ratio
            cannot be told in one period, the parts of its numerator and denominator instead, and
            why in ``attrs["reason"]``. ``attrs["note"]`` says what is missing of a period;
            ``attrs["noise"]`` is the change of a total that days alone would bring in nine cases
            of ten (`hk_metrics.view.noise`), NaN where that cannot be told.

        Raises
        ------
        UnknownNameError
            For a metric, a dimension or a comparison that does not exist.
        InsufficientDataError
            If the metric cannot be told by these parts, or there is no period before.

        Notes
        -----
        Rate and mix are Shapley's values of a ratio's two factors, exact for zeros and losses:
        J. W. Sun, "Changes in energy consumption and energy intensity: a complete decomposition
        model", Energy Economics 20 (1998), 85–100.

        Examples
        --------
        >>> import hk_metrics as hk
        >>> data, _ = hk.simulate(seed=7, influencers=12, days=60, events=500)
        >>> why = data.view(date=("2025-01-31", "2025-02-28")).drivers("revenue", by="platform")
        >>> change = why.attrs["totals"]["current"] - why.attrs["totals"]["previous"]
        >>> bool(abs(why["contribution"].sum() - change) < 1e-6)
        True
        """
        return given_as(
            drivers(self, metric, by, compare), output, self._presentation("amounts", metric)
        )

    def pinned_notes(self) -> pd.DataFrame:
        """Return the team's notes on days of this view, of its brands and of all brands.

        They are written on the page, or by ``hk.Store().team.pin(day, text, brand)``.

        Returns
        -------
        DataFrame
            One row per note, numbered from 1 as charts number them: ``day``, ``note``, ``brand``
            (empty for all), ``by`` (who wrote it; empty where that is not known).

        Examples
        --------
        >>> import hk_metrics as hk
        >>> data, _ = hk.simulate(seed=7, influencers=12, days=30, events=500)
        >>> len(data.view().pinned_notes())
        0
        """
        import pandas as pd

        rows = [(n.day, n.text, n.brand, n.by) for n in self.pinned]
        frame = pd.DataFrame(rows, columns=["day", "note", "brand", "by"])
        frame["day"] = pd.to_datetime(frame["day"])
        return frame.set_axis(range(1, len(frame) + 1)).rename_axis("number")

    def _unequal(self, other: View | None, metrics: Sequence[str]) -> str:
        """Return that periods are not at equal age, where some metric depends on it; else ""."""
        if other is None or other.period is None or at_equal_age(self.ledger, metrics):
            return ""
        return ageing(self, other)

    def plot(
        self, *metrics: str, by: str | Sequence[str] = (), freq: Freq = "D", limit: int = 20
    ) -> go.Figure:
        """Return a figure of metrics of one unit: over time, or by a dimension; in plotly.

        Parameters
        ----------
        metrics
            Names; revenue and spend where none are given.
        by
            A dimension, for bars instead of a line; ``day``, ``week`` and ``month`` are times.
        freq
            ``D``, ``W`` or ``M``, for a line.
        limit
            The most bars.

        Examples
        --------
        >>> import hk_metrics as hk
        >>> data, _ = hk.simulate(seed=7, influencers=12, days=30, events=500)
        >>> data.view().plot("roas", by="platform").layout.title.text
        'ROAS by platform'
        """
        names = metrics or tuple(m for m in ("revenue", "spend") if m in self.metrics)
        frame = self.by(by, metrics=names) if by else self.trend(freq, names)
        return frame.plot(*names, limit=limit)
