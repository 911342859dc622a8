"""What was asked: of which shop, by which method, in which units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from hk_metrics.arguments import Days, days, kind_of, mapping, text, view_of
from hk_metrics.errors import ParameterError, UnknownNameError
from hk_metrics.incrementality import assumed_share
from hk_metrics.incrementality.calibration import Calibration
from hk_metrics.incrementality.controls import Controls, controls_of
from hk_metrics.incrementality.estimators import Estimator, estimator_named
from hk_metrics.incrementality.sales import sales_table
from hk_metrics.incrementality.shop import OF_THE_SHOP, Shop
from hk_metrics.view import View

if TYPE_CHECKING:
    import polars as pl

    from hk_metrics.dataset import Dataset

Outcome = Literal["revenue", "orders"]
_TWO_CITIES = (
    "by='city': city is the influencers' home, while that of daily_sales is the buyers', so the "
    "sales of a city are not what its influencers sold. Ask by='influencer_id', take cities "
    "without posts as controls, or find out with hk.plan_experiment(data, design='cities')"
)


@dataclass(frozen=True, eq=False)
class LiftQuestion:
    """What `lift` was asked, the same for all units."""

    shop: Shop
    estimator: Estimator
    outcome: Outcome
    by: str | None
    calibration: Calibration | None = None
    controls: Controls | None = None

    @property
    def part(self) -> dict[str, tuple[Any, ...]]:
        """Filters that choose a part of the shop."""
        return {n: v for n, v in self.shop.view.filters.items() if n in OF_THE_SHOP}

    @property
    def lacking(self) -> str:
        """What the data does not hold at all and the answer cannot do without; else empty."""
        assumed = self.estimator.METHOD == assumed_share.METHOD
        tracked = [self.outcome] if assumed or self.shop.sales is None else []
        return View(self.shop.view.ledger).gaps([*tracked, *([] if assumed else ["posts"])])

    @property
    def splits(self) -> bool:
        """Whether units are parts of an activity rather than of the shop."""
        whole = (*OF_THE_SHOP, "date", "organic")
        by_activity = self.by is not None and self.by not in OF_THE_SHOP
        return by_activity or any(n not in whole for n in self.shop.view.filters)


def asked(
    data: Dataset | View, method: str, by: str | None, outcome: Outcome, sales: Any,
    events: Mapping[str, Any] | None, filters: Mapping[str, Any], calibration: Any = None,
    controls: Any = None,
) -> LiftQuestion:  # fmt: skip
    """Return the question, checked; see `hk_metrics.incrementality.lift`."""
    if text("outcome", outcome, "revenue") not in ("revenue", "orders"):
        raise UnknownNameError.of("outcome", outcome, ["revenue", "orders"])
    view = view_of(data, "lift()").where(**filters)
    if by is not None and text("by", by, "brand") not in view.dimensions:
        raise UnknownNameError.of("dimension", by, view.dimensions)
    tables: Mapping[str, Any] = getattr(data, "tables", {})
    sold = sales_table(tables.get("daily_sales") if sales is None else sales)
    if by == "city" and sold is not None and "city" in sold.columns:
        raise ParameterError(_TWO_CITIES)
    beside, sold = controls_of(controls, sold, outcome)
    shop = Shop(view, sold, _events_of(events, view, sold))
    estimator = estimator_named(text("method", method, "post_response"))
    known = _calibration_of(calibration, outcome)
    return LiftQuestion(shop, estimator, outcome, by, known, beside)


def _calibration_of(given: Any, outcome: str) -> Calibration | None:
    """Return what an experiment found: its reading's calibration, or one itself."""
    if given is None or isinstance(given, Calibration):
        return given
    found = getattr(given, "calibration", None)
    if not isinstance(found, Calibration):
        raise ParameterError(
            "calibration: give the result of hk.read_experiment, one that found a share of what is "
            f"tracked, not {kind_of(given)}"
        )
    if given.outcome != outcome:
        raise ParameterError(
            f"calibration: the test was read in {given.outcome}; ask for outcome={given.outcome!r}"
        )
    return found


def _events_of(
    events: Mapping[str, Any] | None, view: View, sales: pl.DataFrame | None
) -> dict[str, Days]:
    """Return promotions and holidays with their days, each of which falls into the data."""
    if events is None:
        return {}
    given = mapping("events", events, "{'Diwali sale': ['2025-10-20', '2025-10-21']}")
    found = {str(name): days(f"event {name!r}", d) for name, d in given.items()}
    first, last = _span(view, sales)
    for name, several in found.items():
        if first is not None and not ((several >= first) & (several <= last)).any():
            raise ParameterError(
                f"event {name!r} falls on no day of the data ({first} to {last}): "
                f"{', '.join(map(str, several[:3])) or 'no day is given'}. Check its year, or "
                "leave it out"
            )
    return found


def _span(view: View, sales: pl.DataFrame | None) -> tuple[Any, Any]:
    """Return the first and the last day of the data; None twice where nothing is dated."""
    if sales is not None and len(sales):
        dated = sales["date"].to_numpy().astype("datetime64[D]")
        return dated.min(), dated.max()
    period = view.ledger.period
    if period is None:
        return None, None
    return np.datetime64(period[0], "D"), np.datetime64(period[1], "D")
