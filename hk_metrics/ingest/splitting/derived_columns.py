"""What a file leaves out and its other cells tell: ids, orders, what payouts pay for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from hk_metrics.ingest.answers import Question
from hk_metrics.ingest.headers.columns import ColumnMap
from hk_metrics.ingest.headers.names import column_named, plain
from hk_metrics.ingest.headers.synonyms import CREATORS, ENGAGEMENT
from hk_metrics.ingest.log import Log
from hk_metrics.ingest.raw import RawTable
from hk_metrics.ingest.spelled import spelled
from hk_metrics.ingest.splitting.links import with_platform
from hk_metrics.ingest.values.basis import PAID_FOR
from hk_metrics.ingest.values.numbers import are_numbers
from hk_metrics.quality import finding

if TYPE_CHECKING:
    import polars as pl


def with_derived_columns(
    raw: RawTable, columns: ColumnMap, others: Sequence[RawTable], log: Log
) -> RawTable:
    """Add what a file does not say but shows; the same file where nothing is to add.

    Influencers without ids have their names for ids if the others call them so, and a mere
    "Creator" is a name, too. Links tell the platform. Payouts that do not say what they pay for
    pay for what their columns tell. An id on the first row of each group holds for its group.
    """
    import polars as pl

    named = {name: header for header, name in columns.chosen.items()}
    if (
        columns.table == "influencers"
        and "id" in columns.missing
        and "name" in named
        and _called_by_name(raw.frame[named["name"]], others)
    ):
        log.findings.append(finding("names_as_ids", file=raw.file))
        raw = replace(raw, frame=raw.frame.with_columns(pl.col(named["name"]).alias("id")))
    if columns.table == "influencers" and "name" in columns.missing and "id" in named:
        raw = _named_by_id(raw, named["id"], log)
    if columns.table in ("influencers", "posts") and "platform" in columns.missing:
        raw = with_platform(raw, log)
    if plain(named.get("likes", "")) in map(plain, ENGAGEMENT):
        log.findings.append(finding("engagement", header=named["likes"], file=raw.file))
    if columns.table not in ("payouts", "posts") or "influencer_id" not in named:
        return raw
    raw = _filled_down(raw, columns.table, named["influencer_id"], log)
    if columns.table == "payouts" and "basis" in columns.missing and "total_payout" in named:
        basis = pl.lit(_asked_basis(raw, named, log)).alias("basis")
        return replace(raw, frame=raw.frame.with_columns(basis))
    return raw


def _named_by_id(raw: RawTable, header: str, log: Log) -> RawTable:
    """Take for a name, too, what stands under a mere "Creator"."""
    import polars as pl

    if plain(header) not in CREATORS or are_numbers(raw.frame[header].drop_nulls()):
        return raw
    log.findings.append(finding("ids_as_names", header=header, file=raw.file))
    return replace(raw, frame=raw.frame.with_columns(pl.col(header).alias("name")))


def _called_by_name(names: pl.Series, others: Sequence[RawTable]) -> bool:
    """Whether the files that refer to influencers, if any do, use these names."""
    words = {spelled(str(name)) for name in names.drop_nulls()}
    keys = [
        raw.frame[header].drop_nulls().unique()
        for raw in others
        for header in raw.headers
        if column_named("payouts", header) == "influencer_id"
    ]
    return not keys or any(spelled(str(key)) in words for values in keys for key in values)


def _asked_basis(raw: RawTable, named: Mapping[str, str], log: Log) -> str:
    """Ask what payouts pay for that do not say it; return what their other columns tell."""
    basis = "order" if "orders" in named else "post"
    if "commission_rate" in named or "commission" in plain(named["total_payout"]):
        basis = "commission"
    asked = finding("no_basis", file=raw.file, table="payouts", row=1, column="basis")
    log.questions.append(Question(asked, {basis: PAID_FOR[basis]}, basis))
    return basis


def _filled_down(raw: RawTable, table: str, header: str, log: Log) -> RawTable:
    """Repeat the ids of merged cells, of which only the first of the rows has them.

    Merged they were where every id stands once and most rows have none; a single row without an
    id is a gap in the file.
    """
    import polars as pl

    ids = raw.frame[header]
    if ids.dtype == pl.String:
        ids = pl.select(pl.when(ids.str.strip_chars() != "").then(ids)).to_series()
    gaps, given = ids.null_count(), ids.drop_nulls()
    if gaps < max(len(given), 1) or ids[0] is None or given.n_unique() < max(len(given), 2):
        return raw
    asked = finding("grouped_rows", file=raw.file, table=table, column=header, count=gaps)
    log.questions.append(Question(asked, {"down": "the rows below belong to it"}, "down"))
    return replace(raw, frame=raw.frame.with_columns(ids.forward_fill().alias(header)))


def with_orders(raw: RawTable, named: Mapping[str, str | None], log: Log) -> RawTable:
    """Count each row of a file of orders as one where no column says how many it is.

    With order numbers that is certain, as rows of one number, influencer and customer are lines of
    one order; else it is asked. ``named`` are the columns that the user named.
    """
    import polars as pl

    columns = {h: named.get(h, column_named("tracking_data", h)) for h in raw.headers}
    if None not in columns.values() and not {"orders", "revenue"} & set(columns.values()):
        return _touches(raw, log)
    if "orders" in columns.values() or "revenue" not in columns.values():
        return raw
    numbered = _are_numbered(raw, columns)
    if numbered:
        log.findings.append(finding("one_order_a_row.numbered", file=raw.file))
    else:
        asked = finding("one_order_a_row.asked", file=raw.file, table="tracking_data", row=1,
                        column="orders")  # fmt: skip
        log.questions.append(Question(asked, {"1": "one order a row"}, "1"))
    counted = raw.frame.with_columns(pl.lit(1).alias("orders"))
    return replace(raw, frame=counted, order_lines=numbered)


def _are_numbered(raw: RawTable, columns: Mapping[str, str | None]) -> bool:
    """Whether rows have order numbers, and those of one number one influencer and one customer."""
    headers = {name: h for h, name in columns.items() if name}
    if "tracking_id" not in headers:
        return False
    number = headers["tracking_id"]
    rows = raw.frame.select(number, *(headers[n] for n in ("influencer_id", "user_id")
                                      if n in headers)).drop_nulls(number)  # fmt: skip
    return bool(rows.n_unique() == rows[number].n_unique())


def _touches(raw: RawTable, log: Log) -> RawTable:
    """Take a file of events that says nothing of orders or money as touches."""
    import polars as pl

    asked = finding("touches", file=raw.file, table="tracking_data", row=1, column="orders")
    log.questions.append(Question(asked, {"0": "its rows are touches without an order"}, "0"))
    nothing = [pl.lit(0).alias(name) for name in ("orders", "revenue")]
    return replace(raw, frame=raw.frame.with_columns(nothing))
