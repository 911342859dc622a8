"""What a team says beside its data, by kind: each change is kept."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from filelock import FileLock, Timeout

from hk_metrics.errors import StoreError
from hk_metrics.store.seals import text_seal

Kind = Literal["targets", "actions", "views", "notes", "tags"]
_LOCK_SECONDS = 30


@dataclass(frozen=True)
class Record:
    """One change.

    Parameters
    ----------
    version
        Counts from 1.
    facts
        What holds from then on.
    by
        Who, where that is known.
    at
        When, in UTC.
    """

    version: int
    facts: Mapping[str, Any]
    by: str
    at: datetime


class Records:
    """The changes of one kind in a store's folder: lines, none of which is rewritten but in a copy.

    Parameters
    ----------
    folder
        Of the store.
    kind
        ``targets``, ``actions``, ``views``, ``notes`` or ``tags``.
    """

    def __init__(self, folder: Path, kind: Kind) -> None:
        self._path = folder / f"{kind}.jsonl"

    def all(self) -> list[Record]:
        """Return every whole change, the oldest first; damaged lines are passed over."""
        try:
            lines = self._path.read_bytes().decode(errors="replace").splitlines()
        except FileNotFoundError:
            return []
        found = [facts for line in lines if (facts := _read(line)) is not None]
        return [
            Record(n, f["facts"], f["by"], datetime.fromisoformat(f["at"]))
            for n, f in enumerate(found, start=1)
        ]

    def last(self) -> Record | None:
        """Return what holds now; None where nothing was ever said."""
        return next(reversed(self.all()), None)

    def add(self, facts: Mapping[str, Any], by: str = "") -> Record:
        """Keep a change, whole or not at all.

        Raises
        ------
        StoreError
            If the folder cannot be written to.
        """
        return self.change(lambda _: facts, by)

    def change(self, decide: Callable[[list[Record]], Mapping[str, Any]], by: str = "") -> Record:
        """Keep a change that depends on what holds: no other writer comes between.

        Parameters
        ----------
        decide
            Every change so far → what holds from now on; what it raises leaves all as it was.
        by
            Who, where that is known.

        Raises
        ------
        StoreError
            If the folder cannot be written to.
        """
        with self._alone():
            facts = decide(self.all())
            self._append(f"\n{_line(facts, by, datetime.now(UTC))}")
            return self.all()[-1]

    def rewrite(self, changes: Iterable[tuple[Mapping[str, Any], datetime]]) -> None:
        """Put changes in the place of all that were, at once: of what is a copy of another store.

        Raises
        ------
        StoreError
            If the folder cannot be written to.
        """
        from hk_metrics.present import atomic

        lines = "".join(f"\n{_line(facts, '', at)}" for facts, at in changes).encode()
        with self._alone():
            if lines != (self._path.read_bytes() if self._path.is_file() else b""):
                atomic.write(self._path, lines)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(self._path.with_suffix(".lock"), timeout=_LOCK_SECONDS):
                yield
        except (OSError, Timeout) as error:
            raise StoreError(
                f"{self._path} cannot be written to ({error}); nothing was changed"
            ) from error

    def _append(self, line: str) -> None:
        with self._path.open("ab") as file:
            before = file.tell()
            try:
                file.write(line.encode())
                file.flush()
                os.fsync(file.fileno())
            except OSError:
                file.truncate(before)
                raise


def standing(changes: Iterable[Record]) -> dict[str, Record]:
    """Return the last change of each thing by its ``key``; what was removed is left out."""
    last = {str(r.facts["key"]): r for r in changes if "key" in r.facts}
    return {key: r for key, r in last.items() if not r.facts.get("gone")}


def _line(facts: Mapping[str, Any], by: str, at: datetime) -> str:
    change = {"facts": dict(facts), "by": by, "at": at.isoformat()}
    return json.dumps([change, text_seal(change)], ensure_ascii=False)


def _read(line: str) -> dict[str, Any] | None:
    try:
        facts, seal = json.loads(line)
        whole = text_seal(facts) == seal and {"facts", "by", "at"} <= facts.keys()
        return facts if whole else None
    except (ValueError, TypeError, AttributeError):
        return None
