"""The process apart that reads a stranger's files: limits first, then the readers."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Any

_RESERVED = 1_500_000_000  # address space that libraries reserve and never fill
_FILES = 64


Say = Callable[[dict[str, Any]], None]


def serve(work: Callable[[dict[str, Any], Say], None]) -> None:
    """Do under the limits what standard input asks for, and say what came of it, a line each.

    Parameters
    ----------
    work
        Called with the request, and with what takes a message.
    """
    request = json.loads(sys.stdin.buffer.readline())
    # What a library prints must not be taken for an answer.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    Thread(target=_end_with_asker, daemon=True).start()
    limits = json.loads(request["settings"])
    limit(int(limits["memory"]), int(limits["read_seconds"]))

    def say(message: dict[str, Any]) -> None:
        answers.write(json.dumps(message) + "\n")
        answers.flush()

    work(request, say)
    say({"done": True})


def _end_with_asker() -> None:
    sys.stdin.buffer.read()
    os._exit(1)


def limit(memory: int, seconds: int) -> None:
    """Bound what this process may take from now on.

    Parameters
    ----------
    memory
        Bytes: of address space beside what libraries reserve, and of a file it writes.
    seconds
        Of processor time; three times as long by the clock.
    """
    try:
        import resource
        import signal
    except ModuleNotFoundError:
        return  # where there is none (Windows), who started this looks on
    bounds = {
        resource.RLIMIT_AS: memory + _RESERVED,
        resource.RLIMIT_CPU: seconds + 1,
        resource.RLIMIT_FSIZE: 2 * memory,
        resource.RLIMIT_NOFILE: _FILES,
        resource.RLIMIT_CORE: 0,
    }
    for what, most in bounds.items():
        hard = resource.getrlimit(what)[1]
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        # At the hard bound of time it is killed without saying why, at the soft one by a signal.
        soft = max(1, least - 1) if what == resource.RLIMIT_CPU else least
        try:
            resource.setrlimit(what, (soft, least))
        except (ValueError, OSError):
            continue  # macOS knows no bound of address space; who started this looks on
    signal.alarm(3 * seconds)


def _read(request: dict[str, Any], say: Say) -> None:
    from hk_metrics.ingest.raw import RawTable
    from hk_metrics.ingest.reading.files import Place, read_file
    from hk_metrics.ingest.reading.transfer import packed
    from hk_metrics.settings import Settings

    settings = Settings.model_validate_json(request["settings"])
    for i, file in enumerate(request["files"]):
        say({"begin": i})
        path, own = Path(file["path"]), bool(file["own"])
        content = path if own else path.read_bytes()
        for found in read_file(content, file["label"], settings, Place(apart=True, own=own)):
            answer = found if isinstance(found, RawTable) else found.finding
            say({"outcome": packed(answer, Path.cwd())})
            del found, answer


if __name__ == "__main__":
    serve(_read)
