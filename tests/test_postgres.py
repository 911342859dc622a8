"""A real PostgreSQL server: its tables load by URL, typed, mapped, and are never written to."""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import polars as pl
import pytest

from benchmarks.serving import free_port
from hk_metrics.errors import SchemaError
from hk_metrics.ingest import load
from hk_metrics.ingest.reading.postgresql import read_only
from hk_metrics.settings import Settings
from hk_metrics.simulate import simulate_tables
from tests.equal_ledgers import OF_THE_WHOLE, assert_equal
from tests.small_files import files

dbapi = pytest.importorskip("adbc_driver_postgresql.dbapi")
FRAMES = {name.removesuffix(".csv"): pl.read_csv(data) for name, data in files().items()}


def _binaries() -> Path:
    """The folder of the server's programs: on the path, or where Debian puts them."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if on_path := shutil.which("initdb"):
        found.append(Path(on_path).resolve())
    folders = [p.parent for p in found if (p.parent / "postgres").exists()]
    if not folders:
        pytest.skip("no PostgreSQL server on this machine: apt-get install postgresql")
    return folders[-1]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """URL of a server of our own, run by an ordinary user since it refuses to run as root."""
    programs, port = _binaries(), free_port()
    user = "nobody" if os.getuid() == 0 else getpass.getuser()
    folder = Path(mkdtemp(prefix="hk_pg_", dir="/tmp"))
    if os.getuid() == 0:
        shutil.chown(folder, user)
    data = folder / "data"

    def run(*command: str) -> None:
        subprocess.run(command, user=user, cwd=folder, check=True, capture_output=True, timeout=120)

    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    run(str(programs / "initdb"), "-D", str(data), "-U", "shop", "-A", "trust", "-E", "UTF8")
    start = ("-D", str(data), "-w", "-l", str(folder / "log"), "-o", options)
    run(str(programs / "pg_ctl"), *start, "start")
    try:
        yield f"postgresql://shop@127.0.0.1:{port}/postgres"
    finally:
        run(str(programs / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _execute(url: str, *statements: str) -> None:
    with dbapi.connect(url) as base, base.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        base.commit()


def _fill(url: str, frames: dict[str, pl.DataFrame]) -> None:
    with dbapi.connect(url) as base:
        for name, frame in frames.items():
            with base.cursor() as cursor:
                cursor.adbc_ingest(name, frame.to_arrow(), mode="create")
        base.commit()


@pytest.fixture
def base(server: str) -> Iterator[str]:
    """A database of our own for one test."""
    _execute_alone(server, "create database shop")
    yield server.rsplit("/", 1)[0] + "/shop"
    _execute_alone(server, "drop database shop with (force)")


def _execute_alone(url: str, statement: str) -> None:
    with dbapi.connect(url, autocommit=True) as base, base.cursor() as cursor:
        cursor.execute(statement)


def test_tables_load_by_url(base: str) -> None:
    _fill(base, FRAMES)
    _execute(base, "create table unrelated (colour text)")
    data = load(base)
    assert data.id == load(files()).id
    assert data.view().totals(["revenue", "spend"]).to_dict() == {"revenue": 2200, "spend": 890}


def test_types_of_the_server_are_read(base: str) -> None:
    _execute(
        base,
        "create type kind as enum ('order', 'post')",
        "create table influencers (id uuid, name text, category varchar(20), gender char(6), "
        "follower_count bigint, platform text)",
        "create table payouts (influencer_id uuid, basis kind, rate numeric(10, 2), "
        "orders smallint, total_payout numeric(12, 2))",
        "create table tracking_data (source text, campaign text, influencer_id uuid, user_id int, "
        "product text, date timestamptz, orders int, revenue money)",
        "insert into influencers values ('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'Asha', 'Fit', "
        "'Female', 5000000000, 'Instagram')",
        "insert into payouts values ('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'order', 33.33, 3, "
        "99.99)",
        "insert into tracking_data values ('x', 'c', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 7, "
        "'p', '2025-03-01 20:00:00+00', 3, null)",
        "alter table tracking_data alter revenue type numeric(12, 2) using 1234567890.12",
    )
    data = load(base)
    assert data.tables["influencers"].row(0, named=True)["id"].startswith("a0eebc99-9c0b")
    assert data.tables["influencers"]["follower_count"].to_list() == [5_000_000_000]
    assert data.tables["payouts"]["total_payout"].to_list() == [99.99]
    row = data.tables["tracking_data"].row(0, named=True)
    assert (row["user_id"], row["revenue"]) == ("7", 1234567890.12)
    # Kolkata is 5:30 ahead of UTC.
    assert str(row["date"]) == "2025-03-02 01:30:00"


def test_odd_names_views_and_schemas_are_read(base: str) -> None:
    _fill(base, {n: f for n, f in FRAMES.items() if n != "payouts"})
    _execute(
        base,
        'create schema "Mar ""keting"',
        'create table "Mar ""keting"."the ""payouts"" %" ("Influencer ID" int, "Basis" text, '
        '"Rate %s" int, "Orders" int, "Total Payout" int)',
        'insert into "Mar ""keting"."the ""payouts"" %" values (1, \'post\', 200, null, 890)',
        'create view payouts as select "Influencer ID" as influencer_id, "Basis" as basis, '
        '"Rate %s" as rate, "Orders" as orders, "Total Payout" as "XYZ" '
        'from "Mar ""keting"."the ""payouts"" %"',
    )
    # The table and its view hold the same payouts: without the mapping the view is asked about.
    with pytest.raises(SchemaError, match="total_payout"):
        load(base)
    data = load(base, mapping={"XYZ": "total_payout"}, on_error="reject")
    assert data.view().totals(["spend"])["spend"] == 890
    assert "same_file" in {f.code for f in data.quality.warnings}


def test_nothing_can_be_written(base: str) -> None:
    _fill(base, FRAMES)
    with (
        dbapi.connect(read_only(base)) as session,
        session.cursor() as cursor,
        pytest.raises(dbapi.Error, match="read-only"),
    ):
        cursor.execute("delete from payouts")


def test_base_without_our_tables_is_said(base: str) -> None:
    _execute(base, "create table unrelated (colour text)")
    with pytest.raises(SchemaError, match="no table of this database"):
        load(base)
    with pytest.raises(SchemaError, match="cannot be read"):
        load(base.replace("/shop", "/absent"))


def test_table_that_memory_has_no_room_for_is_read_in_pieces(server: str, tmp_path: Path) -> None:
    base = server.replace("/postgres", "/large")
    with dbapi.connect(server, autocommit=True) as there, there.cursor() as cursor:
        cursor.execute("create database large")
    for name, frame in simulate_tables(influencers=20, days=40, events=4_000)[0].items():
        with dbapi.connect(base) as there, there.cursor() as cursor:
            cursor.adbc_ingest(name, frame.to_arrow(), mode="create")
            there.commit()
    whole = load(base)
    pieces = load(base, settings=Settings(memory=1_500_000, store=tmp_path))
    assert pieces.ledger.event_files, "it went the short way"
    assert_equal(pieces.ledger, whole.ledger, without=OF_THE_WHOLE)
    assert len(list(tmp_path.iterdir())) == 1, "what was written to read it lies there still"
