"""A run before it runs: everything checked, nothing done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from hk_metrics.errors import HkMetricsError, ParameterError, UnknownNameError
from hk_metrics.report import config, due, keys, parameters, rules, secrets, source
from hk_metrics.report.config import Report, Reports
from hk_metrics.view import period


@dataclass(frozen=True)
class RunPlan:
    """What will be run, for which days and data, and where it goes.

    Parameters
    ----------
    config, report
        The configuration, and the report in it.
    parameters
        Checked; a period in words has become its days.
    version
        Of the data.
    today
        The local time that the report is seen from.
    slot
        The planned time that the run stands for.
    told
        What the notebook is told besides: today's day, and the rules to check. They do not make
        it another run.
    notebook
        Version of its cells.
    """

    config: Reports
    report: Report
    parameters: Mapping[str, Any]
    version: str
    today: datetime
    slot: datetime | None
    injected: Mapping[str, Any] = field(default_factory=dict)
    notebook: str = ""

    @property
    def key(self) -> str:
        """Equal for the same report, period, filters, data and notebook."""
        return keys.run_key(self.report.name, self.parameters, self.version, self.notebook)

    @property
    def references(self) -> tuple[str, ...]:
        """Secrets that the run uses, by reference."""
        given = [v for v in self.parameters.values() if isinstance(v, str)]
        return (*self.config.references, *filter(secrets.is_reference, given))

    @property
    def period(self) -> str:
        """First and last day, as a file's name may have them."""
        start, end = self.parameters.get("start"), self.parameters.get("end")
        return f"{start or 'first'}_{end or 'last'}" if start or end else "all"

    @property
    def folder(self) -> Path:
        """Where the finished files belong."""
        return self.config.root / self.report.name / f"{self.period}-{self.key[:8]}"


def configured(settings: Reports | Path | str | None, output: Path | str | None = None) -> Reports:
    """Return the configuration, with another folder for runs where one is given."""
    chosen = settings if isinstance(settings, Reports) else config.load(settings)
    return chosen if output is None else chosen.model_copy(update={"root": Path(output).resolve()})


def plan(
    chosen: Reports,
    name: str,
    given: Mapping[str, Any],
    formats: Sequence[str] = (),
    now: datetime | None = None,
    slot: datetime | None = None,
) -> RunPlan:
    """Check what was asked and return it as a plan; see `hk_metrics.report.runs.run`."""
    report = chosen.report(name)
    if formats:
        report = _with_formats(report, formats)
    today = (now or datetime.now(UTC)).astimezone(due.zone(report.timezone))
    known = parameters.declared(report.path)
    values = parameters.validate({**report.parameters, **given}, known, report.name)
    secrets.refuse_in_parameters(values)
    by_hand = slot is None
    if report.schedule and by_hand and not given:
        slot = due.last_due(report.schedule, report.timezone, today)
    if values.get("today"):
        today = datetime.combine(date.fromisoformat(values["today"]), today.timetz())
    else:
        today = source.seen_from(str(values.get("data", "")), today)
    values = _with_days(values, given, today)
    if "data" in values:
        values["data"] = source.located(str(values["data"]))
    version = _version(str(values["data"])) if "data" in values else ""
    if by_hand and report.alerts and "data" in values:
        # A person is there to mend it; a planned letter comes, and says what cannot be checked.
        rules.refuse_unknown(report.alerts, source.open_data(str(values["data"])))
    injected = {"today": today.date().isoformat(), "alerts": list(report.alerts)}
    injected = {
        name: value for name, value in injected.items() if name in values and not values[name]
    }
    notebook = keys.notebook_version(report.path)
    return RunPlan(chosen, report, values, version, today, slot, injected, notebook)


def _version(data: str) -> str:
    try:
        return source.version(data)
    except HkMetricsError as failure:
        # A database that cannot be reached says so with its address, password included.
        reason = secrets.redact(str(failure), secrets.known([data]))
        raise ParameterError(f"parameter 'data': {reason}") from None


def _with_formats(report: Report, formats: Sequence[str]) -> Report:
    for form in set(formats) - set(config.FORMATS):
        raise UnknownNameError.of("format", form, config.FORMATS)
    return report.model_copy(update={"formats": tuple(formats)})


def _with_days(values: dict[str, Any], given: Mapping[str, Any], today: datetime) -> dict[str, Any]:
    """Turn a period in words into its days, so that the run's key says which days they were."""
    if not {"period", "start", "end"} <= values.keys():
        return values
    if given.get("period") and (given.get("start") or given.get("end")):
        raise ParameterError("give either 'period' or 'start' and 'end', not both")
    spelled = bool(values["start"] or values["end"]) and not given.get("period")
    days = None if spelled else period.days(str(values["period"]), today.date())
    if days:
        return {**values, "start": days[0].isoformat(), "end": days[1].isoformat()}
    if spelled and values["start"] and values["end"] and values["start"] > values["end"]:
        raise ParameterError(
            f"the period ends before it begins: start {values['start']}, end {values['end']}"
        )
    return {**values, "period": "all"}
