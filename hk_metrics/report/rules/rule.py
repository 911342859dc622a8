"""What a rule about a metric says, once it is read."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Condition:
    """A metric compared with a number in its own unit."""

    metric: str
    sign: str
    limit: float
    currency: str = ""


@dataclass(frozen=True)
class Rule:
    """What a rule says.

    Parameters
    ----------
    words
        As written.
    condition
        A metric and its limit; of a change, the change's: as a fraction where ``relative``.
    move
        ``falls``, ``rises`` or ``changes`` for a rule about a change; else empty.
    relative
        Whether the change is in per cent of what was before.
    against
        What a change is measured against (`hk_metrics.view.comparison`).
    volume
        Conditions that must hold besides, over the same rows.
    filters
        Dimension → value.
    each
        A dimension whose values are looked at one by one.
    days
        The period in words.
    """

    words: str
    condition: Condition
    move: str = ""
    relative: bool = False
    against: str = ""
    volume: tuple[Condition, ...] = ()
    filters: dict[str, str] = field(default_factory=dict)
    each: str = ""
    days: str = "all"
