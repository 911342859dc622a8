"""What a frame of numbers does not say by itself: of what, in which unit, drawn how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hk_metrics.metrics import METRICS, Unit
from hk_metrics.settings import Settings
from hk_metrics.team import DayNote

# Columns that are not metrics but are always one kind of number.
_UNITS: Mapping[str, Unit] = {
    "change_pct": "percent",
    **dict.fromkeys(("above_break_even", "above_median", "certainty"), "chance"),
    **dict.fromkeys(("removal_effect", "share", "disagreement"), "percent"),
    **dict.fromkeys(("iroas", "iroas_lower", "iroas_upper"), "times"),
}


@dataclass(frozen=True)
class Presentation:
    """What a frame of numbers does not say by itself.

    Parameters
    ----------
    kind
        ``breakdown``, ``trend``, ``comparison``, ``estimates`` or ``amounts``.
    settings
        Currency and grouping.
    metric
        The metric that the numbers are of, where there is one.
    units
        Column → unit, where its name is no metric's.
    estimate
        Columns of an estimate and the ends of its interval.
    mark
        Where a line is drawn, e.g. 1 for break-even.
    title
        Of the figure; by default that of the metric.
    notes
        The team's notes on days, drawn where the figure is over time.
    """

    kind: str
    settings: Settings = field(default_factory=Settings)
    metric: str = ""
    units: Mapping[str, Unit] = field(default_factory=dict)
    estimate: tuple[str, str, str] | None = None
    mark: float | None = None
    title: str = ""
    notes: Sequence[DayNote] = ()

    def unit(self, column: str) -> Unit | None:
        """Return the unit of a column; None for one that is no number of ours."""
        if column in self.units:
            return self.units[column]
        name = column.removesuffix("_lower").removesuffix("_upper")
        return METRICS[name].unit if name in METRICS else _UNITS.get(column)
