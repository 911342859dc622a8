"""Polars and pandas frames turned to each other: as pyarrow would, and without it."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, datetime, timedelta

import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from hk_metrics.interchange import polars_column, to_pandas, to_polars

KINDS: dict[str, tuple[pl.DataType, st.SearchStrategy[object]]] = {
    "text": (pl.String(), st.text(max_size=5)),
    "count": (pl.Int64(), st.integers(-(2**40), 2**40)),
    "money": (pl.Float64(), st.floats(allow_nan=False, allow_infinity=False)),
    "flag": (pl.Boolean(), st.booleans()),
    "moment": (pl.Datetime("us"), st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1))),
    "lasting": (pl.Duration("us"), st.timedeltas(timedelta(-999), timedelta(999))),
    "platform": (pl.Enum(["Instagram", "YouTube"]), st.sampled_from(["Instagram", "YouTube"])),
}


@st.composite
def frames(draw: st.DrawFn, gaps: bool = True) -> pl.DataFrame:
    height = draw(st.integers(0, 5))
    columns = []
    for name, (kind, values) in KINDS.items():
        cell = st.none() | values if gaps else values
        cells = draw(st.lists(cell, min_size=height, max_size=height))
        columns.append(pl.Series(name, cells, dtype=kind, strict=False))
    return pl.DataFrame(columns)


@settings(deadline=None)
@given(frames())
def test_frame_comes_to_pandas_as_through_arrow(frame: pl.DataFrame) -> None:
    expected = frame.to_pandas()
    pd.testing.assert_frame_equal(
        to_pandas(frame), expected, check_index_type=False, check_categorical=False
    )


@settings(deadline=None)
@given(frames())
def test_frame_comes_back_with_its_values(frame: pl.DataFrame) -> None:
    back = to_polars(to_pandas(frame))
    typed = [pl.col(n).cast(k) for n, (k, _) in KINDS.items() if n != "count"]
    # A count with gaps passes through pandas' floats.
    assert_frame_equal(back.with_columns(*typed, pl.col("count").cast(pl.Int64)), frame)


def test_zones_days_and_lists_keep_their_meaning() -> None:
    frame = pl.DataFrame(
        {
            "local": pl.Series([datetime(2025, 3, 1, 18, 30)]).dt.replace_time_zone("Asia/Kolkata"),
            "day": [date(2025, 3, 1)],
            "tags": [["a", "b"]],
        }
    )
    found = to_pandas(frame)
    assert found["local"][0] == pd.Timestamp("2025-03-01T18:30+05:30")
    assert str(found["local"].dtype.tz) == "Asia/Kolkata"
    assert found["day"][0] == pd.Timestamp("2025-03-01")
    assert found["tags"][0] == ["a", "b"]
    assert polars_column(found["local"]).to_list() == frame["local"].to_list()


def test_column_of_several_types_is_refused() -> None:
    with pytest.raises(TypeError):
        polars_column(pd.Series([1, "two", None]))


def test_pandas_own_types_of_gaps_are_null() -> None:
    frame = pd.DataFrame(
        {
            "count": pd.array([1, None], dtype="Int64"),
            "flag": pd.array([True, None], dtype="boolean"),
            "kind": pd.Categorical(["a", None]),
            "seconds": pd.to_datetime(["2025-03-01", None]).astype("datetime64[s]"),
        }
    )
    assert to_polars(frame).rows() == [
        (1, True, "a", datetime(2025, 3, 1)),
        (None, None, None, None),
    ]


def test_nothing_of_it_needs_pyarrow() -> None:
    code = (
        "import sys; sys.modules['pyarrow'] = None\n"
        "import hk_metrics as hk\n"
        "data, _ = hk.simulate(seed=7, influencers=12, days=30, events=600)\n"
        "tables = {n: t for n, t in data.tables.items()}\n"
        "again = hk.load(tables)\n"
        "assert again.view().totals()['revenue'] > 0\n"
        "assert len(again.view().by('platform')) and len(again.view().trend('W'))\n"
        "assert len(hk.attribute(again, model='linear', by='influencer_id'))\n"
        "assert len(hk.rank(again.view(), 'roas'))\n"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
