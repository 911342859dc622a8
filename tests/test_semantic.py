"""What leaves for other tools: definitions and data that give the numbers of a view."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
import yaml
from click.testing import CliRunner

import hk_metrics as hk
from hk_metrics.cli import main
from hk_metrics.dataset import Dataset
from hk_metrics.errors import ParameterError, UnknownNameError
from tests.worked_example import TABLES


@pytest.fixture(scope="module")
def data() -> Dataset:
    return hk.simulate(seed=11, influencers=20, days=90, events=3000)[0]


@pytest.fixture(scope="module")
def folder(data: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("export")
    hk.export(data, made)
    return made


@pytest.fixture(scope="module")
def base(folder: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(folder / "influencer_return.duckdb"), read_only=True)


def test_sql_of_every_metric_equals_the_view(
    data: Dataset, base: duckdb.DuckDBPyConnection
) -> None:
    totals = data.view().totals()
    metrics = base.execute("SELECT name, sql FROM metrics").fetchall()
    assert len(metrics) > 30
    for name, expression in metrics:
        (value,) = base.execute(f"SELECT {expression} FROM ledger").fetchone() or (None,)
        assert value == pytest.approx(totals[name], rel=1e-9), name


@pytest.mark.parametrize("dimension", ["brand", "platform", "campaign"])
def test_sql_by_a_dimension_equals_the_view(
    data: Dataset, base: duckdb.DuckDBPyConnection, dimension: str
) -> None:
    asked = ["revenue", "spend", "roas", "profit", "customers", "new_customers", "cpm_reach"]
    said = dict(base.execute("SELECT name, sql FROM metrics").fetchall())
    columns = ", ".join(f"{said[name]} AS {name}" for name in asked)
    found = base.execute(
        f"SELECT coalesce({dimension}, '(none)') AS value, {columns} FROM ledger GROUP BY 1"
    ).fetchall()
    expected = data.view().by(dimension, metrics=asked)
    assert {row[0] for row in found} == set(expected.index)
    for value, *numbers in found:
        row = expected.loc[value]
        for name, number in zip(asked, numbers, strict=True):
            if row[name] == row[name]:
                assert number == pytest.approx(row[name], rel=1e-9), (value, name)
            else:
                assert number is None, (value, name)


def test_sql_of_a_month_equals_the_view(data: Dataset, base: duckdb.DuckDBPyConnection) -> None:
    query = (
        "SELECT SUM(revenue), SUM(spend) FROM ledger "
        "WHERE date BETWEEN DATE '2025-02-01' AND TIMESTAMP '2025-02-28 23:59:59'"
    )
    revenue, spend = base.execute(query).fetchone() or (None, None)
    month = data.view(date="2025-02").totals(["revenue", "spend"])
    assert [revenue, spend] == pytest.approx([month["revenue"], month["spend"]])


def test_worked_example_in_sql_by_hand(tmp_path: Path) -> None:
    hk.export(Dataset(TABLES), tmp_path, "duckdb")
    base = duckdb.connect(str(tmp_path / "influencer_return.duckdb"), read_only=True)
    query = "SELECT campaign, SUM(revenue), SUM(orders) FROM ledger WHERE kind = 'order' GROUP BY 1"
    assert sorted(base.execute(query).fetchall()) == [("Fit", 1550, 5), ("Run", 650, 3)]
    assert base.execute("SELECT SUM(spend) FROM ledger").fetchone() == (890,)


def test_there_is_a_view_per_table(data: Dataset, base: duckdb.DuckDBPyConnection) -> None:
    views = {
        v
        for (v,) in base.execute(
            "SELECT view_name FROM duckdb_views() WHERE NOT internal"
        ).fetchall()
    }
    assert views == {*data.tables, "ledger", "ledger_all", "metrics"}
    for name, table in data.tables.items():
        assert base.execute(f"SELECT count(*) FROM {name}").fetchone() == (table.height,)


def test_parquet_holds_the_same_rows(folder: Path, base: duckdb.DuckDBPyConnection) -> None:
    ledger = pl.read_parquet(folder / "ledger.parquet")
    assert (ledger.height,) == base.execute("SELECT count(*) FROM ledger").fetchone()
    (revenue,) = base.execute("SELECT SUM(revenue) FROM ledger").fetchone() or (None,)
    assert ledger["revenue"].sum() == pytest.approx(revenue)


def test_metricflow_names_only_what_it_defines(folder: Path) -> None:
    content: dict[str, Any] = yaml.safe_load((folder / "metricflow.yml").read_text())
    (model,) = content["semantic_models"]
    measures = {m["name"] for m in model["measures"]}
    names = {m["name"] for m in content["metrics"]}
    for metric in content["metrics"]:
        given = metric["type_params"]
        used = {
            "simple": lambda g: {g["measure"]} - measures,
            "ratio": lambda g: {g["numerator"], g["denominator"]} - names,
            "derived": lambda g: {m["name"] for m in g["metrics"]} - names,
        }[metric["type"]](given)
        assert not used, metric["name"]
    roas = next(m for m in content["metrics"] if m["name"] == "roas")
    assert roas["type_params"] == {"numerator": "revenue", "denominator": "spend"}
    assert "repeat_rate" not in names


def test_measures_of_metricflow_sum_to_the_view(
    data: Dataset, folder: Path, base: duckdb.DuckDBPyConnection
) -> None:
    totals = data.view().totals()
    content = yaml.safe_load((folder / "metricflow.yml").read_text())
    for measure in content["semantic_models"][0]["measures"]:
        how = {"sum": "SUM({})", "count_distinct": "COUNT(DISTINCT {})"}[measure["agg"]]
        query = f"SELECT {how.format(measure['expr'])} FROM ledger"
        (value,) = base.execute(query).fetchone() or (None,)
        assert value == pytest.approx(totals[measure["name"]]), measure["name"]


def test_osi_says_every_metric_in_sql(folder: Path, base: duckdb.DuckDBPyConnection) -> None:
    (model,) = yaml.safe_load((folder / "osi.yml").read_text())["semantic_model"]
    said = {m["name"]: m["expression"]["dialects"][0]["expression"] for m in model["metrics"]}
    assert said == dict(base.execute("SELECT name, sql FROM metrics").fetchall())
    fields = [f["name"] for f in model["datasets"][0]["fields"]]
    columns = {c for (c, *_) in base.execute("DESCRIBE ledger").fetchall()}
    assert set(fields) <= columns


def test_export_refuses_what_it_does_not_know(data: Dataset, tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'duckdb'"):
        hk.export(data, tmp_path, "duckdbb")
    (tmp_path / "file").write_text("")
    with pytest.raises(ParameterError, match="is a file: name a folder"):
        hk.export(data, tmp_path / "file")


def test_command_writes_and_says_what_is_left_out(tmp_path: Path) -> None:
    for name, table in TABLES.items():
        (tmp_path / "in").mkdir(exist_ok=True)
        table.write_csv(tmp_path / "in" / f"{name}.csv")
    done = CliRunner().invoke(main, ["export", str(tmp_path / "in"), "--into", str(tmp_path / "out"),
                                     "--format", "osi"])  # fmt: skip
    assert done.exit_code == 0, done.output
    assert (tmp_path / "out" / "osi.yml").is_file()
    assert "metrics are defined." in done.output
