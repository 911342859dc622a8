"""A process apart, under limits that hold when every guess fails, and watched until it ends.

Polars and others end their process when memory runs out, so that nothing within it could answer.
What comes back is plain tables and words: nothing that a file could have made to run.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from errno import ENOSPC
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING, Any

from hk_metrics.ingest.raw import UnreadableError
from hk_metrics.ingest.reading.limits import CPUS, out_of_memory
from hk_metrics.ingest.reading.relation import TooSlowError

if TYPE_CHECKING:
    from hk_metrics.settings import Settings

_PASSED = ("PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT", "LD_LIBRARY_PATH")
_WALL_SHARE = 3
_LOOK_SECONDS = 0.05
_OUT_OF_MEMORY = (
    "memory allocation", "MemoryError", "bad_alloc", "ut of memory", "realloc", "start new thread",
    "File too large",
)  # fmt: skip
_SIGNALLED_TIME = (-14, -24)  # SIGALRM, SIGXCPU
_KILLED = -9


def deadline(settings: Settings) -> float:
    """Return until when what begins now may take, on the monotonic clock."""
    return monotonic() + _WALL_SHARE * settings.read_seconds


class Apart:
    """One process apart.

    Parameters
    ----------
    module
        What it runs; see `child.serve`.
    request
        What it is asked, plain enough for JSON; the settings are added.
    folder
        Where it works, and what it may write to.
    settings
        It may take ``memory`` and ``read_seconds`` of processor time.
    until
        When it is ended, on the monotonic clock.

    Raises
    ------
    OSError
        If none can be started.
    """

    def __init__(
        self, module: str, request: Mapping[str, Any], folder: Path, settings: Settings,
        until: float,
    ) -> None:  # fmt: skip
        self.finished, self._ended_for = False, ""
        self._settings, self._deadline = settings, until
        self._errors = folder / "stderr"
        with self._errors.open("wb") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", module], cwd=folder, env=_environment(folder),
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
            )  # fmt: skip
        self._lines: SimpleQueue[bytes | None] = SimpleQueue()
        Thread(target=self._listen, daemon=True).start()
        self._ask({"settings": settings.model_dump_json(), **request})

    def _ask(self, request: Mapping[str, Any]) -> None:
        assert self._process.stdin is not None
        try:
            # Left open: the child ends when it closes, with whoever asked.
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
        except OSError:
            pass  # it ended at once, which its exit code tells

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line)
        self._lines.put(None)

    def messages(self) -> Iterator[dict[str, Any]]:
        """Yield what it says until it is done or has ended."""
        try:
            while (line := self._line()) is not None:
                try:
                    message = json.loads(line)
                except ValueError:
                    break  # cut off as the process ended
                if message.get("done"):
                    self.finished = True
                else:
                    yield message
        finally:
            # How it ended by itself is what `why` tells.
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(1)
            self._process.kill()
            self._process.wait()

    def _line(self) -> bytes | None:
        import psutil

        most = int(self._settings.memory)
        while True:
            try:
                return self._lines.get(timeout=_LOOK_SECONDS)
            except Empty:
                pass
            try:
                taken = psutil.Process(self._process.pid).memory_info().rss
            except psutil.Error:
                continue
            if taken > most or monotonic() > self._deadline:
                self._ended_for = "memory" if taken > most else "time"
                self._process.kill()

    def why(self, label: str) -> UnreadableError:
        """Say in a sentence why the process ended before it was done."""
        words = self._errors.read_bytes()[-4000:].decode(errors="replace")
        code = self._process.returncode
        if self._ended_for == "time" or code in _SIGNALLED_TIME:
            return TooSlowError(label, self._settings)
        if (
            self._ended_for == "memory"
            or code == _KILLED
            or any(w in words for w in _OUT_OF_MEMORY)
        ):
            return out_of_memory(label, self._settings)
        if (full := os.strerror(ENOSPC)) in words:
            return not_begun(label, OSError(ENOSPC, full))
        return UnreadableError(
            label, "damaged_file", "the file is damaged: it ended the process that read it",
            "save or export it again, or as CSV",
        )  # fmt: skip


def not_begun(label: str, error: Exception) -> UnreadableError:
    """Say why no process can begin."""
    reason = getattr(error, "strerror", None) or error
    return UnreadableError(
        label, "unreachable", f"reading cannot begin here ({reason})",
        "ask who runs the dashboard to look at the temporary folder and its free space",
    )  # fmt: skip


def _environment(folder: Path) -> dict[str, str]:
    """Return what it needs to know of its surroundings: no tokens, no passwords."""
    return {name: os.environ[name] for name in _PASSED if name in os.environ} | {
        "PYTHONPATH": os.pathsep.join(str(Path(p).resolve()) for p in sys.path),
        "TMPDIR": str(folder), "TEMP": str(folder), "TMP": str(folder),
        "POLARS_MAX_THREADS": str(CPUS), "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2",
    }  # fmt: skip
