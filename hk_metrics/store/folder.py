"""Versions of datasets on disk: written beside, taken by one atomic rename, shared read-only.

    store/
      current                  number of the version that counts, and its seal
      journal                  what became current, when and by whom
      versions/000007/         tables as Parquet, the built ledger as Arrow, rejected rows, manifest
                               with the seal of each
      targets.jsonl            what is wanted of a period; actions.jsonl what became of actions;
                               views.jsonl, notes.jsonl, tags.jsonl what a team says beside
      lock                     held while writing; the system frees it if the writer dies

A crash at any moment leaves the old version or the new one: what `current` does not name does not
exist. What does not hold what was written is said, and the last whole version opens.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from hk_metrics.dataset import Dataset
from hk_metrics.errors import ParameterError, StoreError
from hk_metrics.interchange import heights
from hk_metrics.planning.targets import Target
from hk_metrics.store import journal, team
from hk_metrics.store.appending import appended
from hk_metrics.store.identity import content_id
from hk_metrics.store.journal import Deed
from hk_metrics.store.pointer import Pointer
from hk_metrics.store.records import Record
from hk_metrics.store.shelf import CURRENT, JOURNAL, Shelf
from hk_metrics.store.version import (
    Mode,
    Version,
    seal_of,
    sync,
    write_version,
)

KEPT = 30
_LOCK_SECONDS = 300


class Store(Shelf):
    """A folder of dataset versions that any number of processes may share.

    Parameters
    ----------
    folder
        Where; the settings' `store` if absent. Made at the first commit.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> import hk_metrics as hk
    >>> data, _ = hk.simulate(seed=7, influencers=12, days=30, events=500)
    >>> with TemporaryDirectory() as folder:
    ...     store = hk.Store(folder)
    ...     _ = store.commit(data)
    ...     store.current().id == data.id
    True
    """

    def commit(
        self, dataset: Dataset, mode: Mode = "replace", *, by: str = "", did: Deed = "import"
    ) -> Version:
        """Make a dataset the current one, whole or not at all.

        Parameters
        ----------
        dataset
            What an import gave.
        mode
            ``replace``, or ``append`` to add its rows to the current ones: an influencer of a
            known id takes the new profile, and rows that the store already has are left out.
        by
            Who does it, where that is known.
        did
            How the journal calls it: ``import``, or ``source`` for what the dashboard is started
            with.

        Returns
        -------
        Version
            The new current version; the present one if nothing would change.

        Raises
        ------
        StoreError
            If another process holds the store for more than five minutes, there is no room for
            the dataset, or rows are to be added to a version that is damaged.
        """
        if mode not in ("replace", "append"):
            raise ParameterError(f"mode is {mode!r}: it must be 'replace' or 'append'")
        dataset = _identified(dataset)
        with self._locked():
            present, parent = self._whole_present(), self._last_whole()
            if mode == "append" and parent is not None:
                if present is None:
                    raise StoreError(
                        f"nothing can be added to the current version of {self.folder}, which is "
                        "damaged: undo it, or import all files anew and replace it"
                    )
                dataset = self._appended(present, dataset)
            rejected = {name: rows.height for name, rows in dataset.quality.rejected.items()}
            rows = heights(dataset.tables)
            # The same rows of files with other faults are news: what was left out must be told.
            same = (dataset.id, rows, rejected)
            if present and present.id and (present.id, present.rows, present.rejected) == same:
                return present
            version = Version(
                max(self._numbers(), default=0) + 1,
                dataset.id,
                dataset.name,
                mode,
                datetime.now(UTC),
                rows,
                rejected,
                parent,
                by,
            )
            with self._whole_or_nothing(version.number):
                self._write(version, dataset)
                self._point_to(version.number, did, by)
            self._prune()
        return version

    def targets(self, version: int | None = None) -> tuple[Target, ...]:
        """Return the targets that hold, or held in a version of them (counted from 1)."""
        return team.targets(self.folder, version)

    def keep_targets(
        self,
        given: Iterable[Target | Mapping[str, Any]] | str,
        by: str = "",
        *,
        replace: bool = False,
    ) -> int:
        """Add targets, each in the place of one about the same, and return their version.

        Parameters
        ----------
        given
            Targets, records or a file; see `hk_metrics.planning.targets.read`.
        by
            Who does it, where that is known.
        replace
            Whether they take the place of all others; with no targets, none are left.

        Raises
        ------
        ParameterError
            With every row that is no target, and why.
        StoreError
            If the store cannot be written to.
        """
        return team.keep_targets(self.folder, given, by, replace=replace).version

    def decide(
        self,
        action: Mapping[str, Any],
        answer: str,
        by: str = "",
        *,
        owner: str = "",
        day: date | str | None = None,
    ) -> int:
        """Remember for the team that an action was accepted or dismissed; return the version.

        Parameters
        ----------
        action
            A row of `hk_metrics.actions`.
        answer
            ``accepted``, ``dismissed``, or ``open`` to take it back.
        by
            Who answers, where that is known.
        owner
            Who is to do it; empty for nobody yet.
        day
            By when; None for no day.

        Raises
        ------
        ParameterError
            For another answer, or what is no day.
        StoreError
            If the store cannot be written to.
        """
        return team.decide(self.folder, action, answer, by, owner=owner, day=day).version

    def decisions(self) -> dict[str, Record]:
        """Return the last answer to each action, by its key; what was taken back is left out."""
        return team.decisions(self.folder)

    def _appended(self, present: Version, dataset: Dataset) -> Dataset:
        whole = self.open(present.number)
        if any(getattr(one.tables, "files", None) for one in (whole, dataset)):
            raise StoreError(
                f"what is in parts takes no more rows: {self.folder} was not changed. Put the new "
                "files beside the old ones, and import all of them anew"
            )
        return appended(whole, dataset)

    def undo(self, by: str = "") -> Version:
        """Go back to the last whole version before the current one.

        Raises
        ------
        StoreError
            If there is none.
        """
        with self._locked():
            present = self._present()[0]
            led = [] if present is None else list(self._lineage(present))[1:]
            before = next(filter(self._is_whole, led), None)
            if before is None:
                raise StoreError(
                    f"nothing to undo in {self.folder}: there is no whole version before the "
                    "current one"
                )
            with self._whole_or_nothing():
                self._point_to(before, "undo", by)
        return self.version(before)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Be the only writer; whoever dies lets go."""
        from filelock import FileLock, Timeout

        lock = FileLock(self.folder / "lock", timeout=_LOCK_SECONDS)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except OSError as error:
            raise self._unwritable(error) from error
        except Timeout as error:
            raise StoreError(
                f"another process has been writing to {self.folder} for {_LOCK_SECONDS} s: wait "
                "for it, or end it"
            ) from error
        try:
            self._sweep()
            yield
        finally:
            lock.release()

    @contextmanager
    def _whole_or_nothing(self, number: int | None = None) -> Iterator[None]:
        """Remove what was begun where the disk takes no more, and say so."""
        import polars as pl

        try:
            yield
        except (OSError, pl.exceptions.PolarsError) as error:
            self._sweep()
            if number is not None:
                shutil.rmtree(self._version_folder(number), ignore_errors=True)
            raise self._unwritable(error) from error

    def _unwritable(self, error: Exception) -> StoreError:
        reason = getattr(error, "strerror", None) or error
        return StoreError(
            f"{self.folder} cannot be written to ({reason}); nothing was changed. Make room there, "
            "or name another place by HK_METRICS_STORE"
        )

    def _write(self, version: Version, dataset: Dataset) -> None:
        """Write a version beside, and move it to its place when all of it is on disk."""
        beside = self.folder / f"writing-{uuid4().hex}"
        write_version(version, dataset, beside)
        target = self._version_folder(version.number)
        target.parent.mkdir(exist_ok=True)
        beside.rename(target)
        sync(target.parent)

    def _point_to(self, number: int, did: Deed, by: str) -> None:
        seal, version = seal_of(self._version_folder(number)), self.version(number)
        beside = self.folder / f"writing-{uuid4().hex}"
        beside.write_text(str(Pointer(number, seal)))
        sync(beside)
        entry = journal.Entry(number, seal, version.id, did, by, datetime.now(UTC))
        journal.write(self.folder / JOURNAL, entry)
        beside.replace(self.folder / CURRENT)
        sync(self.folder)

    def _sweep(self) -> None:
        """Remove what dead writers left; whoever holds the lock is the only living one."""
        for left in self.folder.glob("writing-*"):
            shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink()

    def _prune(self) -> None:
        """Remove the oldest versions beyond `KEPT`."""
        for number in self._numbers()[:-KEPT]:
            shutil.rmtree(self._version_folder(number), ignore_errors=True)


def kept_in(dataset: Dataset | None) -> Store | None:
    """Return the store that a dataset was opened from; None for one that was never stored."""
    return Store(dataset.folder.parent.parent) if dataset and dataset.folder else None


def _identified(dataset: Dataset) -> Dataset:
    """Return a dataset with its identity; one made by hand, of tables in memory, has none yet."""
    import polars as pl

    if dataset.id or not all(isinstance(table, pl.DataFrame) for table in dataset.tables.values()):
        return dataset
    return replace(dataset, id=content_id(dataset.tables))
