"""The letter's notebook: thin, runnable as it is, and right on the reference data."""

from __future__ import annotations

import json
import re
from pathlib import Path

import openpyxl
import pandas as pd
import papermill
import polars as pl
import pytest

import hk_metrics as hk
from hk_metrics import browser, report
from hk_metrics.present.safe import FORMULA
from hk_metrics.report.parameters import declared
from tests.length import some
from tests.machine import needs_browser
from tests.worked_example import TABLES

NOTEBOOK = Path(__file__).resolve().parent.parent.parent / "notebooks" / "report.ipynb"
FORMATS = ["html", "csv", "xlsx", "ipynb"]


@pytest.fixture(scope="module")
def letter(reference, tmp_path_factory) -> report.RunResult:
    """The letter about all of the reference data."""
    folder = tmp_path_factory.mktemp("letter")
    given = {"data": str(reference)}
    result = report.run("report", given, output=folder, formats=FORMATS, deliver=False)
    assert result.ok, result.run.message
    return result


@pytest.fixture(scope="module")
def expected(reference) -> dict:
    return json.loads((reference / "expected.json").read_text())


def test_papermill_itself_understands_the_parameters() -> None:
    ours, theirs = declared(NOTEBOOK), papermill.inspect_notebook(NOTEBOOK)
    assert list(ours) == list(theirs)
    assert all(p["help"] for p in theirs.values())


def test_page_has_the_reference_totals(letter, expected) -> None:
    page = letter.path.read_text(encoding="utf-8")
    for shown in (
        "₹37,86,492.07",
        "₹12,64,269",
        "19,009",
        "57,25,224",
        "2,61,726",
        'title="2.9950×"',  # ROAS 2.995005
        'title="199.5005%"',  # ROI
        ">₹199.19<",  # AOV, money to the hundredth
        ">₹66.51<",  # cost per order
        'title="4.5715%"',  # engagement rate
        ">0.332%<",  # conversion, whose exact form says no more
    ):
        assert shown in page, shown
    assert "90 of 100 paid influencers" in page
    for source in expected["by_source"].values():
        whole, _, cents = f"{source['revenue']:.2f}".partition(".")
        assert f"₹{whole[:-5]},{whole[-5:-3]},{whole[-3:]}.{cents}" in page  # 12,75,473.76


def test_workbook_and_tables_equal_the_library(letter, reference, expected) -> None:
    book = openpyxl.load_workbook(next(p for p in letter.paths if p.suffix == ".xlsx"))
    rows = list(book["Key figures"].iter_rows(values_only=True))
    assert rows[0][:3] == ("Metric", "In", "This period") and "Before" in rows[0]
    at = {name: rows[0].index(name) for name in ("This period", "Metric, as the library names it")}
    shown = {row[at["Metric, as the library names it"]]: row[at["This period"]] for row in rows[1:]}
    formats = {row[0].value: (row[1].value, row[2].number_format) for row in book["Key figures"]}
    assert formats["Revenue"][0] == "₹" and formats["Revenue"][1].startswith('[>=10000000]"₹"')
    assert formats["ROAS"] == ("×", '0.00"×"') and formats["ROI"] == ("%", "0.00%")
    totals = hk.load(reference).view().totals()
    for name, value in shown.items():
        assert value == pytest.approx(float(totals[name]), rel=1e-14), name
    assert round(shown["revenue"], 2) == expected["totals"]["revenue"]
    source = pd.read_csv(
        next(p for p in letter.paths if p.name.endswith("by-source.csv")), encoding="utf-8-sig"
    ).set_index("source")
    for name, known in expected["by_source"].items():
        assert round(source["revenue"][name], 2) == known["revenue"]
        assert source["orders"][name] == known["orders"]


def test_workbook_has_no_formula_and_explains_itself(letter) -> None:
    book = openpyxl.load_workbook(next(p for p in letter.paths if p.suffix == ".xlsx"))
    cells = [c for page in book for row in page.iter_rows() for c in row]
    assert not any(c.data_type == "f" for c in cells)
    assert not any(isinstance(c.value, str) and re.match(FORMULA, c.value) for c in cells)
    about = {row[0].value: row[1].value for row in book["About"].iter_rows()}
    assert {"Dataset", "Period", "Filters", "Made", "Revenue"} <= about.keys()
    assert all(page.freeze_panes for page in book if page.title != "About")


def test_executed_notebook_says_it_finished(letter) -> None:
    executed = json.loads(next(p for p in letter.paths if p.suffix == ".ipynb").read_text())
    assert executed["metadata"]["papermill"]["exception"] is None
    assert next(p for p in letter.paths if p.suffix == ".ipynb").stat().st_size < 2_000_000


PARTS = {
    "no day with data": {"start": "2030-01-01", "end": "2030-01-07"},
    "campaign, platform, credit, dollars": {
        "campaign": ["GritzoKidsRun"],
        "platform": "YouTube",
        "attribution": "linear",
        "grouping": "international",
        "currency": "USD",
    },
    "brand and period": {
        "start": "2025-05-01", "end": "2025-05-31", "brand": "HKVitals", "compare": "none",
    },
    "source": {"source": "SwipeUp"},
}  # fmt: skip


@pytest.mark.parametrize("given", some(PARTS.values(), 2))
def test_letter_can_be_written_about_any_part(reference, tmp_path, given) -> None:
    result = report.run(
        "report", {"data": str(reference), **given}, output=tmp_path, formats=["html"]
    )
    assert result.ok, result.run.message
    page = result.path.read_text(encoding="utf-8")
    assert not re.search(r">(nan|NaN|inf|None|NaT)<", page)


def test_unknown_brand_fails_with_the_nearest(reference, tmp_path) -> None:
    given = {"data": str(reference), "brand": "Gritzzo"}
    result = report.run("report", given, output=tmp_path, formats=["html"])
    assert not result.ok and "did you mean 'Gritzo'" in result.run.message
    assert not list(tmp_path.rglob("*.html"))


def test_letter_about_data_that_is_not_there_does_not_start(tmp_path) -> None:
    with pytest.raises(hk.HkMetricsError, match="no file or folder"):
        report.run("report", {"data": str(tmp_path / "absent")}, output=tmp_path)


@pytest.mark.browser
def test_names_from_data_run_nothing_in_page_or_workbook(tmp_path) -> None:
    """A creator, a campaign and a source that are called like code."""
    needs_browser()
    tag, formula = "<img src=x onerror=owned=1>", '=HYPERLINK("http://x.example","y")'
    renamed = {
        "influencers": TABLES["influencers"].with_columns(pl.lit(tag).alias("name")),
        "tracking_data": TABLES["tracking_data"].with_columns(
            campaign=pl.col("campaign").replace({"Fit": formula, "Run": tag}),
            source=pl.lit("javascript:owned=1"),
        ),
    }
    for name, table in {**TABLES, **renamed}.items():
        table.write_csv(tmp_path / f"{name}.csv")
    result = report.run(
        "report", {"data": str(tmp_path)}, output=tmp_path / "out", formats=["html", "xlsx", "csv"]
    )
    assert result.ok, result.run.message
    assert tag not in result.path.read_text(encoding="utf-8")
    book = openpyxl.load_workbook(next(p for p in result.paths if p.suffix == ".xlsx"))
    campaigns = [c for c in book["By campaign"]["A"] if "HYPERLINK" in str(c.value)]
    assert campaigns and all(c.data_type == "s" and c.value[0] == "'" for c in campaigns)
    with browser.chromium() as chromium:
        page = chromium.new_page()
        page.goto(result.path.as_uri())
        page.evaluate("() => window.figuresDrawn")
        assert page.locator("img").count() == 0 and page.locator("a[href^=javascript]").count() == 0
        assert page.evaluate("typeof owned") == "undefined"
