"""What is public is typed: a file of uses outside the repository passes mypy and pyright, strictly."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import UV

USES = """
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import assert_type

import pandas as pd
import polars as pl

import hk_metrics as hk


def numbers(place: Path) -> float:
    data = hk.load(place, on_error="reject")
    assert_type(data, hk.Dataset)
    for finding in data.quality.warnings:
        print(finding.message)
    view = data.view(campaign="Fit", date=(date(2025, 3, 1), date(2025, 3, 31)))
    narrower = view.where(platform=["Instagram"], date="2025-Q1")
    assert_type(narrower, hk.View)
    frame = view.by("campaign", "platform", metrics=["revenue", "roas"])
    assert_type(frame, hk.Result)
    as_pandas: pd.DataFrame = frame
    as_polars = view.by("campaign", output="polars")
    assert_type(as_polars, pl.DataFrame)
    print(frame.plot("revenue", limit=5), view.plot("roas", by="brand"))
    months = view.trend("M", "revenue", by="platform")
    change = view.compare("previous_month", metrics="roas")
    why = view.drivers("roas", by="campaign", compare="previous_month")
    print(as_pandas.head(), as_polars.height, months.attrs, change.loc["roas"], why.sort_index())
    return float(view.totals()["revenue"]) + float(view.totals("spend")["spend"])


def answers(data: hk.Dataset) -> Mapping[str, pd.DataFrame]:
    metric = hk.register(hk.Ratio("cpv", "spend", "video_views", unit="money"))
    print(metric.label, hk.METRICS["roas"].unit, sorted(hk.METRICS))
    plan = hk.plan_experiment(data, weeks=12)
    read = hk.read_experiment(plan, data)
    done = hk.export(data, "out", ["duckdb", "osi"])
    print(read, [path.name for path in done.paths], done.left_out)
    return {
        "credit": hk.attribute(data, "markov", by="influencer_id"),
        "lift": hk.lift(data, method="post_response", by="brand"),
        "rank": hk.rank(data.view(), "roas").head(10),
        "plan": hk.what_if(data, budget=500_000),
    }


def refused(place: str) -> str:
    try:
        hk.load(place)
    except hk.SchemaError as problem:
        return str(problem.quality)
    except hk.HkMetricsError as problem:
        return str(problem)
    sample, truth = hk.simulate(seed=7)
    hk.Store("store").commit(sample)
    print(hk.Settings(margin=0.4), truth, hk.Query("roas", by="campaign"))
    return sample.name
"""
WRONG = """
import hk_metrics as hk

hk.load("x", on_error="perhaps")
hk.load("x").view().by("campaign", output="arrow")
hk.load("x").viev()
hk.what_if(7)
"""


@pytest.fixture(scope="module")
def elsewhere(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an environment that has the wheel, and what it needs from ours."""
    folder = tmp_path_factory.mktemp("elsewhere")
    python = folder / "venv" / "bin" / "python"
    subprocess.run([UV, "venv", "--quiet", "--python", sys.executable, folder / "venv"], check=True)
    subprocess.run(
        [UV, "pip", "install", "--quiet", "--no-deps", "--python", python, wheel], check=True
    )
    site = next(folder.glob("venv/lib/python*/site-packages"))
    ours = next(p for p in map(Path, sys.path) if p.name == "site-packages")
    (site / "ours.pth").write_text(f"{ours}\n")
    (folder / "uses.py").write_text(USES)
    (folder / "wrong.py").write_text(WRONG)
    return folder


@pytest.fixture(scope="module", params=["mypy", "pyright"])
def checked(elsewhere: Path, request: pytest.FixtureRequest) -> str:
    """What a strict checker says of both files, after a run over both."""
    python = str(elsewhere / "venv" / "bin" / "python")
    words = {
        "mypy": ["-m", "mypy", "--strict", "--python-executable", python, "--cache-dir", "cache"],
        "pyright": ["-m", "basedpyright", "--pythonpath", python],
    }[request.param]
    (elsewhere / "pyproject.toml").write_text('[tool.basedpyright]\ntypeCheckingMode = "strict"\n')
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "MYPYPATH")}
    done = subprocess.run(
        [sys.executable, *words, "uses.py", "wrong.py"],
        cwd=elsewhere, env=kept, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


def test_uses_outside_the_repository_are_clean(checked: str) -> None:
    assert "wrong.py:" in checked
    assert "uses.py:" not in checked, checked


def test_wrong_uses_are_noticed(checked: str) -> None:
    for line in (4, 5, 6, 7):
        assert f"wrong.py:{line}:" in checked, checked
