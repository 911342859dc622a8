"""Types for a parameters cell: what may be written is checked before a kernel starts.

>>> from hk_metrics.report.parameters import Parameter, validate
>>> validate({"period": "last_week"}, {"period": Parameter("period", "Period", "all")})
{'period': 'last_week'}
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator

from hk_metrics.errors import HkMetricsError
from hk_metrics.view import period


def checked(check: Callable[[str], object]) -> AfterValidator:
    """Return a check of a text as pydantic takes it: our errors become its own."""

    def validate(value: str) -> str:
        try:
            check(value)
        except HkMetricsError as wrong:
            raise ValueError(str(wrong)) from None
        return value

    return AfterValidator(validate)


def _model(name: str) -> None:
    from hk_metrics.attribution import MODELS
    from hk_metrics.errors import UnknownNameError

    if name not in MODELS:
        raise UnknownNameError.of("attribution model", name, MODELS)


def _rule(words: str) -> None:
    from hk_metrics.report.rules import check_of

    check_of(words)


Period = Annotated[str, checked(lambda words: period.days(words, date(2025, 1, 1)))]
Model = Annotated[str, checked(_model)]
Rule = Annotated[str, checked(_rule)]
Comparison = Literal[
    "previous_period", "previous_month", "previous_quarter", "previous_year", "none"
]
Grouping = Literal["indian", "international"]
