"""The same ledger on a real Spark session: built and compacted there, looked at here."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import polars as pl
import pyarrow as pa
import pytest

from hk_metrics.ledger import Ledger
from hk_metrics.view import View
from tests.worked_example import TABLES

pytest.importorskip("pyspark", reason="Spark is not installed: pip install 'hk-metrics[spark]'")


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    if not shutil.which("java"):
        pytest.skip("Spark needs a Java runtime, and there is none on this machine")
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    spark = builder.config("spark.sql.shuffle.partitions", "2").getOrCreate()
    yield spark
    spark.stop()


def test_ledger_built_on_spark_gives_the_page(session: Any) -> None:
    def on_spark(frame: pl.DataFrame) -> Any:
        table = frame.to_arrow()
        texts = pa.types.is_large_string
        fields = [f.with_type(pa.string()) if texts(f.type) else f for f in table.schema]
        return session.createDataFrame(table.cast(pa.schema(fields)))

    ledger = Ledger.build({name: on_spark(frame) for name, frame in TABLES.items()})
    view = View(ledger.compact().local())
    totals = view.totals(["revenue", "spend", "orders", "reach", "customers"])
    assert totals.to_dict() == {
        "revenue": 2200, "spend": 890, "orders": 8, "reach": 10_000, "customers": 4
    }  # fmt: skip
    assert view.by("campaign", ["spend"])["spend"].to_dict() == {
        "Fit": 500, "Run": 300, "(none)": 90
    }  # fmt: skip
