"""The process that reads a stranger's files: limits first, then the readers."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from threading import Thread
from typing import Any

RESERVED = 1_500_000_000  # address space that libraries reserve and never fill
FILES = 64


def main() -> None:
    """Read what standard input asks for, and say what came of it, a line each."""
    request = json.loads(sys.stdin.buffer.readline())
    # What a library prints must not be taken for an answer.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    Thread(target=_end_with_asker, daemon=True).start()
    limits = json.loads(request["settings"])
    limit(int(limits["memory"]), int(limits["read_seconds"]))
    _read(request, answers)


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
        resource.RLIMIT_AS: memory + RESERVED,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: 2 * memory,
        resource.RLIMIT_NOFILE: FILES,
        resource.RLIMIT_CORE: 0,
    }
    for what, most in bounds.items():
        hard = resource.getrlimit(what)[1]
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(what, (least, least))
        except (ValueError, OSError):
            continue  # macOS knows no bound of address space; who started this looks on
    signal.alarm(3 * seconds)


def _read(request: dict[str, Any], answers: Any) -> None:
    from hk_metrics.ingest.reading.files import Place, read_file
    from hk_metrics.ingest.reading.transfer import sent
    from hk_metrics.settings import Settings

    def say(message: dict[str, Any]) -> None:
        answers.write(json.dumps(message) + "\n")
        answers.flush()

    settings = Settings.model_validate_json(request["settings"])
    number = 0
    for i, file in enumerate(request["files"]):
        say({"begin": i})
        path, own = Path(file["path"]), bool(file["own"])
        content = path if own else path.read_bytes()
        for outcome in read_file(content, file["label"], settings, Place(apart=True, own=own)):
            say(sent(outcome, Path.cwd(), number))
            number += 1
            del outcome
    say({"done": True})


if __name__ == "__main__":
    main()
