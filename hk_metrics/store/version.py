"""One version of a dataset: what is known of it, how it is written and how it is read."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from hk_metrics.dataset import Dataset
from hk_metrics.errors import StoreError
from hk_metrics.ledger import disk
from hk_metrics.quality import Finding, QualityReport
from hk_metrics.settings import Settings
from hk_metrics.store.frames import StoredFrames

Mode = Literal["replace", "append"]
MANIFEST = "manifest.json"


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
    """

    number: int
    id: str
    name: str
    mode: Mode
    committed: datetime
    rows: Mapping[str, int]
    rejected: Mapping[str, int]
    parent: int | None


def read_version(folder: Path) -> Version:
    """Describe the version in a folder without opening its tables.

    Raises
    ------
    StoreError
        If there is no whole version.
    """
    facts = dict(_manifest(folder)["version"])
    facts["committed"] = datetime.fromisoformat(facts["committed"])
    return Version(**facts)


def read_dataset(folder: Path, settings: Settings) -> Dataset:
    """Open the dataset in a folder; its tables are read when they are asked for.

    Raises
    ------
    StoreError
        If there is no whole version, or its files are damaged.
    """
    version = read_version(folder)
    tables = StoredFrames(folder, tuple(version.rows))
    rejected = StoredFrames(folder, tuple(version.rejected), prefix="rejected-")
    findings = tuple(Finding(**f) for f in _manifest(folder)["findings"])
    report = QualityReport(findings, rejected)
    return Dataset(tables, settings, report, version.id, version.name, folder)


def write_version(version: Version, dataset: Dataset, folder: Path) -> None:
    """Write a dataset to a new folder, and return when all of it is on disk."""
    folder.mkdir()
    for name, table in dataset.tables.items():
        table.write_parquet(folder / f"{name}.parquet")
    for name, rows in dataset.quality.rejected.items():
        rows.write_parquet(folder / f"rejected-{name}.parquet")
    disk.write(dataset.ledger, folder)
    manifest = {
        "version": {**dataclasses.asdict(version), "committed": version.committed.isoformat()},
        "findings": [dataclasses.asdict(f) for f in dataset.quality.findings],
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1))
    for path in (*folder.iterdir(), folder):
        sync(path)


def sync(path: Path) -> None:
    """Wait until a file or folder is on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
    except (OSError, ValueError) as error:
        raise StoreError(
            f"there is no whole version in {folder}: see Store.versions(), or undo"
        ) from error
    return manifest
