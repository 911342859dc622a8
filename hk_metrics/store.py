"""Versions of datasets on disk: written beside, taken by one atomic rename, shared read-only.

    store/
      current                  number of the version that counts
      versions/000007/         tables as Parquet, the built ledger as Arrow, rejected rows, manifest
      lock                     held while writing; the system frees it if the writer dies

A crash at any moment leaves the old version or the new one: what `current` does not name does not
exist.
"""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from uuid import uuid4

from hk_metrics.dataset import Dataset
from hk_metrics.errors import ParameterError, StoreError
from hk_metrics.ingest.appending import appended
from hk_metrics.ledger import disk
from hk_metrics.quality import Finding, QualityReport
from hk_metrics.settings import Settings, default_settings

if TYPE_CHECKING:
    import polars as pl
    from filelock import BaseFileLock

Mode = Literal["replace", "append"]
KEPT = 30
LOCK_SECONDS = 300


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


class StoredFrames(Mapping[str, "pl.DataFrame"]):
    """Tables of a version, each read when it is first asked for.

    A page that draws from the ledger alone never pays for the tables behind it.

    Raises
    ------
    StoreError
        If a file is missing or cut off.
    """

    def __init__(self, folder: Path, names: tuple[str, ...], prefix: str = "") -> None:
        self._paths = {name: folder / f"{prefix}{name}.parquet" for name in names}
        self._read: dict[str, pl.DataFrame] = {}
        for name in names:
            self._opened(name)

    def _opened(self, name: str) -> pl.LazyFrame:
        import polars as pl

        path = self._paths[name]
        try:
            frame = pl.scan_parquet(path)
            frame.collect_schema()
        except (OSError, pl.exceptions.PolarsError) as error:
            raise StoreError(
                f"{path} is damaged ({error}): undo to the version before, or import the files "
                "again"
            ) from error
        return frame

    def __getitem__(self, name: str) -> pl.DataFrame:
        if name not in self._read:
            if name not in self._paths:
                raise KeyError(name)
            self._read[name] = self._opened(name).collect()
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


class Store:
    """A folder of dataset versions that any number of processes may share.

    Parameters
    ----------
    folder
        Where; the settings' `store` if absent. Made at the first commit.
    """

    def __init__(self, folder: Path | str | None = None) -> None:
        self.folder = Path(folder or default_settings().store).expanduser().resolve()

    def commit(self, dataset: Dataset, mode: Mode = "replace") -> Version:
        """Make a dataset the current one, whole or not at all.

        Parameters
        ----------
        dataset
            What an import gave.
        mode
            ``replace``, or ``append`` to add its rows to the current ones: an influencer of a
            known id takes the new profile, and rows that the store already has are left out.

        Returns
        -------
        Version
            The new current version; the present one if nothing would change.

        Raises
        ------
        StoreError
            If another process holds the store for more than five minutes.
        """
        if mode not in ("replace", "append"):
            raise ParameterError(f"mode is {mode!r}: it must be 'replace' or 'append'")
        with self._locked():
            self._sweep()
            present = self._current_number()
            if mode == "append" and present is not None:
                dataset = appended(self.open(present), dataset)
            if present is not None and self.version(present).id == dataset.id:
                return self.version(present)
            number = max((v.number for v in self.versions()), default=0) + 1
            version = Version(
                number,
                dataset.id,
                dataset.name,
                mode,
                datetime.now(UTC),
                {name: table.height for name, table in dataset.tables.items()},
                {name: rows.height for name, rows in dataset.quality.rejected.items()},
                present,
            )
            self._write(version, dataset)
            self._point_to(number)
            self._prune()
        return version

    def current(self, settings: Settings | None = None) -> Dataset | None:
        """Open the current dataset, or None where nothing was ever committed."""
        number = self._current_number()
        while number is not None:
            try:
                return self.open(number, settings)
            except StoreError:
                # Another process may have moved on and pruned this version meanwhile.
                again = self._current_number()
                if again == number:
                    raise
                number = again
        return None

    def open(self, number: int, settings: Settings | None = None) -> Dataset:
        """Open one version.

        Raises
        ------
        StoreError
            If there is no such version, or its files are damaged.
        """
        version = self.version(number)
        folder = self._version_folder(number)
        tables = StoredFrames(folder, tuple(version.rows))
        rejected = StoredFrames(folder, tuple(version.rejected), prefix="rejected-")
        findings = tuple(Finding(**f) for f in self._manifest(number)["findings"])
        report = QualityReport(findings, rejected)
        settings = settings or default_settings()
        return Dataset(tables, settings, report, version.id, version.name, folder)

    def versions(self) -> list[Version]:
        """List the versions on disk, oldest first."""
        folder = self.folder / "versions"
        numbers = sorted(int(p.name) for p in folder.glob("[0-9]*") if p.name.isdigit())
        return [self.version(number) for number in numbers]

    def history(self) -> list[Version]:
        """List the versions that led to the current one, newest first."""
        chain: list[Version] = []
        number = self._current_number()
        known = {v.number: v for v in self.versions()}
        while number in known:
            chain.append(known[number])
            number = known[number].parent
        return chain

    def version(self, number: int) -> Version:
        """Describe one version without opening it."""
        facts = dict(self._manifest(number)["version"])
        facts["committed"] = datetime.fromisoformat(facts["committed"])
        return Version(**facts)

    def undo(self) -> Version:
        """Go back to the version before the current one.

        Raises
        ------
        StoreError
            If there is none.
        """
        with self._locked():
            before = self.history()[1:2]
            if not before:
                raise StoreError(
                    f"nothing to undo in {self.folder}: there is no version before the current one"
                )
            self._point_to(before[0].number)
        return before[0]

    def _locked(self) -> BaseFileLock:
        from filelock import FileLock

        self.folder.mkdir(parents=True, exist_ok=True)
        return FileLock(self.folder / "lock", timeout=LOCK_SECONDS)

    def _current_number(self) -> int | None:
        try:
            text = (self.folder / "current").read_text()
        except (FileNotFoundError, NotADirectoryError):
            return None
        if not text.isdigit():
            raise StoreError(
                f"{self.folder / 'current'} names no version but {text!r}: write the number of one "
                "of the folders in versions/ into it"
            )
        return int(text)

    def _version_folder(self, number: int) -> Path:
        return self.folder / "versions" / f"{number:06d}"

    def _manifest(self, number: int) -> dict[str, Any]:
        path = self._version_folder(number) / "manifest.json"
        try:
            manifest: dict[str, Any] = json.loads(path.read_text())
        except (OSError, ValueError) as error:
            raise StoreError(
                f"there is no whole version {number} in {self.folder}: see Store.versions()"
            ) from error
        return manifest

    def _write(self, version: Version, dataset: Dataset) -> None:
        """Write a version in a folder of its own, and move it to its place when all is on disk."""
        beside = self.folder / f"writing-{uuid4().hex}"
        beside.mkdir()
        for name, table in dataset.tables.items():
            table.write_parquet(beside / f"{name}.parquet")
        for name, rows in dataset.quality.rejected.items():
            rows.write_parquet(beside / f"rejected-{name}.parquet")
        manifest = {
            "version": {**dataclasses.asdict(version), "committed": version.committed.isoformat()},
            "findings": [dataclasses.asdict(f) for f in dataset.quality.findings],
        }
        disk.write(dataset.ledger, beside)
        (beside / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1))
        for path in (*beside.iterdir(), beside):
            _sync(path)
        target = self._version_folder(version.number)
        target.parent.mkdir(exist_ok=True)
        beside.rename(target)
        _sync(target.parent)

    def _point_to(self, number: int) -> None:
        beside = self.folder / f"writing-{uuid4().hex}"
        beside.write_text(str(number))
        _sync(beside)
        beside.replace(self.folder / "current")
        _sync(self.folder)

    def _sweep(self) -> None:
        """Remove what dead writers left; whoever holds the lock is the only living one."""
        for left in self.folder.glob("writing-*"):
            shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink()

    def _prune(self) -> None:
        """Remove the oldest versions beyond `KEPT`."""
        for version in self.versions()[:-KEPT]:
            shutil.rmtree(self._version_folder(version.number), ignore_errors=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
