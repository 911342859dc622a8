"""The estimators of lift, by name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Protocol

from hk_metrics.errors import UnknownNameError
from hk_metrics.incrementality import assumed_share, interrupted, post_response
from hk_metrics.incrementality.result import Lift
from hk_metrics.incrementality.series import Activity, Series


class Estimator(Protocol):
    """What an estimator's module holds."""

    METHOD: str
    ASSUMPTION: str

    def fit(self, series: Series, activity: Activity, **options: Any) -> Lift:
        """Return the lift, or raise `InsufficientDataError` with the reason."""


ESTIMATORS: Mapping[str, Any] = MappingProxyType(
    {e.METHOD: e for e in (post_response, interrupted, assumed_share)}
)
DEFAULT = post_response.METHOD


def estimator_named(name: str) -> Estimator:
    """Return an estimator by its name."""
    if name not in ESTIMATORS:
        raise UnknownNameError.of("lift method", name, ESTIMATORS)
    found: Estimator = ESTIMATORS[name]
    return found
