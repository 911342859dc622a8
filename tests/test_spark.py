"""Spark runs the same functions: its ledger is Polars', to the paisa and the customer."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl
import pyarrow as pa
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings

import hk_metrics as hk
from hk_metrics.cli import main
from hk_metrics.errors import ParameterError
from hk_metrics.interchange import heights
from hk_metrics.ledger import Ledger
from hk_metrics.ledger.partitions import coded
from hk_metrics.ledger.spark import here, ledger_on_spark
from hk_metrics.store import Store
from hk_metrics.view import View
from tests.equal_ledgers import OF_THE_WHOLE, assert_equal
from tests.length import times
from tests.test_ledger import tables
from tests.test_partitions import DATA, SETS
from tests.worked_example import TABLES

pytest.importorskip("pyspark", reason="Spark is not installed: pip install 'hk-metrics[spark]'")

MOST_STAGES = 12
RANDOM_TABLES = times(10, 100)


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    if not shutil.which("java"):
        pytest.skip("Spark needs a Java runtime, and there is none on this machine")
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    builder = builder.config("spark.sql.shuffle.partitions", "2")
    # A stranger that knocks at a port of Spark's, e.g. the client of a kernel that is gone and whose
    # port Spark got, ends the thread that serves there, and the question waits for ever.
    builder = builder.config("spark.python.unix.domain.socket.enabled", "true")
    # Jobs of seconds gain nothing from code that is compiled well, and wait for it.
    quick = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
    builder = builder.config("spark.driver.extraJavaOptions", quick)
    spark = builder.config("spark.driver.host", "127.0.0.1").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    yield spark
    spark.stop()


def on_spark(session: Any, frame: pl.DataFrame) -> Any:
    texts = [
        f.with_type(pa.string())
        if pa.types.is_large_string(f.type) or pa.types.is_string_view(f.type) else f
        for f in frame.to_arrow().schema
    ]  # fmt: skip
    return session.createDataFrame(frame.to_arrow().cast(pa.schema(texts)))


def built(session: Any, frames: dict[str, pl.DataFrame], parts: int | None = None) -> Ledger:
    tracking = on_spark(session, frames["tracking_data"])
    return ledger_on_spark({**frames, "tracking_data": tracking}, parts=parts)


def with_events_here(ledger: Ledger) -> Ledger:
    """Every query for customers is a job of Spark's: bring them here to ask many."""
    events = coded(here(nw.to_native(ledger.events)))
    return replace(ledger, events=nw.from_native(events.lazy()))


def stages_of(session: Any, group: str) -> int:
    """Return how many stages of a group of jobs ran, those that were skipped left out."""
    tracker = session.sparkContext.statusTracker()
    stages = {
        s for job in tracker.getJobIdsForGroup(group) for s in tracker.getJobInfo(job).stageIds
    }
    found = [tracker.getStageInfo(stage) for stage in stages]
    return sum(1 for stage in found if stage and stage.numCompletedTasks)


def test_ledger_built_on_spark_gives_the_page(session: Any) -> None:
    view = View(built(session, TABLES))
    totals = view.totals(["revenue", "spend", "orders", "reach", "customers"])
    assert totals.to_dict() == {
        "revenue": 2200, "spend": 890, "orders": 8, "reach": 10_000, "customers": 4
    }  # fmt: skip
    assert view.by("campaign", ["spend"])["spend"].to_dict() == {
        "Fit": 500, "Run": 300, "(none)": 90
    }  # fmt: skip
    assert view.by("campaign", ["customers"])["customers"].to_dict() == {
        "Fit": 3, "Run": 2, "(none)": 0
    }  # fmt: skip


def test_spark_builds_the_sample_in_few_stages_and_as_polars_does(session: Any) -> None:
    data, _ = hk.simulate(seed=7)
    tracking = on_spark(session, data.tables["tracking_data"])
    session.sparkContext.setJobGroup("sample", "the ledger of the sample and its customers")
    ledger = ledger_on_spark({**data.tables, "tracking_data": tracking}, data.settings)
    customers = View(ledger).totals(["customers", "new_customers", "repeat_customers"])
    session.sparkContext.setJobGroup("rest", "")
    assert 2 <= stages_of(session, "sample") <= MOST_STAGES
    assert customers.equals(View(data.ledger).totals(list(customers.index)))
    assert_equal(with_events_here(ledger), data.ledger, without=OF_THE_WHOLE)


@pytest.mark.parametrize("name", SETS)
def test_spark_loads_files_as_they_are_and_as_polars_does(session: Any, name: str) -> None:
    files = {p.stem: p for p in sorted((DATA / name).glob("*.csv"))}
    if not files:
        pytest.skip(f"no {DATA / name}")
    cells = {stem: pl.read_csv(path, infer_schema=False) for stem, path in files.items()}
    near = hk.load(cells, on_error="reject")
    far = hk.load({n: on_spark(session, f) for n, f in cells.items()}, on_error="reject")
    assert not isinstance(far.tables, dict)
    assert heights(far.tables) == heights(near.tables)
    assert_equal(with_events_here(far.ledger), near.ledger, without=OF_THE_WHOLE)
    assert {(f.code, f.count) for f in far.quality.findings} == {
        (f.code, f.count) for f in near.quality.findings
    }
    rejected = {n: t.height for n, t in near.quality.rejected.items()}
    assert {n: t.height for n, t in far.quality.rejected.items()} == rejected


@settings(
    max_examples=RANDOM_TABLES, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(frames=tables())
def test_spark_gives_the_ledger_of_random_tables(
    session: Any, frames: dict[str, pl.DataFrame]
) -> None:
    ledger = built(session, frames, parts=2)
    assert_equal(with_events_here(ledger), Ledger.build(frames).compact(), without=OF_THE_WHOLE)


def test_spark_without_hk_metrics_on_its_workers_says_so(session: Any) -> None:
    def missing(_batches: Any) -> Any:
        raise ModuleNotFoundError("No module named 'hk_metrics'")

    broken = on_spark(session, TABLES["tracking_data"]).mapInArrow(missing, "part int")
    with pytest.raises(ParameterError, match=r"install hk-metrics\[spark\] for the Python"):
        here(broken)


def test_tables_of_a_catalogue_are_imported_by_their_address(session: Any, tmp_path: Path) -> None:
    session.sql(f"CREATE DATABASE shop LOCATION '{tmp_path / 'shop'}'")
    for name, frame in TABLES.items():
        called = "sales" if name == "tracking_data" else name
        on_spark(session, frame).write.saveAsTable(f"shop.{called}")
    with pytest.raises(ParameterError, match="its tables are influencers, payouts, posts, sales"):
        hk.load("spark:shop")
    with pytest.raises(ParameterError, match="knows no such schema"):
        hk.load("spark:nowhere.orders")
    words = ["import", "spark:shop.sales", "--into", str(tmp_path / "store"), "--yes"]
    done = CliRunner().invoke(main, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    kept = Store(tmp_path / "store").current()
    assert kept is not None
    totals = kept.view().totals(["revenue", "spend", "customers"])
    assert totals.to_dict() == {"revenue": 2200, "spend": 890, "customers": 4}
