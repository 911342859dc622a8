"""The models by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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
from hk_metrics.attribution.journeys import Journeys
from hk_metrics.attribution.model import Credit, Model
from hk_metrics.errors import UnknownNameError

MODELS: Mapping[str, Model] = {
    module.MODEL.name: module.MODEL
    for module in (
        first_touch, last_touch, linear, time_decay, position_based, markov, shapley,
    )
}  # fmt: skip


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
    return chosen.split(journeys, **options)
