"""The same rows twice: files handed in twice, exports that overlap, copies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from hk_metrics.formatting import counted
from hk_metrics.ingest.log import Log
from hk_metrics.ingest.raw import FILE, ROW
from hk_metrics.ingest.sheet import Sheet
from hk_metrics.quality import Finding
from hk_metrics.schemas import TABLES

if TYPE_CHECKING:
    import polars as pl

OWN_IDS: Mapping[str, tuple[str, ...]] = {
    "posts": ("post_id", "url"),
    "tracking_data": ("tracking_id",),
    "payouts": ("payout_id",),
}
MONEY = {"tracking_data": "revenue", "payouts": "total_payout"}
TELLING = ("user_id", "date", "revenue", "url", "total_payout", "influencer_id")


def without_repeats(sheets: Sequence[Sheet], log: Log) -> list[Sheet]:
    """Leave out files that hold just the rows of another; say so.

    Two files are the same where every row of the one is in the other, whatever their formats.
    """
    kept: list[Sheet] = []
    for sheet in sheets:
        same = next((k for k in kept if _same_rows(k, sheet)), None)
        if same is None:
            kept.append(sheet)
            continue
        log.forget(sheet.raw.file)
        log.findings.append(
            Finding(
                "warning", "same_file",
                f"the same {counted(sheet.frame.height, 'row')} as {same.raw.file}; left out",
                file=sheet.raw.file, table=sheet.table, count=sheet.frame.height,
            )
        )  # fmt: skip
    return kept


def _same_rows(a: Sheet, b: Sheet) -> bool:
    if a.table != b.table or a.frame.height != b.frame.height or not a.frame.height:
        return False
    columns = [c for c in _columns(a.frame) if c in b.frame.columns]
    if set(TABLES[a.table].required_names) & set(_columns(a.frame)) - set(columns):
        return False
    one, other = (comparable(s.frame, columns).hash_rows().sort() for s in (a, b))
    return one.equals(other)


def comparable(frame: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """Return the columns with whole and fractional numbers as one type."""
    import polars as pl

    return frame.select(columns).with_columns(pl.selectors.numeric().cast(pl.Float64))


def _columns(frame: pl.DataFrame) -> list[str]:
    return [c for c in frame.columns if c not in (ROW, FILE)]


def report_copies(name: str, table: pl.DataFrame, sums: Sequence[str], log: Log) -> None:
    """Note the rows of a table that are there twice.

    A copy with an id of its own, or in another file, is a problem (``duplicate_row``,
    ``overlap``) and is left out; two equal rows without an id may be two events, and are only
    listed. Rows of ``sums``, files of which one row stands for many, are not looked at.
    """
    import polars as pl

    columns = _columns(table)
    if name == "influencers" or table.height < 2:
        return
    if sums:
        table = table.filter(~pl.col(FILE).is_in(sums))
    suspects = _suspects(table, columns)
    if suspects.is_empty():
        return
    nth = pl.int_range(pl.len()).over(columns)
    first = pl.col(FILE).first().over(columns)
    copies = suspects.with_columns(first=first, nth=nth).filter(pl.col("nth") > 0)
    ids = [c for c in OWN_IDS.get(name, ()) if c in columns]
    named = pl.any_horizontal(pl.col(c).is_not_null() for c in ids) if ids else pl.lit(False)
    elsewhere = pl.col(FILE) != pl.col("first")
    code = pl.when(elsewhere).then(pl.lit("overlap")).when(named).then(pl.lit("duplicate_row"))
    copies = copies.with_columns(code=code)
    log.add_problems(
        name,
        copies.filter(pl.col("code").is_not_null()).select(
            pl.col(FILE).alias("file"), pl.col(ROW).alias("row"), pl.lit("").alias("column"),
            pl.lit(None, pl.String).alias("value"), "code",
        ),
    )  # fmt: skip
    _list_equal(name, copies.filter(pl.col("code").is_null()), log)


def _suspects(table: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """Return the rows that may be equal to another: by a few telling columns first, then by all."""
    import numpy as np

    telling = [c for c in TELLING if c in columns] or columns
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
    money = float(rows[MONEY[name]].sum()) if name in MONEY else None
    log.findings.append(
        Finding(
            "warning", "equal_rows",
            f"{counted(rows.height, 'row')} equal to an earlier one, counted all the same",
            "if they are copies, remove them, or give every row an id",
            file=rows[FILE][0], table=name, row=rows[ROW][0], count=rows.height, money=money,
        )
    )  # fmt: skip
