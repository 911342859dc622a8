"""Exports: each table as CSV and XLSX, a page as PDF, everything as one workbook that explains."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pypdfium2
import pytest

from hk_metrics.dataset import Dataset
from hk_metrics.metrics import METRICS
from hk_metrics.ui.pages import LABELS
from tests.browser.conftest import Visit
from tests.browser.reading import download, panel

PAISA = 0.005
FILTERED = "campaign=HKFitBlast&from=2025-04-01&to=2025-04-30"
FILTERS = {"campaign": "HKFitBlast", "date": ("2025-04-01", "2025-04-30")}
TITLES = """els => els.filter(e => e.checkVisibility())
    .map(e => e.querySelector(".hk-panel-title").firstChild.textContent)"""


def csv(content: bytes) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(content), encoding="utf-8-sig", dtype_backend="numpy_nullable")


def book(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    opened = openpyxl.load_workbook(io.BytesIO(content))
    return {page.title: list(page.iter_rows(values_only=True)) for page in opened}


def about(sheets: dict[str, list[tuple[Any, ...]]]) -> dict[str, str]:
    return {str(row[0]): str(row[1]) for row in sheets["About"] if row[0]}


@pytest.mark.parametrize("key", [key for key in LABELS if key != "data"])
def test_every_table_is_the_same_as_csv_and_as_xlsx(tour: Visit, key: str) -> None:
    page = tour.show(f"page={key}&{FILTERED}")
    titles = page.locator(".hk-table").evaluate_all(TITLES)
    assert titles or key == "overview"
    for title in titles:
        rows = csv(download(page, title, "CSV"))
        sheets = book(download(page, title, "XLSX"))
        assert about(sheets)["Campaign"] == "HKFitBlast"
        _, told = sheets.values()
        assert len(told) - 1 == max(len(rows), 1 if not len(rows) else 0), title
        for at, name in enumerate(rows.columns[: len(told[0])]):
            if pd.api.types.is_numeric_dtype(rows[name]):
                cells = pd.Series([row[at] for row in told[1:]], dtype="Float64")
                exact = rows.get(f"{name}, exact", rows[name]).astype("Float64")
                gap = (cells * (100 if name.endswith("(%)") else 1) - exact).abs().max()
                assert pd.isna(gap) or gap < 1e-6, (title, name)


@pytest.mark.parametrize(
    ("query", "title", "dimension", "sums"),
    [
        ("page=campaigns", "Campaigns", "campaign", ["revenue", "spend", "orders", "reach"]),
        ("page=campaigns", "Brands", "brand", ["revenue", "spend", "orders", "reach"]),
        ("page=influencers", "Ranking", "influencer_id", ["revenue", "spend", "profit", "orders"]),
        ("page=payouts", "Payouts by influencer", "influencer_id", ["spend", "revenue", "orders"]),
        ("page=payouts", "Cost by basis", "basis", ["spend", "orders"]),
    ],
)
def test_exported_numbers_equal_the_library(
    tour: Visit, sample: Dataset, query: str, title: str, dimension: str, sums: list[str]
) -> None:
    rows = csv(download(tour.show(query), title, "CSV"))
    wanted = sample.view().by(dimension, sums)
    ids = "Influencer id" if dimension == "influencer_id" else dimension.capitalize()
    wanted = wanted.reindex(rows[ids].astype(str))
    for name in sums:
        unit = " (₹)" if METRICS[name].unit == "money" else ""
        shown = rows[f"{METRICS[name].label}{unit}"]
        told, sure = (sorted(x.fillna(0).astype(float)) for x in (shown, wanted[name]))
        assert told == pytest.approx([v for v in sure if v or len(sure) == len(told)], abs=PAISA)


def test_figure_hands_out_its_numbers(tour: Visit, sample: Dataset) -> None:
    page = tour.show("period=all")
    found = panel(page, "Revenue by brand")
    found.get_by_label("Show as table").click()
    rows = csv(download(page, "Revenue by brand", "CSV"))
    wanted = sample.view().by("brand", ["revenue"])["revenue"]
    assert dict(zip(rows.iloc[:, 0], rows.iloc[:, 1], strict=True)) == pytest.approx(
        wanted.to_dict(), abs=PAISA
    )
    found.get_by_label("Show as table").click()


def taken(tour: Visit, entry: str) -> bytes:
    tour.page.get_by_role("button", name="Export", exact=True).click()
    with tour.page.expect_download(timeout=90_000) as coming:
        tour.page.locator(".hk-item", has_text=entry).click()
    tour.idle()
    return Path(coming.value.path()).read_bytes()


def test_workbook_holds_everything_with_definitions_filters_and_time(
    tour: Visit, sample: Dataset
) -> None:
    tour.show(FILTERED)
    sheets = book(taken(tour, "Everything"))
    said = about(sheets)
    assert said["Campaign"] == "HKFitBlast"
    assert said["Period"] == "1 – 30 Apr 2025"
    assert said["Dataset"] == "Generated sample"
    assert re.search(rf"{datetime.now(UTC):%Y}, \d\d:\d\d", said["Written"])
    assert said["ROAS"] == METRICS["roas"].formula
    view = sample.view(**FILTERS)
    totals = dict(zip(*sheets["Totals"][:2], strict=True))
    for name, value in view.totals(["revenue", "spend", "orders", "roas"]).items():
        assert totals[METRICS[str(name)].label] == pytest.approx(value, abs=PAISA)
    days = pd.DataFrame(sheets["By day"][1:], columns=sheets["By day"][0])
    assert days["Revenue"].tolist() == pytest.approx(view.trend("D")["revenue"].tolist(), abs=PAISA)
    for dimension in ("platform", "brand", "source", "influencer"):
        rows = pd.DataFrame(sheets[f"By {dimension}"][1:], columns=sheets[f"By {dimension}"][0])
        assert rows["Revenue"].sum() == pytest.approx(view.totals(["revenue"])["revenue"], abs=0.5)


def test_page_leaves_as_workbook_and_as_pdf(tour: Visit, sample: Dataset) -> None:
    tour.show(f"page=campaigns&{FILTERED}")
    sheets = book(taken(tour, "Tables of this page"))
    assert {"About", "Campaigns", "Top performers"} <= set(sheets)
    pdf = pypdfium2.PdfDocument(taken(tour, "This page as PDF"))
    words = "\n".join(page.get_textpage().get_text_range() for page in pdf)
    assert "HKFitBlast" in words
    assert "1 – 30 Apr 2025" in words
    spend = sample.view(**FILTERS).totals(["spend"])["spend"]
    assert f"{spend:,.0f}"[-3:] in words


def test_statement_of_one_influencer_leaves_as_pdf_with_every_payment(
    tour: Visit, sample: Dataset
) -> None:
    payouts = sample.tables["payouts"]
    who = str(payouts["influencer_id"].mode()[0])
    name = sample.tables["influencers"].filter(id=who)["name"][0]
    page = tour.show(f"page=payouts&influencer_id={who}")
    pdf = pypdfium2.PdfDocument(download(page, f"Statement of {name}", "PDF"))
    words = "\n".join(sheet.get_textpage().get_text_range() for sheet in pdf)
    assert f"Statement of {name}" in words
    rows = csv(download(page, f"Statement of {name}", "CSV"))
    assert len(rows) == payouts.filter(influencer_id=who).height
    assert f"{len(rows)} payments" in words
