"""What a file leaves out and its other cells tell: ids, and what payouts pay for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from hk_metrics.ingest.answers import Question
from hk_metrics.ingest.columns import ColumnMap
from hk_metrics.ingest.log import Log
from hk_metrics.ingest.names import plain
from hk_metrics.ingest.raw import RawTable
from hk_metrics.ingest.synonyms import ENGAGEMENT
from hk_metrics.quality import Finding

PAID_FOR: Mapping[str, str] = {
    "commission": "each is a share of the influencer's revenue",
    "order": "each pays for the influencer's orders",
    "post": "each pays for the influencer's posts",
}


def completed(raw: RawTable, columns: ColumnMap, log: Log) -> RawTable:
    """Add what a file does not say but shows; the same file where nothing is to add.

    Influencers without ids have their names for ids. Payouts that do not say what they pay for
    pay for what their columns tell. An id on the first row of each group holds for its group.
    """
    import polars as pl

    named = {name: header for header, name in columns.chosen.items()}
    if columns.table == "influencers" and "id" in columns.missing and "name" in named:
        message = "there is no column of ids: the names are taken for them"
        log.findings.append(Finding("note", "names_as_ids", message, file=raw.file))
        return replace(raw, frame=raw.frame.with_columns(pl.col(named["name"]).alias("id")))
    if plain(named.get("likes", "")) in map(plain, ENGAGEMENT):
        message = f"{named['likes']!r} is taken as likes: all that was done with a post"
        log.findings.append(Finding("note", "engagement", message, file=raw.file))
    if columns.table not in ("payouts", "posts") or "influencer_id" not in named:
        return raw
    raw = _filled_down(raw, columns.table, named["influencer_id"], log)
    if columns.table == "payouts" and "basis" in columns.missing and "total_payout" in named:
        basis = pl.lit(_asked_basis(raw, named, log)).alias("basis")
        return replace(raw, frame=raw.frame.with_columns(basis))
    return raw


def _asked_basis(raw: RawTable, named: Mapping[str, str], log: Log) -> str:
    """Ask what payouts pay for that do not say it; return what their other columns tell."""
    basis = "order" if "orders" in named else "post"
    if "commission_rate" in named or "commission" in plain(named["total_payout"]):
        basis = "commission"
    finding = Finding(
        "error", "no_basis", "no column says what the payouts pay for.",
        "add a column 'basis' with post, order, commission or hybrid",
        file=raw.file, table="payouts", row=1, column="basis",
    )  # fmt: skip
    log.questions.append(Question(finding, {basis: PAID_FOR[basis]}, basis))
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
    finding = Finding(
        "error", "grouped_rows", f"{header!r} is filled in on the first row of each group only.",
        "fill it in on every row", file=raw.file, table=table, column=header, count=gaps,
    )  # fmt: skip
    log.questions.append(Question(finding, {"down": "the rows below belong to it"}, "down"))
    return replace(raw, frame=raw.frame.with_columns(ids.forward_fill().alias(header)))
