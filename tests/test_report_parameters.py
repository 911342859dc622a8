"""Parameters: read from the notebook, typed, and refused before anything runs."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hk_metrics.errors import HkMetricsError, ParameterError, UnknownNameError
from hk_metrics.report import config, plan
from hk_metrics.report.parameters import Parameter, assignments, declared, validate
from hk_metrics.view import period

CELL = """from datetime import date
from typing import Literal, Optional

data: str = "sample"  # a folder or a file
start: Optional[date] = None  # first day
brand: Optional[list[str]] = None  # brands
top: int = 10
compare: Literal["previous_period", "previous_year"] = "previous_period"
"""


def _notebook(folder: Path, source: str = CELL, tags: tuple[str, ...] = ("parameters",)) -> Path:
    cell = nbformat.v4.new_code_cell(source, metadata={"tags": list(tags)})
    path = folder / "toy.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
    return path


@pytest.fixture
def known(tmp_path: Path) -> dict[str, Parameter]:
    return declared(_notebook(tmp_path))


def test_parameters_are_read_with_type_default_and_help(known: dict[str, Parameter]) -> None:
    assert list(known) == ["data", "start", "brand", "top", "compare"]
    assert known["start"] == Parameter("start", "Optional[date]", None, "first day")
    assert known["top"] == Parameter("top", "int", 10)


@pytest.mark.parametrize(
    "source, says",
    [
        ("top = 10", "has no type"),
        ("top: int = 5 + x", "must be written out"),
    ],
)
def test_parameters_cell_that_cannot_be_read_says_how_to_write_it(
    tmp_path: Path, source: str, says: str
) -> None:
    with pytest.raises(ParameterError, match=says):
        declared(_notebook(tmp_path, source))


def test_notebook_without_parameters_cell_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="tag 'parameters'"):
        declared(_notebook(tmp_path, tags=()))
    with pytest.raises(ParameterError, match="no notebook"):
        declared(tmp_path / "absent.ipynb")
    (tmp_path / "broken.ipynb").write_text("PNG")
    with pytest.raises(ParameterError, match="not a notebook"):
        declared(tmp_path / "broken.ipynb")


def test_text_values_become_typed(known: dict[str, Parameter]) -> None:
    given = assignments(["start=2025-03-01", "brand=Gritzo", "top=3"])
    assert validate(given, known) == {
        "data": "sample",
        "start": "2025-03-01",
        "brand": ["Gritzo"],
        "top": 3,
        "compare": "previous_period",
    }


def test_repeated_name_is_a_list_and_none_is_no_value(known: dict[str, Parameter]) -> None:
    given = assignments(["brand=A,B", "brand=C", "brand=D=E"])
    assert validate(given, known)["brand"] == ["A,B", "C", "D=E"]
    assert validate({"brand": "none", "start": ""}, known)["brand"] is None


def test_every_problem_is_named_at_once_with_the_nearest_name(known: dict[str, Parameter]) -> None:
    with pytest.raises(ParameterError) as caught:
        validate(
            {"brnad": "x", "start": "2025-13-01", "top": "many", "compare": "prev_year"}, known
        )
    said = str(caught.value)
    assert "did you mean 'brand'?" in said
    assert "Did you mean 'previous_year'?" in said
    assert "'start' (first day) cannot be '2025-13-01'" in said
    assert "'top' cannot be 'many'" in said
    assert len(said.splitlines()) == 4


@pytest.mark.parametrize("pair", ["brand", "=x", ""])
def test_text_that_is_no_assignment_is_refused(pair: str) -> None:
    with pytest.raises(ParameterError, match="name=value"):
        assignments([pair])


# 2025-03-12 is a Wednesday; 2024 is a leap year.
@pytest.mark.parametrize(
    "words, today, first, last",
    [
        ("yesterday", "2025-03-01", "2025-02-28", "2025-02-28"),
        ("this_week", "2025-03-12", "2025-03-10", "2025-03-16"),
        ("last_week", "2025-03-10", "2025-03-03", "2025-03-09"),
        ("last_week", "2025-03-16", "2025-03-03", "2025-03-09"),
        ("last_month", "2024-03-31", "2024-02-01", "2024-02-29"),
        ("last_month", "2025-01-15", "2024-12-01", "2024-12-31"),
        ("this_month", "2025-12-31", "2025-12-01", "2025-12-31"),
        ("last_year", "2024-02-29", "2023-01-01", "2023-12-31"),
        ("last_28_days", "2025-03-29", "2025-03-01", "2025-03-28"),
        ("2025-03-01..2025-03-31", "2020-01-01", "2025-03-01", "2025-03-31"),
    ],
)
def test_period_words_mean_calendar_days(words: str, today: str, first: str, last: str) -> None:
    expected = (date.fromisoformat(first), date.fromisoformat(last))
    assert period.days(words, date.fromisoformat(today)) == expected


@settings(deadline=None)
@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_last_period_ends_the_day_before_this_one_begins(today: date) -> None:
    for unit in ("week", "month", "year"):
        this, last = period.days(f"this_{unit}", today), period.days(f"last_{unit}", today)
        assert this is not None and last is not None
        assert last[1] + timedelta(days=1) == this[0] <= today <= this[1]


def test_period_that_means_nothing_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'last_week'"):
        period.days("lastweek", date(2025, 3, 1))
    for wrong in ("2025-03-02..2025-03-01", "2025-02-30..2025-03-01"):
        with pytest.raises(HkMetricsError):
            period.days(wrong, date(2025, 3, 1))


def test_sample_is_seen_from_the_morning_after_its_end() -> None:
    real = datetime(2031, 5, 4, 10, tzinfo=UTC)
    chosen = config.Reports(reports={"weekly": config.Report(schedule="0 8 * * 1")})
    planned = plan.plan(chosen, "weekly", {"data": "sample", "period": "last_month"}, now=real)
    assert (planned.parameters["start"], planned.parameters["end"]) == ("2025-05-01", "2025-05-31")
    slot = plan.plan(chosen, "weekly", {}, now=real).slot
    assert slot is not None and slot.year == 2031
