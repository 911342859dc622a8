"""Tables against their schemas: every broken cell is named, and no other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from hk_metrics.ingest.checking.check import violations
from hk_metrics.ingest.raw import FILE, ROW
from hk_metrics.ingest.sheet import dtype
from hk_metrics.schemas import TABLES, Column

VALUES = {
    "id": st.text("ab", min_size=1, max_size=2), "text": st.text("xy", max_size=2),
    "date": st.just(datetime(2025, 3, 1)), "count": st.integers(-1, 30),
    "money": st.floats(-1, 30), "number": st.floats(-1, 30), "flag": st.booleans(),
}  # fmt: skip


@st.composite
def _tables(draw: st.DrawFn) -> tuple[str, pl.DataFrame]:
    name = draw(st.sampled_from(sorted(TABLES)))
    height = draw(st.integers(0, 4))
    columns = [c for c in TABLES[name].columns if c.required or draw(st.booleans())]

    def cells(column: Column) -> pl.Series:
        strategy = VALUES[column.kind] if draw(st.integers(0, 9)) else st.none()
        values = draw(st.lists(strategy, min_size=height, max_size=height))
        return pl.Series(column.name, values, dtype=dtype(column))

    frame = pl.DataFrame([cells(c) for c in columns])
    rows = pl.int_range(2, height + 2, dtype=pl.UInt32, eager=True).alias(ROW)
    return name, frame.with_columns(pl.lit("f.csv").alias(FILE), rows)


def _broken(table: str, row: int, frame: pl.DataFrame) -> Iterator[tuple[int, str, str]]:
    """What is wrong with one row, cell by cell."""
    cells = frame.row(row, named=True)
    for column in TABLES[table].columns:
        values = frame[column.name].to_list() if column.name in cells else []
        if not values:
            continue
        value, blank = values[row], set(values) == {None}
        if value is None and not column.nullable and not (column.omissible and blank):
            yield cells[ROW], column.name, "empty_cell"
        if value is None:
            continue
        if column.kind in ("count", "money") and not column.negative and value < 0:
            yield cells[ROW], column.name, "negative"
        if column.breaks and not column.least <= value <= column.most:
            yield cells[ROW], column.name, column.breaks
        if (table, column.name) == ("influencers", "id") and value in values[:row]:
            yield cells[ROW], column.name, "duplicate_id"


@settings(deadline=None)
@given(_tables())
def test_broken_cells_are_those_that_a_look_at_each_finds(made: tuple[str, pl.DataFrame]) -> None:
    name, frame = made
    expected = [cell for row in range(frame.height) for cell in _broken(name, row, frame)]
    found = violations(name, frame).select("row", "column", "code").rows()
    assert sorted(found) == sorted(expected)


def test_every_broken_cell_is_named_at_once() -> None:
    frame = pl.DataFrame(
        {
            "id": ["1", "2", "1", None], "name": None, "category": None, "gender": None,
            "follower_count": [1, -5, 3, 4], "platform": None, FILE: "f.csv", ROW: [2, 3, 4, 5],
        },
        schema_overrides=dict.fromkeys(("name", "category", "gender", "platform"), pl.String),
    )  # fmt: skip
    found = violations("influencers", frame).select("row", "column", "value", "code").rows()
    assert sorted(found) == [
        (3, "follower_count", "-5", "negative"),
        (4, "id", "1", "duplicate_id"),
        (5, "id", None, "empty_cell"),
    ]


def _tracked(orders: list[int | None]) -> pl.DataFrame:
    n = len(orders)
    columns = {"source": "Bio", "campaign": "Fit", "influencer_id": "1", "user_id": "u",
               "product": "Whey"}  # fmt: skip
    texts = [pl.lit(value).alias(name) for name, value in columns.items()]
    days = pl.Series("date", [datetime(2025, 3, 1)] * n, pl.Datetime("us"))
    counts = pl.Series("orders", orders, pl.Int64)
    rows = pl.int_range(2, n + 2, dtype=pl.UInt32, eager=True).alias(ROW)
    return pl.DataFrame([days, counts, rows]).with_columns(
        *texts, pl.lit(100.0).alias("revenue"), pl.lit("f.csv").alias(FILE)
    )


def test_column_without_any_value_is_left_out_and_a_single_gap_is_an_error() -> None:
    assert violations("tracking_data", _tracked([None, None])).is_empty()
    found = violations("tracking_data", _tracked([1, None]))
    assert found.select("row", "column", "code").rows() == [(3, "orders", "empty_cell")]
    # What another column breaks is still found beside one that is left out.
    empty = _tracked([None, None]).with_columns(pl.lit(None, pl.Datetime("us")).alias("date"))
    assert set(violations("tracking_data", empty)["column"]) == {"date"}
