"""The estimators of lift, by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isfinite
from types import ModuleType, SimpleNamespace
from typing import Any, Protocol

from hk_metrics import plugins
from hk_metrics.errors import InsufficientDataError, PluginError, UnknownNameError
from hk_metrics.incrementality import assumed_share, interrupted, post_response
from hk_metrics.incrementality.result import Lift
from hk_metrics.incrementality.series import Activity, Series


class Estimator(Protocol):
    """What an estimator's module holds."""

    METHOD: str
    ASSUMPTION: str

    def fit(self, series: Series, activity: Activity, **options: Any) -> Lift:
        """Return the lift, or raise `InsufficientDataError` with the reason."""


GROUP = "hk_metrics.estimators"
PARTS = ("METHOD", "ASSUMPTION", "fit")
_OURS: Mapping[str, Any] = {e.METHOD: e for e in (post_response, interrupted, assumed_share)}


def _read(given: Any) -> Iterator[tuple[str, Any]]:
    """Return the estimators that an entry point names: modules, or whatever holds the same."""
    for one in given if isinstance(given, list | tuple) else [given]:
        if lacking := [part for part in PARTS if not hasattr(one, part)]:
            kind = "module" if isinstance(one, ModuleType) else "object"
            raise PluginError(f"a {kind} without {' and '.join(lacking)} is no estimator")
        yield one.METHOD, _answering(one)


def _answering(estimator: Any) -> Any:
    """Return an estimator whose failures are refusals, and whose answers are numbers."""

    def fit(series: Series, activity: Activity, **options: Any) -> Lift:
        try:
            with plugins.blamed(f"lift estimator {estimator.METHOD!r}"):
                found: Lift = estimator.fit(series, activity, **options)
        except PluginError as error:
            raise InsufficientDataError(f"{error}.") from error
        if not (isinstance(found, Lift) and isfinite(found.estimate)):
            raise InsufficientDataError(
                f"The lift estimator {estimator.METHOD!r} of an installed package gives no number."
            )
        return found

    label = getattr(estimator, "LABEL", estimator.METHOD.replace("_", " ").capitalize())
    return SimpleNamespace(
        METHOD=estimator.METHOD, ASSUMPTION=estimator.ASSUMPTION, LABEL=label, fit=fit
    )


ESTIMATORS = plugins.Registry(GROUP, _OURS, _read)
DEFAULT = post_response.METHOD


def estimator_named(name: str) -> Estimator:
    """Return an estimator by its name."""
    if name not in ESTIMATORS:
        raise UnknownNameError.of("lift method", name, ESTIMATORS)
    found: Estimator = ESTIMATORS[name]
    return found
