"""New customers of a view: how many, at what cost, and what they bring in the days after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, overload

import narwhals as nw

from hk_metrics.customers import cohorts, what_is_new, what_is_repeat
from hk_metrics.customers.cohorts import ASSUMPTION, DAYS
from hk_metrics.errors import ParameterError, UnknownNameError
from hk_metrics.intervals import Z_SCORE
from hk_metrics.ledger.absent import EARLIER, ORDER_NUMBERS
from hk_metrics.ledger.margins import priced
from hk_metrics.metrics import Unit
from hk_metrics.results.output import Output, given_as
from hk_metrics.results.presentation import Presentation
from hk_metrics.settings import Settings
from hk_metrics.view.breakdowns import Breakdowns
from hk_metrics.view.filters import NONE
from hk_metrics.view.query import Freq

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

    from hk_metrics.results.result import Result

_PERIODS: Mapping[str, tuple[str, Freq]] = {"week": ("1w", "W"), "month": ("1mo", "M")}
_NO_MARGIN = "Payback is before the cost of goods: no margin is set."


@dataclass(frozen=True, eq=False)
class Cohorts(Breakdowns):
    """What is asked of the customers of a selection."""

    @overload
    def cohorts(
        self,
        by: str = "month",
        days: Sequence[int] = DAYS,
        *,
        output: Literal["pandas"] = ...,
    ) -> Result: ...
    @overload
    def cohorts(
        self, by: str = "month", days: Sequence[int] = DAYS, *, output: Literal["polars"]
    ) -> pl.DataFrame: ...
    def cohorts(
        self, by: str = "month", days: Sequence[int] = DAYS, *, output: Output = "pandas"
    ) -> Result | pl.DataFrame:
        """Return the new customers of the view by cohort: share, cost, value by age, payback.

        Parameters
        ----------
        by
            ``month`` or ``week`` of the first order, or a dimension of it (``influencer_id``,
            ``campaign`` …).
        days
            Ages at which to say what a customer has brought (days since her first order, which is
            day 0).
        output
            ``polars`` gives a Polars frame, the index as columns; attrs stay with pandas.

        Returns
        -------
        DataFrame
            One row per cohort, time in order, else the largest first: ``customers`` and
            ``new_customers`` (people), ``new_customer_share`` (fraction) with ``…_lower`` and
            ``…_upper`` (90 %), ``spend`` and ``cac`` (money), ``payback_days`` (first day of age
            on which margin × revenue per new customer reaches ``cac``; NaN where it has not),
            ``followed_days`` (how long the earliest is followed), and for each age N
            ``revenue_N`` (money per new customer, net of refunds, whoever is credited with what
            she bought later), ``revenue_N_lower``, ``revenue_N_upper`` (90 %), ``followed_N``
            (customers seen so long) and ``repeat_N`` (fraction who bought again). NaN where
            nobody is followed so long. ``attrs["notes"]`` says what new and repeat mean and how
            customers who came lately are counted.

        Raises
        ------
        UnknownNameError
            For what is neither a period nor a dimension.
        ParameterError
            For an age that is no whole number of days from 0.
        InsufficientDataError
            If the data has no customers.

        Examples
        --------
        >>> import hk_metrics as hk
        >>> data, _ = hk.simulate(seed=7, influencers=12, days=120, events=2_000)
        >>> table = data.view().cohorts("influencer_id", days=[30])
        >>> told = table.dropna(subset=["revenue_30_lower"])
        >>> bool((told["revenue_30_lower"] <= told["revenue_30"]).all())
        True
        """
        ages = _ages(days)
        if by not in _PERIODS and by not in self.dimensions:
            raise UnknownNameError.of("cohort", by, [*_PERIODS, *self.dimensions])
        self.require("new_customers")
        counted = [n for n in ("customers", "new_customers", "spend") if n in self.metrics]
        period = _PERIODS[by][1] if by in _PERIODS else None
        beside = self.trend(period, counted) if period else self.by(by, metrics=counted)
        settings = self.ledger.settings
        found = cohorts(
            _polars(self.events).with_columns(group=_group(by)),
            _with_left(_polars(self.ledger.events), settings),
            days=ages, numbered=ORDER_NUMBERS not in self.ledger.absent,
            cost=beside.get("spend"), margin=1.0 if settings.margin_by_row else settings.kept,
        )  # fmt: skip
        table = _beside(found, beside, by)
        table.attrs = {"notes": self._of_customers(), "unavailable": beside.attrs["unavailable"]}
        return given_as(table, output, Presentation("breakdown", settings, units=_units(ages)))

    def _of_customers(self) -> list[str]:
        absent = self.ledger.absent
        notes = [what_is_new(EARLIER not in absent), what_is_repeat(ORDER_NUMBERS not in absent)]
        return [*notes, ASSUMPTION, *([] if self.ledger.settings.knows_margin else [_NO_MARGIN])]


def _ages(days: Sequence[int]) -> list[int]:
    if any(not isinstance(day, int) or day < 0 for day in days):
        raise ParameterError(f"days={list(days)!r}: give whole numbers of days from 0 on")
    return sorted(set(days))


def _units(ages: Sequence[int]) -> dict[str, Unit]:
    units: dict[str, Unit] = {"payback_days": "count", "followed_days": "count"}
    for day in ages:
        units |= dict.fromkeys((f"revenue_{day}{end}" for end in ("", "_lower", "_upper")), "money")
        units |= {f"followed_{day}": "count", f"repeat_{day}": "percent"}
    return units


def _polars(events: Any) -> pl.LazyFrame:
    """Return order rows in this process, with names as text."""
    if events.implementation.is_polars():
        native: pl.LazyFrame = events.to_native()
        return native
    here: pl.DataFrame = nw.to_native(events.collect(backend="polars"))
    return here.lazy()


def _with_left(events: pl.LazyFrame, settings: Settings) -> pl.LazyFrame:
    """Return order rows with what is left of their revenue, where that depends on the row."""
    if not settings.margin_by_row:
        return events
    native: pl.LazyFrame = priced(nw.from_native(events), settings).to_native()
    return native


def _group(by: str) -> pl.Expr:
    import polars as pl

    if by in _PERIODS:
        return pl.col("date").dt.truncate(_PERIODS[by][0])
    return pl.col(by).cast(pl.String)


def _beside(found: pd.DataFrame, beside: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return value beside what the view counts of the same cohorts, in the view's order."""
    import pandas as pd

    if by in _PERIODS:
        found.index = pd.DatetimeIndex(found.index)
    else:
        found.index = pd.Index([NONE if v is None else v for v in found.index])
    counted = [n for n in beside if n not in found]
    table = found.join(beside[counted], how="left")
    table = table.reindex([v for v in beside.index if v in found.index])
    if by not in _PERIODS:
        table = table.sort_values("new_customers", ascending=False, kind="stable")
    lower, upper = _wilson(table["new_customers"], table["customers"])
    share = table["new_customers"] / table["customers"]
    table = table.assign(
        new_customer_share=share, new_customer_share_lower=lower, new_customer_share_upper=upper
    )
    first = [
        "customers", "new_customers", "new_customer_share", "new_customer_share_lower",
        "new_customer_share_upper", "spend", "cac", "payback_days", "followed_days",
    ]  # fmt: skip
    there = [n for n in first if n in table]
    return table[[*there, *(n for n in table if n not in there)]].rename_axis(by)


def _wilson(part: pd.Series[float], whole: pd.Series[float]) -> tuple[Any, Any]:
    """Return the ends of Wilson's 90 % interval of a share."""
    z = Z_SCORE
    share = part / whole
    middle = (share + z**2 / (2 * whole)) / (1 + z**2 / whole)
    reach = (share * (1 - share) / whole + z**2 / (4 * whole**2)) ** 0.5 * z / (1 + z**2 / whole)
    return (middle - reach).clip(lower=0.0), (middle + reach).clip(upper=1.0)
