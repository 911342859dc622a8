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
    value
        The row to look at, if it is one.
    """

    by: str = ""
    metrics: tuple[str, ...] = ()
    value: str | None = None


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
