"""What was asked: of which shop, by which method, in which units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from hk_metrics.errors import UnknownNameError
from hk_metrics.incrementality import assumed_share
from hk_metrics.incrementality.estimators import Estimator, estimator_named
from hk_metrics.incrementality.shop import OF_THE_SHOP, Shop
from hk_metrics.view import View

if TYPE_CHECKING:
    from hk_metrics.dataset import Dataset

Outcome = Literal["revenue", "orders"]


@dataclass(frozen=True, eq=False)
class Question:
    """What `lift` was asked, the same for all units."""

    shop: Shop
    estimator: Estimator
    outcome: Outcome
    by: str | None

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
    events: Mapping[str, Any] | None, filters: Mapping[str, Any],
) -> Question:  # fmt: skip
    """Return the question, checked; see `hk_metrics.incrementality.lift`."""
    if outcome not in ("revenue", "orders"):
        raise UnknownNameError.of("outcome", outcome, ["revenue", "orders"])
    tables: Mapping[str, Any] = getattr(data, "tables", {})
    view = data.where(**filters) if isinstance(data, View) else data.view(**filters)
    if by is not None and by not in view.dimensions:
        raise UnknownNameError.of("dimension", by, view.dimensions)
    sold = tables.get("daily_sales") if sales is None else sales
    return Question(Shop(view, sold, events or {}), estimator_named(method), outcome, by)
