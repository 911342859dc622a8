"""Every error a user of hk_metrics can meet, as one family.

A message says what is wrong, where, and how to fix it; nothing here is raised without all three.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hk_metrics.quality import QualityReport


class HkMetricsError(Exception):
    """Base of every error that hk_metrics raises on purpose."""


class SchemaError(HkMetricsError):
    """The input cannot become a dataset without a decision or a repair.

    Parameters
    ----------
    message
        All problems in words, one a line.
    quality
        The same problems as findings, with file, row, column, value and fix.
    """

    def __init__(self, message: str, quality: QualityReport | None = None) -> None:
        super().__init__(message)
        self.quality = quality


class UnknownNameError(HkMetricsError, KeyError):
    """A name (metric, dimension, value, model …) that does not exist here."""

    def __str__(self) -> str:
        return str(self.args[0])

    @classmethod
    def of(cls, what: str, name: object, known: Iterable[object]) -> UnknownNameError:
        """Build the error with the nearest known name and the list of all.

        >>> str(UnknownNameError.of("metric", "roaz", ["roas", "spend"]))
        "unknown metric 'roaz': did you mean 'roas'? There are: roas, spend"
        """
        names = [str(k) for k in known]
        near = get_close_matches(str(name), names, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]!r}? " if near else ""
        listed = ", ".join(names[:40]) + (f" … {len(names)} in all" if len(names) > 40 else "")
        return cls(f"unknown {what} {str(name)!r}: {hint}There are: {listed or 'none'}")


class ParameterError(HkMetricsError, ValueError):
    """A parameter has the wrong type or an impossible value."""


class InsufficientDataError(HkMetricsError):
    """The data cannot answer this question; the message says what to add."""


class StoreError(HkMetricsError):
    """A dataset version on disk is missing, damaged or locked."""


class NotAllowedError(HkMetricsError):
    """The visitor's role or scope does not reach that far; the message says whose does."""


class DeliveryError(HkMetricsError):
    """A report could not be handed over."""


class ReportError(HkMetricsError):
    """A report could not be made; nothing was delivered."""


class MissingToolError(HkMetricsError):
    """A program is not on the machine; the message says which, and how to get it."""


class PluginError(HkMetricsError):
    """What an installed package adds cannot be used; the message names the package and why."""
