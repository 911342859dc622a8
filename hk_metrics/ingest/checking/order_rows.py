"""Rows of one order: its lines, and what was taken back of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from hk_metrics.ingest.raw import ROW
from hk_metrics.ingest.sheet import Sheet
from hk_metrics.quality import Finding, finding
from hk_metrics.wording import counted

if TYPE_CHECKING:
    import polars as pl

_ORDERS = "tracking_data"
_NEEDED = frozenset({"tracking_id", "influencer_id", "orders", "revenue"})
# Of an order of which less is left it is said that it came back.
_LEFT = 0.01


def with_order_rows(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Count an order once, however many rows it has, and let what was taken back follow it.

    Parameters
    ----------
    sheets
        Typed files, with influencers by the ids of their profiles.

    Returns
    -------
    list of Sheet
        The same files. Of an order's lines the dearest counts as the order, and all keep their
        revenue. A row of negative revenue adds no order; without an influencer it belongs to that
        of its order's other rows, and an order of which nothing is left is ``returned``.
    """
    owners = _owners(sheets)
    return [_settled(s, owners) if _is_numbered(s) else s for s in sheets]


def _is_numbered(sheet: Sheet) -> bool:
    return sheet.table == _ORDERS and set(sheet.frame.columns) >= _NEEDED


def _owners(sheets: Sequence[Sheet]) -> pl.DataFrame:
    """Return the influencer of each order that a row without one takes back, where it has one."""
    import polars as pl

    numbered = [s.frame for s in sheets if _is_numbered(s)]
    lost = [f.filter(_is_lost())["tracking_id"].drop_nulls() for f in numbered]
    if not any(map(len, lost)):
        return pl.DataFrame(schema={"tracking_id": pl.String, "owner": pl.String})
    orders = pl.col("tracking_id").is_in(pl.concat(lost).unique().implode())
    named = pl.col("influencer_id").is_not_null()
    rows = pl.concat(
        f.filter(orders, named).select("tracking_id", pl.col("influencer_id").alias("owner"))
        for f in numbered
    )
    alone = pl.col("owner").n_unique().over("tracking_id") == 1
    return rows.filter(alone).unique("tracking_id")


def _is_lost() -> pl.Expr:
    """Whether a row takes revenue back and names nobody."""
    import polars as pl

    return (pl.col("revenue") < 0) & pl.col("influencer_id").is_null()


def _settled(sheet: Sheet, owners: pl.DataFrame) -> Sheet:
    frame, findings = sheet.frame, []
    if (frame["revenue"] < 0).any():
        frame, followed = _followed(frame, owners)
        frame = _taken_back(frame)
        if followed.height:
            findings.append(_followed_note(sheet, followed))
    if sheet.raw.order_lines and frame["tracking_id"].drop_nulls().is_duplicated().any():
        lines = _counted_once(frame)
        findings.append(_lines_note(sheet, frame, lines))
        frame = lines
    return replace(sheet, frame=frame, findings=(*sheet.findings, *findings))


def _followed(frame: pl.DataFrame, owners: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give rows that take revenue back, and name nobody, the influencer of their order."""
    import polars as pl

    joined = frame.join(owners, on="tracking_id", how="left", maintain_order="left")
    follows = _is_lost() & pl.col("owner").is_not_null()
    owned = pl.when(follows).then("owner").otherwise("influencer_id").alias("influencer_id")
    return joined.with_columns(owned).drop("owner"), joined.filter(follows)


def _taken_back(frame: pl.DataFrame) -> pl.DataFrame:
    """Count no order on a row of negative revenue; mark the orders of which nothing is left."""
    import polars as pl

    ids = frame.filter(pl.col("revenue") < 0)["tracking_id"].drop_nulls().unique()
    sums = frame.filter(pl.col("tracking_id").is_in(ids.implode())).group_by("tracking_id").agg(
        pl.col("revenue").sum().alias("left"),
        pl.col("revenue").clip(lower_bound=0).sum().alias("bought"),
    )  # fmt: skip
    gone = sums.filter(pl.col("left") <= _LEFT * pl.col("bought"))["tracking_id"]
    back = pl.col("tracking_id").is_in(gone.implode()) & (pl.col("revenue") > 0)
    there = pl.col("returned").fill_null(False) if "returned" in frame.columns else pl.lit(False)
    none = pl.when(pl.col("revenue") < 0).then(0).otherwise("orders").cast(frame.schema["orders"])
    marked = (there | back.fill_null(False)).alias("returned")
    settled = frame.with_columns(none.alias("orders"), marked)
    return settled if settled["returned"].any() else settled.select(frame.columns)


def _counted_once(frame: pl.DataFrame) -> pl.DataFrame:
    """Count an order on the dearest of its lines."""
    import polars as pl

    dearest = pl.col("revenue").fill_null(0).arg_max().over("tracking_id")
    place = pl.int_range(pl.len()).over("tracking_id")
    line = pl.col("tracking_id").is_not_null() & (place != dearest)
    once = pl.when(line).then(0).otherwise("orders").cast(frame.schema["orders"])
    return frame.with_columns(once.alias("orders"))


def _followed_note(sheet: Sheet, rows: pl.DataFrame) -> Finding:
    money = float(rows["revenue"].sum())
    return finding(
        "refund_followed", rows=counted(rows.height, "row"), revenue=f"{-money:,.2f}",
        file=sheet.raw.file, table=_ORDERS, row=rows[ROW][0], column="tracking_id",
        count=rows.height, money=money,
    )  # fmt: skip


def _lines_note(sheet: Sheet, before: pl.DataFrame, after: pl.DataFrame) -> Finding:
    orders = int(after["orders"].sum())
    return finding(
        "order_lines", rows=counted(before.height, "row"), orders=counted(orders, "order"),
        file=sheet.raw.file, table=_ORDERS, column="tracking_id", count=before.height - orders,
    )  # fmt: skip
