"""What makes two runs the same: the report, what it was asked, and the data it saw."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_LENGTH = 16


def run_key(report: str, parameters: Mapping[str, Any], data_version: str, notebook: str) -> str:
    """Return the key of a run: equal for the same report, period, filters, data and notebook.

    Parameters
    ----------
    report
        Its name.
    parameters
        All of them, checked, the period as its first and last day.
    data_version
        From `data_version`.
    notebook
        From `notebook_version`.

    >>> run_key("weekly", {"start": "2025-03-03"}, "v1", "n1")
    'd57a45fe62afff72'
    """
    content = [report, dict(parameters), data_version, notebook]
    described = json.dumps(content, sort_keys=True, default=str)
    return hashlib.sha256(described.encode()).hexdigest()[:_LENGTH]


def notebook_version(path: Path) -> str:
    """Return a hash of what a notebook does: its cells and their tags, not what they showed."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    sources = [[c["cell_type"], "".join(c["source"]), c["metadata"].get("tags", [])] for c in cells]
    return hashlib.sha256(json.dumps(sources).encode()).hexdigest()[:_LENGTH]


def data_version(source: str) -> str:
    """Return a hash of the files that a local path names; equal content, equal version.

    Parameters
    ----------
    source
        A file or a folder; the names of files count, their dates do not.
    """
    path = Path(source)
    files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
    total = hashlib.sha256()
    for file in files:
        total.update(str(file.relative_to(path)).encode())
        with file.open("rb") as content:
            total.update(hashlib.file_digest(content, "sha256").digest())
    return total.hexdigest()[:_LENGTH]
