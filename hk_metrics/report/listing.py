"""What reports there are, what they did, and the lines that start them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from hk_metrics.errors import ParameterError, UnknownNameError
from hk_metrics.places import NOTEBOOKS
from hk_metrics.report import crontab, due, parameters, timers
from hk_metrics.report.config import Report, Reports
from hk_metrics.report.plan import configured
from hk_metrics.report.records import History

if TYPE_CHECKING:
    import pandas as pd


def list_reports(config: Reports | Path | str | None = None) -> pd.DataFrame:
    """Return the reports that are configured, or else the project's report notebooks.

    Parameters
    ----------
    config
        The configuration, or its file.

    Returns
    -------
    DataFrame
        One row per report: ``name``, ``notebook``, ``schedule``, ``timezone``, ``next_due``,
        ``last_run``, ``last_status``, ``formats``, ``deliver``, ``parameters``.
    """
    import pandas as pd

    chosen = configured(config)
    names = [*chosen.reports] or [p.stem for p in NOTEBOOKS.glob("report*.ipynb")]
    return pd.DataFrame([_row(chosen, chosen.report(name)) for name in names])


def _row(chosen: Reports, report: Report) -> dict[str, object]:
    last = next(iter(History(chosen.root).runs(report.name)), None)
    planned = report.schedule
    now = datetime.now(UTC)
    runs = planned and not report.paused
    return {
        "name": report.name,
        "notebook": report.path.name,
        "schedule": planned,
        "timezone": report.timezone if planned else "",
        "next_due": due.next_due(planned, report.timezone, now) if runs else None,
        "last_run": last.started.astimezone(due.zone(report.timezone)) if last else None,
        "last_status": last.status if last else "",
        "formats": ", ".join(report.formats),
        "deliver": ", ".join(report.deliver),
        "parameters": _parameters(report),
    }


def _parameters(report: Report) -> str:
    """A list of reports has to show one whose notebook is gone, too."""
    try:
        return ", ".join(parameters.declared(report.path))
    except ParameterError as problem:
        return f"({problem})"


def history(name: str | None = None, config: Reports | Path | str | None = None) -> pd.DataFrame:
    """Return the runs of one report or of all, the latest first.

    Returns
    -------
    DataFrame
        One row per run: ``report``, ``period``, ``status``, ``started``, ``finished`` (UTC),
        ``message``, ``folder``, ``key``.
    """
    chosen = configured(config)
    return History(chosen.root).frame(chosen.report(name).name if name else None)


def schedule(
    name: str | None = None,
    config: Reports | Path | str | None = None,
    kind: Literal["cron", "systemd"] = "cron",
) -> str:
    """Return the lines that make cron or systemd run what is due.

    Parameters
    ----------
    name
        One report; all that have a schedule without.
    config
        The configuration, or its file.
    kind
        ``cron`` or ``systemd``.

    Raises
    ------
    ParameterError
        No report has a schedule.
    """
    if kind not in ("cron", "systemd"):
        raise UnknownNameError.of("kind of schedule", kind, ["cron", "systemd"])
    chosen = configured(config)
    reports = [chosen.report(n) for n in ([name] if name else chosen.reports)]
    planned = [r for r in reports if r.schedule]
    if not planned:
        raise ParameterError(
            'no report has a schedule: write schedule = "0 8 * * 1" under [reports.NAME] in '
            f"{chosen.source or 'reports.toml'}"
        )
    command = timers.program(chosen.source)
    if kind == "cron":
        return timers.cron_lines(planned, command)
    units = [timers.systemd_units(r.name, r.schedule, r.timezone, command) for r in planned]
    return "\n".join(f"# {file}\n{text}" for unit in units for file, text in unit.items())


def install(config: Reports | Path | str | None = None, *, remove: bool = False) -> str:
    """Put the lines of all planned reports into the user's crontab, or take them out.

    Parameters
    ----------
    config
        The configuration, or its file; its lines stand in a block of their own.
    remove
        Take the block out.

    Returns
    -------
    str
        What was done, as a sentence.

    Raises
    ------
    ParameterError
        No report has a schedule.
    ReportError, MissingToolError
        cron is not there, or refuses.
    """
    chosen = configured(config)
    before = crontab.read()
    after = crontab.installed(before, "" if remove else schedule(config=chosen), chosen.source)
    if after.strip() == before.strip():
        return "The crontab is as it should be: nothing was changed."
    crontab.write(after)
    return f"The reports were {'taken out of' if remove else 'put into'} the crontab."
