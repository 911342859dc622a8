"""The models by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from hk_metrics import plugins
from hk_metrics.arguments import text
from hk_metrics.attribution import (
    first_touch,
    last_touch,
    linear,
    markov,
    position_based,
    shapley,
    time_decay,
)
from hk_metrics.attribution.journeys import Journeys, summed
from hk_metrics.attribution.model import Credit, Model
from hk_metrics.errors import PluginError, UnknownNameError

GROUP = "hk_metrics.attribution"
_OURS: Mapping[str, Model] = {
    module.MODEL.name: module.MODEL
    for module in (
        first_touch, last_touch, linear, time_decay, position_based, markov, shapley,
    )
}  # fmt: skip


def _read(given: Any) -> Iterator[tuple[str, Model]]:
    return ((model.name, model) for model in plugins.all_of(Model)(given))


MODELS = plugins.Registry(GROUP, _OURS, _read)


def model_named(name: str) -> Model:
    """Return a model by name, or say which names there are."""
    if text("model", name, "markov") not in MODELS:
        raise UnknownNameError.of("attribution model", name, MODELS)
    return MODELS[name]


def split(journeys: Journeys, model: str, options: Mapping[str, Any]) -> Credit:
    """Return the credit of a model, checking the names of its options."""
    chosen = model_named(model)
    for option in options:
        if option not in chosen.options:
            raise UnknownNameError.of(f"option of {model}", option, chosen.options)
    if model in _OURS:
        return chosen.split(journeys, **options)
    with plugins.blamed(f"attribution model {model!r}"):
        return _conserving(chosen.split(journeys, **options), journeys)


def _conserving(credit: Credit, journeys: Journeys) -> Credit:
    """Return credit that loses nothing of an order and adds nothing to it, or refuse it."""
    for shares in (credit.orders, credit.revenue):
        sums = summed(journeys.journey, shares, len(journeys.lengths))[journeys.converted]
        if not np.allclose(sums, 1.0):
            raise PluginError("the credits of an order add to something else than 1")
    return credit
