"""What a period is compared with: whole months with whole months, other days with as many."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import hk_metrics as hk
from hk_metrics.errors import ParameterError, UnknownNameError
from hk_metrics.view.comparison import COMPARISONS, compared
from hk_metrics.view.period import days
from tests.worked_example import TABLES


@pytest.fixture(scope="module")
def worked() -> hk.Dataset:
    return hk.Dataset(TABLES)


def _days(text: str) -> tuple[date, date]:
    first, last = text.split("..")
    return date.fromisoformat(first), date.fromisoformat(last)


@pytest.mark.parametrize(
    "period, to, expected",
    [
        ("2025-05-01..2025-05-31", "previous_period", "2025-04-01..2025-04-30"),
        ("2025-03-01..2025-03-31", "previous_period", "2025-02-01..2025-02-28"),
        ("2025-04-01..2025-06-30", "previous_period", "2025-01-01..2025-03-31"),
        ("2024-01-01..2024-12-31", "previous_period", "2023-01-01..2023-12-31"),
        ("2025-05-01..2025-05-15", "previous_period", "2025-04-16..2025-04-30"),
        ("2025-05-05..2025-05-11", "previous_period", "2025-04-28..2025-05-04"),
        ("2025-05-31..2025-05-31", "previous_period", "2025-05-30..2025-05-30"),
        ("2025-06-01..2025-06-30", "previous_month", "2025-05-01..2025-05-31"),
        ("2025-06-01..2025-06-15", "previous_month", "2025-05-01..2025-05-15"),
        ("2025-05-31..2025-05-31", "previous_month", "2025-04-30..2025-04-30"),
        ("2025-04-01..2025-06-30", "previous_month", "2025-01-01..2025-03-31"),
        ("2025-06-15..2025-07-20", "previous_month", "2025-04-15..2025-05-20"),
        ("2025-01-01..2025-01-31", "previous_month", "2024-12-01..2024-12-31"),
        ("2025-04-01..2025-06-30", "previous_quarter", "2025-01-01..2025-03-31"),
        ("2025-04-01..2025-05-15", "previous_quarter", "2025-01-01..2025-02-15"),
        ("2025-02-01..2025-02-28", "previous_quarter", "2024-11-01..2024-11-30"),
        ("2025-02-01..2025-02-28", "previous_year", "2024-02-01..2024-02-29"),
        ("2024-02-29..2024-02-29", "previous_year", "2023-02-28..2023-02-28"),
        ("2025-03-06..2025-03-10", "previous_year", "2024-03-06..2024-03-10"),
        ("2024-07-01..2025-12-31", "previous_year", "2022-07-01..2023-12-31"),
    ],
)
def test_period_compares_by_the_calendar(period: str, to: str, expected: str) -> None:
    assert compared(_days(period), to) == _days(expected)  # type: ignore[arg-type]


@given(
    st.dates(date(2000, 1, 1), date(2030, 1, 1)),
    st.integers(0, 800),
    st.sampled_from(COMPARISONS),
)
def test_compared_period_lies_before_and_does_not_overlap(first, length, to) -> None:
    period = first, first + timedelta(days=length)
    begin, end = compared(period, to)
    assert begin <= end < period[0]


def test_two_chosen_days_are_taken_as_they_are(worked: hk.Dataset) -> None:
    view = worked.view(date=("2025-03-06", "2025-03-10"))
    change = view.compare(("2025-03-01", "2025-03-03"), metrics=["revenue"])
    assert change.attrs["previous_period"] == (date(2025, 3, 1), date(2025, 3, 3))
    with pytest.raises(ParameterError, match="ends before it begins"):
        view.compare(("2025-03-03", "2025-03-01"))
    with pytest.raises(ParameterError, match="two dates like 2025-03-01"):
        view.compare(("01/03/2025", "2025-03-01"))
    with pytest.raises(UnknownNameError, match="did you mean 'previous_month'"):
        view.compare("previous_moth")  # type: ignore[arg-type]


def test_what_is_missing_of_the_other_period_is_said(worked: hk.Dataset) -> None:
    view = worked.view(date=("2025-03-06", "2025-03-10"))
    assert view.compare().attrs["note"] == ""
    assert "nothing to compare with: the data begins on 1 Mar 2025" in view.lacking("previous_year")
    assert "is not whole" in worked.view(date=("2025-03-04", "2025-03-08")).lacking()


def test_june_of_the_reference_compares_with_all_of_may(reference) -> None:
    """The last row is of 29 June; the month is compared as a month all the same."""
    view = hk.load(reference).view(date=("2025-06-01", "2025-06-30"))
    assert round(view.compare(metrics=["revenue"]).loc["revenue", "change_pct"], 3) == -0.085


@pytest.mark.parametrize(
    "words, expected",
    [("this_quarter", "2025-04-01..2025-06-30"), ("last_quarter", "2025-01-01..2025-03-31")],
)
def test_quarters_are_periods_in_words(words: str, expected: str) -> None:
    assert days(words, date(2025, 5, 17)) == _days(expected)
