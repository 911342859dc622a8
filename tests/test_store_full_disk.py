"""A disk that is really full: a sentence, nothing left behind, and what was there stays."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import hk_metrics as hk
from hk_metrics.access import TokenFile
from hk_metrics.errors import HkMetricsError, StoreError
from hk_metrics.ingest import load
from hk_metrics.ingest.raw import UnreadableError
from hk_metrics.ingest.reading.apart import read_apart
from hk_metrics.settings import Settings
from hk_metrics.store import Store
from tests.small_files import TRACKING, files

SIZE = 1_048_576


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a megabyte."""
    place = tmp_path / "disk"
    place.mkdir()
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("mounting a small disk needs Linux and root")
    options = ["-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs"]
    mounted = subprocess.run(["mount", *options, place], capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"no small disk can be mounted here: {mounted.stderr.strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)


def held(folder: Path) -> dict[str, int]:
    """Every file and its size."""
    return {str(p.relative_to(folder)): p.stat().st_size for p in folder.rglob("*") if p.is_file()}


def fill(disk: Path) -> None:
    """Leave no byte free."""
    with (disk / "filler").open("wb", buffering=0) as filler:
        try:
            while filler.write(bytes(4096)):
                pass
        except OSError:
            return


def test_import_on_a_full_disk_is_a_sentence_and_leaves_nothing(disk: Path) -> None:
    store = Store(disk / "store")
    store.commit(load(files()))
    store.commit(load(files(tracking_data=TRACKING.replace("750", "700"))))
    before = held(disk)
    large, _ = hk.simulate(seed=3, influencers=300, days=90, events=60_000)
    with pytest.raises(StoreError, match=r"(?i)space|room"):
        store.commit(large)
    assert held(disk) == before
    fill(disk)
    with pytest.raises(StoreError, match=r"(?i)space|room"):
        store.commit(load(files()))
    shown = Store(disk / "store").current()
    assert shown is not None
    assert shown.tables["tracking_data"]["revenue"].sum() == 2150
    (disk / "filler").unlink()
    assert held(disk) == before
    store.undo()
    shown = store.current()
    assert shown is not None
    assert shown.tables["tracking_data"]["revenue"].sum() == 2200


def test_reading_and_tokens_on_a_full_disk_are_sentences(
    disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = TokenFile(disk / "tokens.json")
    kept = tokens.add("Asha", "editor", {})
    fill(disk)
    monkeypatch.setattr(tempfile, "tempdir", str(disk))
    large = b"influencer_id,platform\n" + b"1,x\n" * 100_000
    (told,) = [r.outcome for r in read_apart({"a.csv": large}, Settings())]
    assert isinstance(told, UnreadableError)
    assert "No space left on device" in str(told)
    with pytest.raises(HkMetricsError, match="No space left on device"):
        tokens.add("Bo", "viewer", {})
    assert tokens.find(kept) is not None
    assert [path.name for path in disk.glob(".tokens.json-*")] == []
