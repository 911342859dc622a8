"""A ledger on disk: built once per dataset version, mapped read-only by every kernel.

Arrow IPC without compression can be mapped into memory as it is, so kernels that open the same
dataset share its pages, and a page opens without building anything.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import narwhals as nw

from hk_metrics.ledger import Ledger
from hk_metrics.ledger.events import Frame
from hk_metrics.ledger.margins import MARGIN_MEASURES
from hk_metrics.settings import Settings

if TYPE_CHECKING:
    import polars as pl

_BUILT_FROM = ("post_window_days", "brand_prefixes", "campaign_brands")
_LAYOUT = 5


def fingerprint(settings: Settings) -> str:
    """Return a hash of the settings that a ledger is built from, and of its layout on disk.

    >>> fingerprint(Settings()) == fingerprint(Settings(post_window_days=7))
    False
    """
    chosen = {name: getattr(settings, name) for name in _BUILT_FROM}
    text = json.dumps([_LAYOUT, chosen], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def write(ledger: Ledger, folder: Path) -> None:
    """Write a Polars ledger as files in a folder, which must exist.

    Notes
    -----
    The facts are written last: a folder without them holds no ledger, whatever else is in it.
    """
    ledger = ledger.spending("payouts")
    # What is kept of revenue is had anew from the margins of the day.
    rows = ledger.rows.drop(*MARGIN_MEASURES, strict=False)
    frames = {"rows": rows} | ({} if ledger.event_files else {"events": ledger.events})
    for name, frame in frames.items():
        _local(frame).write_ipc(folder / f"{name}.arrow", compression="uncompressed")
    for path in ledger.event_files:
        placed(path, folder)
    facts = {
        "events": [path.name for path in ledger.event_files],
        "settings": fingerprint(ledger.settings),
        "estimated": sorted(ledger.estimated),
        "absent": sorted(ledger.absent),
    }
    (folder / "ledger.json").write_text(json.dumps(facts))


def read(folder: Path, settings: Settings) -> Ledger | None:
    """Open a ledger; None where the folder has none that these settings would build."""
    import polars as pl

    try:
        facts = json.loads((folder / "ledger.json").read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    if facts["settings"] != fingerprint(settings):
        return None
    files = tuple(folder / name for name in facts.get("events", ()))
    rows, events = (
        nw.from_native(pl.scan_ipc(paths))
        for paths in (folder / "rows.arrow", list(files) or folder / "events.arrow")
    )
    estimated = frozenset((kind, dimension) for kind, dimension in facts["estimated"])
    absent = frozenset(facts["absent"])
    built = Ledger(rows, events, estimated, settings.spending("payouts"), absent, files)
    return built.spending(settings.spend_means)


def _local(frame: Frame) -> pl.DataFrame:
    """Return the rows of a frame; those that lie on Spark are brought here."""
    if frame.implementation.is_polars():
        rows: pl.DataFrame = frame.lazy().collect().to_native()
        return rows
    from hk_metrics.ledger.partitions import coded
    from hk_metrics.ledger.spark import here

    return coded(here(frame.to_native()))


def placed(path: Path, folder: Path) -> None:
    """Put a finished file into a folder: the same file where that is one disk, else a copy."""
    target = folder / path.name
    try:
        target.hardlink_to(path)
    except OSError:
        shutil.copyfile(path, target)
