"""What is due: planned times without a good run, those missed in an outage included."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hk_metrics.report import due
from hk_metrics.report.config import Report, Reports
from hk_metrics.report.records import History, Run
from hk_metrics.wording import counted


@dataclass(frozen=True)
class Waiting:
    """The planned times of a report that have come and have no good run.

    Parameters
    ----------
    slots
        To be made now, the oldest first.
    skipped
        Further back than the report's ``catch_up`` reaches; not made.
    """

    slots: tuple[datetime, ...]
    skipped: tuple[datetime, ...] = ()

    @property
    def sentence(self) -> str:
        """What is skipped, in words; empty for nothing."""
        if not self.skipped:
            return ""
        times = [f"{s:%a} {s.day} {s:%b %Y %H:%M}" for s in (self.skipped[0], self.skipped[-1])]
        which = " to ".join(dict.fromkeys(times))
        return (
            f"{counted(len(self.skipped), 'planned run')} did not come ({which}) and will not be "
            "made up for: they are more than catch_up runs ago"
        )


def waiting(chosen: Reports, report: Report, now: datetime) -> Waiting:
    """Return what is due of a report.

    Parameters
    ----------
    chosen, report
        The configuration, and a report with a schedule.
    now
        With a time zone.

    Notes
    -----
    A report that never ran is due for its latest planned time alone.
    """
    runs = [r for r in History(chosen.root).runs(report.name) if r.slot]
    good = {_letter(r) for r in runs if r.ok}
    # What failed before its values were known is none of theirs.
    split = {slot for slot, value in map(_letter, runs) if value}
    left = {_letter(r) for r in runs if not r.ok and (r.value or _utc(r.slot) not in split)} - good
    tried = {slot for slot, _ in left}
    done = {slot for slot, _ in good} - tried
    recent = due.latest(report.schedule, report.timezone, now, report.catch_up + 1)
    if not runs:
        return Waiting(tuple(recent[-1:]))
    # A report that never succeeded is due since it was first tried.
    last = max(done, default=min(tried, default=_utc(now)) - timedelta(seconds=1))
    slots = [s for s in recent if _utc(s) > last or _utc(s) in tried]
    skipped = due.between(report.schedule, report.timezone, last, recent[0])
    return Waiting(tuple(s for s in slots if _utc(s) not in done), tuple(skipped))


def _letter(run: Run) -> tuple[datetime, str]:
    """Return what a run was to bring: a planned time's letter, of a value where there are many."""
    return _utc(run.slot), run.value


def _utc(slot: datetime | None) -> datetime:
    """Times in an hour that comes twice are equal to none of another zone, but in UTC they are."""
    assert slot is not None
    return slot.astimezone(UTC)
