"""The draft of an import from strangers' files: large ones are made in a process apart.

What a check says of each of a million wrong cells takes a hundred times their size.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from hk_metrics.errors import HkMetricsError, ParameterError
from hk_metrics.ingest.answers import Answers, Question
from hk_metrics.ingest.draft import Draft
from hk_metrics.ingest.headers.columns import ColumnMap, Match
from hk_metrics.ingest.headers.recognise import Recognition
from hk_metrics.ingest.headers.unsupported import Unsupported
from hk_metrics.ingest.pipeline import draft
from hk_metrics.ingest.raw import ROW, RawTable, UnreadableError
from hk_metrics.ingest.reading.child import Say, serve
from hk_metrics.ingest.reading.process import Apart, deadline, not_begun
from hk_metrics.ingest.reading.sources import Progress, RawTables
from hk_metrics.ingest.reading.transfer import packed, unpacked
from hk_metrics.ingest.sheet import Sheet
from hk_metrics.quality import Finding

if TYPE_CHECKING:
    from hk_metrics.settings import Settings

CHILD = "hk_metrics.ingest.drafting"
# Cells and bytes up to which a draft takes so little that no process is worth starting for it.
SMALL_CELLS, _SMALL_BYTES = 100_000, 4_000_000
_RECORDS = (
    RawTables, RawTable, Finding, Answers, Draft, Question, Sheet, ColumnMap, Match, Recognition,
    Unsupported,
)  # fmt: skip
KINDS: dict[str, type] = {kind.__name__: kind for kind in _RECORDS}


def drafted_apart(
    reading: RawTables, answers: Answers, settings: Settings, progress: Progress | None = None
) -> Draft:
    """Understand and check what strangers sent; see `draft`.

    Returns
    -------
    Draft
        One without tables, and a finding that says so in a sentence, where that takes more memory
        or time than it may.
    """
    import polars as pl

    if _is_small(reading):
        return draft(reading, answers, settings, progress)
    with ExitStack() as ending:
        try:
            made_there = TemporaryDirectory(prefix="hk-checking-", ignore_cleanup_errors=True)
            folder = Path(ending.enter_context(made_there))
            (folder / "asked").mkdir()
            request = {"import": packed([reading, answers], folder / "asked")}
            child = Apart(CHILD, request, folder, settings, deadline(settings))
        except (OSError, pl.exceptions.PolarsError) as error:
            return _without(reading, not_begun(reading.name, error), settings)
        made = _made(child, folder, progress)
        return made or _without(reading, child.why(reading.name), settings)


def _is_small(reading: RawTables) -> bool:
    frames = [raw.frame for raw in reading.tables]
    cells = sum(frame.height * frame.width for frame in frames)
    return cells <= SMALL_CELLS and sum(f.estimated_size() for f in frames) <= _SMALL_BYTES


def _made(child: Apart, folder: Path, progress: Progress | None) -> Draft | None:
    made: Draft | None = None
    for message in child.messages():
        if "refused" in message:
            raise ParameterError(str(message["refused"]))
        if "draft" in message:
            made = unpacked(message["draft"], folder, KINDS)
        elif progress:
            progress(str(message["step"]), float(message["share"]))
    return made if child.finished else None


def _without(reading: RawTables, why: UnreadableError, settings: Settings) -> Draft:
    """Return the draft of an import of which only is known that it cannot be checked."""
    nothing = replace(reading, tables=(), findings=(*reading.findings, why.finding))
    return draft(nothing, Answers(), settings)


def _draft(request: dict[str, Any], say: Say) -> None:
    from hk_metrics.settings import Settings

    settings = Settings.model_validate_json(request["settings"])
    reading, answers = unpacked(request["import"], Path("asked"), KINDS)
    try:
        made = draft(
            reading, answers, settings, lambda step, share: say({"step": step, "share": share})
        )
    except HkMetricsError as error:
        say({"refused": str(error)})
        return
    slim = replace(made, sheets=tuple(map(_counted, made.sheets)))
    say({"draft": packed(slim, Path.cwd())})


def _counted(sheet: Sheet) -> Sheet:
    """Return a sheet whose rows can be counted and no more: its cells are in the tables."""
    raw = replace(sheet.raw, frame=sheet.raw.frame.select(ROW))
    return replace(sheet, raw=raw, frame=sheet.frame.select(ROW))


if __name__ == "__main__":
    # By its name, as the classes of `__main__` would be others.
    from hk_metrics.ingest import drafting

    serve(drafting._draft)
