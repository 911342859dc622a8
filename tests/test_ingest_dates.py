"""Dates as people write them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hk_metrics.ingest.values.date_parts import with_clocks
from hk_metrics.ingest.values.dates import DateColumn, DateOrder, parse_date
from hk_metrics.ingest.values.periods import period_spans


def _read(*texts: str | None, order: DateOrder | None = None) -> DateColumn:
    return parse_date(pl.Series(list(texts), dtype=pl.String), "Asia/Kolkata", order)


def _dates(column: DateColumn) -> list[str | None]:
    return [None if d is None else str(d) for d in column.parsed.values.to_list()]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-03-01", "2025-03-01 00:00:00"),
        ("2025/03/01", "2025-03-01 00:00:00"),
        ("2025.3.1", "2025-03-01 00:00:00"),
        ("20250301", "2025-03-01 00:00:00"),
        ("2025-03-01T10:00:00", "2025-03-01 10:00:00"),
        # Kolkata is 5:30 ahead of UTC, all year.
        ("2025-03-01T10:00:00Z", "2025-03-01 15:30:00"),
        ("2025-03-01T10:00:00+05:30", "2025-03-01 10:00:00"),
        # One offset that is not UTC's is the shop's own clock.
        ("2025-03-01 20:00:00 -0800", "2025-03-01 20:00:00"),
        ("31/12/2025", "2025-12-31 00:00:00"),
        ("31-12-25", "2025-12-31 00:00:00"),
        ("12/31/2025 4:05 PM", "2025-12-31 16:05:00"),
        ("12/31/2025 12:05 am", "2025-12-31 00:05:00"),
        ("1 Mar 2025", "2025-03-01 00:00:00"),
        ("Mar 1, 2025", "2025-03-01 00:00:00"),
        ("1st March 2025", "2025-03-01 00:00:00"),
        ("Saturday, 1 March 2025 10:30", "2025-03-01 10:30:00"),
        ("01-Mar-25", "2025-03-01 00:00:00"),
        # Excel counts days from 1899-12-30: 45,717 days later.
        ("45717", "2025-03-01 00:00:00"),
        ("45717.5", "2025-03-01 12:00:00"),
        ("1740805200", "2025-03-01 10:30:00"),
    ],
)
def test_date_is_read(text: str, moment: str) -> None:
    assert _dates(_read(text, "x")) == [moment, None]


@pytest.mark.parametrize(
    ("texts", "moments"),
    [
        # Of one offset: Buenos Aires' own day, though it is the next one in Kolkata.
        (("2025-09-11 20:20:59 -0300", "2025-09-12 21:35:02 -0300"),
         ("2025-09-11 20:20:59", "2025-09-12 21:35:02")),
        # New York's winter and summer.
        (("2025-03-08 23:00 -0500", "2025-03-09 23:00 -0400"),
         ("2025-03-08 23:00:00", "2025-03-09 23:00:00")),
        # An hour apart, but to and fro within a week: two places, on Kolkata's clock.
        (("2025-03-03 12:00 -0500", "2025-03-04 12:00 -0600", "2025-03-05 12:00 -0500",
          "2025-03-06 12:00 -0600"),
         ("2025-03-03 22:30:00", "2025-03-04 23:30:00", "2025-03-05 22:30:00",
          "2025-03-06 23:30:00")),
        (("2025-03-01 20:00 -0300", "2025-03-01 20:00 +0530"),
         ("2025-03-02 04:30:00", "2025-03-01 20:00:00")),
        (("2025-03-01 20:00 -0300", "2025-03-01 20:00"),
         ("2025-03-02 04:30:00", "2025-03-01 20:00:00")),
        (("2025-03-01 20:00 +0000", "2025-03-02 20:00 UTC"),
         ("2025-03-02 01:30:00", "2025-03-03 01:30:00")),
    ],
)  # fmt: skip
def test_clock_of_times_with_an_offset(texts: tuple[str, ...], moments: tuple[str, ...]) -> None:
    assert _dates(_read(*texts)) == list(moments)


def test_what_is_done_with_an_offset_names_it_and_the_setting() -> None:
    (kept,) = _read("2025-09-11 20:20:59 -0300").parsed.remarks
    assert kept.code == "own_clock"
    assert "at -0300 stand as written" in kept.message
    assert "Asia/Kolkata, the settings' timezone" in kept.message
    (turned,) = _read("2025-09-11T20:20:59Z").parsed.remarks
    assert turned.code == "time_zone"
    assert "at Z were turned to Asia/Kolkata, the settings' timezone" in turned.message


@pytest.mark.parametrize(
    ("zone", "moment"),
    [("UTC", "2025-03-02 01:30:00"), ("America/New_York", "2025-03-01 15:00:00")],
)
def test_clock_of_typed_times(zone: str, moment: str) -> None:
    # 15:00 in New York is 20:00 in UTC.
    at = pl.Series([datetime(2025, 3, 1, 20)]).dt.replace_time_zone("UTC")
    column = parse_date(at.dt.convert_time_zone(zone), "Asia/Kolkata")
    assert _dates(column) == [moment]
    assert zone in column.parsed.remarks[0].message


@pytest.mark.parametrize("text", ["31-02-2025", "32-07-2025", "2025-13-01", "0025-03-01", "99999"])
def test_day_that_cannot_be_fails(text: str) -> None:
    column = _read(text, "2025-03-01")
    assert column.parsed.failed["impossible_date"].to_list() == [True, False]


def test_text_is_not_a_date() -> None:
    assert _read("soon", "2025-03-01").parsed.failed["not_a_date"].to_list() == [True, False]


def test_one_clear_day_decides_the_column() -> None:
    column = _read("01-07-2025", "31-07-2025")
    assert _dates(column) == ["2025-07-01 00:00:00", "2025-07-31 00:00:00"]
    assert not column.asked
    column = _read("07/01/2025", "07/31/2025")
    assert _dates(column) == ["2025-07-01 00:00:00", "2025-07-31 00:00:00"]


def test_all_ambiguous_is_asked() -> None:
    column = _read("01-02-2025", "03-04-2025")
    assert column.asked and column.order is None


def test_answer_decides() -> None:
    assert _dates(_read("01-02-2025", order="day_first")) == ["2025-02-01 00:00:00"]
    assert _dates(_read("01-02-2025", order="month_first")) == ["2025-01-02 00:00:00"]


def test_dates_close_together_are_likelier() -> None:
    # Three days of July, or the 7th of January, March and April.
    column = _read("01-07-2025", "03-07-2025", "04-07-2025")
    assert column.asked and column.order == "day_first"


def test_firsts_of_months_say_nothing() -> None:
    column = _read(*(f"01-{m:02d}-2025" for m in range(1, 13)))
    assert column.asked and column.order is None


def test_both_readings_alike_ask_nothing() -> None:
    assert not _read("05-05-2025", "06-06-2025").asked


def test_contradicting_days_are_asked() -> None:
    assert _read("13-01-2025", "01-13-2025", "02-03-2025").asked


@settings(deadline=None)
@given(st.lists(st.dates(date(1990, 1, 1), date(2099, 12, 31)), min_size=1))
def test_iso_dates_are_read_exactly(days: list[date]) -> None:
    values = _read(*(d.isoformat() for d in days)).parsed.values.to_list()
    assert values == [datetime(d.year, d.month, d.day) for d in days]


@settings(deadline=None)
@given(
    st.lists(st.dates(date(1990, 1, 1), date(2099, 12, 31)), min_size=1),
    st.sampled_from(["%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y"]),
)
def test_day_first_dates_are_read_exactly_once_said(days: list[date], pattern: str) -> None:
    column = _read(*(d.strftime(pattern) for d in days), order="day_first")
    assert column.parsed.values.to_list() == [datetime(d.year, d.month, d.day) for d in days]


@settings(deadline=None)
@given(st.dates(date(2000, 1, 1), date(2050, 1, 1)))
def test_a_whole_month_shows_its_order(first: date) -> None:
    days = [first + timedelta(i) for i in range(31)]
    column = _read(*(d.strftime("%d/%m/%Y") for d in days))
    assert column.parsed.values.dt.date().to_list() == days


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2025-03", "2025-03-01", "2025-03-31"), ("202502", "2025-02-01", "2025-02-28"),
        ("March 2025", "2025-03-01", "2025-03-31"), ("Mar-25", "2025-03-01", "2025-03-31"),
        ("2025 Mar", "2025-03-01", "2025-03-31"), ("03/2025", "2025-03-01", "2025-03-31"),
        ("Q1 2025", "2025-01-01", "2025-03-31"), ("2025-Q4", "2025-10-01", "2025-12-31"),
        ("2025", "2025-01-01", "2025-12-31"),
        ("2025-03-01/2025-03-15", "2025-03-01", "2025-03-15"),
        ("2025-03-01 to 2025-03-15", "2025-03-01", "2025-03-15"),
        ("16-03-2025 - 31-03-2025", "2025-03-16", "2025-03-31"),
        ("2025-03-05", "2025-03-05", "2025-03-05"),
    ],
)  # fmt: skip
def test_period_is_read(text: str, first: str, last: str) -> None:
    row = period_spans(pl.Series([text]), "Asia/Kolkata", None).row(0, named=True)
    assert (str(row["start"].date()), str(row["end"].date())) == (first, last)


def test_firsts_as_periods_are_months() -> None:
    spans = period_spans(pl.Series(["2025-01-01", "2025-02-01"]), "Asia/Kolkata", None)
    assert [str(d.date()) for d in spans["end"]] == ["2025-01-31", "2025-02-28"]


def test_wording_that_is_no_period_gives_none() -> None:
    spans = period_spans(pl.Series(["Before Campaign"]), "Asia/Kolkata", None)
    assert spans["start"].to_list() == [None]


@pytest.mark.parametrize(
    "form",
    ["%d-%m-%Y %H:%M:%S", "%m/%d/%Y %I:%M %p", "%d %b %Y, %H:%M", "%Y/%m/%dT%H:%M:%S.5",
     "%a, %d %B %Y %I:%M:%S %p"],
)  # fmt: skip
def test_times_of_a_long_column_are_read_as_those_of_a_short_one(
    form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = [
        datetime(2025, 1, 1) + timedelta(hours=7 * n, minutes=n, seconds=3 * n) for n in range(300)
    ]
    texts = [m.strftime(form) for m in moments]
    odd = [
        "",
        "banana 10:30",
        texts[1] + "x",
        texts[2].split(":")[0][:10],
        None,
        "10:23",
        "9:30",
        ":30",
        "x:",
        "1:2:3:4",
    ]
    column = pl.Series("date", [*texts, *odd], dtype=pl.String)
    short = parse_date(column, "Asia/Kolkata")
    monkeypatch.setattr("hk_metrics.ingest.values.date_parts.LONG", 100)
    monkeypatch.setattr("hk_metrics.ingest.values.date_parts.SAMPLE", 100)
    long = parse_date(column, "Asia/Kolkata")
    assert with_clocks(column) is not None
    assert long.parsed.values.to_list() == short.parsed.values.to_list()
    assert long.parsed.values.head(300).null_count() == 0
    assert {k: m.to_list() for k, m in long.parsed.failed.items()} == {
        k: m.to_list() for k, m in short.parsed.failed.items()
    }
    assert (long.order, long.asked) == (short.order, short.asked)
