"""When a report is due, on the clock of its own time zone."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hk_metrics.errors import ParameterError


def zone(name: str) -> ZoneInfo:
    """Return an IANA time zone.

    Raises
    ------
    ParameterError
        There is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise ParameterError(
            f"there is no time zone {name!r}: use an IANA name such as Asia/Kolkata"
        ) from None


def check(cron: str) -> str:
    """Return the schedule as it is.

    Raises
    ------
    ParameterError
        It is not five words of cron.
    """
    from cronsim import CronSim, CronSimError

    if len(cron.split()) != 5:
        raise ParameterError(
            f"schedule {cron!r} must have five words: minute hour day month weekday"
        )
    try:
        CronSim(cron, datetime(2025, 1, 1))
    except CronSimError as wrong:
        raise ParameterError(f"schedule {cron!r}: {str(wrong).lower()}") from None
    return cron


def last_due(cron: str, timezone: str, now: datetime) -> datetime:
    """Return the latest planned time that is not after ``now``.

    Parameters
    ----------
    cron
        Minute, hour, day of month, month, weekday.
    timezone
        IANA name; the words of cron mean its wall clock.
    now
        With a time zone.

    Notes
    -----
    On a night of clock change a time that the clock skips is due at the first moment after the
    gap, and one that it passes twice is due once.

    >>> last_due("30 2 * * *", "Europe/Berlin", datetime.fromisoformat("2025-03-30T09:00+02:00"))
    datetime.datetime(2025, 3, 30, 3, 0, tzinfo=zoneinfo.ZoneInfo(key='Europe/Berlin'))
    """
    from cronsim import CronSim

    local = now.astimezone(zone(timezone)).replace(microsecond=0) + timedelta(seconds=1)
    return next(CronSim(check(cron), local, reverse=True))


def next_due(cron: str, timezone: str, now: datetime) -> datetime:
    """Return the first planned time after ``now``; see `last_due`."""
    from cronsim import CronSim

    return next(CronSim(check(cron), now.astimezone(zone(timezone))))
