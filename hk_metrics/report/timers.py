"""The lines that make cron or systemd start what is due. No daemon of our own."""

from __future__ import annotations

import shlex
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from hk_metrics.errors import ParameterError
from hk_metrics.report.config import VARIABLE, Report
from hk_metrics.report.due import check, zone

_WEEKDAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def program(config: Path | None = None) -> str:
    """Return how to start ``hk-metrics`` where no shell has set a path or a folder.

    Parameters
    ----------
    config
        The ``reports.toml`` to use.
    """
    beside = Path(sys.executable).with_name("hk-metrics")
    found = str(beside) if beside.exists() else shutil.which("hk-metrics") or "hk-metrics"
    named = f"{VARIABLE}={shlex.quote(str(config))} " if config else ""
    return f"/usr/bin/env {named}{shlex.quote(found)}"


def cron_lines(reports: Sequence[Report], command: str) -> str:
    """Return the lines of a crontab that run reports when they are due.

    Parameters
    ----------
    reports
        With their schedules.
    command
        From `program`.

    Notes
    -----
    No time zone of a line is understood by every cron, and cron does not make up for hours when
    the machine was off. So it only asks, every quarter of an hour, whether something is due; the
    schedule and its time zone are read by `hk_metrics.report.due`.
    """
    return "\n".join(
        line.replace("%", r"\%")  # cron reads % as a new line
        for r in reports
        for line in (
            f"# {r.name}: {r.schedule} ({r.timezone})",
            f"*/15 * * * * {command} report run {shlex.quote(r.name)} --due",
        )
    )


def systemd_units(name: str, cron: str, timezone: str, command: str) -> dict[str, str]:
    """Return the service and the timer that run one report: file name → text.

    Notes
    -----
    ``Persistent`` makes up for a time when the machine was off; the time zone is the timer's own.
    """
    unit = f"hk-metrics-{name}"
    service = f"""\
[Unit]
Description=hk_metrics report {name}
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
ExecStart={command.replace("%", "%%")} report run {shlex.quote(name)} --due
"""
    times = "\n".join(f"OnCalendar={line}" for line in on_calendar(cron, timezone))
    timer = f"""\
[Unit]
Description=hk_metrics report {name}: {cron} ({timezone})

[Timer]
{times}
Persistent=true

[Install]
WantedBy=timers.target
"""
    return {f"{unit}.service": service, f"{unit}.timer": timer}


def on_calendar(cron: str, timezone: str) -> list[str]:
    """Return a schedule in systemd's words, one line per ``OnCalendar``.

    Raises
    ------
    ParameterError
        The schedule uses what systemd has no words for.

    Notes
    -----
    Where cron names both days of the month and weekdays either may match; systemd wants both to,
    so it takes two lines.

    >>> on_calendar("0 8 * * 1-5", "Asia/Kolkata")
    ['Mon..Fri *-*-* 8:0:00 Asia/Kolkata']
    """
    minute, hour, day, month, weekday = check(cron).upper().split()
    time = f"{_numbers(hour, 0)}:{_numbers(minute, 0)}:00 {zone(timezone).key}"
    months = _numbers(month, 1)
    either = day != "*" and weekday != "*"
    by_day = f"*-{months}-{_numbers(day, 1)} {time}"
    by_weekday = f"{_days(weekday)} *-{months}-* {time}"
    return [by_day, by_weekday] if either else [by_day if weekday == "*" else by_weekday]


def _numbers(words: str, first: int) -> str:
    from cronsim.cronsim import SYMBOLIC_MONTHS

    for number, name in enumerate(SYMBOLIC_MONTHS, start=1):
        words = words.replace(name, str(number))
    if any(c in words for c in "L#W"):
        raise ParameterError(f"{words!r} has no like in systemd: use cron, or plain numbers")
    return words.replace("*/", f"{first}/").replace("-", "..")


def _days(words: str) -> str:
    parts = [part.split("-") for part in words.split(",")]
    if any(c in words for c in "#/") or any(p.endswith("L") for part in parts for p in part):
        raise ParameterError(f"weekday {words!r} has no like in systemd: use cron, or plain days")
    named = [[_WEEKDAYS[int(d)] if d.isdigit() else d.title() for d in part] for part in parts]
    return ",".join("..".join(part) for part in named)
