"""From a checked plan to a finished folder: run, write, look for secrets, then show it at once."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hk_metrics.errors import HkMetricsError
from hk_metrics.present import atomic
from hk_metrics.report import execute, locks, outputs, secrets
from hk_metrics.report.config import Report
from hk_metrics.report.plan import RunPlan


@dataclass(frozen=True)
class Made:
    """A finished folder.

    Parameters
    ----------
    files
        Names within it.
    notes
        What could not be made, as sentences.
    missing
        Parts of the letter among it.
    """

    files: tuple[str, ...]
    notes: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def ensure(plan: RunPlan, *, anew: bool = False) -> Made:
    """Return the finished folder of a run, making it unless it is there.

    Parameters
    ----------
    plan
        What to run, and where the files belong; the folder appears whole. What a killed run of the
        same key left behind is removed.
    anew
        Make it even if it is there.

    Raises
    ------
    ReportError
        The notebook failed, or its output holds a secret.
    MissingToolError
        A format needs a program that is not here.
    """
    folder, prefix = plan.folder, f"{atomic.TEMPORARY}{plan.key}-"
    folder.parent.mkdir(parents=True, exist_ok=True)
    for left in folder.parent.glob(f"{prefix}*"):
        shutil.rmtree(left, ignore_errors=True)
    if not anew and folder.exists() and _has(folder, plan.report):
        return Made(_names(folder))
    draft = Path(tempfile.mkdtemp(prefix=prefix, dir=folder.parent))
    try:
        with locks.turn(plan.config.root, plan.config.parallel):
            notes, missing = _make(plan, draft)
        atomic.replace_folder(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return Made(_names(folder), (*notes, *missing), tuple(missing))


def _make(plan: RunPlan, draft: Path) -> tuple[list[str], list[str]]:
    report, config = plan.report, plan.config
    ours = secrets.known(plan.references)
    executed = draft / f"{report.name}.ipynb"
    hidden = {r.partition(":")[2] for r in config.references if r.startswith("env:")}
    seconds = 60 * report.timeout_minutes
    injected = {**plan.parameters, **plan.injected}
    try:
        notebook = execute.execute(
            report.path, executed, injected, seconds=seconds, hidden=hidden, known=ours
        )
    except HkMetricsError:
        _keep_for_diagnosis(executed, config.root / "history" / report.name, ours)
        raise
    secrets.scan([executed], ours)
    picture = any(config.deliveries[name].kind == "smtp" for name in report.deliver)
    content = outputs.content(report.name, report.title, notebook)
    notes = outputs.write(content, draft, report.formats, picture=picture)
    secrets.scan([p for p in draft.rglob("*") if p.is_file()], ours)
    return notes, [secrets.redact(missing, ours) for missing in content.missing]


def _keep_for_diagnosis(executed: Path, folder: Path, ours: Mapping[str, str]) -> None:
    if executed.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        redacted = secrets.redact(executed.read_text(encoding="utf-8"), ours)
        (folder / "last-failure.ipynb").write_text(redacted, encoding="utf-8")


def _has(folder: Path, report: Report) -> bool:
    made = {p.suffix.lstrip(".") for p in folder.iterdir() if p.is_file()}
    return set(report.formats) - {"csv"} <= made


def _names(folder: Path) -> tuple[str, ...]:
    internal = (outputs.FACTS_FILE, outputs.PICTURE_FILE)
    found = (p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    return tuple(sorted(n for n in found if n not in internal))
