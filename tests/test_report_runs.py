"""Runs: made once, delivered once, failures remembered, nothing half written."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import nbformat
import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner

from hk_metrics import report
from hk_metrics.cli import main
from hk_metrics.errors import ParameterError, UnknownNameError
from hk_metrics.report import config, locks
from hk_metrics.report.records import History, Run
from tests.report_toy import part_files, write_config, write_notebook

SHARE = '[deliveries.share]\nkind = "folder"\npath = "share"\n'
DELIVERED = {"deliver": '["share"]'}


def _share(folder: Path) -> list[str]:
    return sorted(
        p.relative_to(folder / "share").as_posix() for p in (folder / "share").rglob("*.html")
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> tuple[Path, report.RunResult]:
    """One run of the toy with a folder delivery and all formats that need no browser."""
    folder = tmp_path_factory.mktemp("toy")
    write_notebook(folder)
    path = write_config(
        folder, SHARE, **DELIVERED, formats='["html", "csv", "xlsx", "ipynb"]', keep="2"
    )
    return path, report.run("toy", {"words": "first"}, config=path)


def test_run_writes_every_format_and_delivers_it(made) -> None:
    path, result = made
    assert result.ok and result.status == "delivered"
    names = {p.name for p in result.paths}
    assert names == {"toy.html", "toy.xlsx", "toy.ipynb", "01-toy-table.csv"}
    assert _share(path.parent) == [f"toy/{result.folder.name}/toy.html"]
    assert not part_files(path.parent)


def test_letters_are_listed_on_one_page_with_links_that_lead_to_them(made) -> None:
    path, result = made
    page = (path.parent / "runs" / "index.html").read_text()
    told = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in page.split("<tr>")[2:]]
    mine = next(row for row in told if row[0] == "Toy: first")
    assert mine[1] == "toy" and ">all<" in mine[2] and mine[4] == "delivered"
    linked = re.findall(r'href="([^"]+)"', mine[5])
    assert {(path.parent / "runs" / name) for name in linked} == {
        p for p in result.paths if p.parent == result.folder
    }


def test_tables_reach_csv_and_xlsx_to_the_last_digit_and_harmless(made) -> None:
    files = {p.suffix: p for p in made[1].paths}
    back = pd.read_csv(files[".csv"], encoding="utf-8-sig")
    assert back["profit"].tolist() == [-12.5, 0.3]
    assert back["name"][0] == "'=1+1"
    page = openpyxl.load_workbook(files[".xlsx"])["Toy table"]
    assert [c.value for c in page["B"][1:]] == pytest.approx([-12.5, 0.3], rel=1e-15)
    assert page["A2"].data_type == "s"


def test_executed_notebook_is_kept_with_its_parameters(made) -> None:
    path = next(p for p in made[1].paths if p.suffix == ".ipynb")
    notebook = nbformat.read(path, as_version=4)
    injected = next(c for c in notebook.cells if "injected-parameters" in c.metadata.tags)
    assert 'words = "first"' in injected.source


def test_same_run_twice_is_made_and_delivered_once(made) -> None:
    path, first = made
    before = first.path.stat().st_mtime_ns
    again = report.run("toy", {"words": "first"}, config=path)
    assert again.repeated and again.ok and "already delivered" in str(again)
    assert again.path.stat().st_mtime_ns == before
    assert len(_share(path.parent)) == 1


def test_run_is_made_anew_on_request(made) -> None:
    path, first = made
    before = first.path.stat().st_mtime_ns
    again = report.run("toy", {"words": "first"}, config=path, force=True)
    assert again.ok and not again.repeated and again.run.edition == 2
    assert again.path.stat().st_mtime_ns > before


def test_changed_notebook_is_another_run_and_a_saved_one_is_not(tmp_path) -> None:
    notebook = write_notebook(tmp_path)
    path = write_config(tmp_path, formats='["html"]')
    first = report.run("toy", config=path)
    opened = nbformat.read(notebook, as_version=4)
    opened.cells[-1].outputs = [nbformat.v4.new_output("stream", text="tried in JupyterLab")]
    nbformat.write(opened, notebook)
    assert report.run("toy", config=path).repeated
    opened.cells[-1].source += "\nprint('one more')"
    nbformat.write(opened, notebook)
    second = report.run("toy", config=path)
    assert not second.repeated and second.run.key != first.run.key
    assert "one more" in second.path.read_text(encoding="utf-8")


EMPTY = """display({"application/vnd.hk-metrics.letter+json": {
    "subject": "Gritzo, June: Nothing happened", "headline": "Nothing happened in this period",
    "empty": True, "scope": "Gritzo", "kpis": [], "notes": ["The data ends on 29 May 2025."],
    "about": {"Dataset": "reference", "Period": "June"}}, "text/plain": ""}, raw=True)"""


@pytest.mark.parametrize("when", ["note", "skip", "letter"])
def test_period_without_a_row_sends_a_line_or_nothing(tmp_path, when) -> None:
    write_notebook(tmp_path, EMPTY)
    path = write_config(tmp_path, SHARE, **DELIVERED, when_empty=f'"{when}"')
    result = report.run("toy", config=path)
    assert result.ok and bool(_share(tmp_path)) == (when == "letter")
    lines = list(tmp_path.glob("share/alerts/*.txt"))
    assert len(lines) == (when == "note")
    if when == "note":
        said = lines[0].read_text()
        assert "Nothing happened in this period" in said and "ends on 29 May 2025" in said
        assert "Gritzo · reference · June" in said
    assert report.run("toy", config=path).repeated


def test_history_and_list_tell_what_happened(made) -> None:
    path, _ = made
    shown = report.history("toy", path)
    assert shown.iloc[0]["status"] == "delivered"
    assert report.list_reports(path).iloc[0]["last_status"] == "delivered"
    assert report.history(None, path).shape[0] == len(shown)
    with pytest.raises(UnknownNameError, match="did you mean 'toy'"):
        report.history("toi", path)


def test_retention_removes_old_files_and_remembers_the_run(made) -> None:
    path, first = made
    later = [report.run("toy", {"words": w}, config=path) for w in ("second", "third")]
    assert all(r.ok for r in later)
    assert not first.path.exists() and all(r.path.exists() for r in later)
    again = report.run("toy", {"words": "first"}, config=path)
    assert again.repeated  # its files are gone, but everyone has had it


@pytest.mark.parametrize(
    "given, says",
    [
        ({"word": "x"}, "did you mean 'words'"),
        ({"start": "2025-02-30"}, "start"),
        ({"period": "last_weak"}, "did you mean 'last_week'"),
        ({"period": "last_week", "start": "2025-03-01"}, "not both"),
        ({"start": "2025-03-02", "end": "2025-03-01"}, "before it begins"),
        ({"words": "https://me:hunter2hunter2@db.example/x"}, "holds a password"),
    ],
)
def test_wrong_parameters_stop_before_anything_runs(tmp_path, given, says) -> None:
    write_notebook(tmp_path)
    path = write_config(tmp_path, SHARE, **DELIVERED)
    with pytest.raises((ParameterError, UnknownNameError), match=says) as caught:
        report.run("toy", given, config=path)
    assert "hunter2hunter2" not in str(caught.value)
    assert not (tmp_path / "runs").exists() and not (tmp_path / "share").exists()


def test_unknown_report_names_the_nearest(tmp_path) -> None:
    write_notebook(tmp_path)
    with pytest.raises(UnknownNameError, match="did you mean 'toy'"):
        report.run("toi", config=write_config(tmp_path))
    with pytest.raises(UnknownNameError, match="unknown format"):
        report.run("toy", config=write_config(tmp_path), formats=["docx"])


def test_failing_notebook_alerts_once_and_leaves_no_report(tmp_path) -> None:
    write_notebook(tmp_path, "raise ValueError('no such brand')")
    path = write_config(tmp_path, SHARE, **DELIVERED)
    results = [report.run("toy", config=path) for _ in range(2)]
    assert not any(r.ok for r in results) and "no such brand" in results[0].run.message
    alerts = list((tmp_path / "share" / "alerts").iterdir())
    assert len(alerts) == 1 and "no such brand" in alerts[0].read_text()
    assert (tmp_path / "runs/history/toy/last-failure.ipynb").is_file()
    assert not _share(tmp_path) and not part_files(tmp_path)
    assert report.history("toy", path).iloc[0]["status"] == "failed"


def test_run_that_takes_too_long_is_ended(tmp_path) -> None:
    write_notebook(tmp_path, "import time; time.sleep(600)")
    result = report.run("toy", config=write_config(tmp_path, timeout_minutes="0.05"))
    assert not result.ok and "longer than 3 s" in result.run.message


def test_kernel_that_dies_is_a_failure(tmp_path) -> None:
    write_notebook(tmp_path, "import os; os.kill(os.getpid(), 9)")
    result = report.run("toy", config=write_config(tmp_path))
    assert not result.ok and "memory" in result.run.message


def test_missing_delivery_of_a_finished_run_is_made_up_for(tmp_path) -> None:
    """The share is a file at first, so nothing can be written into it."""
    write_notebook(tmp_path)
    (tmp_path / "share").write_text("in the way")
    path = write_config(tmp_path, SHARE, **DELIVERED)
    first = report.run("toy", config=path)
    assert first.status == "undelivered" and first.run.deliveries["share"].attempts == 3
    made_at = first.path.stat().st_mtime_ns
    assert any("not delivered" in said for said in report.check(path, deliver=False))
    (tmp_path / "share").unlink()
    second = report.run("toy", config=path)
    assert second.ok and len(_share(tmp_path)) == 1
    assert second.path.stat().st_mtime_ns == made_at
    assert report.check(path, deliver=False) == []


def test_interrupted_run_is_noticed_and_completed(tmp_path) -> None:
    write_notebook(tmp_path)
    path = write_config(tmp_path)
    chosen = config.load(path)
    result = report.run("toy", config=path)
    History(chosen.root).write(result.run.with_(status="running"))
    assert "was interrupted" in report.check(path, deliver=False)[0]
    with locks.held(chosen.root, f"toy-{result.run.key}"):
        assert report.check(path, deliver=False) == []  # somebody is at it
    assert report.run("toy", config=path).ok
    assert report.check(path, deliver=False) == []


def test_notebook_that_is_no_report_of_the_file_can_be_run(tmp_path) -> None:
    path = write_notebook(tmp_path, name="other")
    result = report.run(str(path), {"words": "x"}, output=tmp_path / "out", formats=["html"])
    assert result.status == "written" and result.path.parent.parent == tmp_path / "out" / "other"


def test_period_in_words_becomes_days_of_the_reports_time_zone(tmp_path) -> None:
    """Sunday 20:00 in London is Monday 01:30 in Kolkata: last week has just ended."""
    from hk_metrics.report.plan import plan

    write_notebook(tmp_path)
    chosen = config.load(write_config(tmp_path))
    now = datetime(2025, 3, 9, 20, 0, tzinfo=UTC)
    made = plan(chosen, "toy", {"period": "last_week"}, now=now)
    assert (made.parameters["start"], made.parameters["end"]) == ("2025-03-03", "2025-03-09")
    assert made.period == "2025-03-03_2025-03-09"


def test_record_survives_its_file_and_unreadable_ones_are_passed_over(tmp_path) -> None:
    history = History(tmp_path)
    run = Run(report="toy", key="ab12", status="running", started=datetime.now(UTC))
    history.write(run)
    assert history.read("toy", "ab12") == run
    (tmp_path / "history/toy/cd34.json").write_text('{"half":')
    assert history.runs("toy") == [run]
    assert json.loads((tmp_path / "history/toy/ab12.json").read_text())["status"] == "running"


def test_command_line_ends_with_an_error_for_anything_that_did_not_arrive(tmp_path) -> None:
    """A wrong parameter; a delivery that fails, with an alert elsewhere; and all well."""
    write_notebook(tmp_path)
    deliveries = (
        '[deliveries.blocked]\nkind = "folder"\npath = "blocked"\n'
        '[deliveries.share]\nkind = "folder"\npath = "share"\n'
    )
    path = write_config(tmp_path, deliveries, deliver='["blocked"]', alert='["share"]')
    (tmp_path / "blocked").write_text("in the way")
    command = ["report", "run", "toy", "--config", str(path)]
    wrong = CliRunner().invoke(main, [*command, "-p", "word=x"])
    assert wrong.exit_code == 1 and "did you mean 'words'" in wrong.output
    assert not (tmp_path / "runs").exists()
    failed = CliRunner().invoke(main, command)
    assert failed.exit_code == 1 and "undelivered" in failed.output
    (alert,) = (tmp_path / "share" / "alerts").iterdir()
    assert "could not be delivered" in alert.read_text()
    assert CliRunner().invoke(main, ["report", "check", "--config", str(path)]).exit_code == 1
    (tmp_path / "blocked").unlink()
    assert CliRunner().invoke(main, command).exit_code == 0
    assert CliRunner().invoke(main, ["report", "check", "--config", str(path)]).exit_code == 0


def test_report_whose_notebook_is_gone_is_still_listed(tmp_path) -> None:
    shown = report.list_reports(write_config(tmp_path))
    assert "there is no notebook" in shown.iloc[0]["parameters"]
