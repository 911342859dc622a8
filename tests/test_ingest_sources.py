"""Files of any kind give the same dataset; what is no table is said to be none."""

from __future__ import annotations

import gzip
import io
import json
import os
import sqlite3
import tracemalloc
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import duckdb
import openpyxl
import polars as pl
import pytest

from hk_metrics.errors import ParameterError, SchemaError
from hk_metrics.ingest import load, preview
from hk_metrics.ingest.reading.kinds import kind_of
from hk_metrics.settings import Settings
from tests.small_files import POSTS, TRACKING, files

FRAMES = {name.removesuffix(".csv"): pl.read_csv(data) for name, data in files().items()}
EXPECTED = load(files()).id


def _workbook() -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, frame in FRAMES.items():
        sheet = book.create_sheet(name.title())
        for row in ([*frame.columns], *frame.rows()):
            sheet.append(row)
    hidden = book.create_sheet("notes")
    hidden.append(["influencer_id", "basis", "rate", "orders", "total_payout"])
    hidden.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _zip(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def _parquet() -> dict[str, bytes]:
    made = {}
    for name, frame in FRAMES.items():
        out = io.BytesIO()
        frame.write_parquet(out)
        made[f"{name}.parquet"] = out.getvalue()
    return made


def _as(encoding: str) -> dict[str, bytes]:
    return {name: data.decode().encode(encoding) for name, data in files().items()}


def _parted(delimiter: str) -> dict[str, bytes]:
    return {f"{n}.txt": f.write_csv(separator=delimiter).encode() for n, f in FRAMES.items()}


KINDS: dict[str, Callable[[], dict[str, bytes]]] = {
    "bom": lambda: _as("utf-8-sig"),
    "utf-16": lambda: _as("utf-16"),
    "utf-16 without a mark": lambda: _as("utf-16-le"),
    "utf-32": lambda: _as("utf-32"),
    "crlf": lambda: {n: d.replace(b"\n", b"\r\n") for n, d in files().items()},
    "cr": lambda: {n: d.replace(b"\n", b"\r") for n, d in files().items()},
    "semicolons": lambda: _parted(";"),
    "tabs": lambda: _parted("\t"),
    "bars": lambda: _parted("|"),
    "blank rows and columns": lambda: {
        n: b"\n".join([*(line + b",," for line in d.splitlines()), b",,", b"", b",,,"])
        for n, d in files().items()
    },
    "lines above the header": lambda: {n: b"Report of March\n\n" + d for n, d in files().items()},
    "sep line": lambda: {n: b"sep=,\n" + d for n, d in files().items()},
    "quoted": lambda: {
        f"{n}.csv": f.write_csv(quote_style="always").encode() for n, f in FRAMES.items()
    },
    "json": lambda: {f"{n}.json": f.write_json().encode() for n, f in FRAMES.items()},
    "json lines": lambda: {f"{n}.jsonl": f.write_ndjson().encode() for n, f in FRAMES.items()},
    "json of tables": lambda: {
        "all.json": json.dumps({n: f.to_dicts() for n, f in FRAMES.items()}).encode()
    },
    "parquet": _parquet,
    "workbook": lambda: {"book.xlsx": _workbook()},
    "workbook called csv": lambda: {"book.csv": _workbook()},
    "zip": lambda: {"all.zip": _zip(files())},
    "zip with a folder": lambda: {"all.zip": _zip({f"x/{n}": d for n, d in files().items()})},
    "gzip": lambda: {f"{n}.gz": gzip.compress(d) for n, d in files().items()},
    "zip of a workbook": lambda: {"all.zip": _zip({"book.xlsx": _workbook()})},
}


@pytest.mark.parametrize("kind", KINDS)
def test_kind_gives_the_same_dataset(kind: str) -> None:
    assert load(KINDS[kind]()).id == EXPECTED


def test_sqlite_file_gives_the_same_dataset(tmp_path: Path) -> None:
    path = tmp_path / "shop.sqlite"
    with sqlite3.connect(path) as base:
        for name, frame in FRAMES.items():
            frame.to_pandas().to_sql(name, base, index=False)
        base.execute("create table unrelated (x)")
    assert load(path).id == load(f"sqlite:///{path}").id == EXPECTED
    assert load({"shop.sqlite": path.read_bytes()}).id == EXPECTED


def test_duckdb_file_gives_the_same_dataset(tmp_path: Path) -> None:
    path = tmp_path / "shop.duckdb"
    with duckdb.connect(str(path)) as base:
        for name, frame in FRAMES.items():
            base.from_arrow(frame.to_arrow()).create(name)
    before = path.read_bytes()
    assert load(path).id == load(f"duckdb:///{path}").id == EXPECTED
    assert path.read_bytes() == before


def test_sqlite_keeps_every_digit(tmp_path: Path) -> None:
    # A column without a type holds text and numbers at once.
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as base:
        base.execute("create table payouts (influencer_id, basis, rate, orders, total_payout)")
        base.execute("insert into payouts values (7, 'order', 1, 1, 123456.789)")
        base.execute("insert into payouts values ('007', 'order', 1, 1, '5')")
    payouts = load(path).tables["payouts"]
    assert payouts["influencer_id"].to_list() == ["7", "007"]
    assert payouts["total_payout"].to_list() == [123456.789, 5]


def test_object_store_gives_the_same_dataset() -> None:
    import fsspec

    store = fsspec.filesystem("memory")
    for name, data in files().items():
        store.pipe(f"/bucket/march/{name}", data)
    store.pipe("/bucket/march/readme.md", b"notes")
    assert load("memory://bucket/march").id == EXPECTED
    one = load("memory://bucket/march/tracking_data.csv")
    assert one.view().totals(["revenue"])["revenue"] == 2200


def test_unreachable_sources_are_said(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="cannot be read"):
        load("memory://absent/absent.csv")
    with pytest.raises(SchemaError, match="database cannot be read"):
        load("postgresql://nobody:secret@127.0.0.1:1/none")
    with pytest.raises(ParameterError, match="cannot open"):
        load("nosuchstore://bucket/x.csv")
    broken = tmp_path / "x.sqlite"
    broken.write_bytes(b"SQLite format 3\0" + b"junk" * 500)
    with pytest.raises(SchemaError, match="cannot be read"):
        load(broken)
    with sqlite3.connect(tmp_path / "y.sqlite") as base:
        base.execute("create table payouts (influencer_id, total_payout)")
    named = (tmp_path / "y.sqlite").read_bytes().replace(b"payouts", b"\xff\xfeyouts")
    broken.write_bytes(
        named.replace(b"create table", b"creXte tXble").replace(b"CREATE TABLE", b"CREXTE TABLE")
    )
    with pytest.raises(SchemaError, match="cannot be read"):
        load(broken)


def test_password_is_never_shown() -> None:
    with pytest.raises(SchemaError) as raised:
        load("postgresql://nobody:secret@127.0.0.1:1/none")
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(300), "PNG image"),
        (b"%PDF-1.7\n%\xe2\xe3", "PDF document"),
        (b"<!doctype html><table><tr><td>1", "web page"),
        (b"\xff\xd8\xff\xe0" + bytes(300), "JPEG image"),
        (bytes(range(256)) * 8, "binary file"),
        (b"PK\x03\x04 junk", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "cannot be opened"),
        (b"PAR1 junk PAR1", "Parquet file cannot be read"),
    ],
)
def test_wrong_content_is_named(data: bytes, words: str) -> None:
    with pytest.raises(SchemaError, match=words) as raised:
        load(files(posts=data))
    assert "posts.csv" in str(raised.value)


def test_kind_is_told_by_content_first() -> None:
    assert kind_of("x.csv", b"PAR1....")[0] == "parquet"
    assert kind_of("x", b"influencer_id,basis")[0] == "text"
    assert kind_of("x.txt", b"influencer_id,basis")[0] == "text"


def test_rows_of_a_workbook_are_counted_from_its_top() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["B4"], sheet["C4"], sheet["D4"] = "influencer_id", "basis", "rate"
    sheet["E4"], sheet["F4"] = "orders", "total_payout"
    for column, value in zip("BCDEF", (1, "post", 200, None, "lots"), strict=True):
        sheet[f"{column}5"] = value
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(SchemaError) as raised:
        load({"payouts.xlsx": out.getvalue()})
    assert raised.value.quality is not None
    error = next(f for f in raised.value.quality.errors if f.code == "not_a_number")
    assert (error.row, error.file) == (5, "payouts.xlsx › Sheet")


def test_archive_that_expands_too_much_is_refused_before_it_is_read() -> None:
    bomb = _zip({"posts.csv": POSTS.encode() + b"\n" * 150_000_000})
    tracemalloc.start()
    with pytest.raises(SchemaError, match="would unpack to 150 MB"):
        load({"bomb.zip": bomb})
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20_000_000


def test_workbook_that_claims_to_expand_is_refused() -> None:
    part = "xl/worksheets/sheet1.xml"
    bomb = bytearray(_zip({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>",
                           part: b" " * 1000}))  # fmt: skip
    # The directory's size of the sheet, little-endian, 24 bytes into its entry.
    entry = bomb.rindex(b"PK\x01\x02", 0, bomb.rindex(part.encode()))
    bomb[entry + 24 : entry + 28] = (900_000_000).to_bytes(4, "little")
    with pytest.raises(SchemaError, match="would unpack to 900 MB"):
        load({"bomb.xlsx": bytes(bomb)})


def test_sheet_of_two_far_cells_is_refused() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "influencer_id"
    book.active["ZZ1000000"] = "x"
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(SchemaError, match="2 cells but spans 1,000,000 rows and 702 columns"):
        load({"sparse.xlsx": out.getvalue()})


def test_encrypted_archive_is_said() -> None:
    locked = bytearray(_zip({"posts.csv": POSTS.encode()}))
    entry = locked.index(b"PK\x01\x02")
    locked[entry + 8] |= 1
    with pytest.raises(SchemaError, match="protected by a password"):
        load({"a.zip": bytes(locked)})


def test_folder_passes_over_what_is_no_table(tmp_path: Path) -> None:
    for name, data in files().items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "notes.txt").write_text("Dear all,\nplease find attached\n")
    (tmp_path / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / "config.json").write_text('{"a": 1}')
    data = load(tmp_path)
    assert data.id == EXPECTED
    assert {f.file for f in data.quality.notes} >= {"notes.txt"}
    told = next(f for f in data.quality.notes if f.code == "no_data")
    assert "config.json, photo.png; left out" in told.message


def test_broken_marks_cost_only_their_row() -> None:
    text = TRACKING.replace("u2,Whey", 'u2,"Whey').replace("u3,Whey", 'u3,5" bar')
    data = load(files(tracking_data=text))
    assert data.view().totals(["revenue"])["revenue"] == 2200
    assert data.tables["tracking_data"]["product"].to_list()[3] == '5" bar'


def test_lines_within_quotes_stay_one_cell() -> None:
    text = POSTS.replace("P1", '"first\nsecond, third"')
    data = load(files(posts=text))
    assert data.tables["posts"]["caption"][0] == "first\nsecond, third"


def test_row_with_too_many_cells_is_rejected() -> None:
    text = TRACKING.replace(",750", ",7,50")
    data = load(files(tracking_data=text), on_error="reject")
    assert data.quality.rejected["tracking_data"]["row"].to_list() == [6]
    assert data.quality.errors[0].code == "ragged_row"


def test_windows_text_is_read_and_said() -> None:
    data = load(files(posts=POSTS.replace("P1", "Café").encode("cp1252")))
    assert data.tables["posts"]["caption"][0] == "Café"
    assert "Windows-1252" in next(f for f in data.quality.notes if f.code == "encoding").message


def test_text_that_is_not_all_utf8_keeps_its_good_characters() -> None:
    good = POSTS.replace("P1", "प्रोटीन " * 20).encode()
    data = load(files(posts=good.replace(b"P2", b"P\xff2")))
    assert data.tables["posts"]["caption"][0].startswith("प्रोटीन")
    assert data.tables["posts"]["caption"][1] == "P�2"
    assert next(f for f in data.quality.warnings if f.code == "encoding").file == "posts.csv"


def test_sheet_limits_follow_the_settings() -> None:
    with pytest.raises(SchemaError, match="rows are above the limit of 2"):
        load({"book.xlsx": _workbook()}, settings=Settings(max_rows=2))


def _laid(folder: Path, names: Iterable[str]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / f"{name}.csv").write_bytes(files()[f"{name}.csv"])
    return folder


def test_tables_below_a_folder_without_any_are_read(tmp_path: Path) -> None:
    _laid(tmp_path / "project" / "data", FRAMES)
    (tmp_path / "README.md").write_text("# a project")
    data = load(tmp_path)
    assert data.view().totals(["revenue", "spend"]).to_dict() == {"revenue": 2200, "spend": 890}


def test_tables_below_a_folder_with_some_are_named(tmp_path: Path) -> None:
    _laid(tmp_path, FRAMES)
    _laid(tmp_path / "2024", ["posts", "payouts"])
    told = next(f for f in load(tmp_path).quality.warnings if f.code == "not_read")
    assert "2024/payouts.csv, 2024/posts.csv" in told.message and told.count == 2


def test_a_folder_without_tables_says_what_it_has(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# a project\n\nNothing here.\n")
    with pytest.raises(SchemaError, match=r"nothing to load(.|\n)*README\.md"):
        load(tmp_path)


def test_profiles_or_sums_above_do_not_hide_the_tables_below(tmp_path: Path) -> None:
    _laid(tmp_path, ["influencers"])
    (tmp_path / "summary.csv").write_text("influencer_id,revenue,spend\n1,1200,400\n2,1000,400\n")
    _laid(tmp_path / "data", FRAMES)
    data = load(tmp_path)
    assert data.view().totals(["revenue", "spend"]).to_dict() == {"revenue": 2200, "spend": 890}
    assert data.tables["influencers"].height == 3


def test_a_program_in_a_folder_is_no_question(tmp_path: Path) -> None:
    _laid(tmp_path, FRAMES)
    (tmp_path / "build.py").write_text(
        "frame = make(revenue, orders)\nfor influencer, date in x:\n"
    )
    (tmp_path / "node_modules" / "left-pad").mkdir(parents=True)
    (tmp_path / "node_modules" / "left-pad" / "orders.csv").write_text("orders,revenue\n1,2\n")
    told = next(f for f in load(tmp_path).quality.notes if f.code == "no_data")
    assert told.count == 1 and "build.py" in told.message


def test_a_sample_above_does_not_displace_the_data_below(tmp_path: Path) -> None:
    _laid(tmp_path / "data", FRAMES)
    sample = "influencer_id,basis,rate,orders,total_payout\n1,post,900,1,900\n"
    (tmp_path / "sample_payouts.csv").write_text(sample)
    data = load(tmp_path)
    assert data.view().totals(["spend"])["spend"] == 890
    told = next(f for f in data.quality.warnings if f.code == "stray_files")
    assert "sample_payouts.csv" in told.message


def test_a_table_that_lies_in_a_folder_of_its_own_completes_those_above(tmp_path: Path) -> None:
    _laid(tmp_path, ["influencers", "posts", "tracking_data"])
    _laid(tmp_path / "finance", ["payouts"])
    assert load(tmp_path).view().totals(["spend"])["spend"] == 890


def test_a_project_folder_is_its_data_and_nothing_below_node_modules_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _laid(tmp_path / "data", FRAMES)
    (tmp_path / "README.md").write_text("# a project\n\n| orders | revenue |\n|--|--|\n| 1 | 2 |\n")
    (tmp_path / "explore.ipynb").write_text('{"cells": [], "nbformat": 4}')
    (tmp_path / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    for i in range(100):
        package = tmp_path / "node_modules" / f"package{i}"
        package.mkdir(parents=True)
        for k in range(20):
            (package / f"orders{k}.csv").write_text("orders,revenue\n1,2\n")
    looked_at: list[str] = []
    scan = os.scandir
    monkeypatch.setattr(
        os, "scandir", lambda path=".": (looked_at.append(str(path)), scan(path))[1]
    )
    plan = preview(tmp_path)
    assert looked_at and not [p for p in looked_at if "node_modules" in p]
    assert not plan.questions
    assert (plan.totals["revenue"], plan.totals["spend"]) == (2200, 890)
    left_out = [f for f in plan.report.findings if f.code == "no_data"]
    assert [f.count for f in left_out] == [3]


def test_two_data_sets_in_one_folder_are_told_as_that(tmp_path: Path) -> None:
    _laid(tmp_path, FRAMES)
    others = files()["influencers.csv"].decode()
    for old, new in (("Asha", "Zed"), ("Bo", "Yan"), ("Cy", "Xia")):
        others = others.replace(old, new)
    (tmp_path / "demo_influencers.csv").write_text(others)
    with pytest.raises(SchemaError, match=r"two sets of data in one place"):
        load(tmp_path)
    told = load(tmp_path, on_error="reject").quality
    assert [(f.code, f.count) for f in told.errors] == [("two_data_sets", 3)]


def test_a_creator_who_is_listed_twice_is_no_second_data_set(tmp_path: Path) -> None:
    _laid(tmp_path, FRAMES)
    (tmp_path / "more_influencers.csv").write_text(
        files()["influencers.csv"].decode().replace("10000", "11000").replace("20000", "21000")
    )
    told = load(tmp_path, on_error="reject").quality
    assert "two_data_sets" not in {f.code for f in told.findings}
