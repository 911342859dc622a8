"""Killed at any moment: no half-written file, a readable history, and the next run completes."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hk_metrics import report
from hk_metrics.report import config
from hk_metrics.report.records import History
from tests.length import times
from tests.report_toy import part_files, write_config, write_notebook

SHARE = '[deliveries.share]\nkind = "folder"\npath = "share"\n'
# The few of every test run cover the same steps as the many.
KILLS, PARALLEL = times(3, 100), times(3, 24)
FILES = {"toy.html", "toy.xlsx", "toy.ipynb", "01-toy-table.csv"}


def _run(path: Path, words: str) -> None:
    report.run("toy", {"words": words}, config=path)


def _processes() -> multiprocessing.context.ForkServerContext:
    """Children start from a process that has the imports: it is the run that gets killed."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["papermill", "hk_metrics.report.making", __name__])
    return context


@pytest.fixture(scope="module")
def installation(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("kill")
    write_notebook(folder)
    return write_config(
        folder,
        SHARE,
        deliver='["share"]',
        keep="1000",
        formats='["html", "csv", "xlsx", "ipynb"]',
    )


def _finished(folder: Path) -> list[Path]:
    places = [folder / "runs" / "toy", folder / "share" / "toy"]
    there = [run for place in places if place.is_dir() for run in place.iterdir()]
    return [run for run in there if not run.name.startswith(".part-")]


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_killed_run_leaves_nothing_half_written_and_the_next_completes(installation: Path) -> None:
    folder, dice = installation.parent, random.Random(7)
    context = _processes()
    begun = time.monotonic()
    first = context.Process(target=_run, args=(installation, "measure"))
    first.start()
    first.join()
    usual = time.monotonic() - begun
    for number in range(KILLS):
        words = f"kill {number // 3}"  # some runs are killed several times before they complete
        child = context.Process(target=_run, args=(installation, words))
        child.start()
        time.sleep(dice.uniform(0, usual))
        if child.pid and child.is_alive():
            os.kill(child.pid, signal.SIGKILL)
        child.join()
        for run in _finished(folder):
            assert {p.name for p in run.rglob("*") if p.is_file()} >= FILES, run
        assert all(r.status for r in History(config.load(installation).root).runs("toy"))
    for number in range(-(-KILLS // 3)):
        assert report.run("toy", {"words": f"kill {number}"}, config=installation).ok
    assert not part_files(folder)
    runs = report.history("toy", installation)
    assert set(runs["status"]) == {"delivered"}
    assert len(_finished(folder)) == 2 * len(runs)
    assert report.check(installation, deliver=False) == []


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_runs_in_parallel_all_succeed(installation: Path) -> None:
    """Half of them are the same run, which is made once."""
    code = (
        "import sys; from hk_metrics import report; "
        "sys.exit(not report.run('toy', {'words': sys.argv[2]}, config=sys.argv[1]).ok)"
    )
    words = [f"parallel {max(0, n - PARALLEL // 2)}" for n in range(PARALLEL)]
    started = [
        subprocess.Popen([sys.executable, "-c", code, str(installation), word]) for word in words
    ]
    assert [process.wait() for process in started] == [0] * PARALLEL
    runs = report.history("toy", installation)
    assert set(runs["status"]) == {"delivered"}
