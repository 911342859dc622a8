"""The worked example as strangers export it: whatever the form, the totals are the same."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pytest

from hk_metrics.dataset import Dataset
from hk_metrics.ingest import load
from hk_metrics.quality import Finding, QualityReport
from tests.small_files import INFLUENCERS, PAYOUTS, POSTS, TRACKING, files


def _rows(text: str) -> list[list[str]]:
    return [line.split(",") for line in text.strip().splitlines()]


def _without(**tables: bytes) -> dict[str, bytes]:
    """The files, some under another name and in another form."""
    named = {name.replace("__", "."): content for name, content in tables.items()}
    stems = {name.partition(".")[0] for name in named}
    return {n: c for n, c in files().items() if n.partition(".")[0] not in stems} | named


def report_workbook() -> dict[str, bytes]:
    """Titles above the headers, totals below, a sheet of sums, and one hidden since last year."""
    book = openpyxl.Workbook()
    book.active.title = "Summary"
    book.active.append(["Total revenue", "2200"])
    tables = {"Creators": INFLUENCERS, "Posts": POSTS, "Orders": TRACKING, "Paid": PAYOUTS}
    for name, text in tables.items():
        sheet = book.create_sheet(name)
        sheet.append(["Report of March"])
        sheet.append([])
        sheet.merge_cells("A1:E1")
        for row in _rows(text):
            sheet.append(row)
    book["Orders"].append(["Total", None, None, None, None, None, 8, 2200])
    old = book.create_sheet("Orders 2024")
    for row in _rows(TRACKING.replace("2025", "2024")):
        old.append(row)
    old.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return {"report.xlsx": out.getvalue()}


def wrapped_json() -> dict[str, bytes]:
    head, *rows = _rows(TRACKING)
    records = [dict(zip(head, row, strict=True)) for row in rows]
    answer = {"status": "ok", "page": {"next": None}, "data": {"tracking_data": records}}
    return _without(tracking_data__json=json.dumps(answer).encode())


def zoned_times() -> dict[str, bytes]:
    # 03:30 in India is 22:00 of the day before in UTC.
    text = TRACKING.replace("2025-03-02", "2025-03-01T22:00:00Z")
    return files(tracking_data=text.replace("2025-03-20", "2025-03-20 10:00 AM +05:30"))


def excel_serials() -> dict[str, bytes]:
    days = {"02": "45718", "03": "45719", "12": "45728", "06": "45722.5", "20": "45736"}
    text = TRACKING
    for day, serial in days.items():
        text = text.replace(f"2025-03-{day}", serial)
    return files(tracking_data=text)


def headers_with_units() -> dict[str, bytes]:
    paid = PAYOUTS.replace("total_payout", "Spend ₹").replace("influencer_id", "Influencer handle")
    for number, name in (("\n1,", "\nAsha,"), ("\n2,", "\nBo,"), ("\n3,", "\ncy,")):
        paid = paid.replace(number, name)
    sold = TRACKING.replace("revenue", "Revenue (INR)").replace("influencer_id", "Influencer ID")
    return files(payouts=paid, tracking_data=sold)


def german_spreadsheet() -> dict[str, bytes]:
    text = TRACKING.replace(",", ";").replace(";300\n", ";1.049,75\n").replace(";750\n", ";0,25\n")
    return _without(tracking_data__csv=text.encode("cp1252"))


def unicode_text() -> dict[str, bytes]:
    return _without(tracking_data__txt=TRACKING.replace(",", "\t").encode("utf-16"))


def columns_twice() -> dict[str, bytes]:
    lines = [f"{line},{line.rpartition(',')[2]}" for line in TRACKING.splitlines()]
    return files(tracking_data="\n".join(lines))


FORMS: Sequence[Callable[[], dict[str, bytes]]] = (
    report_workbook, wrapped_json, zoned_times, excel_serials, headers_with_units,
    german_spreadsheet, unicode_text, columns_twice,
)  # fmt: skip


def _holds_the_example(data: Dataset) -> bool:
    totals = data.view().totals(["revenue", "orders", "spend", "reach"])
    return totals.to_list() == [2200, 8, 890, 10_000]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_form_gives_the_same_totals(form: Callable[[], dict[str, bytes]]) -> None:
    assert _holds_the_example(load(form()))


def test_times_with_a_zone_fall_on_the_local_day() -> None:
    first = load(zoned_times()).tables["tracking_data"]["date"][0]
    assert str(first) == "2025-03-02 03:30:00"


def test_serials_are_their_days() -> None:
    assert str(load(excel_serials()).tables["tracking_data"]["date"][0]) == "2025-03-02 00:00:00"


@pytest.mark.parametrize("where", ["zip", "folder"])
def test_tables_may_lie_deeper(tmp_path: Path, where: str) -> None:
    (tmp_path / "march").mkdir()
    if where == "zip":
        with zipfile.ZipFile(tmp_path / "march.zip", "w") as archive:
            archive.writestr("__MACOSX/._posts.csv", b"\0")
            for name, content in files().items():
                archive.writestr(f"march/{name}", content)
    else:
        for name, content in files().items():
            (tmp_path / "march" / name).write_bytes(content)
    assert _holds_the_example(load(tmp_path))


def test_report_counts_in_good_grammar() -> None:
    note, warning = Finding("note", "a", "One."), Finding("warning", "b", "Two.", "Do.")
    assert str(QualityReport((warning, note, note))).splitlines()[0] == "1 warning, 2 notes"
    assert str(QualityReport()) == "Nothing to report: every row was used as it came"
