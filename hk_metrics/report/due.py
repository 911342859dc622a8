"""When a report is due, on the clock of its own time zone."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby, islice, takewhile
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hk_metrics.errors import ParameterError

_CHANGE = timedelta(hours=25)  # no clock was ever put on or back by more than a day


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
    gap, and one that it passes twice is due the first time only.

    >>> last_due("30 2 * * *", "Europe/Berlin", datetime.fromisoformat("2025-03-30T09:00+02:00"))
    datetime.datetime(2025, 3, 30, 3, 0, tzinfo=zoneinfo.ZoneInfo(key='Europe/Berlin'))
    """
    return next(t for t in _planned(cron, timezone, now, reverse=True) if t <= _utc(now))


def next_due(cron: str, timezone: str, now: datetime) -> datetime:
    """Return the first planned time after ``now``; see `last_due`."""
    return next(t for t in _planned(cron, timezone, now, reverse=False) if t > _utc(now))


def latest(cron: str, timezone: str, now: datetime, most: int) -> list[datetime]:
    """Return the last planned times up to ``now``, at most so many, the oldest first."""
    times = _planned(cron, timezone, now, reverse=True)
    past = (t for t, _ in groupby(times) if t <= _utc(now))
    return list(islice(past, most))[::-1]


def between(cron: str, timezone: str, after: datetime, until: datetime) -> list[datetime]:
    """Return the planned times between two moments, both exclusive, the oldest first."""
    times = _planned(cron, timezone, after, reverse=False)
    later = (t for t, _ in groupby(times) if t > _utc(after))
    return list(takewhile(lambda t: t < _utc(until), later))


def _planned(cron: str, timezone: str, now: datetime, *, reverse: bool) -> Iterator[datetime]:
    """Planned times from about ``now`` on, or backwards: the wall clock's first, then moments.

    The planner counts on a clock that never changes; so no hour comes twice, or in two orders.
    """
    from cronsim import CronSim

    clock = zone(timezone)
    wall = now.astimezone(clock).replace(tzinfo=None, microsecond=0)
    start = wall + _CHANGE if reverse else wall - _CHANGE
    return (_moment(t, clock) for t in CronSim(check(cron), start, reverse=reverse))


def _moment(wall: datetime, clock: ZoneInfo) -> datetime:
    """When a wall clock first shows a time, or a later one where it skips that."""
    early, late = (wall.replace(tzinfo=clock, fold=fold) for fold in (1, 0))
    if _utc(early) >= _utc(late):  # in a gap alone the second reading is the earlier moment
        return late
    minutes = range(int(_utc(early).timestamp()) // 60, int(_utc(late).timestamp()) // 60 + 1)
    before = early.utcoffset()
    # The offset of the readings is the other side's: `early` is read with the one after the gap.
    at = bisect_left(minutes, True, key=lambda m: _local(m, clock).utcoffset() == before)
    return _local(minutes[at], clock)


def _local(minute: int, clock: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(60 * minute, clock)


def _utc(moment: datetime) -> datetime:
    """Moments of one zone compare by their wall clocks; in UTC they compare as moments."""
    return moment.astimezone(UTC)
