"""A damaged store says so, opens what is whole, and never shows other totals in silence."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hk_metrics.errors import StoreError
from hk_metrics.ingest import load
from hk_metrics.store import Store
from tests.small_files import TRACKING, files

PROJECT = Path(__file__).resolve().parent.parent
REVENUE = {1: 2200.0, 2: 2150.0, 3: 2100.0}  # of the versions, by hand: 750 → 700 → 650


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    """A store of three versions; the second of them with rejected rows."""
    store = Store(tmp_path_factory.mktemp("whole") / "store")
    store.commit(load(files()), by="Asha")
    faulty = TRACKING.replace("750", "700") + "SwipeUp,Fit,99,u9,Whey,2025-03-21,1,999\n"
    store.commit(load(files(tracking_data=faulty), on_error="reject"), by="Bo")
    third = TRACKING.replace("750", "650") + "SwipeUp,Fit,98,u9,Whey,2025-03-21,1,999\n"
    store.commit(load(files(tracking_data=third), on_error="reject"), by="Cy")
    return store.folder


def _cut(path: Path, _: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])


def _flipped(at: float) -> Callable[[Path, Path], None]:
    def flip(path: Path, _: Path) -> None:
        content = bytearray(path.read_bytes())
        content[int(at * len(content))] ^= 1 << 2
        path.write_bytes(content)

    return flip


def _emptied(path: Path, _: Path) -> None:
    path.write_bytes(b"")


def _missing(path: Path, _: Path) -> None:
    path.unlink()


def _swapped(path: Path, other: Path) -> None:
    mine, theirs = path.read_bytes(), other.read_bytes()
    path.write_bytes(theirs)
    other.write_bytes(mine)


DAMAGES = {
    "cut": _cut,
    "flipped at the start": _flipped(0.0),
    "flipped in the middle": _flipped(0.5),
    "flipped near the end": _flipped(0.97),
    "emptied": _emptied,
    "missing": _missing,
    "swapped": _swapped,
}
TABLES = ("influencers", "posts", "tracking_data", "payouts")
NAMES = [
    *(f"{name}.parquet" for name in TABLES),
    "rejected-tracking_data.parquet",
    "rows.arrow",
    "events.arrow",
    "ledger.json",
    "manifest.json",
]


def _revenue(store: Store) -> float:
    current = store.current()
    assert current is not None
    return float(current.view().totals(["revenue"])["revenue"])


def test_names_are_all_files_of_a_version(whole: Path) -> None:
    assert {p.name for p in (whole / "versions" / "000003").iterdir()} == set(NAMES)


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damaged_file_is_named_and_the_last_whole_version_opens(
    whole: Path, tmp_path: Path, damage: Callable[[Path, Path], None]
) -> None:
    for name in NAMES:
        folder = tmp_path / name
        shutil.copytree(whole, folder)
        mine, theirs = (folder / f"versions/{number:06d}" / name for number in (3, 2))
        store = Store(folder)
        if damage is _swapped and mine.read_bytes() == theirs.read_bytes():
            continue  # the two versions share it: nothing changes
        damage(mine, theirs)
        before = 1 if damage is _swapped else 2
        current = store.current()
        assert current is not None
        told = current.quality.warnings[0]
        assert told.code == "damaged_store" and name in told.message, told
        assert f"number {before} of" in told.message
        assert _revenue(store) == REVENUE[before]
        assert current.tables["tracking_data"]["revenue"].sum() == REVENUE[before]
        with pytest.raises(StoreError, match=name):
            store.open(3)
        # Undo makes what is shown the current version: nothing is left to be told.
        assert store.undo().number == before
        after = store.current()
        assert after is not None and "damaged_store" not in {f.code for f in after.quality.findings}


@pytest.mark.parametrize("damage", [d for d in DAMAGES.values() if d is not _swapped])
def test_damaged_pointer_does_not_lead_to_another_version(
    whole: Path, tmp_path: Path, damage: Callable[[Path, Path], None]
) -> None:
    folder = tmp_path / "store"
    shutil.copytree(whole, folder)
    Store(folder).undo()  # so that the latest version is not the one that counts
    damage(folder / "current", folder)
    store = Store(folder)
    current = store.current()
    assert current is not None and _revenue(store) == REVENUE[2]
    assert "current" in current.quality.warnings[0].message
    assert [v.number for v in store.history()] == [2, 1]
    assert store.undo().number == 1 and _revenue(store) == REVENUE[1]


@pytest.mark.parametrize("damage", [d for d in DAMAGES.values() if d is not _swapped])
def test_damaged_journal_changes_no_number(
    whole: Path, tmp_path: Path, damage: Callable[[Path, Path], None]
) -> None:
    folder = tmp_path / "store"
    shutil.copytree(whole, folder)
    damage(folder / "journal", folder)
    store = Store(folder)
    assert _revenue(store) == REVENUE[3]
    assert len(store.journal()) < 3
    assert store.undo().number == 2 and _revenue(store) == REVENUE[2]


def test_folders_of_versions_that_changed_places_are_told(whole: Path, tmp_path: Path) -> None:
    folder = tmp_path / "store"
    shutil.copytree(whole, folder)
    versions = folder / "versions"
    (versions / "000003").rename(versions / "aside")
    (versions / "000002").rename(versions / "000003")
    (versions / "aside").rename(versions / "000002")
    store = Store(folder)
    current = store.current()
    assert current is not None and _revenue(store) == REVENUE[1]
    assert "belongs to another version" in current.quality.warnings[0].message


def test_damaged_middle_does_not_keep_undo_from_the_version_before(
    whole: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "store"
    shutil.copytree(whole, folder)
    _emptied(folder / "versions/000002/manifest.json", folder)
    store = Store(folder)
    assert _revenue(store) == REVENUE[3]
    assert store.undo().number == 1 and _revenue(store) == REVENUE[1]


def test_import_over_a_damaged_version_makes_it_whole(whole: Path, tmp_path: Path) -> None:
    folder = tmp_path / "store"
    shutil.copytree(whole, folder)
    _cut(folder / "versions/000003/rows.arrow", folder)
    store = Store(folder)
    with pytest.raises(StoreError, match="undo it, or import all files anew"):
        store.commit(load(files()), mode="append")
    version = store.commit(load(files(tracking_data=TRACKING.replace("750", "650"))))
    assert (version.number, version.parent) == (4, 2)
    assert _revenue(store) == REVENUE[3] and store.undo().number == 2


def test_nothing_whole_is_a_sentence(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    store.commit(load(files()))
    _emptied(store.folder / "versions/000001/rows.arrow", tmp_path)
    with pytest.raises(StoreError, match=r"rows.arrow is damaged.*Import the files again"):
        store.current()


def test_history_says_who(whole: Path) -> None:
    store = Store(whole)
    assert [v.by for v in store.history()] == ["Cy", "Bo", "Asha"]
    assert [(e.did, e.by) for e in store.journal()] == [
        ("import", "Asha"), ("import", "Bo"), ("import", "Cy"),
    ]  # fmt: skip


def test_store_from_before_there_were_seals_opens(whole: Path, tmp_path: Path) -> None:
    import json

    folder = tmp_path / "store"
    shutil.copytree(whole, folder)
    for path in folder.glob("versions/*/manifest.json"):
        manifest = json.loads(path.read_text())
        kept = {name: manifest[name] for name in ("version", "findings")}
        path.write_text(json.dumps(kept))
    (folder / "current").write_text("3")
    (folder / "journal").unlink()
    store = Store(folder)
    assert _revenue(store) == REVENUE[3]
    assert store.undo().number == 2 and _revenue(store) == REVENUE[2]
    assert store.commit(load(files())).number == 4


FULL = """
import resource, signal, sys
from hk_metrics.errors import StoreError
from hk_metrics.ingest import load
from hk_metrics.store import Store
from tests.small_files import TRACKING, files
data = load(files(tracking_data=TRACKING.replace("750", "700")))
data.ledger
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    Store(sys.argv[1]).commit(data)
except StoreError as error:
    print(error)
"""


@pytest.mark.parametrize("room", [0, 700, 3000])
def test_full_disk_is_a_sentence_and_leaves_nothing(tmp_path: Path, room: int) -> None:
    """No file may grow beyond ``room`` bytes: as on a full disk, at one or another step."""
    store = Store(tmp_path / "store")
    store.commit(load(files()))
    before = {p: p.read_bytes() for p in store.folder.rglob("*") if p.is_file()}
    told = subprocess.run(
        [sys.executable, "-c", FULL, str(store.folder), str(room)],
        cwd=PROJECT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "cannot be written to" in told.stdout and "nothing was changed" in told.stdout
    assert {p: p.read_bytes() for p in store.folder.rglob("*") if p.is_file()} == before
    assert _revenue(store) == 2200
