"""What an attribution model is, and what it returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hk_metrics.attribution.journeys import Floats


@dataclass(frozen=True, eq=False)
class Credit:
    """How a model splits each journey's order over its touches.

    Parameters
    ----------
    orders, revenue
        Per touch: share of the journey's orders and of its revenue; each sums to 1 over a journey
        that ended in an order. They differ only where a model weighs money apart (`markov`).
    effects
        Per player, where the model weighs players: column name → values.
    bounds
        Column name → (measure, factor per player): an end of the measure's interval as a multiple
        of what is credited.
    facts
        What the model rests on, of the whole: name → number, or numbers.
    warnings
        What a reader of the credit must know, as sentences.
    """

    orders: Floats
    revenue: Floats
    effects: Mapping[str, Floats] = field(default_factory=dict)
    bounds: Mapping[str, tuple[str, Floats]] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Model:
    """One attribution model.

    Parameters
    ----------
    name
        How code and links call it.
    label
        What people read.
    assumption
        What one must believe for the credit to be fair, in one plain sentence.
    split
        ``split(journeys, **options)`` → `Credit`.
    options
        Names of the options that ``split`` takes.
    weighs_players
        Whether the credit depends on how the players are cut (by source, by influencer …).
    """

    name: str
    label: str
    assumption: str
    split: Callable[..., Credit]
    options: tuple[str, ...] = ()
    weighs_players: bool = False
