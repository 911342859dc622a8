"""Files of strangers, read in a process apart: one that ends its reader is told in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from hk_metrics.ingest.raw import RawTable, UnreadableError
from hk_metrics.ingest.reading.process import Apart, deadline, not_begun
from hk_metrics.ingest.reading.transfer import unpacked
from hk_metrics.quality import Finding

if TYPE_CHECKING:
    from hk_metrics.ingest.raw import Content
    from hk_metrics.settings import Settings

CHILD = "hk_metrics.ingest.reading.child"
_MOST_STARTS = 3
KINDS: dict[str, type] = {"RawTable": RawTable, "Finding": Finding}
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
    until = deadline(settings)
    for _ in range(_MOST_STARTS):
        if not left:
            return
        with ExitStack() as ending:
            try:
                made = TemporaryDirectory(prefix="hk-reading-", ignore_cleanup_errors=True)
                folder, at = Path(ending.enter_context(made)), 0
                asked = [_handed(folder / f"in-{i}", n, files[n]) for i, n in enumerate(left)]
                child = Apart(CHILD, {"files": asked}, folder, settings, until)
            except OSError as error:
                yield from (Read(label, not_begun(label, error)) for label in left)
                return
            for message in child.messages():
                if "begin" in message:
                    at = int(message["begin"])
                    if begin:
                        begin(left[at])
                else:
                    yield Read(left[at], _outcome(message["outcome"], folder))
            if child.finished:
                return
            yield Read(left[at], child.why(left[at]))
            left = left[at + 1 :]
    for label in left:
        yield Read(label, UnreadableError(
            label, "too_large", "it was not read, as other files of the same upload took too much",
            "hand it in without them",
        ))  # fmt: skip


def _outcome(plain: Any, folder: Path) -> RawTable | UnreadableError:
    found = unpacked(plain, folder, KINDS)
    return UnreadableError.of(found) if isinstance(found, Finding) else found


def _handed(path: Path, label: str, content: Content) -> dict[str, Any]:
    if isinstance(content, Path):
        return {"label": label, "path": str(content.resolve()), "own": True}
    path.write_bytes(content)
    return {"label": label, "path": str(path), "own": False}
