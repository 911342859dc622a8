"""Versions of datasets on disk: written beside, taken by one atomic rename, shared read-only.

    store/
      current                  number of the version that counts
      versions/000007/         tables as Parquet, the built ledger as Arrow, rejected rows, manifest
      lock                     held while writing; the system frees it if the writer dies

A crash at any moment leaves the old version or the new one: what `current` does not name does not
exist.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from hk_metrics.dataset import Dataset
from hk_metrics.errors import ParameterError, StoreError
from hk_metrics.settings import Settings, default_settings
from hk_metrics.store.appending import appended
from hk_metrics.store.version import (
    Mode,
    Version,
    read_dataset,
    read_version,
    sync,
    write_version,
)

KEPT = 30
LOCK_SECONDS = 300


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
            present = self._current_number()
            if mode == "append" and present is not None:
                dataset = appended(self.open(present), dataset)
            rejected = {name: rows.height for name, rows in dataset.quality.rejected.items()}
            if present is not None:
                current = self.version(present)
                # The same rows of files with other faults are news: what was left out must be told.
                if (current.id, current.rejected) == (dataset.id, rejected):
                    return current
            number = max((v.number for v in self.versions()), default=0) + 1
            version = Version(
                number,
                dataset.id,
                dataset.name,
                mode,
                datetime.now(UTC),
                {name: table.height for name, table in dataset.tables.items()},
                rejected,
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

    def current_version(self) -> Version | None:
        """Describe the current version without opening it; None where nothing was committed."""
        number = self._current_number()
        return None if number is None else self.version(number)

    def open(self, number: int, settings: Settings | None = None) -> Dataset:
        """Open one version.

        Raises
        ------
        StoreError
            If there is no such version, or its files are damaged.
        """
        return read_dataset(self._version_folder(number), settings or default_settings())

    def versions(self) -> list[Version]:
        """List the whole versions on disk, oldest first."""
        folders = sorted(p for p in (self.folder / "versions").glob("[0-9]*") if p.is_dir())
        found = []
        for folder in folders:
            # One that another process prunes meanwhile is no version any more.
            with suppress(StoreError):
                found.append(read_version(folder))
        return found

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
        return read_version(self._version_folder(number))

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

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Be the only writer; whoever dies lets go."""
        from filelock import FileLock, Timeout

        self.folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.folder / "lock", timeout=LOCK_SECONDS)
        try:
            lock.acquire()
        except Timeout as error:
            raise StoreError(
                f"another process has been writing to {self.folder} for {LOCK_SECONDS} s: wait for "
                "it, or end it"
            ) from error
        try:
            self._sweep()
            yield
        finally:
            lock.release()

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

    def _write(self, version: Version, dataset: Dataset) -> None:
        """Write a version beside, and move it to its place when all of it is on disk."""
        beside = self.folder / f"writing-{uuid4().hex}"
        write_version(version, dataset, beside)
        target = self._version_folder(version.number)
        target.parent.mkdir(exist_ok=True)
        beside.rename(target)
        sync(target.parent)

    def _point_to(self, number: int) -> None:
        beside = self.folder / f"writing-{uuid4().hex}"
        beside.write_text(str(number))
        sync(beside)
        beside.replace(self.folder / "current")
        sync(self.folder)

    def _sweep(self) -> None:
        """Remove what dead writers left; whoever holds the lock is the only living one."""
        for left in self.folder.glob("writing-*"):
            shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink()

    def _prune(self) -> None:
        """Remove the oldest versions beyond `KEPT`."""
        for version in self.versions()[:-KEPT]:
            shutil.rmtree(self._version_folder(version.number), ignore_errors=True)
