"""A sentence about a view, and where it can be checked."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Evidence:
    """Where a sentence can be checked.

    Parameters
    ----------
    by
        The breakdown that shows it: a dimension, ``date``, or empty for the totals.
    metrics
        The columns to look at.
    values
        The rows that the sentence counts; none where it is about all of them.
    """

    by: str = ""
    metrics: tuple[str, ...] = ()
    values: tuple[str, ...] = ()

    @property
    def value(self) -> str | None:
        """The row to look at, if it is one."""
        return self.values[0] if len(self.values) == 1 else None


@dataclass(frozen=True)
class Insight:
    """One sentence about a view.

    Parameters
    ----------
    text
        The sentence, numbers written out in the settings' currency and grouping.
    metric
        What it is about.
    evidence
        Where to check it.
    tone
        ``good``, ``poor`` or empty: whether this is welcome.
    """

    text: str
    metric: str
    evidence: Evidence = field(default_factory=Evidence)
    tone: str = ""
