"""The size of a file is known before it is spent; and where every guess fails, a limit holds."""

from __future__ import annotations

import gzip
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from hk_metrics.errors import ParameterError
from hk_metrics.ingest import preview
from hk_metrics.ingest.raw import RawTable, UnreadableError
from hk_metrics.ingest.reading.apart import read_apart
from hk_metrics.ingest.reading.files import read_file
from hk_metrics.settings import Settings
from hk_metrics.ui.parts.components import Upload
from tests.attacks import made_files as made
from tests.small_files import files

HEADER = b"influencer_id,platform,date,url,caption,reach,likes,comments\n"
ROW = b"1,Instagram,2025-03-01,u,c,1,1,1\n"
MEGABYTE = 1_000_000
NAMES = ["influencer_id", "platform", "post_url"]
CELL = "<c {}><v>1</v></c>"


def sheet(*cells: str) -> bytes:
    return made.xlsx(f"<sheetData><row>{''.join(CELL.format(c) for c in cells)}</row></sheetData>")


def directory_of(entries: int) -> bytes:
    """An archive of nothing but a long directory."""
    entry = b"PK\x01\x02" + bytes(24) + b"\x01" + bytes(17) + b"a"
    whole = entry * entries
    counts = min(entries, 0xFFFF).to_bytes(2, "little") * 2
    return whole + b"PK\x05\x06" + bytes(4) + counts + len(whole).to_bytes(4, "little") + bytes(6)


# Each is small, and would take gigabytes or minutes: it is told by counting, before it is unfolded.
FORESEEN: dict[str, Callable[[], bytes]] = {
    "twice.csv.gz.gz": lambda: gzip.compress(gzip.compress(bytes(300 * MEGABYTE), 9), 9),
    "bomb.csv.gz": lambda: gzip.compress(bytes(150 * MEGABYTE), 9),
    "inner.zip": lambda: made.zipped({"a.zip": made.zipped({"a.csv": HEADER + ROW})}),
    "gz_in.zip": lambda: made.zipped({"a.csv.gz": gzip.compress(HEADER + ROW)}),
    "zip.gz": lambda: gzip.compress(made.zipped({"a.csv": HEADER + ROW})),
    "bomb.zip": lambda: made.zipped({"a.csv": bytes(150 * MEGABYTE)}),
    "directory.zip": lambda: directory_of(100_000),
    "rows.ods": lambda: made.ods(made.ods_row(NAMES) + made.ods_row(["1", "x", "y"], 20_000_000)),
    "columns.ods": lambda: made.ods(made.ods_row(NAMES, 16_000, 16_000)),
    "between.ods": lambda: made.ods(made.ods_row(NAMES) + '<table:table-row table:number-rows-repeated="900000000"/>' + made.ods_row(NAMES)),
    "spaces.ods": lambda: made.ods(made.ods_row(['<text:s text:c="2000000000"/>'])),
    "text.ods": lambda: made.ods(made.ods_row(["x" * 1_000_000], 5_000)),
    "renamed.xlsx": lambda: made.ods(made.ods_row(NAMES) + made.ods_row(["1", "x", "y"], 20_000_000)),
    "far.xlsx": lambda: sheet('r="A1"', 'r="XFD1048576"'),
    "commas.csv": lambda: b"," * 4_000_000,
    "wide.csv": lambda: b",".join(b"c%d" % i for i in range(600)) + b"\n1\n",
    "blank_lines.csv": lambda: HEADER.strip() + b"".join(b",c%d" % i for i in range(400)) + b"\n" * 4_000_000,
    "unclosed.csv": lambda: HEADER + b'"' + b"a\n" * 2_000_000,
    "quotes.csv": lambda: HEADER + b'"\n' * 2_000_000,
    "sparse.json": lambda: b"[{" + b",".join(b'"c%d":1' % i for i in range(450)) + b"}" + b",{}" * 1_000_000 + b"]",
    "deep.json": lambda: b"[" * 1_000_000,
}  # fmt: skip
REASONS = {"expands_too_much", "too_many_columns", "damaged_file", "not_a_table"}


@pytest.mark.parametrize("name", FORESEEN)
def test_size_is_told_before_it_is_spent(name: str) -> None:
    content = FORESEEN[name]()
    me = psutil.Process()
    before, cpu = me.memory_info().rss, me.cpu_times().user
    found = list(read_file(content, name, Settings()))
    assert [o.finding.code for o in found if isinstance(o, UnreadableError)], found
    assert {o.finding.code for o in found if isinstance(o, UnreadableError)} <= REASONS
    assert all(o.finding.fix and str(o) for o in found if isinstance(o, UnreadableError))
    assert me.memory_info().rss - before < 500 * MEGABYTE
    assert me.cpu_times().user - cpu < 5


# What no spreadsheet program writes: where cells lie cannot be told by counting.
ODD = {
    "quoted.xlsx": lambda: sheet("r='A1'", "r='XFD1048576'"),
    "late.xlsx": lambda: sheet('t="n" r="A1"', 't="n" r="XFD1048576"'),
    "small.xlsx": lambda: sheet('r="a1"', 'r="xfd1048576"'),
    "elsewhere.xlsx": lambda: made.xlsx(
        "<sheetData><row><c r='A1'><v>1</v></c><c r='XFD1048576'><v>1</v></c></row></sheetData>", "xl/x/styles.xml"),
    "far.xlsb": lambda: made.xlsb([(0, 0, "influencer_id"), (1_048_575, 16_383, "x")]),
}  # fmt: skip


def test_what_cannot_be_foreseen_ends_only_its_reader() -> None:
    settings = Settings(memory=600 * MEGABYTE)
    me = psutil.Process()
    before = me.memory_info().rss
    sent = {name: make() for name, make in ODD.items()}
    for name in ("quoted.xlsx", "far.xlsb"):
        (refused,) = [r.outcome for r in read_apart({name: sent[name]}, settings)]
        assert isinstance(refused, UnreadableError)
        assert "it is too large: reading it takes more than 600.0 MB of memory" in str(refused)
        assert "by its path on the server" in refused.finding.fix
    assert me.memory_info().rss - before < 200 * MEGABYTE


@pytest.mark.parametrize("name", ODD)
def test_what_cannot_be_foreseen_is_read_apart(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(
        "hk_metrics.ingest.reading.files.read_apart", lambda files, _: asked.append(files) or []
    )
    assert list(read_file(ODD[name](), name, Settings())) == []
    assert [list(files) for files in asked] == [[name]]


def test_usual_workbooks_are_read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("hk_metrics.ingest.reading.files.read_apart")
    book = made.ods(
        made.ods_row(NAMES) + made.ods_row(["1", "x", "y"], 3)
        + '<table:table-row table:number-rows-repeated="1048570">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )  # fmt: skip
    (found,) = read_file(book, "a.ods", Settings())
    assert isinstance(found, RawTable)
    assert found.frame.height == 3
    (found,) = read_file(sheet('r="A1"', 'r="AB2"'), "a.xlsx", Settings())
    assert isinstance(found, RawTable)


def test_session_lives_and_reads_on_where_a_reader_ends() -> None:
    large = HEADER + b"1,Instagram,2025-03-01,u," + b"c" * 500 + b",1,1,1\n"
    large += b"".join(
        b"%d,Instagram,2025-03-01,u,%s,1,1,1\n" % (i, b"c" * 500) for i in range(300_000)
    )
    sent = {"large.csv": large} | files()
    plan = preview(sent, Settings(memory=300 * MEGABYTE), memory=Path("/nonexistent"), apart=True)
    told = [f for f in plan.report.errors if f.file == "large.csv"]
    assert len(told) == 1
    assert told[0].message == "it is too large: reading it takes more than 300.0 MB of memory"
    assert "hk-metrics" in told[0].fix or "by its path" in told[0].fix
    assert {t.file for t in plan.reading.tables} == set(files())


def test_what_is_said_of_many_wrong_rows_ends_only_its_checker() -> None:
    # 16 bytes a row, of each of which six things are said: a hundred times the file's size.
    wrong = HEADER + b"1,x,y,z,w,q,r,s\n" * 300_000
    me = psutil.Process()
    before = me.memory_info().rss
    settings = Settings(memory=300 * MEGABYTE)
    plan = preview({"posts.csv": wrong}, settings, memory=Path("/nonexistent"), apart=True)
    assert not plan.ready
    (told,) = plan.report.errors
    assert told.message == "it is too large: reading it takes more than 300.0 MB of memory"
    assert me.memory_info().rss - before < 200 * MEGABYTE


def test_what_is_checked_apart_is_what_it_is_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hk_metrics.ingest.drafting.SMALL_CELLS", 0)
    sent = files(posts=None) | {"posts.csv": HEADER + ROW + b"9,x,y,z,w,q,r,s\n"}
    first = [preview(sent, memory=Path("/nonexistent"), apart=where) for where in (True, False)]
    then = [plan.with_column("posts.csv", "caption", None) for plan in first]
    for apart, here in (first, then):
        assert apart.made.id == here.made.id != ""
        assert apart.report.findings == here.report.findings
        assert apart.files == here.files
        assert apart.rows.equals(here.rows)
        assert apart.dataset().id == here.dataset().id
    with pytest.raises(ParameterError, match="no_such_header"):
        first[0].with_column("posts.csv", "no_such_header", "caption")


def test_crash_and_silence_of_a_reader_are_sentences() -> None:
    def crash(label: str) -> None:
        if label == "b.csv":
            for child in psutil.Process().children():
                os.kill(child.pid, signal.SIGSEGV)

    sent = {name: HEADER + ROW for name in ("a.csv", "b.csv", "c.csv")}
    sent["b.csv"] += ROW * 1_500_000
    found = {r.label: r.outcome for r in read_apart(sent, Settings(), crash)}
    assert isinstance(found["a.csv"], RawTable)
    assert "it ended the process that read it" in str(found["b.csv"])
    assert isinstance(found["c.csv"], RawTable)

    def stop(_: str) -> None:
        for child in psutil.Process().children():
            os.kill(child.pid, signal.SIGSTOP)

    (silent,) = [
        r.outcome for r in read_apart({"b.csv": sent["b.csv"]}, Settings(read_seconds=1), stop)
    ]
    assert "longer than 1 s" in str(silent)


def test_too_much_time_of_the_processor_ends_with_the_signal_that_says_so() -> None:
    code = (
        "import resource, signal\nfrom hk_metrics.ingest.reading.child import limit\n"
        "limit(10**9, 1)\nprint(*resource.getrlimit(resource.RLIMIT_CPU), flush=True)\n"
        "while True: pass"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    soft, hard = map(int, done.stdout.split())
    assert (soft, hard) == (1, 2)  # at the hard bound comes SIGKILL, as when memory ends
    assert done.returncode == -signal.SIGXCPU


def test_full_disk_and_cut_answer_are_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    sent = {"a.csv": HEADER + ROW}
    with monkeypatch.context() as patched:
        patched.setattr("pathlib.Path.write_bytes", full)
        (told,) = [r.outcome for r in read_apart(sent, Settings())]
    assert "reading cannot begin here (No space left on device)" in str(told)
    monkeypatch.setattr("hk_metrics.ingest.reading.apart.CHILD", "this")  # prints what is no answer
    (told,) = [r.outcome for r in read_apart(sent, Settings())]
    assert "it ended the process that read it" in str(told)


def uploaded(
    limit_mb: int, *messages: tuple[dict[str, Any], list[bytes]]
) -> tuple[list[Any], list[Any]]:
    """What an upload handed on, and what it answered."""
    got: list[Any] = []
    answers: list[Any] = []
    widget = Upload(lambda sent, _: got.append(sent), limit_mb=limit_mb)
    widget.send = answers.append  # type: ignore[method-assign]
    widget.set_state({"limit_mb": 100_000})
    for message, buffers in messages:
        widget._handle_custom_msg(message, [memoryview(b) for b in buffers])
    return got, answers


def test_visitor_cannot_raise_the_limit_of_uploads() -> None:
    piece = {"event": "piece", "name": "a.csv"}
    got, answers = uploaded(
        1,
        ({"event": "begin"}, []),
        (piece, [bytes(900_000)]),
        (piece, [bytes(200_000)]),
        (piece, [b"x"]),
        ({"event": "end"}, []),
    )
    assert got == []
    assert answers[-1]["refused"].startswith("More than the 1 MB")
    got, answers = uploaded(1, ({"event": "begin"}, []), (piece, [b"x,y"]), ({"event": "end"}, []))
    assert got == [{"a.csv": b"x,y"}]
    assert not answers[-1]["refused"]


def test_many_empty_files_are_refused() -> None:
    many = [({"event": "piece", "name": f"{i}" * 1_000}, [b""]) for i in range(300)]
    got, answers = uploaded(1, ({"event": "begin"}, []), *many, ({"event": "end"}, []))
    assert got == []
    assert answers[-1]["refused"].startswith("More than 200 files")
