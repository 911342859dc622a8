"""Whether every report came: missed, interrupted and undelivered runs, and the rules."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hk_metrics.errors import HkMetricsError
from hk_metrics.report import due, locks, notices, rules, source
from hk_metrics.report.config import Report, Reports
from hk_metrics.report.plan import configured
from hk_metrics.report.planned import waiting
from hk_metrics.report.records import History, Run


def check(
    config: Reports | Path | str | None = None,
    *,
    now: datetime | None = None,
    deliver: bool = True,
) -> list[str]:
    """Return what is wrong with the reports, as sentences, and alert those who should know.

    Parameters
    ----------
    config
        The configuration, or its file.
    now
        The time to look from; with a time zone.
    deliver
        Whether alerts are sent; each is sent once.

    Returns
    -------
    list of str
        A report that did not come when it was planned, a run that was interrupted, a delivery that
        failed, and what the rules find. Empty if all is well.
    """
    chosen = configured(config)
    moment = now or datetime.now(UTC)
    problems: list[str] = []
    for report in map(chosen.report, chosen.reports):
        for subject, sentences, about in _findings(chosen, report, moment):
            problems += [f"{report.name}: {s}" for s in sentences]
            if deliver:
                problems += notices.alert(chosen, report, subject, sentences, about)
    return problems


def _findings(chosen: Reports, report: Report, now: datetime) -> list[tuple[str, list[str], str]]:
    missed = _missed(chosen, report, now)
    broken = _broken(chosen, report)
    found = _rules(report, now)
    return [
        *([(f"Report {report.name} did not come", [missed[0]], missed[1])] if missed else []),
        *((f"Report {report.name} is not finished", [s], about) for s, about in broken),
        *([(rules.subject(found), found, "")] if found else []),
    ]


def _missed(chosen: Reports, report: Report, now: datetime) -> tuple[str, str] | None:
    if not report.schedule or report.paused:
        return None
    late = now - timedelta(minutes=report.late_after_minutes)
    slots = waiting(chosen, report, late).slots
    if not slots:
        return None
    slot = slots[-1]
    runs = History(chosen.root).runs(report.name)
    last = (
        f"the last good run was on {_day(runs, report)}"
        if any(r.ok for r in runs)
        else "it never ran"
    )
    when = f"{slot:%a} {slot.day} {slot:%b %Y %H:%M}"
    return (
        f"It was due on {when} ({report.timezone}) and did not run; {last}. "
        f"Run it with: hk-metrics report run {report.name} --due",
        slot.isoformat(),
    )


def _day(runs: list[Run], report: Report) -> str:
    last = next(r for r in runs if r.ok)
    return f"{last.started.astimezone(due.zone(report.timezone)):%d %b %Y %H:%M}"


def _broken(chosen: Reports, report: Report) -> list[tuple[str, str]]:
    found = []
    for run in History(chosen.root).runs(report.name):
        under_way = run.status in ("running", "delivering")
        if under_way and not locks.is_held(chosen.root, f"{run.report}-{run.key}"):
            began = f"{run.started:%d %b %Y %H:%M} UTC"
            found.append((f"A run for {run.period} began on {began} and was interrupted", run.key))
        if run.status == "undelivered":
            failed = {n: h.error for n, h in run.deliveries.items() if h.status == "failed"}
            why = "; ".join(f"{name}: {error}" for name, error in failed.items())
            found.append((f"The run for {run.period} was not delivered: {why}", run.key))
    return found


def _rules(report: Report, now: datetime) -> list[str]:
    data = report.parameters.get("data")
    if not report.alerts or not data:
        return []
    today = now.astimezone(due.zone(report.timezone)).date()
    try:
        return rules.check(report.alerts, source.open_data(str(data)), today)
    except HkMetricsError as failure:
        return [f"The rules cannot be checked: {failure}"]
