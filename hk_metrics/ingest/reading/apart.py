"""Files read in a process of their own, under limits that hold when every guess about them fails.

Polars and others end their process when memory runs out, so that nothing within it could answer.
What comes back is plain tables and words: nothing that a file could have made to run.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from tempfile import TemporaryDirectory
from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING, Any

from hk_metrics.ingest.raw import RawTable, UnreadableError
from hk_metrics.ingest.reading.limits import CPUS, out_of_memory
from hk_metrics.ingest.reading.relation import TooSlowError
from hk_metrics.ingest.reading.transfer import received

if TYPE_CHECKING:
    from hk_metrics.ingest.raw import Content
    from hk_metrics.settings import Settings

CHILD = "hk_metrics.ingest.reading.child"
PASSED = ("PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT", "LD_LIBRARY_PATH")
WALL_SHARE = 3
LOOK_SECONDS = 0.05
MOST_STARTS = 3
OUT_OF_MEMORY = (
    "memory allocation", "MemoryError", "bad_alloc", "ut of memory", "realloc", "start new thread",
    "File too large",
)  # fmt: skip
Begin = Callable[[str], None]


@dataclass(frozen=True)
class Read:
    """What came of a file: one of its tables, or why it cannot be read."""

    label: str
    outcome: RawTable | UnreadableError


def read_apart(
    files: Mapping[str, Content], settings: Settings, begin: Begin | None = None
) -> Iterator[Read]:
    """Read files in a process of their own.

    Parameters
    ----------
    files
        Bytes of a stranger or the path of an own file, by name.
    settings
        The process may take ``memory`` and ``read_seconds`` of processor time, and three times as
        long by the clock.
    begin
        Called with the name of each file as its reading begins.

    Yields
    ------
    Read
        A file that ends its reader is told of in a sentence; those after it are still read.
    """
    left = list(files)
    deadline = monotonic() + WALL_SHARE * settings.read_seconds
    for _ in range(MOST_STARTS):
        if not left:
            return
        with TemporaryDirectory(prefix="hk-reading-", ignore_cleanup_errors=True) as folder:
            try:
                child = _Child(Path(folder), {n: files[n] for n in left}, settings, deadline)
            except OSError as error:
                yield from (Read(label, _not_begun(label, error)) for label in left)
                return
            for at, message in child.messages():
                if message is None and begin:
                    begin(left[at])
                elif message is not None:
                    yield Read(left[at], received(message, Path(folder)))
            if child.finished:
                return
            yield Read(left[child.at], child.why(left[child.at], settings))
            left = left[child.at + 1 :]
    for label in left:
        yield Read(label, UnreadableError(
            label, "too_large", "it was not read, as other files of the same upload took too much",
            "hand it in without them",
        ))  # fmt: skip


def _not_begun(label: str, error: OSError) -> UnreadableError:
    return UnreadableError(
        label, "unreachable", f"reading cannot begin here ({error.strerror or error})",
        "ask who runs the dashboard to look at the temporary folder and its free space",
    )  # fmt: skip


class _Child:
    """One reading process, watched until it ends."""

    def __init__(
        self, folder: Path, files: Mapping[str, Content], settings: Settings, deadline: float
    ) -> None:
        self.at, self.finished, self._ended_for = 0, False, ""
        self._most, self._deadline = int(settings.memory), deadline
        self._errors = folder / "stderr"
        request = {
            "settings": settings.model_dump_json(),
            "files": [_handed(folder / f"in-{i}", label, c) for i, (label, c) in
                      enumerate(files.items())],
        }  # fmt: skip
        with self._errors.open("wb") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", CHILD], cwd=folder, env=_environment(folder),
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
            )  # fmt: skip
        self._lines: SimpleQueue[bytes | None] = SimpleQueue()
        Thread(target=self._listen, daemon=True).start()
        self._ask(request)

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

    def messages(self) -> Iterator[tuple[int, dict[str, Any] | None]]:
        """Yield the number of a file, and what came of it or None as its reading begins."""
        try:
            while (line := self._line()) is not None:
                try:
                    message = json.loads(line)
                except ValueError:
                    break  # cut off as the process ended
                if message.get("done"):
                    self.finished = True
                elif "begin" in message:
                    self.at = int(message["begin"])
                    yield self.at, None
                else:
                    yield self.at, message
        finally:
            # How it ended by itself is what `why` tells.
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(1)
            self._process.kill()
            self._process.wait()

    def _line(self) -> bytes | None:
        import psutil

        while True:
            try:
                return self._lines.get(timeout=LOOK_SECONDS)
            except Empty:
                pass
            try:
                taken = psutil.Process(self._process.pid).memory_info().rss
            except psutil.Error:
                continue
            if taken > self._most or monotonic() > self._deadline:
                self._ended_for = "memory" if taken > self._most else "time"
                self._process.kill()

    def why(self, label: str, settings: Settings) -> UnreadableError:
        """Say in a sentence why the process ended before it was done."""
        words = self._errors.read_bytes()[-4000:].decode(errors="replace")
        code = self._process.returncode
        if self._ended_for == "time" or code in (-14, -24):  # SIGALRM, SIGXCPU
            return TooSlowError(label, settings)
        if self._ended_for == "memory" or code == -9 or any(w in words for w in OUT_OF_MEMORY):
            return out_of_memory(label, settings)
        return UnreadableError(
            label, "damaged_file", "the file is damaged: it ended the process that read it",
            "save or export it again, or as CSV",
        )  # fmt: skip


def _handed(path: Path, label: str, content: Content) -> dict[str, Any]:
    if isinstance(content, Path):
        return {"label": label, "path": str(content.resolve()), "own": True}
    path.write_bytes(content)
    return {"label": label, "path": str(path), "own": False}


def _environment(folder: Path) -> dict[str, str]:
    """Return what a reader needs to know of its surroundings: no tokens, no passwords."""
    return {name: os.environ[name] for name in PASSED if name in os.environ} | {
        "PYTHONPATH": os.pathsep.join(str(Path(p).resolve()) for p in sys.path),
        "TMPDIR": str(folder), "TEMP": str(folder), "TMP": str(folder),
        "POLARS_MAX_THREADS": str(CPUS), "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2",
    }  # fmt: skip
