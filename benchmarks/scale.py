"""Events beyond memory: a world of each size through the disk, and what a page asks of it.

``make bench-scale`` goes to ten million events; ``make bench-scale EVENTS=100000000`` further. The
files of the largest lie in ``data/scale`` for the time of the run.
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.table import Row, show
from hk_metrics.places import data_folder

SIZES = (100_000, 1_000_000, 10_000_000, 100_000_000)
INFLUENCERS = 2_000
MEMORY = "2GB"
# Of the bounds those that hang on no machine: folds of the size before, and megabytes.
PEAK_MB, FOLD, SLOPE, MEMORY_SLOPE = 6_000, 12, 1.05, 0.4
OPEN_S, CUSTOMERS_S, KERNEL_MB, FILTER_MS = 3, 10, 200, 40

_PEAK = """
import json, sys, time
from pathlib import Path
def status(name):
    return int(Path("/proc/self/status").read_text().split(name)[1].split()[0]) / 1024
begin = time.perf_counter()
def told(**found):
    print(json.dumps({"s": time.process_time(), "mb": status("VmHWM:"), **found}))
"""
_IMPORT = """
from hk_metrics.settings import Settings
from hk_metrics.ingest import load
from hk_metrics.store import Store
folder, store, memory = sys.argv[1:]
settings = Settings(memory=memory, store=store)
data = load(folder, settings=settings)
totals = data.view().totals(["revenue", "orders"])
Store(Path(store)).commit(data)
told(revenue=float(totals["revenue"]), orders=float(totals["orders"]))
"""
_OPEN = """
from hk_metrics.store import Store
data = Store(Path(sys.argv[2])).current()
revenue = float(data.view().totals(["revenue"])["revenue"])
opened = time.perf_counter() - begin
brands = [b for b in data.view().values("brand") if b]
def asked(metrics, runs):
    took = []
    for n in range(runs):
        start = time.perf_counter()
        data.view(brand=brands[n % len(brands)]).by("campaign", metrics)
        took.append(time.perf_counter() - start)
    return sorted(took)[runs // 2]
filtered = asked(["revenue", "orders", "spend", "roas", "reach"], 11)
resident = status("VmRSS:")
customers = asked(["customers"], 1)
told(opened=opened, filter_ms=1000 * filtered, customers_s=customers, kernel_mb=resident,
     revenue=revenue)
"""


def run(most: int = 10_000_000, kinds: tuple[str, ...] = ("csv", "parquet")) -> Iterator[Row]:
    """Yield the figures of each kind of file, size after size."""
    for kind in kinds:
        found: list[tuple[int, dict[str, Any]]] = []
        for events in (size for size in SIZES if size <= most):
            place = data_folder() / "scale"
            try:
                measured = _measured(place, events, kind)
            finally:
                shutil.rmtree(place, ignore_errors=True)
            yield from _rows(kind, events, measured, found)
            found.append((events, measured))
        yield from _slopes(kind, found)


def _measured(place: Path, events: int, kind: str) -> dict[str, Any]:
    from hk_metrics.simulate.in_pieces import write_in_pieces

    files, store = place / "files", place / "store"
    paths = write_in_pieces(files, influencers=INFLUENCERS, events=events, kind=kind)  # type: ignore[arg-type]
    expected = _sums([p for p in paths if p.parent.name == "tracking_data"], kind)
    imported = _alone(_IMPORT, files, store)
    opened = _alone(_OPEN, files, store)
    off = max(abs(imported[n] - expected[n]) for n in expected)
    return {"import": imported, "open": opened, "off": off}


def _sums(paths: list[Path], kind: str) -> dict[str, float]:
    """Return the sums of what belongs to somebody, read from the files themselves."""
    import polars as pl

    scan = pl.scan_parquet if kind == "parquet" else pl.scan_csv
    whole = scan(paths).filter(pl.col("influencer_id").is_not_null())
    # In hundredths: a sum of a hundred million floats is off by more than one.
    exact = (pl.col("revenue") * 100).round().cast(pl.Int64).sum() / 100
    return whole.select(exact.alias("revenue"), pl.sum("orders")).collect().row(0, named=True)


def _alone(code: str, *words: Path) -> dict[str, Any]:
    command = [sys.executable, "-c", _PEAK + code, *map(str, words)]
    if code is _IMPORT:
        command.append(MEMORY)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _rows(
    kind: str, events: int, now: dict[str, Any], before: list[tuple[int, dict[str, Any]]]
) -> Iterator[Row]:
    size = f"{events / 1e6:g}M {kind}"
    last = before[-1][1]["import"]["s"] if before else None
    bound = FOLD if events >= 10_000_000 else None
    yield Row("import into a store", size, now["import"]["s"], "s", last, "a tenth of it", bound)
    yield Row("… memory at most", size, now["import"]["mb"], "MB", bound=PEAK_MB)
    yield Row("… sums off by", size, 100 * now["off"], "p", bound=1)
    opened = now["open"]
    yield Row("store opened, first totals", size, opened["opened"], "s", bound=OPEN_S)
    yield Row("a brand by campaign", size, opened["filter_ms"], "ms", bound=FILTER_MS)
    yield Row("its customers", size, opened["customers_s"], "s", bound=CUSTOMERS_S)
    yield Row("kernel", size, opened["kernel_mb"], "MB", bound=KERNEL_MB)


def _slopes(kind: str, found: list[tuple[int, dict[str, Any]]]) -> Iterator[Row]:
    """Yield by which power of the size time and memory grow, between the ends."""
    for what, key, least, bound in (
        ("time grows by the power", "s", 1_000_000, SLOPE),
        ("memory grows by the power", "mb", 10_000_000, MEMORY_SLOPE),
    ):
        ends = [(n, m["import"][key]) for n, m in found if n >= least]
        if len(ends) > 1:
            (low, first), (high, last) = ends[0], ends[-1]
            power = math.log(last / first) / math.log(high / low)
            yield Row(what, kind, power, "", bound=bound)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("events", nargs="?", type=int, default=10_000_000)
    parser.add_argument("--kind", action="append", choices=["csv", "parquet"])
    chosen = parser.parse_args()
    show(run(chosen.events, tuple(chosen.kind or ("csv", "parquet"))))


if __name__ == "__main__":
    main()
