"""Files that memory has no room for: through the disk in pieces, to the same dataset."""

from __future__ import annotations

import errno
import signal
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

import hk_metrics as hk
from hk_metrics.cli import main
from hk_metrics.errors import StoreError
from hk_metrics.interchange import heights
from hk_metrics.simulate import simulate_tables, write_csv
from tests.equal_ledgers import OF_THE_WHOLE, assert_equal


@pytest.fixture(scope="module")
def tables() -> dict[str, pl.DataFrame]:
    return dict(simulate_tables(seed=7, influencers=30, days=60, events=6_000)[0])


def within(tmp_path: Path, memory: int) -> hk.Settings:
    return hk.Settings(memory=memory, store=tmp_path / "store")


@pytest.fixture
def csvs(tables: dict[str, pl.DataFrame], tmp_path: Path) -> Path:
    write_csv(tables, tmp_path / "csv")
    return tmp_path / "csv"


@pytest.fixture
def parquets(tables: dict[str, pl.DataFrame], tmp_path: Path) -> Path:
    """Tracked events in three files of a folder of theirs, the other tables beside it."""
    folder = tmp_path / "parquet"
    (folder / "tracking_data").mkdir(parents=True)
    for name, table in tables.items():
        if name != "tracking_data":
            table.write_parquet(folder / f"{name}.parquet")
    for i, part in enumerate(tables["tracking_data"].iter_slices(2_500)):
        part.write_parquet(folder / "tracking_data" / f"part-{i}.parquet")
    return folder


@pytest.fixture
def base(tables: dict[str, pl.DataFrame], tmp_path: Path) -> Path:
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as opened:
        for name, table in tables.items():
            opened.register("given", table.to_arrow())
            opened.execute(f"create table {name} as select * from given")
    return tmp_path / "shop.duckdb"


@pytest.mark.parametrize("kind", ["csvs", "parquets", "base"])
def test_pieces_give_the_dataset_of_one_piece(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    folder = request.getfixturevalue(kind)
    whole = hk.load(folder)
    pieces = hk.load(folder, settings=within(tmp_path, 2_000_000))
    assert pieces.ledger.event_files, "it went the short way"
    assert pieces.name == whole.name
    assert heights(pieces.tables) == heights(whole.tables)
    assert_equal(pieces.ledger, whole.ledger, without=OF_THE_WHOLE)
    columns = whole.tables["tracking_data"].columns
    order = ["user_id", "date", "influencer_id", "revenue", "orders"]
    both = (d.tables["tracking_data"].select(columns).sort(order) for d in (pieces, whole))
    one, other = (t.with_columns(pl.col("orders").cast(pl.Float64)) for t in both)
    assert one.equals(other)


def test_pieces_say_what_was_left_out_as_one_piece_does(
    tables: dict[str, pl.DataFrame], tmp_path: Path
) -> None:
    """Copies, refunds of orders, wrong cells and an influencer without a profile, in every part."""
    tracking = tables["tracking_data"].with_row_index("order_id", offset=1)
    nth = pl.col("order_id") % 97
    wrong = tracking.with_columns(
        order_id=pl.format("A-{}", "order_id"),
        revenue=pl.when(nth == 3).then(pl.lit("soon")).otherwise(pl.col("revenue").cast(pl.String)),
        influencer_id=pl.when(nth == 5).then(pl.lit("X9")).otherwise("influencer_id"),
    )
    bought = wrong.filter(pl.col("orders") > 0)
    back = bought.gather_every(50).with_columns(revenue=pl.lit("-10"))
    (tmp_path / "csv").mkdir()
    changed = {**tables, "tracking_data": pl.concat([wrong, wrong.gather_every(40), back])}
    write_csv(changed, tmp_path / "csv")
    whole = hk.load(tmp_path / "csv", on_error="reject")
    pieces = hk.load(tmp_path / "csv", on_error="reject", settings=within(tmp_path, 2_000_000))
    assert pieces.ledger.event_files
    assert_equal(pieces.ledger, whole.ledger, without=OF_THE_WHOLE)
    one, other = ({(f.severity, f.code, f.count) for f in d.quality.findings}
                  for d in (pieces, whole))  # fmt: skip
    assert one == other
    rejected = (d.quality.rejected["tracking_data"] for d in (pieces, whole))
    places, same = (t.select("file", "row", "reason").sort("row") for t in rejected)
    assert places.equals(same)
    with pytest.raises(hk.SchemaError, match="X9"):
        hk.load(tmp_path / "csv", settings=within(tmp_path, 2_000_000))
    assert not [*(tmp_path / "store").glob("reading-*/raw-*")]


def test_pieces_go_into_the_store_as_they_are(csvs: Path, tmp_path: Path) -> None:
    settings = within(tmp_path, 2_000_000)
    pieces = hk.load(csvs, settings=settings)
    store = hk.Store(settings.store)
    version = store.commit(pieces)
    events = len(list((store.folder / "versions" / "000001").glob("events-*.arrow")))
    assert events == len(pieces.ledger.event_files) > 1
    assert version.rows == heights(pieces.tables)
    stored = store.current(settings)
    assert stored is not None and stored.id == pieces.id
    assert_equal(stored.ledger, pieces.ledger)
    assert stored.tables["tracking_data"].height == version.rows["tracking_data"]
    with pytest.raises(StoreError, match="takes no more rows"):
        store.commit(pieces, mode="append")
    reading = pieces.ledger.event_files[0].parent
    assert reading.is_dir()
    del pieces
    assert not reading.exists(), "what was read is only in the store now"
    assert stored.view().totals(["customers"])["customers"] > 0


def test_pieces_of_a_reader_that_died_are_swept(csvs: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    killed = subprocess.Popen([sys.executable, "-c", "pass"])
    killed.wait()
    left = store / f"reading-{killed.pid}-abc"
    left.mkdir(parents=True)
    (left / "tracking_data-0000.parquet").write_bytes(b"cut off")
    hk.load(csvs, settings=within(tmp_path, 2_000_000))
    assert not left.exists()


def test_import_command_takes_its_memory(csvs: Path, tmp_path: Path) -> None:
    into = str(tmp_path / "base")
    arguments = ["import", str(csvs), "--into", into, "--yes", "--memory", "2MB"]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, done.output
    version = tmp_path / "base" / "versions" / "000001"
    assert len(list(version.glob("tracking_data-*.parquet"))) > 1
    assert not list((tmp_path / "base").glob("reading-*"))
    refused = CliRunner().invoke(main, [*arguments[:-1], "much"])
    assert refused.exit_code == 1
    assert "--memory is 'much': write a size like 4GB" in refused.output


def test_killed_import_leaves_the_old_dataset_and_the_next_one_goes_on(
    csvs: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "base"
    store = hk.Store(folder)
    old = store.commit(hk.simulate(seed=3, influencers=12, days=20, events=300)[0])
    script = (
        "import os, signal, sys; from hk_metrics.ingest import in_pieces;"
        "in_pieces.gathered = lambda *_: os.kill(os.getpid(), signal.SIGKILL);"
        "from hk_metrics.cli import main; main(sys.argv[1:])"
    )
    arguments = ["import", str(csvs), "--into", str(folder), "--yes", "--memory", "2MB"]
    killed = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True)
    assert killed.returncode == -signal.SIGKILL
    assert list(folder.glob("reading-*/tracking_data-*.parquet")), "it died half way"
    current = store.current()
    assert current is not None and current.id == old.id
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, done.output
    renewed = store.current()
    assert renewed is not None and renewed.id != old.id
    assert not list(folder.glob("reading-*"))


def test_disk_without_room_is_said(csvs: Path, tmp_path: Path) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pl.DataFrame, "write_ipc", full)
        with pytest.raises(StoreError, match=r"No space left on device.*Make room there"):
            hk.load(csvs, settings=within(tmp_path, 2_000_000))
    assert not list((tmp_path / "store").glob("reading-*"))
