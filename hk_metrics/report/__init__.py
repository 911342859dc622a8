"""The letter on a schedule: parameters checked, one run a key, delivered once, missed runs noticed.

`run` makes one letter, `run_each` a report's letters, `run_due` what is planned; `list_reports`,
`history`, `schedule` and `check` say what there is, what was, how to start it, and what went wrong.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hk_metrics.report.batch import run_due as run_due
    from hk_metrics.report.batch import run_each as run_each
    from hk_metrics.report.listing import history as history
    from hk_metrics.report.listing import install as install
    from hk_metrics.report.listing import list_reports as list_reports
    from hk_metrics.report.listing import schedule as schedule
    from hk_metrics.report.parameters import assignments as assignments
    from hk_metrics.report.runs import RunResult as RunResult
    from hk_metrics.report.runs import run as run
    from hk_metrics.report.watch import check as check

_HOME = {
    "assignments": "parameters",
    "check": "watch",
    "history": "listing",
    "install": "listing",
    "list_reports": "listing",
    "run": "runs",
    "run_due": "batch",
    "run_each": "batch",
    "RunResult": "runs",
    "schedule": "listing",
}
__all__ = list(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'hk_metrics.report' has no attribute {name!r}")
    return getattr(import_module(f"hk_metrics.report.{_HOME[name]}"), name)
