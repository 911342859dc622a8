"""Files to ledger: load from CSV and Parquet, build, memory and import time."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.table import Row

SIZES = {"1M": 1_000_000, "10M": 10_000_000}

_MEASURE = """
import json, resource, sys, time
from pathlib import Path
folder = Path(sys.argv[1])
begin = time.perf_counter()
{code}
print(json.dumps({{"ms": 1000 * (time.perf_counter() - begin),
                  "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}}))
"""

_BARE_CSV = """
import polars as pl
frame = pl.read_csv(folder / "tracking_data.csv")
frame.write_parquet(folder / "bare.parquet")
"""
_BARE_PARQUET = """
import polars as pl
frame = pl.read_parquet(folder / "tracking_data.parquet")
"""
_LOAD = """
import hk_metrics as hk
data = hk.load(str(folder))
"""
_BUILD = """
import polars as pl
from hk_metrics.ledger import Ledger
tables = {p.stem: pl.read_parquet(p) for p in folder.glob("*.parquet")}
begin = time.perf_counter()
ledger = Ledger.build(tables).compact()
"""
_SIMULATE = """
from hk_metrics.simulate import simulate_tables, write_csv
tables, _ = simulate_tables(events={events})
tables.pop("daily_sales", None)
{write}
"""


def measured(code: str, folder: Path) -> dict[str, float]:
    """Run code in a process of its own; return its time (ms) and peak memory (MB)."""
    script = _MEASURE.format(code=code)
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


def run(quick: bool = False) -> Iterator[Row]:
    for size, events in SIZES.items():
        if quick and events > 1_000_000:
            continue
        with tempfile.TemporaryDirectory() as temporary:
            csv, parquet = Path(temporary, "csv"), Path(temporary, "parquet")
            parquet.mkdir()
            measured(_SIMULATE.format(events=events, write="write_csv(tables, folder)"), csv)
            write = "[t.write_parquet(folder / f'{n}.parquet') for n, t in tables.items()]"
            measured(_SIMULATE.format(events=events, write=write), parquet)
            bare = measured(_BARE_CSV, csv)
            (csv / "bare.parquet").unlink()
            load = measured(_LOAD, csv)
            yield Row("hk.load of CSV, validated", size, load["ms"], "ms", bare["ms"],
                      "Polars read_csv + write", 3 if events == 1_000_000 else None)  # fmt: skip
            yield Row("hk.load of CSV, peak memory", size, load["mb"], "MB",
                      bound=1500 if events == 1_000_000 else 8000)  # fmt: skip
            bare, load = measured(_BARE_PARQUET, parquet), measured(_LOAD, parquet)
            yield Row("hk.load of Parquet, validated", size, load["ms"], "ms", bare["ms"],
                      "Polars read_parquet")  # fmt: skip
            build = measured(_BUILD, parquet)
            yield Row("ledger build and compaction", size, build["ms"], "ms")
    yield from _imports()


def _imports() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as temporary:
        nothing = Path(temporary)
        hk = min(measured("import hk_metrics", nothing)["ms"] for _ in range(3))
        view = min(measured("from hk_metrics.view import View", nothing)["ms"] for _ in range(3))
        pandas = min(measured("import pandas", nothing)["ms"] for _ in range(3))
    yield Row("import hk_metrics", "", hk, "ms", pandas, "import pandas")
    yield Row("import hk_metrics.view", "", view, "ms", pandas, "import pandas")
