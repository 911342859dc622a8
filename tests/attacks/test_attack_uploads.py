"""Hostile files handed in by a page: the server answers meanwhile, and the session lives on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from benchmarks.serving import Server, serving
from tests.attacks.conftest import SECONDS, answering, channel, opened
from tests.attacks.session import Session
from tests.attacks.test_files_are_bounded import FORESEEN, HEADER, MEGABYTE, ODD
from tests.small_files import files

MOST = 500 * MEGABYTE
SECRET = "xK9-secret-of-the-server"


@pytest.fixture(scope="module")
def bounded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A dashboard whose readers may take half a gigabyte."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("HK_METRICS_MEMORY", str(MOST))
        patched.setenv("SMTP_PASSWORD", SECRET)
        with serving(tmp_path_factory.mktemp("bounded"), "--pool", "1") as started:
            yield started


def databases(folder: Path) -> dict[str, bytes]:
    """Views that read another file, and one that never ends."""
    with duckdb.connect(str(folder / "views.duckdb")) as base:
        base.execute("create view posts as select content as url, 1 as influencer_id "
                     "from read_text('/proc/self/environ')")  # fmt: skip
    with sqlite3.connect(folder / "endless.sqlite") as base:
        base.execute("create view posts as with recursive n(x) as (select 1 union all select x "
                     "from n) select x as influencer_id, x as url, x as reach from n")  # fmt: skip
    base.close()
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_hostile_files_keep_nobody_waiting_and_end_no_session(
    bounded: Server, tmp_path: Path
) -> None:
    counted = {name: make() for name, make in FORESEEN.items()}
    unforeseen = {name: ODD[name]() for name in ("quoted.xlsx", "far.xlsb")}
    wrong = {"wrong.csv": HEADER + b"1,x,y,z,w,q,r,s\n" * 400_000}
    page = opened(f"{bounded.url}?page=data")
    with channel(bounded, page) as socket:
        session = Session(socket, SECONDS)
        kernel = bounded.session(page.kernel)
        before = kernel.memory_info().rss
        for sent in (counted, unforeseen, wrong, databases(tmp_path)):
            with answering(bounded):
                told = session.upload(sent)
            assert [name for name in sent if name not in told] == []
            assert SECRET not in told
        assert kernel.memory_info().rss - before < MOST
        told = session.upload(files())
        assert "Use this data" in told
