"""The recipes work as they stand: the example configuration, the DAG, the lines for cron."""

from __future__ import annotations

import ast
import importlib.util
import shutil
import subprocess
from pathlib import Path

import pytest

from hk_metrics import report
from hk_metrics.report import config, parameters, timers
from tests.report_toy import write_config, write_notebook

RECIPES = Path(__file__).resolve().parent.parent / "recipes"
# What Debian's cron gives to a job.
CRON = {"SHELL": "/bin/sh", "PATH": "/usr/bin:/bin", "LOGNAME": "nobody"}


def test_example_configuration_is_right_and_all_its_parts_are_used() -> None:
    chosen = config.load(RECIPES / "reports.toml")
    weekly = chosen.report("weekly")
    values = parameters.validate(weekly.parameters, parameters.declared(weekly.path))
    assert values["period"] == "last_week"
    assert {*weekly.deliver, *weekly.alert} == set(chosen.deliveries)
    assert len(weekly.alerts) == 5


def test_dag_gives_the_notebook_parameters_that_it_has() -> None:
    tree = ast.parse((RECIPES / "airflow_dag.py").read_text())
    given = next(
        keyword.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "parameters"
    )
    assert isinstance(given, ast.Dict)
    names = {key.value for key in given.keys if isinstance(key, ast.Constant)}
    assert names and names <= set(parameters.declared(config.NOTEBOOKS / "report.ipynb"))


def test_dag_parses_with_airflow() -> None:
    if importlib.util.find_spec("airflow") is None:
        pytest.skip("Airflow is not in this environment; see recipes/README.md")
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(str(RECIPES))
    assert bag.import_errors == {} and set(bag.dags) == {"hk_letter_notebook", "hk_letter"}


def test_cron_line_runs_what_is_due_in_crons_bare_environment(tmp_path: Path) -> None:
    write_notebook(tmp_path)
    path = write_config(tmp_path, schedule='"* * * * *"')
    line = report.schedule("toy", path).splitlines()[-1]
    command = line.split(maxsplit=5)[5].replace(r"\%", "%")
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        env={**CRON, "HOME": str(tmp_path)},
        cwd="/",
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "toy: written" in done.stdout
    assert list((tmp_path / "runs" / "toy").glob("all-*/toy.html"))


def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd on this machine")
    units = timers.systemd_units("toy", "0 8 * * 1", "Asia/Kolkata", timers.program())
    for name, text in units.items():
        (tmp_path / name).write_text(text)
    subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / "hk-metrics-toy.timer")],
        check=True,
    )
