"""Spoilt files without end: ``python -m tests.fuzz_import 10000`` hands in so many.

Each case is made from a number alone, so a failure can be made again. It takes good files, spoils
them in a few ways, and asks that the import either gives a dataset whose rows add up, or says in
words which file is wrong and how to fix it; never a traceback of another kind. Cases run in
processes of their own, under the limits of one that reads a visitor's files: one that ends its
process there is counted, and the next goes on.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import sqlite3
import subprocess
import sys
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import openpyxl
import polars as pl

from hk_metrics.errors import HkMetricsError, SchemaError
from hk_metrics.ingest.answers import Answers
from hk_metrics.ingest.pipeline import draft
from hk_metrics.ingest.plan import ImportPlan
from hk_metrics.ingest.raw import RawTable
from hk_metrics.ingest.reading.child import limit
from hk_metrics.ingest.reading.files import Place, read_file
from hk_metrics.ingest.reading.sources import RawTables
from hk_metrics.settings import Settings
from tests.attacks import made_files as made
from tests.small_files import CREATORS, FLAT, SHOP, files

SETTINGS = Settings(
    max_upload_mb=5, max_columns=500, max_cell_chars=32_767, max_rows=100_000, memory=1_000_000_000
)  # fmt: skip
Spoil = Callable[[Random, bytes], bytes]


def _lines(random: Random, data: bytes, change: Callable[[list[bytes]], None]) -> bytes:
    lines = data.split(b"\n")
    change(lines)
    return b"\n".join(lines)


def encoding(random: Random, data: bytes) -> bytes:
    text = data.decode("utf-8", "replace") + random.choice(["", "é,ü,ß", "प्रोटीन", "漢字", "😀"])
    name = random.choice(
        ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1", "cp1251",
         "shift_jis", "gb18030", "utf-7", "cp500"]
    )  # fmt: skip
    return text.encode(name, "replace")


def delimiter(random: Random, data: bytes) -> bytes:
    return data.replace(
        b",", random.choice([b";", b"\t", b"|", b"^", b"~", b":", b" ", b"  ", b"||"])
    )


def newline(random: Random, data: bytes) -> bytes:
    return data.replace(b"\n", random.choice([b"\r\n", b"\r", b"\n\n", b"\r\r\n", b"\n\r", b""]))


def quotes(random: Random, data: bytes) -> bytes:
    spoilt = bytearray(data)
    for _ in range(random.randint(1, 6)):
        place = random.randrange(len(spoilt) + 1)
        spoilt[place:place] = random.choice([b'"', b"'", b'""', b'",', b',"', b'"\n'])
    return bytes(spoilt)


def nuls(random: Random, data: bytes) -> bytes:
    spoilt = bytearray(data)
    for _ in range(random.randint(1, 20)):
        place = random.randrange(len(spoilt) + 1)
        spoilt[place:place] = random.choice([b"\0", b"\x01", b"\x1a", b"\x7f", b"\xa0", b"\xff"])
    return bytes(spoilt)


def ragged(random: Random, data: bytes) -> bytes:
    def change(lines: list[bytes]) -> None:
        for _ in range(random.randint(1, 4)):
            i = random.randrange(len(lines))
            cells = lines[i].split(b",")
            if random.random() < 0.5:
                lines[i] = b",".join(cells[: random.randrange(len(cells) + 1)])
            else:
                lines[i] += b"," * random.randint(1, 90) + b"x"

    return _lines(random, data, change)


def huge_cell(random: Random, data: bytes) -> bytes:
    cell = random.choice([b"x", b"9", b"a b ", "é".encode()]) * random.choice(
        [1_000, 40_000, 300_000]
    )
    return _at_a_cell(random, data, cell)


def many_columns(random: Random, data: bytes) -> bytes:
    count = random.choice([300, 600, 10_000])
    return b"\n".join(
        line + b"," + b",".join(b"c%d" % i if n == 0 else b"1" for i in range(count))
        for n, line in enumerate(data.split(b"\n"))
    )


def _at_a_cell(random: Random, data: bytes, cell: bytes) -> bytes:
    def change(lines: list[bytes]) -> None:
        i = random.randrange(len(lines))
        cells = lines[i].split(b",")
        cells[random.randrange(len(cells))] = cell
        lines[i] = b",".join(cells)

    return _lines(random, data, change)


CELLS = (
    "", " ", "-", "N/A", "null", "NaN", "inf", "-inf", "1e308", "1e400", "-0", "0x10", "9" * 40,
    "₹1,23,456.50", "$5", "(500)", "1.234,50", "12%", "1/0", "=1+1", "@cmd", "2025-02-30",
    "31-12-2025", "12-31-2025", "01/02/03", "0000-00-00", "9999-12-31", "1900-01-00", "45717",
    "2025-03-01T25:61:61Z", "Mon, 32 Mar 2025", "yesterday", "TRUE", "\u202e", "\ufeff", "\u0000",
    "post + 5%", "%%%", "१२३", "½", "∞", "1 000", "5' 11\"", "a,b", "Total", "{}", "[]",
)  # fmt: skip


def odd_cells(random: Random, data: bytes) -> bytes:
    for _ in range(random.randint(1, 5)):
        data = _at_a_cell(random, data, random.choice(CELLS).encode())
    return data


def mixed_dates(random: Random, data: bytes) -> bytes:
    forms = ["%d-%m-%Y", "%m/%d/%Y", "%d %b %Y", "%Y%m%d", "%d.%m.%y", "%Y-%m-%dT%H:%M:%SZ", "%s"]
    text = data.decode("utf-8", "replace")
    for day in range(1, 29):
        form = random.choice(forms)
        made = f"{day:02d}" if form == "%s" else _written(day, form)
        text = text.replace(f"2025-03-{day:02d}", made)
    return text.encode()


def _written(day: int, form: str) -> str:
    from datetime import datetime

    return datetime(2025, 3, day, 9, 30).strftime(form)


def cut_off(random: Random, data: bytes) -> bytes:
    return data[: random.randrange(len(data) + 1)]


def noise(random: Random, data: bytes) -> bytes:
    spoilt = bytearray(data)
    for _ in range(random.randint(1, 40)):
        if spoilt:
            spoilt[random.randrange(len(spoilt))] = random.randrange(256)
    return bytes(spoilt)


def headers(random: Random, data: bytes) -> bytes:
    def change(lines: list[bytes]) -> None:
        cells = lines[0].split(b",")
        for _ in range(random.randint(1, 4)):
            i = random.randrange(len(cells))
            other = random.choice(cells)
            cells[i] = random.choice([
                b"", other, cells[i].upper(), cells[i][:-1], b" " + cells[i], b"\xff\xfe", b'"',
                b"__row", b"__file", b"column 1", cells[i] * 2, b"literal", b"date", b"id",
            ])  # fmt: skip
        lines[0] = b",".join(cells)

    return _lines(random, data, change)


def blank(random: Random, data: bytes) -> bytes:
    return random.choice(
        [b"", b"\n" * 50, b" ", b"," * 30, b"\xef\xbb\xbf", b"\xff\xfe", b"\r\n,,\r\n"]
    )


def repeated(random: Random, data: bytes) -> bytes:
    return data + random.choice([data, data.split(b"\n", 1)[-1], b"\n\n\n" + data])


def random_bytes(random: Random, data: bytes) -> bytes:
    return random.randbytes(random.randint(1, 4000))


def signature(random: Random, data: bytes) -> bytes:
    return random.choice([
        b"\x89PNG\r\n\x1a\n", b"PK\x03\x04", b"PK\x05\x06", b"PAR1", b"SQLite format 3\0", b"%PDF-",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x1f\x8b", b"{", b"[", b"<html>", b"\0" * 8 + b"DUCK",
    ]) + data  # fmt: skip


SPOILS: tuple[Spoil, ...] = (
    encoding, delimiter, newline, quotes, nuls, ragged, huge_cell, many_columns, odd_cells,
    mixed_dates, cut_off, noise, headers, blank, repeated, random_bytes, signature,
)  # fmt: skip


def _workbook(random: Random, data: bytes) -> bytes:
    book = openpyxl.Workbook()
    for line in data.decode("utf-8", "replace").splitlines()[:200]:
        cells = [c.translate({i: None for i in range(32)})[:30_000] for c in line.split(",")]
        book.active.append(cells[:1_000])
    if random.random() < 0.1:
        book.active["ZZ900000"] = "far"
    out = io.BytesIO()
    book.save(out)
    return noise(random, out.getvalue()) if random.random() < 0.3 else out.getvalue()


def _zipped(random: Random, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(random.choice(["a.csv", "../a.csv", "x/a.csv", "a.zip", "a.xlsx"]), data)
        if random.random() < 0.2:
            archive.writestr("bomb.csv", b"\0" * 30_000_000)
    return noise(random, out.getvalue()) if random.random() < 0.3 else out.getvalue()


def _parquet(random: Random, data: bytes) -> bytes:
    out = io.BytesIO()
    try:
        pl.read_csv(data).write_parquet(out)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        return data
    return noise(random, out.getvalue()) if random.random() < 0.3 else out.getvalue()


def _json(random: Random, data: bytes) -> bytes:
    rows = [line.split(",") for line in data.decode("utf-8", "replace").splitlines()]
    if not rows:
        return b"[" * random.choice([1, 5_000])
    records = [dict(zip(rows[0], row, strict=False)) for row in rows[1:]]
    made = json.dumps(random.choice([records, {"data": records}, records[:1], [], {}, 5, [[1]]]))
    return noise(random, made.encode()) if random.random() < 0.3 else made.encode()


def _rows(data: bytes) -> list[list[str]]:
    lines = data.decode("utf-8", "replace").splitlines()[:200]
    return [[c.translate({i: None for i in range(32)})[:3_000] for c in line.split(",")[:200]]
            for line in lines]  # fmt: skip


def _ods(random: Random, data: bytes) -> bytes:
    def repeats() -> int:
        return random.choice([1] * 60 + [2, 50, 1_000_000, 4_000_000_000])

    plain = {"<": "&lt;", "&": "&amp;", "\x7f": ""}
    rows = [
        made.ods_row([c.translate(str.maketrans(plain)) for c in cells], repeats(), repeats())
        for cells in _rows(data)
    ]
    content = "".join(rows) if random.random() < 0.9 else "".join(rows)[:-20]
    return _spoilt(random, made.ods(content))


def _xlsb(random: Random, data: bytes) -> bytes:
    far = 1 if random.random() < 0.9 else random.choice([50, 5_000, 80_000])
    cells = [(r * far, c * min(far, 80), text) for r, row in enumerate(_rows(data))
             for c, text in enumerate(row)]  # fmt: skip
    parts = made.parts(made.xlsb(cells))
    if random.random() < 0.3:
        parts = {name: noise(random, part) if name.endswith(".bin") else part
                 for name, part in parts.items()}  # fmt: skip
    return _spoilt(random, made.zipped(parts))


def _sqlite(random: Random, data: bytes) -> bytes:
    rows = _rows(data)
    if not rows:
        return b"SQLite format 3\0"
    with TemporaryDirectory() as folder:
        path = Path(folder) / "base"
        file = sqlite3.connect(path)
        with file:
            names = ", ".join(f'"c{i}"' if random.random() < 0.05 else _quoted(c) for i, c in
                              enumerate(dict.fromkeys(rows[0])))  # fmt: skip
            try:
                file.execute(f"create table {random.choice(['posts', 'payouts', 'x'])} ({names})")
                file.execute("create view v as select 1 as influencer_id, 2 as reach")
                name = file.execute(
                    "select name from sqlite_master where type = 'table'"
                ).fetchone()[0]
                width = len(dict.fromkeys(rows[0]))
                padded = [(*row, *[None] * width)[:width] for row in rows[1:]]
                file.executemany(f"insert into {name} values ({', '.join('?' * width)})", padded)
            except sqlite3.Error:
                pass  # a header that SQLite does not take: an empty base is a case, too
        file.close()
        return _spoilt(random, path.read_bytes())


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def _duckdb(random: Random, data: bytes) -> bytes:
    import duckdb

    with TemporaryDirectory() as folder:
        path = Path(folder) / "base"
        try:
            frame = pl.read_csv(data, infer_schema=False, ignore_errors=True)
            with duckdb.connect(str(path)) as base:
                base.from_arrow(frame.to_arrow()).create("posts")
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, duckdb.Error):
            return data
        return _spoilt(random, path.read_bytes())


def _gzip(random: Random, data: bytes) -> bytes:
    packed = gzip.compress(data)
    return _spoilt(random, gzip.compress(packed) if random.random() < 0.1 else packed)


def _spoilt(random: Random, data: bytes) -> bytes:
    return random.choice([noise, cut_off])(random, data) if random.random() < 0.3 else data


SETS = (
    files(),
    {"flat.csv": FLAT.encode()},
    {"orders.csv": SHOP.encode(), "creators.csv": CREATORS.encode()},
)
CONTAINERS: dict[str, Spoil] = {
    ".csv": lambda _random, data: data,
    ".xlsx": _workbook,
    ".zip": _zipped,
    ".parquet": _parquet,
    ".json": _json,
    ".csv.gz": _gzip,
    ".ods": _ods,
    ".xlsb": _xlsb,
    ".sqlite": _sqlite,
    ".duckdb": _duckdb,
}
WEIGHTS = (12, 2, 1, 1, 1, 1, 1, 0.5, 1, 0.5)


GOOD = frozenset(data for good in SETS for data in good.values())


@dataclass(frozen=True)
class Outcome:
    """What came of one case: how it ended, what was wrong with that, and how many files it has.

    Files that are as good as they were made are not counted.
    """

    number: int
    seconds: float
    ended: str
    complaint: str = ""
    files: int = 0


def case(number: int) -> dict[str, bytes]:
    """Make the files of one case from its number."""
    random = Random(number)
    made: dict[str, bytes] = {}
    for name, data in random.choices(SETS, weights=(4, 1, 1))[0].items():
        if random.random() < 0.6:
            for spoil in random.choices(SPOILS, k=random.randint(1, 3)):
                data = spoil(random, data) if data else data
        suffix = random.choices(list(CONTAINERS), weights=WEIGHTS)[0]
        data = CONTAINERS[suffix](random, data)
        if random.random() < 0.1:
            suffix = random.choice(
                [".csv", ".xlsx", ".json", ".parquet", ".png", "", ".zip", ".txt", ".ods", ".db"]
            )
        made[name.removesuffix(".csv") + suffix] = data
    return made


def tried(number: int, made_files: dict[str, bytes]) -> Outcome:
    """Import one case and judge how it ended."""
    start = time.process_time()
    try:
        plan = _plan(made_files)
        complaint = _complaint(plan)
        ended = "dataset" if plan.ready else "refused"
        try:
            plan.dataset()
        except SchemaError as error:
            ended = "refused"
            complaint = complaint or ("" if str(error).strip() else "a refusal without words")
    except HkMetricsError as error:
        ended, complaint = "raised", f"preview raised {error!r}"
    except BaseException:  # noqa: BLE001  this is what the harness is here to find
        ended, complaint = "crashed", traceback.format_exc(limit=-4)
    took = time.process_time() - start
    return Outcome(number, took, ended, complaint, changed(made_files))


def changed(sent: dict[str, bytes]) -> int:
    """Count the files that are not as they were."""
    return sum(data not in GOOD for data in sent.values())


def _plan(sent: dict[str, bytes]) -> ImportPlan:
    """Look at files as a process does that reads a visitor's, but for being another one."""
    place = Place(apart=True, own=False)
    found = [o for name, data in sent.items() for o in read_file(data, name, SETTINGS, place)]
    tables = tuple(o for o in found if isinstance(o, RawTable))
    findings = tuple(o.finding for o in found if not isinstance(o, RawTable))
    reading = RawTables(tables, findings, ", ".join(sent))
    return ImportPlan(reading, Answers(), SETTINGS, draft(reading, Answers(), SETTINGS))


def _complaint(plan: ImportPlan) -> str:
    """What is wrong with a plan: rows that do not add up, or an error without place or repair."""
    for table, row in plan.rows.iterrows():
        if row["rows_in"] != row["kept"] + row["rejected"]:
            return f"{table}: rows do not add up: {row.to_dict()}"
        there = plan.made.tables.get(str(table))
        if table != "influencers" and row["kept"] != (0 if there is None else there.height):
            return f"{table}: {row['kept']} rows kept, but not there"
    for error in plan.report.errors:
        if not error.fix or not error.message or not (error.file or error.table):
            return f"an error without place or repair: {error}"
        if error.code in ("not_a_number", "empty_cell", "ragged_row") and not error.row:
            return f"a rejected row without its number: {error}"
    for table, rows in plan.made.rejected.items():
        if rows["reason"].null_count() or rows["row"].null_count():
            return f"{table}: rejected rows without a reason or number"
    return ""


LONGEST_SECONDS = 5.0
BATCH = 50  # cases of one process, as libraries keep address space for ever
PER_CASE = 2.4  # changed files of a case
WORKERS = max(1, min(4, os.cpu_count() or 1))


def work(first: int, last: int) -> None:
    """Try cases under the limits of a reading process; a line each before and after."""
    # What one process keeps of many cases needs room beside what one case may take.
    limit(3 * int(SETTINGS.memory), 24 * 3600)
    for number in range(first, last):
        sent = case(number)
        print(json.dumps({"begin": number, "files": changed(sent)}), flush=True)
        print(json.dumps(vars(tried(number, sent))), flush=True)


def outcomes(first: int, last: int) -> Iterator[Outcome]:
    """Try cases in processes of their own, and in another where one ends it."""
    while first < last:
        until = min(first + BATCH, last)
        worker = subprocess.Popen(
            [sys.executable, "-m", "tests.fuzz_import", "--work", str(first), str(until)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=os.environ | {"POLARS_MAX_THREADS": "2", "MALLOC_ARENA_MAX": "2"},
        )  # fmt: skip
        assert worker.stdout is not None and worker.stderr is not None
        at, files = None, 0
        for line in worker.stdout:
            said = json.loads(line)
            at, files = said.get("begin", at), said["files"]
            if "ended" in said:
                first = said["number"] + 1
                yield Outcome(**said)
        words = worker.stderr.read()
        if worker.wait() == 0:
            first = until
            continue
        of_memory = "memory allocation" in words or "MemoryError" in words
        complaint = "" if of_memory else f"ended the process ({worker.returncode}): {words[-500:]}"
        yield Outcome(first if at is None else at, 0.0, "limit", complaint, files)
        first = (first if at is None else at) + 1


def run(files: int, first: int = 0) -> list[Outcome]:
    """Try cases of so many changed files at least, in as many processes as processors."""
    found: list[Outcome] = []
    with ThreadPoolExecutor(WORKERS) as pool:
        while (left := files - sum(o.files for o in found)) > 0:
            share = min(BATCH, ceil(left / PER_CASE / WORKERS))
            starts = [first + share * n for n in range(WORKERS)]
            for part in pool.map(lambda s, n=share: list(outcomes(s, s + n)), starts):
                found += part
            first += share * WORKERS
    return found


def main(files: int, first: int = 0) -> int:
    """Print the complaints of so many files, how they ended, and the slowest."""
    found = run(files, first)
    bad = [o for o in found if o.complaint or o.seconds > LONGEST_SECONDS]
    for o in bad:
        print(f"case {o.number}: {o.ended}: {o.complaint or f'took {o.seconds:.1f} s'}")
    slowest = max(found, key=lambda o: o.seconds)
    total = sum(o.files for o in found)
    print(f"{total} changed files in {len(found)} imports: {dict(Counter(o.ended for o in found))}; "
          f"{len(bad)} complaints; slowest: case {slowest.number}, {slowest.seconds:.2f} s")  # fmt: skip
    return 1 if bad else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--work"]:
        work(int(sys.argv[2]), int(sys.argv[3]))
    else:
        sys.exit(main(*(int(a) for a in sys.argv[1:] or ["1000"])))
