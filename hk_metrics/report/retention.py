"""Old runs make room: the files of the latest stay, and so does what is not delivered yet."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

from hk_metrics.report.config import Report
from hk_metrics.report.records import History

_RECORDS = 1000


def prune(history: History, report: Report) -> list[Path]:
    """Remove the files of runs beyond the report's ``keep``.

    Parameters
    ----------
    history
        Its records stay (the latest thousand), so that an old run is not delivered anew.
    report
        Whose runs; of a letter for each value, as many of each.

    Returns
    -------
    list of Path
        The folders that were removed.
    """
    runs = history.runs(report.name)
    removed = []
    kept: Counter[str] = Counter()
    for run in [r for r in runs if r.ok and r.folder]:
        kept[run.value] += 1
        if kept[run.value] <= report.keep:
            continue
        shutil.rmtree(run.folder, ignore_errors=True)
        history.write(run.with_(folder="", files=()))
        removed.append(Path(run.folder))
    for run in [r for r in runs if not r.folder][_RECORDS:]:
        history.forget(run)
    return removed
