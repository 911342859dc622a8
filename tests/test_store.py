"""Versions on disk: the old dataset or the new one, whole, whatever happens."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import polars as pl
import pytest

from hk_metrics.dataset import Dataset
from hk_metrics.errors import ParameterError, StoreError
from hk_metrics.ingest import load
from hk_metrics.store import KEPT, Store
from hk_metrics.store.identity import content_id
from tests.length import times
from tests.small_files import TRACKING, files

PROJECT = Path(__file__).resolve().parent.parent


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


@pytest.fixture(scope="module")
def first() -> Dataset:
    return load(files())


@pytest.fixture(scope="module")
def second() -> Dataset:
    return load(files(tracking_data=TRACKING.replace("750", "700")))


def _revenue(store: Store) -> float:
    current = store.current()
    assert current is not None
    return float(current.view().totals(["revenue"])["revenue"])


def test_empty_store_has_nothing(store: Store) -> None:
    assert store.current() is None and store.history() == []
    with pytest.raises(StoreError, match="nothing to undo"):
        store.undo()


def test_committed_dataset_comes_back_whole(store: Store) -> None:
    data = load(files(tracking_data=TRACKING.replace("3,750", "x,750")), on_error="reject")
    version = store.commit(data)
    back = store.current()
    assert back is not None
    assert back.id == data.id == content_id(back.tables) == version.id
    assert back.quality.findings == data.quality.findings
    assert back.quality.rejected["tracking_data"].equals(data.quality.rejected["tracking_data"])
    assert version.rejected == {"tracking_data": 1}


def test_replace_takes_the_place_and_undo_gives_it_back(
    store: Store, first: Dataset, second: Dataset
) -> None:
    store.commit(first)
    store.commit(second)
    assert _revenue(store) == 2150
    assert [v.id for v in store.history()] == [second.id, first.id]
    assert store.undo().id == first.id
    assert _revenue(store) == 2200
    assert [v.id for v in store.history()] == [first.id]


def test_same_content_makes_no_new_version(store: Store, first: Dataset) -> None:
    assert store.commit(first).number == store.commit(first).number == 1


def test_number_is_never_used_twice(store: Store, first: Dataset, second: Dataset) -> None:
    store.commit(first)
    store.commit(second)
    store.undo()
    assert store.commit(second).number == 3


def test_datasets_made_by_hand_are_told_apart(store: Store, first: Dataset) -> None:
    tables = dict(first.tables)
    dearer = pl.col("revenue") * 2
    store.commit(Dataset(tables))
    before = _revenue(store)
    made = Dataset({**tables, "tracking_data": tables["tracking_data"].with_columns(dearer)})
    store.commit(made)
    assert _revenue(store) == pytest.approx(2 * before)
    assert store.commit(made).number == 2
    fewer = replace(first, tables={**tables, "tracking_data": tables["tracking_data"].head(1)})
    store.commit(first)
    store.commit(fewer)
    assert _revenue(store) < before


def test_append_adds_rows_once(store: Store, first: Dataset) -> None:
    head, *rows = TRACKING.splitlines()
    april = "\n".join([head, rows[-1], "SwipeUp,Fit,2,u9,Omega,2025-04-01,1,100"])
    store.commit(first)
    version = store.commit(load({"april.csv": april.encode()}), mode="append")
    # One row was there already: 2,200 + 100.
    assert _revenue(store) == 2300
    assert version.rows["tracking_data"] == 6
    current = store.current()
    assert current is not None
    assert "overlap" in {f.code for f in current.quality.warnings}
    assert current.tables["influencers"]["name"].to_list() == ["Asha", "Bo", "Cy"]


def test_append_keeps_equal_rows_of_one_file(store: Store, first: Dataset) -> None:
    # The new file has the row twice, the store once: one more is added.
    row = TRACKING.splitlines()[-1]
    store.commit(first)
    store.commit(load(files(tracking_data=TRACKING + row + "\n")), mode="append")
    assert _revenue(store) == 2200 + 750


def test_append_takes_the_new_profile(store: Store, first: Dataset) -> None:
    store.commit(first)
    changed = files()["influencers.csv"].replace(b"10000", b"99999")
    store.commit(load(files(influencers=changed)), mode="append")
    current = store.current()
    assert current is not None
    followers = dict(current.tables["influencers"].select("id", "follower_count").iter_rows())
    assert followers == {"1": 99999, "2": 20000, "3": 30000}


def test_old_versions_are_pruned(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = 4
    assert kept < KEPT
    monkeypatch.setattr("hk_metrics.store.folder.KEPT", kept)
    for i in range(kept + 3):
        store.commit(load(files(tracking_data=TRACKING.replace("750", str(800 + i)))))
    assert len(store.versions()) == kept
    assert _revenue(store) == 1450 + 800 + kept + 2


def test_open_dataset_is_not_disturbed_by_commits(
    store: Store, first: Dataset, second: Dataset
) -> None:
    store.commit(first)
    opened = store.current()
    store.commit(second)
    assert opened is not None
    assert opened.tables["tracking_data"]["revenue"].sum() == 2200


def test_damage_is_said(store: Store, first: Dataset) -> None:
    version = store.commit(first)
    path = store.folder / "versions" / f"{version.number:06d}" / "tracking_data.parquet"
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(StoreError, match="damaged"):
        store.current()
    (store.folder / "current").write_text("nonsense")
    with pytest.raises(StoreError, match="names no version"):
        store.current()


def test_wrong_mode_is_refused(store: Store, first: Dataset) -> None:
    with pytest.raises(ParameterError, match="mode"):
        store.commit(first, mode="merge")  # type: ignore[arg-type]


def test_loading_the_stores_folder_opens_its_dataset(store: Store, first: Dataset) -> None:
    store.commit(first)
    assert load(store.folder).id == first.id


COMMITTING = """
import sys
from hk_metrics.ingest import load
from hk_metrics.store import Store
from tests.small_files import TRACKING, files
datasets = [load(files(tracking_data=TRACKING.replace("750", r))) for r in ("700", "650")]
store = Store(sys.argv[1])
print("ready", flush=True)
while True:
    for data in datasets:
        store.commit(data)
"""
APPENDING = """
import sys
from hk_metrics.ingest import load
from hk_metrics.store import Store
store, worker = Store(sys.argv[1]), sys.argv[2]
for i in range(2):
    row = f"SwipeUp,Fit,2,worker{worker},Omega,2025-05-{i + 1:02d},1,10"
    head = "source,campaign,influencer_id,user_id,product,date,orders,revenue"
    store.commit(load({"tracking.csv": f"{head}\\n{row}\\n".encode()}), mode="append")
"""


def _started(code: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    )


def _whole(store: Store, known: set[str]) -> bool:
    current = store.current()
    return (
        current is not None
        and current.id in known
        and content_id(dict(current.tables)) == current.id
    )


def _kills() -> Iterator[float]:
    """How long after it is ready each writer is killed."""
    random = Random(7)
    for _ in range(times(2, 20)):
        yield random.uniform(0, 0.5)


def test_killed_writer_leaves_the_old_or_the_new(
    store: Store, first: Dataset, second: Dataset
) -> None:
    third = load(files(tracking_data=TRACKING.replace("750", "650")))
    store.commit(first)
    for seconds in _kills():
        with _started(COMMITTING, str(store.folder)) as writer:
            assert writer.stdout is not None and writer.stdout.readline() == "ready\n"
            time.sleep(seconds)
            writer.send_signal(signal.SIGKILL)
        assert _whole(store, {first.id, second.id, third.id})
    # What the dead left does not hinder the living.
    store.commit(first)
    assert _revenue(store) == 2200
    assert not list(store.folder.glob("writing-*"))


def test_five_writers_lose_nothing(store: Store, first: Dataset) -> None:
    store.commit(first)
    workers = [_started(APPENDING, str(store.folder), str(i)) for i in range(5)]
    assert [w.wait(timeout=300) for w in workers] == [0] * 5
    for worker in workers:
        assert worker.stdout is not None
        worker.stdout.close()
    # 5 workers × 2 rows of 10.
    assert _revenue(store) == 2200 + 100
    assert len(store.history()) == 11


def test_current_version_is_described_without_opening(store: Store, first: Dataset) -> None:
    assert store.current_version() is None
    assert store.commit(first) == store.current_version()


def test_same_rows_with_others_rejected_are_told(store: Store, first: Dataset) -> None:
    store.commit(first)
    faulty = TRACKING + "SwipeUp,Fit,99,u9,Whey,2025-03-21,1,999\n"
    version = store.commit(load(files(tracking_data=faulty), on_error="reject"))
    assert version.number == 2 and version.rejected == {"tracking_data": 1}
