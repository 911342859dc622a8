"""Raw tables and refusals between processes, as Arrow files and words."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hk_metrics.ingest.raw import RawTable, UnreadableError
from hk_metrics.quality import Finding

if TYPE_CHECKING:
    import polars as pl


def sent(outcome: RawTable | UnreadableError, folder: Path, number: int) -> dict[str, Any]:
    """Write a table's cells to a folder, and return what to say of it.

    Returns
    -------
    dict
        Plain enough for JSON; `received` makes the outcome of it again.
    """
    if isinstance(outcome, UnreadableError):
        return {"refused": asdict(outcome.finding)}
    _write(outcome.frame, folder / f"{number}.arrow")
    _write(outcome.problems, folder / f"{number}.problems.arrow")
    return {
        "table": number,
        "file": outcome.file,
        "name": outcome.name,
        "findings": [asdict(f) for f in outcome.findings],
    }


def received(message: dict[str, Any], folder: Path) -> RawTable | UnreadableError:
    """Return what `sent` was given in another process."""
    if "refused" in message:
        finding = Finding(**message["refused"])
        error = UnreadableError(finding.file, "damaged_file", finding.message, finding.fix)
        error.finding = finding
        return error
    number = int(message["table"])
    return RawTable(
        str(message["file"]),
        str(message["name"]),
        _read(folder / f"{number}.arrow"),
        tuple(Finding(**f) for f in message["findings"]),
        _read(folder / f"{number}.problems.arrow"),
    )


def _write(frame: pl.DataFrame, path: Path) -> None:
    frame.write_ipc(path, compression="uncompressed")


def _read(path: Path) -> pl.DataFrame:
    import polars as pl

    return pl.read_ipc(path)
