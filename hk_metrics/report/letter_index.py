"""One page that lists the letters made so far, to look through and to search."""

from __future__ import annotations

from pathlib import Path

from hk_metrics.present import atomic
from hk_metrics.present.html import document
from hk_metrics.present.templates import render
from hk_metrics.report import locks
from hk_metrics.report.message import facts_of
from hk_metrics.report.records import History, Run

FILE = "index.html"
_ORDER = (".html", ".pdf", ".xlsx", ".csv", ".ipynb")


def write(history: History) -> Path:
    """Write the page beside the reports' folders, and return where it is.

    Parameters
    ----------
    history
        All runs; one whose files were removed is listed without a link.
    """
    root = history.folder.parent
    path = root / FILE
    with locks.held(root, FILE):
        letters = [_letter(run, root) for run in history.runs() if run.finished]
        page = document("Letters", [render("letters", letters=letters)], {})
        atomic.write(path, page.encode())
    return path


def _letter(run: Run, root: Path) -> dict[str, object]:
    folder = Path(run.folder) if run.folder else None
    files = [f for f in sorted(run.files, key=_place) if "/" not in f]
    return {
        "made": f"{run.started:%Y-%m-%d %H:%M}",
        "report": run.title,
        "days": run.period.replace("_", "_to ").split("_"),
        "subject": str(facts_of(folder).get("subject") or run.title) if folder else run.title,
        "status": run.status,
        "files": [(Path(f).suffix[1:].upper(), _address(folder / f, root)) for f in files]
        if folder
        else [],
    }


def _place(file: str) -> int:
    suffix = Path(file).suffix
    return _ORDER.index(suffix) if suffix in _ORDER else len(_ORDER)


def _address(file: Path, root: Path) -> str:
    """Relative where it lies below the page, so that the folder can be moved or served."""
    return file.relative_to(root).as_posix() if file.is_relative_to(root) else file.as_uri()
