"""What was answered about a file, remembered by its headers: the same export asks only once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from hk_metrics.ingest.answers import Answers
from hk_metrics.ingest.headers.names import plain
from hk_metrics.ingest.raw import RawTable
from hk_metrics.quality import Finding, finding

_FILE_NAME = "mappings.json"


def signature(headers: Sequence[str]) -> str:
    """Return what identifies a kind of file: its headers, whatever their order and case.

    >>> signature(["ID", "Follower Count"]) == signature(["follower_count", "id"])
    True
    """
    words = "\n".join(sorted(map(plain, headers)))
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def recalled(raws: Sequence[RawTable], folder: Path) -> tuple[Answers, tuple[Finding, ...]]:
    """Return what was answered about files with the same headers, and notes that say so."""
    known = _read(folder)
    found = {raw.file: known[s] for raw in raws if (s := signature(raw.headers)) in known}
    by_plain = {raw.file: {plain(h): h for h in raw.headers} for raw in raws}
    answers = Answers(
        tables={file: memo["table"] for file, memo in found.items() if "table" in memo},
        columns={
            file: {by_plain[file][h]: column for h, column in memo.get("columns", {}).items()}
            for file, memo in found.items()
        },
        date_orders={f: memo["date_order"] for f, memo in found.items() if "date_order" in memo},
    )
    notes = tuple(finding("remembered", file=file) for file in found)
    return answers, notes


def remember(raws: Sequence[RawTable], answers: Answers, folder: Path) -> None:
    """Keep what was answered about each file, by its headers.

    Parameters
    ----------
    raws
        The files of the import.
    answers
        What was answered.
    folder
        Where to keep it: the store's folder.
    """
    known = dict(_read(folder))
    for raw in raws:
        memo = _memo(raw, answers)
        if memo:
            known[signature(raw.headers)] = memo
    folder.mkdir(parents=True, exist_ok=True)
    beside = folder / f".{_FILE_NAME}-{uuid4().hex}"
    beside.write_text(json.dumps(known, ensure_ascii=False, indent=1))
    beside.replace(folder / _FILE_NAME)


def _memo(raw: RawTable, answers: Answers) -> dict[str, Any]:
    memo: dict[str, Any] = {}
    if raw.file in answers.tables:
        memo["table"] = answers.tables[raw.file]
    if columns := answers.columns.get(raw.file):
        memo["columns"] = {plain(header): column for header, column in columns.items()}
    if raw.file in answers.date_orders:
        memo["date_order"] = answers.date_orders[raw.file]
    return memo


def merged(before: Answers, given: Answers) -> Answers:
    """Put what was said now over what was remembered."""
    files = {*before.columns, *given.columns}
    return replace(
        given,
        tables={**before.tables, **given.tables},
        columns={f: {**before.columns.get(f, {}), **given.columns.get(f, {})} for f in files},
        date_orders={} if given.date_order else {**before.date_orders, **given.date_orders},
    )


def _read(folder: Path) -> Mapping[str, dict[str, Any]]:
    try:
        known = json.loads((folder / _FILE_NAME).read_text())
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}
