"""Every set of data gives a letter, whatever it lacks, and no part takes the others along."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from hk_metrics import report
from hk_metrics.report import letter
from hk_metrics.report.letter.section import Missing
from tests.length import some
from tests.machine import needs_browser
from tests.paper import faults
from tests.report_toy import FACTS, write_config, write_notebook

SETS = [
    "messy/before-after-period",
    "messy/commission-fractions",
    "messy/paid-organic-source",
    "messy/per-order-datetimes",
    "messy/title-case-dmy-bom",
    "reference",
]
PERIODS = ["all", "2025-06-01..2025-06-30"]
# Letters with papermill are few, of every period; the long run makes all.
MADE = some(((s, p) for s in SETS for p in PERIODS), 3)
PARTS = [
    letter.opening, letter.trend, letter.key_figures, letter.top_and_bottom, letter.skill,
    letter.incremental, letter.incremental_chart, letter.payouts_due, letter.payout_doubts,
    letter.owed, letter.costs, letter.promises, letter.new_customers, letter.to_review,
    letter.data_quality, letter.definitions,
]  # fmt: skip


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("name", SETS)
def test_every_part_can_be_made_of_every_set(shared_data, name, period) -> None:
    story = letter.open_story(str(shared_data / name), period)
    made = {part.__name__: part(story) for part in PARTS}
    for dimension in ("brand", "campaign", "platform", "source", "category"):
        made[dimension] = letter.by(story, dimension)
        made[f"money by {dimension}"] = letter.money_by(story, dimension)
    assert not {n: part.reason for n, part in made.items() if isinstance(part, Missing)}


@pytest.mark.browser
@pytest.mark.parametrize("name, period", MADE)
def test_every_set_gives_a_letter_in_all_formats(shared_data, tmp_path, name, period) -> None:
    needs_browser()
    result = report.run(
        "report",
        {"data": str(shared_data / name), "period": period},
        output=tmp_path,
        formats=["html", "pdf", "xlsx"],
    )
    assert result.ok and not result.run.message
    made = {p.suffix: p for p in result.paths}
    assert faults(made[".pdf"].read_bytes(), said="data version") == []
    assert made[".html"].stat().st_size < 1_500_000
    assert "could not be made" not in made[".html"].read_text(encoding="utf-8")
    sheets = openpyxl.load_workbook(made[".xlsx"]).sheetnames
    empty = letter.open_story(str(shared_data / name), period).is_empty
    assert sheets == ["About"] if empty else {"About", "Key figures"} <= set(sheets)


def test_part_that_fails_is_told_in_its_place(reference, monkeypatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("no such column")

    monkeypatch.setattr("hk_metrics.signals.signals", broken)
    story = letter.open_story(str(reference))
    found = letter.to_review(story)
    assert isinstance(found, Missing) and found.title == "To review"
    assert "no such column" in found.reason
    assert not isinstance(letter.key_figures(story), Missing)


def test_part_that_cannot_be_shown_is_told_too(reference, monkeypatch) -> None:
    """A notebook drops what fails only when it is drawn, and says nothing."""
    shown = "hk_metrics.report.letter.drawing.Drawing._repr_mimebundle_"
    monkeypatch.setattr(shown, lambda *_, **__: 1 / 0)
    found = letter.trend(letter.open_story(str(reference)))
    assert isinstance(found, Missing) and "ZeroDivisionError" in found.reason


SHARE = '[deliveries.share]\nkind = "folder"\npath = "share"\n'


def test_cell_that_fails_leaves_the_letter_and_is_told_to_the_operator(tmp_path: Path) -> None:
    write_notebook(tmp_path, FACTS, "[].pop()", "print('the end')")
    result = report.run("toy", config=write_config(tmp_path, SHARE, deliver='["share"]'))
    assert result.ok and result.status == "delivered"
    page = result.path.read_text(encoding="utf-8")
    assert "pop from empty list" in page and "the end" in page and "Traceback" not in page
    assert "pop from empty list" in result.run.message
    (alert,) = (tmp_path / "share" / "alerts").iterdir()
    assert "lacks 1 part" in alert.read_text() and "pop from empty list" in alert.read_text()


def test_cell_that_others_need_fails_the_run(tmp_path: Path) -> None:
    write_notebook(tmp_path, FACTS, "last = [].pop()", "print(last)")
    result = report.run("toy", config=write_config(tmp_path))
    assert not result.ok and "pop from empty list" in result.run.message
    assert not list((tmp_path / "runs").rglob("*.html"))


def test_today_as_a_parameter_is_obeyed(reference, tmp_path) -> None:
    given = {"data": str(reference), "period": "last_month", "today": "2025-06-03"}
    result = report.run("report", given, output=tmp_path, formats=["html"])
    assert result.run.period == "2025-05-01_2025-05-31"
