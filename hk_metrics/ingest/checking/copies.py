"""The same rows twice: files handed in twice, exports that overlap, copies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from hk_metrics.ingest.checking.summed import same_time
from hk_metrics.ingest.log import Log
from hk_metrics.ingest.raw import FILE, ROW
from hk_metrics.ingest.sheet import Sheet
from hk_metrics.ingest.values.addresses import address_key
from hk_metrics.quality import Finding, finding
from hk_metrics.schemas import TABLES
from hk_metrics.wording import counted

if TYPE_CHECKING:
    import polars as pl

OWN_IDS: Mapping[str, tuple[str, ...]] = {
    "posts": ("post_id", "url"),
    "tracking_data": ("tracking_id",),
    "payouts": ("payout_id",),
}
_MONEY = {"tracking_data": "revenue", "payouts": "total_payout"}
_TELLING = ("user_id", "date", "revenue", "url", "total_payout", "influencer_id")


def without_repeats(sheets: Sequence[Sheet], log: Log) -> list[Sheet]:
    """Leave out files whose rows are all in another; say so.

    Of two with the same rows, whatever their formats, the one with more columns stays, and of a
    file and what was joined of it, the file.
    """
    kept: list[Sheet] = []
    ranked = sorted(sheets, key=lambda s: (-s.frame.height, -s.frame.width, len(s.raw.columns) > 0))
    for sheet in ranked:
        whole = next((k for k in kept if _holds(k, sheet)), None)
        if whole is None:
            kept.append(sheet)
        else:
            log.forget(sheet.raw.file)
            log.findings.append(_repeated(sheet, whole))
    return [s for s in sheets if any(s is k for k in kept)]


def _repeated(sheet: Sheet, whole: Sheet) -> Finding:
    rows = counted(sheet.frame.height, "row")
    same = sheet.frame.height == whole.frame.height
    more = [c for c in _columns(sheet.frame) if c not in whole.frame.columns]
    return finding(
        "same_file", file=sheet.raw.file, table=sheet.table, count=sheet.frame.height,
        its_rows=f"the same {rows} as" if same else f"its {rows} are all in",
        other=whole.raw.file,
        lost=f"; so are its columns {', '.join(map(repr, more))}" if more else "",
    )  # fmt: skip


def _holds(whole: Sheet, part: Sheet) -> bool:
    """Whether every row of a file is in another; of fewer rows, only where they have a date."""
    if whole.table != part.table or part.frame.is_empty():
        return False
    if part.table != "influencers" and part.raw.undated and not same_time(whole, part):
        return False
    columns = [c for c in _columns(part.frame) if c in whole.frame.columns]
    required = set(TABLES[part.table].required_names)
    if required & {*_columns(part.frame)} - {*columns}:
        return False
    ours, theirs = (_comparable(s.frame, columns).hash_rows() for s in (part, whole))
    if len(ours) == len(theirs):
        return ours.sort().equals(theirs.sort())
    dated = "date" in columns and part.frame["date"].null_count() == 0
    return (dated or part.table == "influencers") and bool(ours.is_in(theirs.implode()).all())


def _comparable(frame: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """Return the columns with numbers of one type, and addresses as they are compared."""
    import polars as pl

    return with_keys(frame).select(columns).with_columns(pl.selectors.numeric().cast(pl.Float64))


def with_keys(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with the address of each post as it is compared with others."""
    if "url" not in frame.columns:
        return frame
    return frame.with_columns(address_key(frame["url"]))


def _columns(frame: pl.DataFrame) -> list[str]:
    return [c for c in frame.columns if c not in (ROW, FILE)]


def report_copies(name: str, table: pl.DataFrame, sheets: Sequence[Sheet], log: Log) -> None:
    """Note the rows of a table that are there twice.

    A copy with an id of its own, or in another file, is a problem (``duplicate_row``,
    ``same_row``, ``overlap``) and is left out; two equal rows without an id may be two events, and
    are only listed. Files of sums, of which one row stands for many, are not looked at. Rows of
    files with different columns are compared by those that all have, where a date is among them.
    """
    import polars as pl

    sheets = [s for s in sheets if s.table == name]
    if name == "influencers" or table.height < 2:
        return
    if sums := [s.raw.file for s in sheets if s.raw.undated]:
        table = table.filter(~pl.col(FILE).is_in(sums))
    table = with_keys(table)
    columns = _columns(table)
    shared = [c for c in columns if all(c in s.frame.columns for s in sheets)]
    if len(shared) < len(columns) and {"date", "influencer_id"} <= set(shared):
        copied = _report(name, _richest_first(table, sheets), shared, log, across=True)
        table = table.join(copied, on=[FILE, ROW], how="anti", maintain_order="left")
    _report(name, table, columns, log)


def _richest_first(table: pl.DataFrame, sheets: Sequence[Sheet]) -> pl.DataFrame:
    import polars as pl

    width = pl.col(FILE).replace_strict({s.raw.file: s.frame.width for s in sheets})
    return table.sort(width, descending=True, maintain_order=True)


def _report(
    name: str, table: pl.DataFrame, columns: Sequence[str], log: Log, across: bool = False
) -> pl.DataFrame:
    """Note the rows that are equal in the columns; return the copies, or those across files."""
    import polars as pl

    suspects = _suspects(table, columns)
    if suspects.is_empty():
        return suspects
    nth = pl.int_range(pl.len()).over(columns)
    first = pl.col(FILE).first().over(columns)
    copies = suspects.with_columns(first=first, nth=nth).filter(pl.col("nth") > 0)
    ids = [c for c in OWN_IDS.get(name, ()) if c in columns]
    named = pl.any_horizontal(pl.col(c).is_not_null() for c in ids) if ids else pl.lit(False)
    elsewhere = pl.col(FILE) != pl.col("first")
    code = (
        pl.when(elsewhere & named).then(pl.lit("same_row"))
        .when(elsewhere).then(pl.lit("overlap"))
        .when(named).then(pl.lit("duplicate_row"))
    )  # fmt: skip
    copies = copies.with_columns(code=code)
    if across:
        copies = copies.filter(elsewhere)
    log.add_problems(
        name,
        copies.filter(pl.col("code").is_not_null()).select(
            pl.col(FILE).alias("file"), pl.col(ROW).alias("row"), pl.lit("").alias("column"),
            pl.lit(None, pl.String).alias("value"), "code",
        ),
    )  # fmt: skip
    _list_equal(name, copies.filter(pl.col("code").is_null()), log)
    return copies


def _suspects(table: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """Return the rows that may be equal to another: by a few telling columns first, then by all."""
    import numpy as np

    telling = [c for c in _TELLING if c in columns] or columns
    for tested in (telling, columns):
        hashes = table.select(tested).hash_rows()
        ordered = np.sort(hashes.to_numpy())  # twice as fast as Polars' own
        if not (ordered[1:] == ordered[:-1]).any():
            return table.clear()
        table = table.filter(hashes.is_duplicated())
    return table


def _list_equal(name: str, rows: pl.DataFrame, log: Log) -> None:
    if rows.is_empty():
        return
    money = float(rows[_MONEY[name]].sum()) if name in _MONEY else None
    log.findings.append(
        finding(
            "equal_rows", rows=counted(rows.height, "row"), file=rows[FILE][0], table=name,
            row=rows[ROW][0], count=rows.height, money=money,
        )
    )  # fmt: skip
