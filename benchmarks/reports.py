"""The weekly letter: one run against an empty papermill run, and many at once."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat

from benchmarks.table import Row

SIZES = {"40k": 40_000, "1M": 1_000_000}
RUNS = 3
AT_ONCE = 24
# What the letter's kernel has imported at its end, and nothing done with it.
IMPORTS = """
from datetime import date
from IPython.display import display
import plotly.graph_objects
import hk_metrics as hk
from hk_metrics import advice, figures, insights, planning, ranking, signals
from hk_metrics.payouts import audit, finance, payments
from hk_metrics.report import letter
hk.load, hk.lift, hk.rank, hk.attribute
"""
_EMPTY = "import sys, papermill; papermill.execute_notebook(*sys.argv[1:], progress_bar=False)"
_REPORT = "from hk_metrics.cli import main; main()"


def run(quick: bool) -> Iterator[Row]:
    """Return the rows of this part."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        empty = _empty_notebook(folder)
        for size, events in SIZES.items():
            data = _sample(folder / size, events)
            yield from _one(folder, data, size, empty, "html", 3)
            yield from _one(folder, data, size, empty, "pdf", None)
            if not quick or size == "40k":
                yield _many(folder, data, size)


def _sample(folder: Path, events: int) -> Path:
    from hk_metrics.simulate import simulate_tables, write_csv

    tables, _ = simulate_tables(seed=7, influencers=max(120, events // 1000), events=events)
    write_csv(tables, folder)
    return folder


def _empty_notebook(folder: Path) -> Path:
    new = nbformat.v4
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    path = folder / "empty.ipynb"
    nbformat.write(new.new_notebook(cells=[new.new_code_cell(IMPORTS)], metadata=kernel), path)
    return path


def _report(folder: Path, data: Path, form: str, last: str, *more: str) -> list[str]:
    command = [sys.executable, "-c", _REPORT, "report", "run", "report", "--format", form]
    given = (f"data={data}", "start=2025-05-05", f"end={last}")
    return [*command, "--output", str(folder / "out"), *more, *(f"-p{g}" for g in given)]


def _one(
    folder: Path, data: Path, size: str, empty: Path, form: str, bound: float | None
) -> Iterator[Row]:
    whole = _report(folder, data, form, "2025-05-11", "--force", "--format", "xlsx")
    bare = [sys.executable, "-c", _EMPTY, str(empty), str(folder / "ran.ipynb")]
    pairs = [(_seconds(whole), _seconds(bare)) for _ in range(RUNS)]
    ours, peer = (1000 * statistics.median(times) for times in zip(*pairs, strict=True))
    what = f"weekly letter to {form.upper()} and XLSX"
    yield Row(what, size, ours, "ms", peer, "papermill, same imports", bound)


def _many(folder: Path, data: Path, size: str) -> Row:
    days = (f"2025-05-{day:02}" for day in range(6, 6 + AT_ONCE))
    started = [
        subprocess.Popen(_report(folder, data, "html", day), stdout=subprocess.DEVNULL)
        for day in days
    ]
    failures = sum(process.wait() != 0 for process in started)
    return Row(f"failures of {AT_ONCE} letters at once", size, failures, "", bound=0)


def _seconds(command: list[str]) -> float:
    begin = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - begin
