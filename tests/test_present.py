"""CSV and XLSX: safe to open, and the numbers that come back are the numbers that went in."""

from __future__ import annotations

import io
import math

import openpyxl
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hk_metrics.dataset import Dataset
from hk_metrics.present import Table, atomic, safe
from hk_metrics.present.csv import csv_bytes, worded_csv, write_csv
from hk_metrics.present.workbook import sheets, workbook
from hk_metrics.present.xlsx import below_zero, formats, sheet_names, xlsx_bytes
from tests.worked_example import TABLES

ATTACKS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1",
    "\ufeff=1",
    "\u200b=1",
    "＝1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://x.example","y")',
]


def _sheet(**columns: list[object]) -> Table:
    return Table("Table", pd.DataFrame(columns), {"profit": "money"})


def _cells(content: bytes, name: str = "Table") -> list[tuple[object, str]]:
    page = openpyxl.load_workbook(io.BytesIO(content))[name]
    return [(c.value, c.data_type) for row in page.iter_rows(min_row=2) for c in row]


@pytest.mark.parametrize("attack", ATTACKS)
def test_text_that_starts_a_formula_is_neutralised(attack: str) -> None:
    assert safe.text(attack) == "'" + attack


@pytest.mark.parametrize("harmless", ["Asha", "a=b", "1+1", "", "HKFit-Blast", "₹5"])
def test_harmless_text_stays_as_it_is(harmless: str) -> None:
    assert safe.text(harmless) == harmless


@settings(deadline=None)
@given(st.text())
def test_text_column_and_single_text_agree(value: str) -> None:
    expected = safe.text(value)
    assert safe.frame(pl.DataFrame({"x": [value]}))["x"][0] == expected
    assert safe.frame(pd.DataFrame({"x": [value]}))["x"][0] == expected


def test_column_names_from_data_are_neutralised() -> None:
    assert list(safe.frame(pd.DataFrame({"=1+1": [1]})).columns) == ["'=1+1"]


@pytest.mark.parametrize("attack", ATTACKS)
def test_csv_has_no_cell_that_starts_a_formula(attack: str) -> None:
    sheet = _sheet(name=[attack, f"x;{attack}", f'x",{attack}'], profit=[-12.5, 0.1, math.nan])
    back = pd.read_csv(io.BytesIO(csv_bytes(sheet)), encoding="utf-8-sig", dtype={"name": str})
    assert not back["name"].str.match(safe.FORMULA).any()
    assert back["profit"].tolist()[:2] == [-12.5, 0.1]
    assert math.isnan(back["profit"][2])


def test_csv_split_at_semicolons_has_no_cell_that_starts_a_formula() -> None:
    out = csv_bytes(_sheet(name=["x;=1+1"])).decode("utf-8-sig")
    assert out == '"name"\n"x;=1+1"\n'


def test_csv_keeps_money_to_the_last_digit() -> None:
    revenue = [3786492.07, 1e-9, 85858.1, -0.07, 123456789012.34, 0.0]
    back = pd.read_csv(io.BytesIO(csv_bytes(_sheet(revenue=revenue))), encoding="utf-8-sig")
    assert back["revenue"].tolist() == revenue
    noisy = csv_bytes(_sheet(revenue=[0.1 + 0.2, 85858.09999999999, 192460.00000000003]))
    assert noisy.decode("utf-8-sig").split() == ['"revenue"', "0.3", "85858.1", "192460.0"]


def test_csv_shows_days_as_days_and_times_as_times() -> None:
    day, time = pd.Timestamp("2025-03-01"), pd.Timestamp("2025-03-01 10:30")
    assert b"\n2025-03-01\n" in csv_bytes(_sheet(date=[day])).replace(b'"', b"")
    assert b"2025-03-01T10:30:00" in csv_bytes(_sheet(date=[time]))


@pytest.mark.parametrize("attack", ATTACKS)
def test_xlsx_text_is_never_a_formula_and_numbers_stay_numbers(attack: str) -> None:
    content = xlsx_bytes([_sheet(name=[attack], profit=[-12.5])], {attack: attack})
    (name, kind), (profit, number) = _cells(content)
    assert kind == "s" and str(name).startswith("'")
    assert (profit, number) == (-12.5, "n")
    about = _cells(content, "About")
    assert all(k != "f" for _, k in about)


def test_xlsx_mixed_values_and_missing_numbers_are_written() -> None:
    content = xlsx_bytes([_sheet(value=["=1", 2, None], profit=[math.nan, math.inf, -1.0])])
    assert [v for v, _ in _cells(content)] == ["'=1", None, "2", None, None, -1]


def test_xlsx_header_is_frozen_and_money_has_its_format() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes([_sheet(name=["a"], profit=[1.0])])))
    assert book["Table"].freeze_panes == "B2"
    assert book["Table"]["B2"].number_format == formats()["money"]


def test_xlsx_names_are_accepted_by_excel() -> None:
    titles = ["a" * 40, "a" * 40, "x[1]:*?/\\y", "History", "'quoted'"]
    names = sheet_names(titles)
    assert len(set(map(str.lower, names))) == len(titles)
    assert all(len(n) <= 31 and not set(n) & set("[]:*?/\\") for n in names)


def test_xlsx_defines_the_metrics_it_shows() -> None:
    sheet = Table("T", pd.DataFrame({"roas": [2.0]}), {"roas": "times"})
    values = [v for v, _ in _cells(xlsx_bytes([sheet], {"Dataset": "sample"}), "About")]
    assert "ROAS" in values and any("revenue" in str(v) for v in values)


def test_empty_table_is_written() -> None:
    empty = Table("Table", pd.DataFrame({"name": []}))
    assert csv_bytes(empty).decode("utf-8-sig") == '"name"\n'
    assert xlsx_bytes([empty, Table("None", pd.DataFrame())])


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        "\x01javascript:alert(1)",
        "data:text/html,<script>",
        "vbscript:x",
        "//evil.example",
        "https://",
        "http://[",
        None,
        3.0,
    ],
)
def test_link_that_could_run_something_is_dropped(url: object) -> None:
    assert safe.link(url) == ""
    assert safe.anchor(url, "<b>") == "&lt;b&gt;"


def test_link_label_and_address_are_escaped() -> None:
    made = safe.anchor('https://x.example/?a="><script>', "<i>")
    assert "<script>" not in made and "<i>" not in made


def test_file_being_replaced_stays_whole_when_writing_fails(tmp_path) -> None:
    path = write_csv(_sheet(name=["old"]), tmp_path / "t.csv")
    with pytest.raises(RuntimeError), atomic.replacing(path) as draft:
        draft.write_bytes(b"half")
        raise RuntimeError
    assert b"old" in path.read_bytes()
    assert [p.name for p in tmp_path.iterdir()] == ["t.csv"]


def test_workbook_of_a_view_equals_the_library() -> None:
    """The worked example: Fit 1550 / 500, Run 650 / 300; nothing rounded."""
    book = openpyxl.load_workbook(io.BytesIO(workbook(Dataset(TABLES).view(), {"Dataset": "x"})))
    assert {"About", "Totals", "By campaign", "By influencer", "By day"} <= set(book.sheetnames)
    rows = list(book["By campaign"].iter_rows(values_only=True))
    head = rows[0]
    found = {row[0]: (row[head.index("Revenue")], row[head.index("Spend")]) for row in rows[1:]}
    assert found == {"Fit": (1550, 500), "Run": (650, 300), "(none)": (0, 90)}
    assert book["About"]["B1"].value == "x"


def _ranking() -> Table:
    rows = pd.DataFrame(
        {"who": ["Bo", "Bo"], "profit": [-1234567.5, 20.25], "roas": [1.23456, 2.0],
         "rate": [0.000183412, 0.026], "orders": [3.0, 4.0]}
    )  # fmt: skip
    units = {"profit": "money", "roas": "times", "rate": "percent", "orders": "count"}
    labels = {"who": "Influencer", "profit": "Profit", "roas": "ROAS", "rate": "Rate"}
    return Table("Ranking", rows, units, labels, keys=["I7", "=9"], pick="influencer_id")


def test_worded_csv_has_units_ids_beside_names_and_exact_numbers_at_the_end() -> None:
    back = pd.read_csv(io.BytesIO(worded_csv(_ranking())), encoding="utf-8-sig")
    assert list(back.columns) == [
        "Influencer", "Influencer id", "Profit (₹)", "ROAS (×)", "Rate (%)", "orders",
        "ROAS (×), exact", "Rate (%), exact",
    ]  # fmt: skip
    assert back["Influencer id"].tolist() == ["I7", "'=9"]
    assert back["Profit (₹)"].tolist() == [-1234567.5, 20.25]
    assert back["ROAS (×)"].tolist() == [1.23, 2.0]
    assert back["ROAS (×), exact"].tolist() == [1.23456, 2.0]
    # 0.000183412 is 0.0183412 %, shown as 0.0183 %.
    assert back["Rate (%)"].tolist() == [0.0183, 2.6]
    assert back["Rate (%), exact"].tolist() == pytest.approx([0.0183412, 2.6], rel=1e-12)
    assert back["orders"].dtype.kind == "i"


@settings(deadline=None)
@given(st.lists(st.floats(-1e6, 1e6) | st.none(), min_size=1, max_size=5))
def test_worded_csv_loses_no_digit(values: list[float | None]) -> None:
    table = Table("T", pd.DataFrame({"x": pd.Series(values, dtype=float)}), {"x": "times"})
    back = pd.read_csv(io.BytesIO(worded_csv(table)), encoding="utf-8-sig", skip_blank_lines=False)
    told = back.get("x (×), exact", back["x (×)"]).astype(float).tolist()
    wanted = [math.nan if v is None else v for v in values]
    assert told == pytest.approx(wanted, rel=1e-12, abs=2e-9, nan_ok=True)


@pytest.mark.parametrize(
    ("value", "groups"),
    [(-12345678.0, r"##\,##\,##\,##0.00"), (-1234567.0, r"##\,##\,##0.00"), (-999.5, "#,##0.00")],
)
def test_amounts_below_zero_are_grouped_by_lakh_in_red_with_one_minus(
    value: float, groups: str
) -> None:
    rows = pd.DataFrame({"name": ["a", "b"], "profit": [value, 5.0]})
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes([Table("T", rows, {"profit": "money"})])))
    cell = book["T"]["B2"]
    assert cell.value == value
    assert cell.number_format == f'"₹"{groups};[Red]"-""₹"{groups}'
    assert book["T"]["B3"].number_format == formats()["money"]


def test_counts_below_zero_are_not_red() -> None:
    assert below_zero(formats()["count"], -123456, red=False) == r'##\,##\,##0;"-"##\,##\,##0'


def test_everything_names_influencers_beside_their_ids() -> None:
    found = {s.title: s for s in sheets(Dataset(TABLES).view())}["By influencer"].flat()
    names = dict(TABLES["influencers"].select("id", "name").iter_rows())
    assert list(found.columns[:2]) == ["influencer_id", "name"]
    known = found[found["influencer_id"].isin(list(names))]
    assert len(known) and known["name"].tolist() == [names[i] for i in known["influencer_id"]]
