"""An uploaded file is data: nothing in it runs, and no reader opens another file for it."""

from __future__ import annotations

import sqlite3
import zipfile
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import duckdb
import polars as pl
import pytest

from hk_metrics.ingest import load, preview
from hk_metrics.ingest.plan import ImportPlan
from hk_metrics.ingest.reading.apart import read_apart
from hk_metrics.ingest.reading.files import read_file
from hk_metrics.settings import Settings
from tests.attacks import made_files as made

SECRET = "xK9-secret-of-the-server"
COLUMNS = ("source", "campaign", "influencer_id", "user_id", "product", "date", "orders", "revenue")
# An order of one rupee, whose product is what the attack is after.
ROW = "'Instagram', 'c', '1', 'u', {product}, '2025-03-01', 1, 1.0"


@pytest.fixture
def secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HK_METRICS_TOKEN", SECRET)
    path = tmp_path / "secret.txt"
    path.write_text(SECRET)
    return path


def selected(product: str, of: str = "") -> str:
    cells = ROW.format(product=product).split(", ")
    return "select " + ", ".join(f"{v} as {c}" for v, c in zip(cells, COLUMNS, strict=True)) + of


def shown(plan: ImportPlan) -> str:
    """Everything of a plan that a page could show."""
    cells = [str(t.frame.rows()) for t in plan.reading.tables]
    return "\n".join([*cells, str(plan.report), *(str(f) for f in plan.report.findings)])


def base_of(path: Path, *statements: str) -> bytes:
    if path.suffix == ".duckdb":
        with duckdb.connect(str(path)) as base:
            for statement in statements:
                base.execute(statement)
    else:
        with sqlite3.connect(path) as file:
            for statement in statements:
                file.execute(statement)
        file.close()
    return path.read_bytes()


def test_views_of_an_uploaded_duckdb_file_read_nothing(secret: Path, tmp_path: Path) -> None:
    reads = [
        selected("content", f" from read_text('{path}')")
        for path in (secret, "/proc/self/environ", "/etc/passwd")
    ]
    blob = selected("decode(content)", " from read_blob('/proc/self/environ')")
    env = selected("getenv('HK_METRICS_TOKEN')")
    statements = [f"create view v{i} as {s}" for i, s in enumerate([*reads, blob])]
    statements.append(f"create view tracking_data as {reads[0]}")
    with duckdb.connect() as probe:
        if probe.execute(
            "select count(*) from duckdb_functions() where function_name = 'getenv'"
        ).fetchone() != (0,):
            statements.append(f"create view e as {env}")
    data = base_of(tmp_path / "a.duckdb", *statements)
    plan = preview({"a.duckdb": data}, memory=tmp_path, apart=True)
    assert SECRET not in shown(plan)
    assert "root:" not in shown(plan)
    assert not plan.reading.tables
    assert "views of an uploaded database are not read: " in shown(plan)


def test_views_of_an_own_duckdb_file_open_no_other_file(secret: Path, tmp_path: Path) -> None:
    view = selected("content", f" from read_text('{secret}')")
    path = tmp_path / "a.duckdb"
    base_of(path, f"create view tracking_data as {view}")
    plan = preview(path, memory=tmp_path)
    assert SECRET not in shown(plan)
    assert "cannot be read" in shown(plan)


def test_tables_of_an_uploaded_database_are_read_beside_its_views(tmp_path: Path) -> None:
    for name in ("a.duckdb", "a.sqlite"):
        data = base_of(
            tmp_path / name,
            f"create table tracking_data as {selected(chr(39) + 'Whey' + chr(39))}",
            "create view more as select *, product as again from tracking_data",
        )
        found = list(read_file(data, name, Settings()))
        assert [getattr(o, "name", "") for o in found] == ["tracking_data", ""]
        assert found[0].frame["product"].to_list() == ["Whey"]
        assert "are not read: more" in str(found[1])


def test_endless_view_of_sqlite_is_not_begun_or_ends(tmp_path: Path) -> None:
    endless = "with recursive n(x) as (select 1 union all select x from n) " + selected(
        "x", " from n where x > 1"
    )
    path = tmp_path / "a.sqlite"
    data = base_of(path, f"create view tracking_data as {endless}")
    assert "views of an uploaded" in shown(preview({"a.sqlite": data}, memory=tmp_path))
    own = preview(path, Settings(read_seconds=1), memory=tmp_path)
    assert "reading it takes longer than 1 s" in shown(own)


def test_computed_columns_and_virtual_tables_of_sqlite_are_not_asked(tmp_path: Path) -> None:
    data = base_of(
        tmp_path / "a.sqlite",
        "create table tracking_data (source, campaign, influencer_id, user_id, date, orders, "
        "revenue, product generated always as (hex(zeroblob(400000000))) virtual)",
        "insert into tracking_data values ('Instagram', 'c', '1', 'u', '2025-03-01', 1, 1.0)",
        f"create virtual table posts using fts5({', '.join(COLUMNS)})",
    )
    (found,) = read_file(data, "a.sqlite", Settings())
    assert found.name == "tracking_data"
    assert "product" not in found.headers


def test_sqlite_looks_for_no_journal_beside_an_upload(secret: Path, tmp_path: Path) -> None:
    # A hot journal names another file, which SQLite would follow and delete.
    data = base_of(
        tmp_path / "a.sqlite", f"create table tracking_data as {selected(chr(39) + 'W' + chr(39))}"
    )
    (found,) = read_file(data[:18] + b"\2\2" + data[20:], "wal.sqlite", Settings())
    assert found.frame.height == 1


def test_archives_give_no_file_from_outside(secret: Path, tmp_path: Path) -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(
            "../../tracking_data.csv", ",".join(COLUMNS) + "\nx,y,1,u,p,2025-03-01,1,1\n"
        )
        link = zipfile.ZipInfo("posts.csv")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, str(secret))
        archive.writestr("C:\\secret.csv", str(secret))
    plan = preview({"a.zip": out.getvalue()}, memory=tmp_path)
    assert SECRET not in shown(plan)
    assert {t.name for t in plan.reading.tables} <= {"tracking_data", "C:\\secret"}
    assert sorted(p.name for p in tmp_path.iterdir()) == ["secret.txt"]


def test_markup_brings_in_no_other_file(secret: Path, tmp_path: Path) -> None:
    entity = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]>'
    sheet = made.ods(made.ods_row(["influencer_id", "&e;"]), entity)
    strings = made.xlsx(
        '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&e;</t></is></c></row></sheetData>'
    )
    spoilt = made.zipped({
        name: part.replace(b"<worksheet", f"{entity}<worksheet".encode()) for name, part in made.parts(strings).items()
    })  # fmt: skip
    plan = preview({"a.ods": sheet, "b.xlsx": spoilt}, memory=tmp_path, apart=True)
    assert SECRET not in shown(plan)
    assert any("document type" in f.message for f in plan.report.errors if f.file == "a.ods")


def test_references_in_cells_stay_text(secret: Path, tmp_path: Path) -> None:
    cells = [
        f"file://{secret}",
        "https://127.0.0.1:9/x",
        f"=WEBSERVICE('file://{secret}')",
        f"@{secret}",
    ]
    csv = "\n".join([",".join(COLUMNS), *(f"x,y,1,u,{c},2025-03-01,1,1" for c in cells)]).encode()
    json_ = f'{{"$ref": "file://{secret}", "rows": [{{"influencer_id": "1", "url": "file://{secret}"}}]}}'
    frame = BytesIO()
    pl.DataFrame({"influencer_id": cells}).write_parquet(frame)
    files = {
        "a.csv": csv,
        "b.json": json_.encode(),
        "c.parquet": frame.getvalue(),
        f"file:{secret}": csv,
    }
    plan = preview(files, memory=tmp_path)
    assert SECRET not in shown(plan)
    assert plan.reading.tables[0].frame["product"].to_list() == cells


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_name_with_wildcards_is_one_file(tmp_path: Path, suffix: str) -> None:
    for name, product in (("a*", "mine"), ("ab", "other")):
        row = pl.DataFrame(
            [["x", "y", "1", "u", product, "2025-03-01", 1, 1]], schema=list(COLUMNS), orient="row"
        )
        path = tmp_path / f"{name}{suffix}"
        row.write_csv(path) if suffix == ".csv" else row.write_parquet(path)
    (found,) = read_file(tmp_path / f"a*{suffix}", f"a*{suffix}", Settings())
    assert found.frame["product"].to_list() == ["mine"]


def test_reading_process_knows_no_secret(secret: Path) -> None:
    import psutil

    seen: list[dict[str, str]] = []

    def look(_: str) -> None:
        for child in psutil.Process().children():
            with suppress(psutil.NoSuchProcess):  # it may have read the last file, and ended
                seen.append(child.environ())

    files = {f"{i}.csv": b"influencer_id,platform\n1,x\n" for i in range(40)}
    assert len(list(read_apart(files, Settings(), look))) == 40
    assert seen and not [e for e in seen if SECRET in str(e) or any("HK_METRICS" in k for k in e)]


def test_databases_by_path_are_never_written(tmp_path: Path) -> None:
    for name in ("a.duckdb", "a.sqlite"):
        path = tmp_path / name
        before = base_of(path, f"create table tracking_data as {selected(chr(39) + 'W' + chr(39))}")
        path.chmod(0o444)
        assert load(path).tables["tracking_data"].height == 1
        assert path.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.duckdb", "a.sqlite"]
