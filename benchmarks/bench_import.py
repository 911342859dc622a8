"""Imports: the whole pipeline against Polars' bare reading, its memory, and a bomb refused."""

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
_PEAK = """
import json, resource, sys, time
{setup}
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
begin = time.perf_counter()
{code}
print(json.dumps({{"ms": 1000 * (time.perf_counter() - begin), "before": before,
                  "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}}))
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
_IMPORTS = """
from pathlib import Path
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


def _alone(setup: str, code: str, folder: Path) -> dict[str, float]:
    """Run code in a process of its own; return its time (ms) and memory before and at most (MB)."""
    script = _PEAK.format(setup=setup, code=code)
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
    from hk_metrics.ingest import load

    for size, events in SIZES.items():
        if quick and events > 1_000_000:
            continue
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary, "csv")
            folder.mkdir()
            write_files(folder, events)
            csvs = sorted(folder.glob("*.csv"))

            def read(csvs: list[Path] = csvs) -> list[pl.DataFrame]:
                return [pl.read_csv(path) for path in csvs]

            def write(csvs: list[Path] = csvs) -> None:
                for path in csvs:
                    pl.read_csv(path).write_parquet(path.parent.parent / "bare.parquet")

            def ours(folder: Path = folder) -> object:
                return load(folder)

            turns = {"runs": 7, "warm": 1} if events <= 1_000_000 else {"runs": 1, "warm": 0}
            taken, bare, written = medians(ours, read, write, **turns)
            what = "import of CSV, validated"
            yield Row(what, size, taken, "ms", bare, "Polars read_csv", 4)
            yield Row(what, size, taken, "ms", written, "read_csv + write_parquet", 3)
            peak = _alone(_IMPORTS, _LOAD, folder)["mb"]
            bound = 1_500 if events <= 1_000_000 else 8_000
            yield Row("import of CSV, peak memory", size, peak, "MB", bound=bound)
    yield from _bombs()


def _bombs() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary, "bomb.xlsx")
        path.write_bytes(_bomb())
        setup = f"{_IMPORTS}\ndata = Path({str(path)!r}).read_bytes()\n{_REFUSE}"
        measured = _alone(setup, _REFUSE, Path(temporary))
        yield Row("150 KB workbook of 900 MB refused", "", measured["ms"], "ms", bound=100)
        more = measured["mb"] - measured["before"]
        yield Row("the same, more memory", "", more, "MB", bound=50)


if __name__ == "__main__":
    from benchmarks.table import show

    show(run("--quick" in sys.argv))
