"""The targets of a store: typed or from a file, each change a version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from hk_metrics.planning.targets import Target, merged, read
from hk_metrics.store.records import Record, Records


def targets(folder: Path, version: int | None = None) -> tuple[Target, ...]:
    """Return the targets that hold in a store, or held in a version of them (from 1)."""
    known = Records(folder, "targets").all()
    held = [r for r in known if version is None or r.version <= version]
    return read(held[-1].facts["targets"]) if held else ()


def keep_targets(
    folder: Path,
    given: Iterable[Target | Mapping[str, Any]] | str | Path,
    by: str = "",
    *,
    replace: bool = False,
) -> Record:
    """Add targets to a store's, each in the place of one about the same; or replace them all."""
    present = () if replace else targets(folder)
    wanted = merged(present, read(given))
    return Records(folder, "targets").add({"targets": [t.record() for t in wanted]}, by)
