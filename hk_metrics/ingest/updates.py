"""The same post, order or payment in several exports, with other numbers in each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hk_metrics.ingest.copies import OWN_IDS
from hk_metrics.ingest.log import Log
from hk_metrics.ingest.raw import FILE, ROW
from hk_metrics.ingest.sheet import Sheet

if TYPE_CHECKING:
    import polars as pl

# What only grows: of two exports of a post, the one that says more of it is the newer.
GROWING = {"posts": "reach"}


def report_updates(name: str, table: pl.DataFrame, sheets: Sequence[Sheet], log: Log) -> None:
    """Note the rows with the id of a row in another file (``updated_row``): one of them counts.

    An id is one only where no file has it twice.
    """
    import polars as pl

    if sum(s.table == name for s in sheets) < 2:
        return
    for column in (c for c in OWN_IDS.get(name, ()) if c in table.columns):
        given = table.filter(pl.col(column).is_not_null())
        if given.select(FILE, column).is_duplicated().any():
            continue
        if name in GROWING:
            given = given.sort(GROWING[name], descending=True, nulls_last=True, maintain_order=True)
        again = given.filter(pl.int_range(pl.len()).over("influencer_id", column) > 0)
        log.add_problems(
            name,
            again.select(
                pl.col(FILE).alias("file"), pl.col(ROW).alias("row"), pl.lit("").alias("column"),
                pl.col(column).cast(pl.String).alias("value"), pl.lit("updated_row").alias("code"),
            ),
        )  # fmt: skip
