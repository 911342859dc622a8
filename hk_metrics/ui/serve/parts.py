"""Stores that hold a part of the data each, kept in step with the whole."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from hk_metrics.access import Scope
from hk_metrics.errors import NotAllowedError
from hk_metrics.team import KINDS
from hk_metrics.ui.parted import FOLDER, REFUSED, folder_of

_SECONDS = 300.0
# Seconds between two looks at whether the whole has changed.
_LOOK = 2.0
# Seconds after which a part that nobody has asked for is removed, and between two such removals.
_UNUSED, _TIDY = 7 * 24 * 3600.0, 3600.0


class Parts:
    """The parts that visitors with a scope see.

    Parameters
    ----------
    source
        Store of the whole.
    environment
        Of the process that cuts.
    """

    def __init__(self, source: Path, environment: Mapping[str, str]) -> None:
        self.source = source
        self.environment = dict(environment)
        self._locks: dict[Path, asyncio.Lock] = {}
        self._seen: dict[Path, bytes] = {}
        self._scopes: dict[Path, Scope] = {}

    async def ready(self, scope: Scope) -> Path:
        """Return the store of a part, in step with the whole.

        Raises
        ------
        NotAllowedError
            If the whole has nothing of it.
        RuntimeError
            If it could not be cut.
        """
        folder = folder_of(self.source, scope)
        async with self._locks.setdefault(folder, asyncio.Lock()):
            now = self._marker()
            if self._seen.get(folder) != now:
                await self._cut(folder, scope)
                self._seen[folder], self._scopes[folder] = now, scope
            os.utime(folder)
        return folder

    async def follow(self) -> None:
        """Bring the parts that were asked for up to date whenever the whole changes."""
        tidied = -_TIDY
        while True:
            if time.monotonic() - tidied > _TIDY:
                tidied = time.monotonic()
                await asyncio.to_thread(self.tidy)
            await asyncio.sleep(_LOOK)
            for scope in list(self._scopes.values()):
                try:
                    await self.ready(scope)
                except (NotAllowedError, RuntimeError):
                    continue

    def tidy(self) -> None:
        """Remove the parts that nobody has asked for in a week, e.g. of tokens that are revoked."""
        for folder in self.source.parent.joinpath(FOLDER).glob("*"):
            with suppress(OSError):
                unused = time.time() - folder.stat().st_mtime > _UNUSED
                if unused and folder not in self._scopes:
                    shutil.rmtree(folder)

    def _marker(self) -> bytes:
        """Return what changes with the current version, and with what the team says."""
        found = [self._stamp("current") or "sample", *(self._stamp(f"{k}.jsonl") for k in KINDS)]
        return " ".join(found).encode()

    def _stamp(self, name: str) -> str:
        try:
            fact = (self.source / name).stat()
        except OSError:
            return ""
        return f"{fact.st_mtime_ns}:{fact.st_ino}:{fact.st_size}"

    async def _cut(self, folder: Path, scope: Scope) -> None:
        pairs = [f"{name}={value}" for name, values in scope.items() for value in values]
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "hk_metrics.ui.parted", str(folder), json.dumps(pairs),
            env={**self.environment, "HK_METRICS_STORE": str(self.source)},
            stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            output, _ = await asyncio.wait_for(process.communicate(), _SECONDS)
        except BaseException:
            process.kill()
            raise
        if process.returncode == REFUSED:
            raise NotAllowedError(output.decode().strip())
        if process.returncode:
            raise RuntimeError(f"a part of the data could not be cut: {process.returncode}")
