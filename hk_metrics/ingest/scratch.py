"""A folder in the store for what is being read; whoever dies leaves it to the next."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from hk_metrics.errors import StoreError

if TYPE_CHECKING:
    from hk_metrics.settings import Settings

_BEGINNING = "reading-"


@dataclass(frozen=True)
class Scratch:
    """A folder for what is being read.

    Parameters
    ----------
    folder
        Which exists.
    """

    folder: Path

    @classmethod
    def made(cls, settings: Settings) -> Scratch:
        """Return a new folder, and remove those of processes that are no more.

        Raises
        ------
        StoreError
            If the store's folder cannot be written to.
        """
        import psutil

        store = Path(settings.store).expanduser().resolve()
        for left in store.glob(f"{_BEGINNING}*"):
            number = left.name.removeprefix(_BEGINNING).split("-")[0]
            if number.isdigit() and not psutil.pid_exists(int(number)):
                shutil.rmtree(left, ignore_errors=True)
        folder = store / f"{_BEGINNING}{os.getpid()}-{uuid4().hex}"
        try:
            folder.mkdir(parents=True)
        except OSError as error:
            raise StoreError(
                f"{store} cannot be written to ({error.strerror}): name another place by "
                "HK_METRICS_STORE"
            ) from error
        return cls(folder)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Say in words that there is no room; nothing was changed then.

        Raises
        ------
        StoreError
            If the disk is full, or cannot be written to.
        """
        import polars as pl

        try:
            yield
        except (OSError, pl.exceptions.PolarsError) as error:
            reason = getattr(error, "strerror", None) or error
            raise StoreError(
                f"{self.folder} cannot be written to ({reason}); nothing was changed. Make room "
                "there, or name another place by HK_METRICS_STORE"
            ) from error

    def remove(self) -> None:
        """Remove the folder and all that is in it."""
        shutil.rmtree(self.folder, ignore_errors=True)
