"""Files to ledger: the whole import against Polars' bare reading, memory, a bomb refused."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.table import Row, medians

SIZES = {"1M": 1_000_000, "10M": 10_000_000}
INFLUENCERS = 5_000
_ALONE = """
import json, resource, sys, time
from pathlib import Path
def peak():
    # A forked child starts with its parent's maximum in ru_maxrss, but not in VmHWM.
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().split("VmHWM:")[1].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
{setup}
before, begin = peak(), time.perf_counter()
{code}
print(json.dumps({{"ms": 1000 * (time.perf_counter() - begin), "before": before, "mb": peak()}}))
"""
_LOAD = """
steps = []
data = load(sys.argv[1], progress=lambda step, share: steps.append(share))
assert steps[-1] == 1 and len(steps) > 5
"""
_REFUSE = """
try:
    load({"bomb.xlsx": data})
except SchemaError as error:
    assert "would unpack" in str(error)
else:
    raise AssertionError("the bomb was read")
"""
_BUILD = """
Ledger.build(data.tables, data.settings).compact()
"""
_IMPORTS = """
from hk_metrics.errors import SchemaError
from hk_metrics.ingest import load
"""


def write_files(folder: Path, events: int, seed: int = 1) -> None:
    """Write four CSVs with so many tracked events, as fast as Polars can."""
    draw = np.random.default_rng(seed)
    posts = max(events // 50, 1_000)
    days = np.datetime64("2025-01-01") + draw.integers(0, 180, events + posts)
    ids = pl.int_range(1, INFLUENCERS + 1, eager=True)
    pl.DataFrame({"ID": ids}).with_columns(
        pl.format("Name {}", "ID").alias("name"), category=pl.lit("Fitness"),
        gender=pl.lit("Female"), follower_count=pl.col("ID") * 100, platform=pl.lit("Instagram"),
    ).write_csv(folder / "influencers.csv")  # fmt: skip
    pl.DataFrame(
        {
            "influencer_id": draw.integers(1, INFLUENCERS + 1, posts), "platform": "Instagram",
            "date": days[events:], "caption": "Leg day #fit", "reach": draw.integers(1000, 90_000,
            posts), "likes": draw.integers(0, 500, posts), "comments": draw.integers(0, 50, posts),
        }
    ).with_row_index("url").with_columns(pl.format("https://x.example/{}", "url").alias("url")
    ).write_csv(folder / "posts.csv")  # fmt: skip
    pl.DataFrame(
        {
            "source": draw.choice(["SwipeUp", "BioLink", "PromoCode"], events),
            "campaign": draw.choice(["HKFitBlast", "GritzoKidsRun", "MBPower"], events),
            "influencer_id": draw.integers(1, INFLUENCERS + 1, events),
            "user_id": pl.Series(draw.integers(0, events, events)).cast(pl.String).str.zfill(32),
            "product": draw.choice(["Creatine", "Omega 3", "Whey", "Multi"], events),
            "date": days[:events], "orders": 1,
            "revenue": np.round(draw.uniform(70, 360, events), 2),
        }
    ).write_csv(folder / "tracking_data.csv")  # fmt: skip
    pl.DataFrame({"influencer_id": ids, "basis": "order", "rate": 30, "orders": 200}).with_columns(
        total_payout=pl.col("rate") * pl.col("orders")
    ).write_csv(folder / "payouts.csv")


def _alone(code: str, folder: Path | None = None, setup: str = "") -> dict[str, float]:
    """Run code in a process of its own; return its time (ms) and memory before and at most (MB)."""
    script = _ALONE.format(setup=setup, code=code)
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


def _bomb() -> bytes:
    """A workbook of some 150 KB that unpacks to 900 MB: its sheet's directory entry says so."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("xl/workbook.xml", "<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 150_000_000)
    bomb = bytearray(out.getvalue())
    entry = bomb.rindex(b"PK\x01\x02")
    bomb[entry + 24 : entry + 28] = (900_000_000).to_bytes(4, "little")
    return bytes(bomb)


def run(quick: bool = False) -> Iterator[Row]:
    """Yield the figures of imports, each with its bound."""
    for size, events in SIZES.items():
        if quick and events > 1_000_000:
            continue
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary, "csv")
            folder.mkdir()
            write_files(folder, events)
            yield from _csv(folder, size, events)
            yield from _parquet(folder, size, events)
    yield from _bombs()
    yield from _imports()


def _csv(folder: Path, size: str, events: int) -> Iterator[Row]:
    from hk_metrics.ingest import load

    csvs = sorted(folder.glob("*.csv"))

    def read() -> list[pl.DataFrame]:
        return [pl.read_csv(path) for path in csvs]

    def write() -> None:
        for path in csvs:
            pl.read_csv(path).write_parquet(folder.parent / "bare.parquet")

    what = "import of CSV, validated"
    taken, bare, written = medians(lambda: load(folder), read, write, **_turns(events))
    yield Row(what, size, taken, "ms", bare, "Polars read_csv", 4)
    yield Row(what, size, taken, "ms", written, "read_csv + write_parquet", 3)
    peak = _alone(_LOAD, folder, _IMPORTS)["mb"]
    bound = 1_500 if events <= 1_000_000 else 8_000
    yield Row("import of CSV, peak memory", size, peak, "MB", bound=bound)


def _parquet(csvs: Path, size: str, events: int) -> Iterator[Row]:
    from hk_metrics.ingest import load

    folder = csvs.parent / "parquet"
    folder.mkdir()
    for path in csvs.glob("*.csv"):
        pl.read_csv(path, try_parse_dates=True).write_parquet(folder / f"{path.stem}.parquet")

    def read() -> list[pl.DataFrame]:
        return [pl.read_parquet(path) for path in folder.glob("*.parquet")]

    taken, bare = medians(lambda: load(folder), read, **_turns(events))
    yield Row("import of Parquet, validated", size, taken, "ms", bare, "Polars read_parquet")
    setup = f"{_IMPORTS}\nfrom hk_metrics.ledger import Ledger\ndata = load(sys.argv[1])"
    yield Row("ledger build and compaction", size, _alone(_BUILD, folder, setup)["ms"], "ms")


def _turns(events: int) -> dict[str, int]:
    return {"runs": 7, "warm": 1} if events <= 1_000_000 else {"runs": 1, "warm": 0}


def _bombs() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary, "bomb.xlsx")
        path.write_bytes(_bomb())
        setup = f"{_IMPORTS}\ndata = Path(sys.argv[1]).read_bytes()\n{_REFUSE}"
        measured = _alone(_REFUSE, path, setup)
        yield Row("150 KB workbook of 900 MB refused", "", measured["ms"], "ms", bound=100)
        more = measured["mb"] - measured["before"]
        yield Row("the same, more memory", "", more, "MB", bound=50)


def _imports() -> Iterator[Row]:
    names = ("hk_metrics", "hk_metrics.view", "pandas")
    ours, view, pandas = (min(_alone(f"import {n}")["ms"] for _ in range(3)) for n in names)
    yield Row("import hk_metrics", "", ours, "ms", pandas, "import pandas")
    yield Row("import hk_metrics.view", "", view, "ms", pandas, "import pandas")


if __name__ == "__main__":
    from benchmarks.table import show

    show(run("--quick" in sys.argv))
