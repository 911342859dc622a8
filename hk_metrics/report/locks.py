"""Locks that die with their process: one run a key, and not too many kernels at once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

_PAUSE = 0.2


@contextmanager
def held(root: Path, name: str) -> Iterator[None]:
    """Hold the lock of a name; a second process waits until the first ends or dies."""
    with _lock(root, name):
        yield


def is_held(root: Path, name: str) -> bool:
    """Return whether some process holds the lock of a name now."""
    try:
        with _lock(root, name).acquire(blocking=False):
            return False
    except Timeout:
        return True


@contextmanager
def turn(root: Path, places: int) -> Iterator[None]:
    """Wait for one of a number of places.

    Parameters
    ----------
    root
        The reports' folder; all processes that share it share the places.
    places
        How many may be inside at once.
    """
    locks = [_lock(root, f"place-{n}") for n in range(places)]
    while True:
        for lock in locks:
            try:
                with lock.acquire(blocking=False):
                    yield
                    return
            except Timeout:
                continue
        time.sleep(_PAUSE)


def _lock(root: Path, name: str) -> FileLock:
    folder = root / "history" / ".locks"
    folder.mkdir(parents=True, exist_ok=True)
    return FileLock(folder / f"{name}.lock")
