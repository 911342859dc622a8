"""One report, from what was asked to everyone having it: checked, made once, delivered once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hk_metrics.errors import HkMetricsError
from hk_metrics.report import locks, notices, rules, secrets, source
from hk_metrics.report.config import Reports
from hk_metrics.report.plan import RunPlan, configured, plan
from hk_metrics.report.records import History, Run
from hk_metrics.wording import counted


@dataclass(frozen=True)
class RunResult:
    """What became of a run.

    Parameters
    ----------
    run
        Its record.
    repeated
        Whether the same run had been made and delivered before, so that nothing was done.
    """

    run: Run
    repeated: bool = False

    @property
    def ok(self) -> bool:
        """Whether there is a report, and everyone who should have it has it."""
        return self.run.ok

    @property
    def status(self) -> str:
        """As in the record: ``written``, ``delivered``, ``undelivered`` or ``failed``."""
        return self.run.status

    @property
    def folder(self) -> Path:
        """Where the files are."""
        return Path(self.run.folder)

    @property
    def paths(self) -> tuple[Path, ...]:
        """All files of the run."""
        return tuple(self.folder / name for name in self.run.files)

    @property
    def path(self) -> Path:
        """The page, or the first file where there is no page."""
        first = next((p for p in self.paths if p.suffix == ".html"), None)
        return first or (self.paths[0] if self.paths else self.folder)

    def __str__(self) -> str:
        again = "already " if self.repeated else ""
        lines = [f"{self.run.title}: {again}{self.status}", *map(str, self.paths)]
        lines += [f"alert: {alert}" for alert in self.run.alerts]
        lines += [
            f"{name}: {done.status} ({done.attempts} attempts) {done.error}".rstrip()
            for name, done in self.run.deliveries.items()
        ]
        return "\n".join([*lines, *([self.run.message] if self.run.message else [])])


def run(
    name: str,
    parameters: Mapping[str, Any] | None = None,
    *,
    config: Reports | Path | str | None = None,
    output: Path | str | None = None,
    formats: Sequence[str] = (),
    deliver: bool = True,
    force: bool = False,
    now: datetime | None = None,
    slot: datetime | None = None,
) -> RunResult:
    """Make one report and hand it over.

    Parameters
    ----------
    name
        A report of ``reports.toml``, or a notebook's name or path.
    parameters
        Over those of the configuration; text is read as the declared type.
    config
        The configuration, or its file; see `hk_metrics.report.config.load`.
    output
        A folder to put runs and history in, instead of the configuration's ``root``.
    formats
        ``html``, ``pdf``, ``xlsx``, ``csv``, ``ipynb``, instead of the configuration's.
    deliver
        Whether to hand it over; without, the files are only written.
    force
        Make and deliver it again even if the same run is done.
    now
        The time that "last week" is seen from; with a time zone.
    slot
        The planned time this run stands for.

    Returns
    -------
    RunResult
        Its files and status. A failure that happens after the check of parameters is a status,
        is remembered, and alerts; it is not raised.

    Raises
    ------
    ParameterError, UnknownNameError
        The report, a parameter or the configuration is wrong; nothing was run.
    """
    planned = plan(configured(config, output), name, parameters or {}, formats, now, slot)
    history = History(planned.config.root)
    wanted = planned.report.deliver if deliver else ()
    with locks.held(planned.config.root, f"{planned.report.name}-{planned.key}"):
        before = history.read(planned.report.name, planned.key)
        if before and not force and _is_done(planned, before, wanted):
            again = before.with_(slot=planned.slot or before.slot)
            return RunResult(history.write(again), repeated=True)
        started = _started(planned, before, anew=force)
        return RunResult(_carry_out(planned, history, history.write(started), wanted))


def _is_done(plan: RunPlan, before: Run, wanted: Sequence[str]) -> bool:
    if not before.ok or not (before.unsent or set(wanted) <= before.delivered):
        return False
    if not before.files:  # retention removed them; who should have it has it
        return bool(wanted)
    made = {Path(f).suffix.lstrip(".") for f in before.files}
    there = all((Path(before.folder) / name).exists() for name in before.files)
    return there and set(plan.report.formats) <= {*made, "csv"}


def _started(plan: RunPlan, before: Run | None, *, anew: bool) -> Run:
    fresh = Run(
        report=plan.report.name,
        key=plan.key,
        status="running",
        started=datetime.now(UTC),
        slot=plan.slot,
        period=plan.period,
        data_version=plan.version,
        parameters=dict(plan.parameters),
        value=plan.report.value,
    )
    if before is None:
        return fresh
    if anew:
        return fresh.with_(edition=before.edition + 1)
    return fresh.with_(
        edition=before.edition, deliveries=before.deliveries, slot=plan.slot or before.slot
    )


def _carry_out(plan: RunPlan, history: History, run: Run, wanted: Sequence[str]) -> Run:
    from hk_metrics.report import letter_index, making, retention
    from hk_metrics.report.message import facts_of

    try:
        anew = run.edition > 1
        made = making.ensure(plan, anew=anew)
        found = _rules(plan)
    except Exception as failure:
        run = history.write(_failed(plan, run, failure))
        if wanted:
            subject, when = f"Report {run.title} failed", str(plan.slot or plan.today.date())
            notices.alert(plan.config, plan.report, subject, [run.message], about=when)
        if isinstance(failure, HkMetricsError):
            return run
        raise
    run = run.with_(
        status="delivering",
        folder=str(plan.folder),
        files=made.files,
        alerts=tuple(found),
        message=" ".join(made.notes),
    )
    empty = plan.report.when_empty if facts_of(plan.folder).get("empty") else "letter"
    if empty == "skip":
        notice = "Nothing was sent: the period has no row."
        run = run.with_(unsent=True, message=f"{run.message} {notice}".strip())
    sent = () if run.unsent else wanted
    run = _handed_over(plan, history, history.write(run), sent, note=empty == "note")
    if made.missing and wanted:
        lacks = f"Report {run.title} lacks {counted(len(made.missing), 'part')}"
        notices.alert(plan.config, plan.report, lacks, made.missing, about=run.key)
    if found and wanted:
        notices.alert(plan.config, plan.report, rules.subject(found), found)
    retention.prune(history, plan.report)
    letter_index.write(history)
    return run


def _rules(plan: RunPlan) -> list[str]:
    """What the rules find: the notebook said it, or else the data are read once more."""
    if not plan.report.alerts or "data" not in plan.parameters:
        return []
    if "alerts" in plan.injected:
        from hk_metrics.report.message import facts_of

        return [str(sentence) for sentence in facts_of(plan.folder).get("alerts", ())]
    data = source.open_data(str(plan.parameters["data"]))
    return rules.check(plan.report.alerts, data, plan.today.date())


def _handed_over(
    plan: RunPlan, history: History, run: Run, wanted: Sequence[str], *, note: bool = False
) -> Run:
    from hk_metrics.report import message
    from hk_metrics.report.delivery import hand_over

    parcel = message.of_run(run, plan.report.title, note=note) if wanted else None
    for name in wanted:
        if parcel and name not in run.delivered:
            channel, before = plan.config.deliveries[name], run.deliveries.get(name)
            done = hand_over(channel, parcel, plan.config.patience, before)
            run = history.write(run.with_(deliveries={**run.deliveries, name: done}))
    failed = [f"{n}: {run.deliveries[n].error}" for n in wanted if n not in run.delivered]
    status = "undelivered" if failed else "delivered" if wanted else "written"
    run = run.with_(status=status, finished=datetime.now(UTC))
    if failed:
        history.write(run)
        subject = f"Report {run.title} was made, but could not be delivered"
        unheard = notices.alert(plan.config, plan.report, subject, failed, about=run.key)
        run = run.with_(message=" ".join([*failed, *unheard]))
    return history.write(run)


def _failed(plan: RunPlan, run: Run, failure: Exception) -> Run:
    ours = isinstance(failure, HkMetricsError)
    reason = str(failure) if ours else f"{type(failure).__name__}: {failure}"
    redacted = secrets.redact(reason, secrets.known(plan.references))
    return run.with_(status="failed", finished=datetime.now(UTC), message=redacted)
