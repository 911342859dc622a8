"""Planned times: local days, clock changes, missed runs, and the lines for cron and systemd."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from hk_metrics import report
from hk_metrics.cli import main
from hk_metrics.errors import MissingToolError, ParameterError
from hk_metrics.report import config, due, timers
from hk_metrics.report.records import History
from tests.report_toy import write_config, write_notebook

BERLIN = "Europe/Berlin"


def _at(text: str, zone: str = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def _slots(cron: str, zone: str, first: datetime, hours: int) -> list[str]:
    """Every planned time that somebody sees who looks every quarter of an hour."""
    utc = first.astimezone(ZoneInfo("UTC"))
    looks = [utc + timedelta(minutes=15 * n) for n in range(4 * hours)]
    found = [due.last_due(cron, zone, look).isoformat() for look in looks]
    return [t for n, t in enumerate(found) if n == 0 or t != found[n - 1]]


def test_last_due_is_the_latest_time_that_has_come() -> None:
    monday = _at("2025-03-10T08:00:00", "Asia/Kolkata")
    for now, expected in (
        ("2025-03-10T07:59:59", "2025-03-03T08:00:00+05:30"),
        ("2025-03-10T08:00:00", "2025-03-10T08:00:00+05:30"),
        ("2025-03-16T23:00:00", "2025-03-10T08:00:00+05:30"),
    ):
        found = due.last_due("0 8 * * 1", "Asia/Kolkata", _at(now, "Asia/Kolkata"))
        assert found.isoformat() == expected
    assert due.next_due("0 8 * * 1", "Asia/Kolkata", monday).day == 17


def test_hour_that_the_clock_skips_is_due_once_after_the_gap() -> None:
    """On 30 March 2025 Berlin goes from 02:00 to 03:00."""
    found = _slots("30 2 * * *", BERLIN, _at("2025-03-29T12:00:00"), 36)
    assert found == [
        "2025-03-29T02:30:00+01:00",
        "2025-03-30T03:00:00+02:00",
    ]


def test_hour_that_the_clock_repeats_is_due_once() -> None:
    """On 26 October 2025 Berlin has 02:30 twice."""
    found = _slots("30 2 * * *", BERLIN, _at("2025-10-25T12:00:00"), 36)
    assert found == [
        "2025-10-25T02:30:00+02:00",
        "2025-10-26T02:30:00+02:00",
    ]


@pytest.mark.parametrize(
    "cron, zone, first, expected",
    [
        ("0,30 2 * * *", BERLIN, "2025-10-26T01:00:00", ["02:00+02:00", "02:30+02:00"]),
        ("30 2 * * 0", BERLIN, "2025-10-26T02:00:00", ["02:30+02:00"]),
        ("30 1 * * *", "America/New_York", "2025-11-02T01:00:00", ["01:30-04:00"]),
        ("45 1 * * *", "Australia/Lord_Howe", "2025-04-06T01:00:00", ["01:45+11:00"]),
    ],
)
def test_no_planned_time_comes_twice_or_goes_back(cron, zone, first, expected) -> None:
    """Looked at every quarter of an hour through the night in which the clock is put back."""
    shown = [t[11:16] + t[19:] for t in _slots(cron, zone, _at(first, zone), 5)]
    assert shown[1:] == expected  # the first look still sees the time before


@settings(deadline=None)
@given(st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 31)))
def test_daily_report_is_due_on_every_local_day(moment: datetime) -> None:
    now = moment.replace(tzinfo=ZoneInfo("UTC"))
    slot = due.last_due("15 2 * * *", BERLIN, now)
    assert slot <= now < slot + timedelta(hours=25, minutes=45)


@pytest.mark.parametrize("wrong", ["8 * *", "61 8 * * 1", "0 8 * * monday", "@daily"])
def test_schedule_that_is_no_cron_is_refused(wrong: str) -> None:
    with pytest.raises(ParameterError, match="schedule"):
        due.check(wrong)
    with pytest.raises(ParameterError, match="Asia/Kolkata"):
        due.zone("Kolkata")


@pytest.fixture(scope="module")
def night(tmp_path_factory) -> Path:
    """A daily report at a time that the clock skips, in Berlin."""
    folder = tmp_path_factory.mktemp("night")
    write_notebook(folder)
    return write_config(
        folder,
        schedule='"30 2 * * *"',
        timezone=f'"{BERLIN}"',
        parameters='{ period = "yesterday" }',
    )


def test_night_of_clock_change_runs_once_for_the_right_local_day(night: Path) -> None:
    """Looked at every hour from 00:30 to 09:30 on 30 March: one run, about 29 March."""
    looks = [_at("2025-03-29T23:30:00") + timedelta(hours=n) for n in range(1, 11)]
    before = report.run_due(config=night, now=_at("2025-03-29T23:00:00"))
    results = [r for look in looks for r in report.run_due(config=night, now=look)]
    assert [r.run.period for r in before] == ["2025-03-28_2025-03-28"]
    assert [r.run.period for r in results] == ["2025-03-29_2025-03-29"]
    assert results[0].ok and results[0].run.slot == _at("2025-03-30T03:00:00")


def test_run_that_did_not_come_is_noticed_and_made_up_for(night: Path) -> None:
    """Nothing ran after 30 March; on 2 April at noon each day has its letter, the oldest first."""
    late = _at("2025-04-02T12:00:00")
    (said,) = report.check(night, now=late, deliver=False)
    assert "did not run" in said and "Wed 2 Apr 2025 02:30" in said and BERLIN in said
    made = report.run_due(config=night, now=late)
    days = ["2025-03-30", "2025-03-31", "2025-04-01"]
    assert [r.run.period for r in made] == [f"{day}_{day}" for day in days]
    assert report.check(night, now=late, deliver=False) == []
    assert report.run_due(config=night, now=late) == []


def test_report_within_its_patience_is_not_missed(night: Path) -> None:
    report.run_due(config=night, now=_at("2025-04-03T03:00:00"))
    assert report.check(night, now=_at("2025-04-04T02:50:00"), deliver=False) == []
    assert len(report.check(night, now=_at("2025-04-04T04:00:00"), deliver=False)) == 1


def test_paused_report_is_neither_due_nor_missed(tmp_path: Path) -> None:
    write_notebook(tmp_path)
    path = write_config(tmp_path, schedule='"0 8 * * 1"', paused="true")
    now = _at("2025-03-10T12:00:00", "Asia/Kolkata")
    assert report.run_due(config=path, now=now) == []
    assert report.check(path, now=now, deliver=False) == []
    assert report.list_reports(path).iloc[0]["next_due"] is None


def test_more_than_catch_up_is_said_to_be_skipped(tmp_path: Path) -> None:
    """Monday the 3rd ran; then nothing until Wednesday the 26th, and catch_up is 1."""
    write_notebook(tmp_path)
    share = '[deliveries.share]\nkind = "folder"\npath = "share"\n'
    week = {"schedule": '"0 8 * * 1"', "parameters": '{ period = "last_week" }'}
    path = write_config(tmp_path, share, deliver='["share"]', catch_up="1", **week)
    zone = "Asia/Kolkata"
    report.run_due(config=path, now=_at("2025-02-03T09:00:00", zone))
    made = report.run_due(config=path, now=_at("2025-02-26T09:00:00", zone))
    assert [r.run.period[:10] for r in made] == ["2025-02-10", "2025-02-17"]
    (alert,) = (tmp_path / "share" / "alerts").iterdir()
    assert "1 planned run did not come (Mon 10 Feb 2025 08:00)" in alert.read_text()
    assert report.run_due(config=path, now=_at("2025-02-27T09:00:00", zone)) == []
    assert len(list((tmp_path / "share" / "alerts").iterdir())) == 1


def test_report_whose_folder_is_gone_is_told_and_the_next_one_runs(tmp_path: Path) -> None:
    write_notebook(tmp_path)
    share = '[deliveries.share]\nkind = "folder"\npath = "share"\n'
    path = write_config(tmp_path, share, deliver='["share"]', schedule='"0 8 * * 1"')
    gone = (
        '[reports.gone]\nnotebook = "report"\nschedule = "0 8 * * 1"\ndeliver = ["share"]\n'
        f'parameters = {{ data = "{tmp_path / "absent"}" }}\n[reports.toy]'
    )
    path.write_text(path.read_text().replace("[reports.toy]", gone))
    now = _at("2025-03-10T12:00:00", "Asia/Kolkata")
    first, second = report.run_due(config=path, now=now)
    assert (first.run.report, first.status) == ("gone", "failed") and second.status == "delivered"
    assert "there is no file or folder" in first.run.message
    (alert,) = (tmp_path / "share" / "alerts").iterdir()
    assert "absent" in alert.read_text()
    assert report.history("gone", path).iloc[0]["status"] == "failed"
    assert [r.run.report for r in report.run_due(config=path, now=now)] == ["gone"]


def test_missed_run_alerts_once(tmp_path: Path) -> None:
    write_notebook(tmp_path)
    share = '[deliveries.share]\nkind = "folder"\npath = "share"\n'
    path = write_config(tmp_path, share, schedule='"0 8 * * 1"', alert='["share"]')
    now = _at("2025-03-10T12:00:00", "Asia/Kolkata")
    for hours in range(3):
        assert "it never ran" in report.check(path, now=now + timedelta(hours=hours))[0]
    (alert,) = (tmp_path / "share" / "alerts").iterdir()
    assert "Mon 10 Mar 2025 08:00" in alert.read_text()
    report.check(path, now=now + timedelta(days=7))
    assert len(list((tmp_path / "share" / "alerts").iterdir())) == 2


def test_failed_run_is_tried_again_when_asked_again(tmp_path: Path) -> None:
    write_notebook(tmp_path, "raise ValueError('down')")
    path = write_config(tmp_path, schedule='"0 8 * * 1"')
    now = _at("2025-03-10T12:00:00", "Asia/Kolkata")
    assert [r.status for r in report.run_due(config=path, now=now)] == ["failed"]
    write_notebook(tmp_path, "print('up')")
    assert [r.status for r in report.run_due(config=path, now=now)] == ["written"]
    assert report.run_due(config=path, now=now) == []
    chosen = config.load(path)
    # The mended notebook is another run; the failed one stays in the history.
    assert [r.status for r in History(chosen.root).runs("toy")] == ["written", "failed"]


def test_cron_line_asks_often_and_names_the_configuration(tmp_path: Path) -> None:
    path = write_config(tmp_path, schedule='"0 8 * * 1"')
    said = report.schedule("toy", path)
    assert "# toy: 0 8 * * 1 (Asia/Kolkata)" in said
    line = said.splitlines()[-1]
    assert line.startswith("*/15 * * * * ") and line.endswith("report run toy --due")
    assert f"HK_METRICS_REPORTS={path}" in line
    with pytest.raises(ParameterError, match="no report has a schedule"):
        report.schedule(config=write_config(tmp_path))


@pytest.fixture
def crontab(tmp_path: Path, monkeypatch) -> Path:
    """A crontab program that keeps one file, and says so where there is none, as cron's does."""
    folder = tmp_path / "bin"
    folder.mkdir()
    kept = tmp_path / "kept"
    program = folder / "crontab"
    program.write_text(
        f"""#!/bin/sh
if [ "$1" = -l ]; then
  [ -f {kept} ] && exec cat {kept}
  echo "no crontab for $USER" >&2; exit 1
fi
exec cat > {kept}
"""
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return kept


def test_installing_keeps_what_else_is_in_the_crontab(tmp_path: Path, crontab: Path) -> None:
    others = "MAILTO=me@x.example\n0 1 * * * backup 100\\%\n"
    crontab.write_text(others)
    path = write_config(tmp_path, schedule='"0 8 * * 1"')
    said = CliRunner().invoke(main, ["report", "schedule", "--install", "--config", str(path)])
    assert "put into the crontab" in said.output
    first = crontab.read_text()
    assert first.startswith(others) and first.count("report run toy --due") == 1
    again = CliRunner().invoke(main, ["report", "schedule", "--install", "--config", str(path)])
    assert "nothing was changed" in again.output and crontab.read_text() == first
    # Another line after ours stays after it, and a changed schedule changes the block alone.
    crontab.write_text(first + "@reboot later\n")
    report.install(write_config(tmp_path, schedule='"0 9 * * 2"'))
    changed = crontab.read_text()
    assert "0 9 * * 2" in changed and "0 8 * * 1" not in changed
    assert changed.startswith(others) and changed.endswith("@reboot later\n")
    report.install(path, remove=True)
    assert crontab.read_text() == others + "@reboot later\n"


def test_first_crontab_is_made_and_a_missing_cron_is_said(tmp_path, crontab, monkeypatch) -> None:
    path = write_config(tmp_path, schedule='"0 8 * * 1"')
    report.install(path)
    assert "report run toy --due" in crontab.read_text()
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingToolError, match="--kind systemd"):
        report.install(path)


@pytest.mark.parametrize(
    "cron, expected",
    [
        ("0 8 * * 1", ["Mon *-*-* 8:0:00 Asia/Kolkata"]),
        ("*/15 9-17 * * MON-FRI", ["Mon..Fri *-*-* 9..17:0/15:00 Asia/Kolkata"]),
        ("30 6 1 */3 *", ["*-1/3-1 6:30:00 Asia/Kolkata"]),
        ("0 0 1,15 JAN 0,6", ["*-1-1,15 0:0:00 Asia/Kolkata", "Sun,Sat *-1-* 0:0:00 Asia/Kolkata"]),
    ],
)
def test_systemd_timer_means_the_same_as_cron(cron: str, expected: list[str]) -> None:
    assert timers.on_calendar(cron, "Asia/Kolkata") == expected
    for line in expected:
        if shutil.which("systemd-analyze"):
            subprocess.run(["systemd-analyze", "calendar", line], check=True, capture_output=True)


def test_systemd_units_are_a_service_and_a_timer(tmp_path: Path) -> None:
    path = write_config(tmp_path, schedule='"0 8 * * 1"')
    said = report.schedule("toy", path, kind="systemd")
    for expected in (
        "# hk-metrics-toy.service",
        "Type=oneshot",
        "# hk-metrics-toy.timer",
        "OnCalendar=Mon *-*-* 8:0:00 Asia/Kolkata",
        "Persistent=true",
    ):
        assert expected in said
    for words in ("0 8 L * *", "0 8 * * 5L", "0 8 * * 1#1"):
        with pytest.raises(ParameterError, match="no like in systemd"):
            timers.on_calendar(words, "Asia/Kolkata")
