"""How far each influencer's budget may move."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from hk_metrics.arguments import kind_of, number
from hk_metrics.errors import ParameterError, UnknownNameError
from hk_metrics.planning.allocation import BOUNDS, Bounds

if TYPE_CHECKING:
    import pandas as pd

# Pays for any change that a lock must not allow.
_STAYS = 1.0


def limits(influencers: pd.Index[str], bounds: Any, locked: Iterable[str]) -> Bounds:
    """Return the least and the most of each influencer's budget, as multiples of today's.

    Parameters
    ----------
    influencers
        In the order of the result.
    bounds
        One pair for all, or influencer → pair.
    locked
        Who stays at today's spend.
    """
    single = not isinstance(bounds, Mapping)
    low, high = np.array([_pair(bounds if single else BOUNDS)] * len(influencers)).T.copy()
    place = {name: n for n, name in enumerate(influencers)}
    for name, pair in {} if single else bounds.items():
        low[_known(name, place)], high[_known(name, place)] = _pair(pair)
    for name in _names(locked):
        low[_known(name, place)] = high[_known(name, place)] = _STAYS
    return low, high


def _pair(bounds: Any) -> tuple[float, float]:
    try:
        low, high = bounds
    except (TypeError, ValueError):
        raise ParameterError(
            f"bounds={bounds!r}: give the least and the most of today's spend, e.g. {BOUNDS}"
        ) from None
    return number("bounds", low, BOUNDS[0]), number("bounds", high, BOUNDS[1])


def _names(locked: Any) -> list[Any]:
    if isinstance(locked, str) or not isinstance(locked, Iterable):
        raise ParameterError(f"locked: give a list of influencer ids, not {kind_of(locked)}")
    return list(locked)


def _known(name: Any, place: Mapping[str, int]) -> int:
    if not isinstance(name, str) or name not in place:
        raise UnknownNameError.of("influencer with spend", name, place)
    return place[name]
