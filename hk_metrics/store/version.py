"""One version of a dataset: what is known of it, how it is written and how it is read."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from hk_metrics.dataset import Dataset
from hk_metrics.errors import StoreError
from hk_metrics.ledger import disk
from hk_metrics.quality import Finding, QualityReport
from hk_metrics.settings import Settings
from hk_metrics.store import seals
from hk_metrics.store.frames import StoredFrames

Mode = Literal["replace", "append"]
_MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Version:
    """One dataset that the store holds.

    Parameters
    ----------
    number
        Counts up; never used twice.
    id
        Hash of the content.
    name
        What it was called when it came.
    mode
        Whether it replaced what was there or was added to it.
    committed
        When, in UTC.
    rows
        Table → number of rows.
    rejected
        Table → rows that were left out.
    parent
        The version before it, which `Store.undo` returns to; None for the first.
    by
        Who brought it, where that is known.
    """

    number: int
    id: str
    name: str
    mode: Mode
    committed: datetime
    rows: Mapping[str, int]
    rejected: Mapping[str, int]
    parent: int | None
    by: str = ""


def read_version(folder: Path) -> Version:
    """Describe the version in a folder without opening its tables.

    Raises
    ------
    StoreError
        If there is no whole version.
    """
    return _described(_manifest(folder))


def seal_of(folder: Path) -> str:
    """Return the seal of a version's manifest; empty for one that was written without.

    Raises
    ------
    StoreError
        If there is no whole version.
    """
    return str(_manifest(folder).get("seal", ""))


def check(folder: Path) -> None:
    """Compare every file of a version with what was written.

    Raises
    ------
    StoreError
        Names the files that are missing or damaged.
    """
    seals.check(folder, _manifest(folder).get("files", {}))


def read_dataset(folder: Path, settings: Settings) -> Dataset:
    """Open the dataset in a folder; its tables are read when they are asked for.

    Raises
    ------
    StoreError
        If there is no whole version, or its files are damaged.
    """
    manifest = _manifest(folder)
    seals.check(folder, manifest.get("files", {}))
    version = _described(manifest)
    tables = StoredFrames(folder, tuple(version.rows))
    rejected = StoredFrames(folder, tuple(version.rejected), prefix="rejected-")
    findings = tuple(Finding(**f) for f in manifest["findings"])
    report = QualityReport(findings, rejected)
    return Dataset(tables, settings, report, version.id, version.name, folder)


def write_version(version: Version, dataset: Dataset, folder: Path) -> None:
    """Write a dataset to a new folder, and return when all of it is on disk."""
    folder.mkdir()
    in_parts: Mapping[str, Sequence[Path]] = getattr(dataset.tables, "files", {})
    for name in dataset.tables:
        for path in in_parts.get(name, ()):
            disk.placed(path, folder)
        if name not in in_parts:
            dataset.tables[name].write_parquet(folder / f"{name}.parquet")
    for name, rows in dataset.quality.rejected.items():
        rows.write_parquet(folder / f"rejected-{name}.parquet")
    disk.write(dataset.ledger, folder)
    manifest = {
        "version": {**dataclasses.asdict(version), "committed": version.committed.isoformat()},
        "findings": [dataclasses.asdict(f) for f in dataset.quality.findings],
        "files": seals.sealed(folder.iterdir()),
    }
    manifest["seal"] = seals.text_seal(manifest)
    (folder / _MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1))
    for path in (*folder.iterdir(), folder):
        sync(path)


def sync(path: Path) -> None:
    """Wait until a file or folder is on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _described(manifest: Mapping[str, Any]) -> Version:
    facts = dict(manifest["version"])
    return Version(**{**facts, "committed": datetime.fromisoformat(facts["committed"])})


def _manifest(folder: Path) -> dict[str, Any]:
    """Return what a version says of itself; one from before there were seals says it without."""
    path = folder / _MANIFEST
    try:
        manifest: dict[str, Any] = json.loads(path.read_bytes().decode())
        seal = manifest.pop("seal", None)
        whole = seal == seals.text_seal(manifest) or (seal is None and "files" not in manifest)
        _described(manifest)
    except FileNotFoundError:
        raise StoreError(f"there is no whole version in {folder}: {path} is missing") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        whole = False
    if not whole:
        raise StoreError(f"{path} is damaged: it does not hold what was written")
    if folder.name.isdigit() and int(folder.name) != manifest["version"]["number"]:
        raise StoreError(f"{path} is damaged: it belongs to another version")
    return {**manifest, "seal": seal} if seal else manifest
