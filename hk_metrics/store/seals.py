"""Seals: the BLAKE3 of every file of a version, so that damage is seen before it is believed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from hk_metrics.errors import StoreError

_MAPPED = 1 << 20  # bytes from which threads and mapped memory are worth their start


def sealed(paths: Iterable[Path]) -> dict[str, str]:
    """Return the seal of each file by its name, 64 hexadecimal digits."""
    return {path.name: _seal(path) for path in sorted(paths)}


def check(folder: Path, seals: Mapping[str, str]) -> None:
    """Compare the files in a folder with their seals.

    Raises
    ------
    StoreError
        Names each file that is missing or does not hold what was written.
    """
    problems = [p for name, seal in seals.items() if (p := _problem(folder / name, seal))]
    if problems:
        raise StoreError("; ".join(problems))


def text_seal(content: Any) -> str:
    """Return the seal of a small thing that is written as JSON, 16 hexadecimal digits.

    >>> text_seal({"a": 1}) == text_seal({"a": 2})
    False
    """
    from blake3 import blake3

    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return blake3(text.encode()).hexdigest(8)


def _problem(path: Path, seal: str) -> str:
    try:
        found = _seal(path)
    except FileNotFoundError:
        return f"{path} is missing"
    except OSError as error:
        return f"{path} cannot be read ({error.strerror})"
    return "" if found == seal else f"{path} is damaged: it does not hold what was written"


def _seal(path: Path) -> str:
    from blake3 import blake3

    if path.stat().st_size < _MAPPED:
        return blake3(path.read_bytes()).hexdigest()
    return blake3(max_threads=blake3.AUTO).update_mmap(path).hexdigest()
