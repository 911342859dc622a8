"""What is planned, and the letters of a report: each made on its own, and none keeps the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypedDict, Unpack

from hk_metrics.errors import HkMetricsError
from hk_metrics.report import keys, letters, notices, secrets
from hk_metrics.report.config import Report, Reports
from hk_metrics.report.plan import configured, plan
from hk_metrics.report.planned import waiting
from hk_metrics.report.records import History, Run
from hk_metrics.report.runs import RunResult, run


class RunOptions(TypedDict, total=False):
    """How a run is made; see `hk_metrics.report.runs.run`."""

    formats: Sequence[str]
    deliver: bool
    force: bool
    now: datetime | None
    slot: datetime | None


def run_each(
    name: str,
    parameters: Mapping[str, Any] | None = None,
    *,
    config: Reports | Path | str | None = None,
    output: Path | str | None = None,
    **options: Unpack[RunOptions],
) -> list[RunResult]:
    """Make the letters of a report: one, or one for each value where it says ``for_each``.

    Parameters
    ----------
    name, parameters, config, output, options
        As for `hk_metrics.report.runs.run`. Parameters may narrow the values.

    Returns
    -------
    list of RunResult
        Values without a row in the period have none; where no value has one, there is one result,
        of the report as a whole, which does what ``when_empty`` says. A letter that fails does not
        keep the others.

    Raises
    ------
    ParameterError, UnknownNameError
        As for `run`, and where ``for_each`` or ``recipients`` name what there is not.
    """
    chosen, given = configured(config, output), dict(parameters or {})
    report = chosen.report(name)
    values: list[str] = []
    if report.for_each:
        times = options.get("now"), options.get("slot")
        values = letters.values_of(plan(chosen, name, given, (), *times))
        given.pop(report.for_each, None)
    each = [letters.for_value(chosen, report, value) for value in values] or [chosen]
    return [run(name, given, config=one, **options) for one in each]


def run_due(
    name: str | None = None,
    *,
    config: Reports | Path | str | None = None,
    now: datetime | None = None,
) -> list[RunResult]:
    """Make every report whose planned time has come and that has not run for it.

    Parameters
    ----------
    name
        Only this report.
    config, now
        As for `run`.

    Returns
    -------
    list of RunResult
        Empty if nothing is due. Times that were missed are made up for, the oldest first, each as
        seen from that time; a report that fails does not keep the others.
    """
    chosen = configured(config)
    moment = now or datetime.now(UTC)
    names = [name] if name else list(chosen.reports)
    results: list[RunResult] = []
    for report in filter(lambda r: r.schedule and not r.paused, map(chosen.report, names)):
        due = waiting(chosen, report, moment)
        if due.skipped:
            subject = f"Report {report.name} skips what was missed"
            notices.alert(chosen, report, subject, [due.sentence])
        results += [r for slot in due.slots for r in _made_or_reported(chosen, report, slot)]
    return results


def _made_or_reported(chosen: Reports, report: Report, slot: datetime) -> list[RunResult]:
    """Make a report for a planned time; what cannot even begin is told, and others go on."""
    try:
        return run_each(report.name, config=chosen, now=slot, slot=slot)
    except (HkMetricsError, OSError) as failure:
        reason = secrets.redact(str(failure), secrets.known(chosen.references))
    started = datetime.now(UTC)
    key = keys.run_key(report.name, {"slot": slot.isoformat()}, "", "")
    failed = Run(
        report=report.name,
        key=key,
        status="failed",
        started=started,
        finished=started,
        slot=slot,
        message=reason,
    )
    with suppress(OSError):  # where even the history cannot be written, the result still says it
        History(chosen.root).write(failed)
        subject = f"Report {report.name} failed"
        notices.alert(chosen, report, subject, [reason], about=str(slot))
    return [RunResult(failed)]
