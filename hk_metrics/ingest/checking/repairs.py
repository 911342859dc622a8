"""Problems grouped by the repair they need, in a marketer's words, with the money at stake."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hk_metrics.formatting import counted
from hk_metrics.quality import Finding, Severity
from hk_metrics.schemas import TABLES

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Repair:
    """What is wrong and how to fix it; ``{cells}``, ``{column}``, ``{values}`` … are filled in.

    ``reason`` says the same in a word or two, beside each rejected row.
    """

    message: str
    fix: str
    reason: str
    severity: Severity = "error"


REPAIRS: Mapping[str, Repair] = {
    "not_a_number": Repair(
        "{cells} in {column!r} without a readable number: {values}",
        "write a number, or leave the cell empty if the column allows it",
        "not a number",
    ),
    "other_currency": Repair(
        "{cells} in {column!r} in another currency: {values}",
        "convert them to {currency} first, or set the currency in the settings",
        "another currency",
    ),
    "not_a_date": Repair(
        "{cells} in {column!r} without a readable date: {values}",
        "write dates as YYYY-MM-DD",
        "not a date",
    ),
    "impossible_date": Repair(
        "{cells} in {column!r} with a day that cannot be: {values}",
        "correct the dates; YYYY-MM-DD cannot be mistaken",
        "no such day",
    ),
    "not_a_flag": Repair(
        "{cells} in {column!r} that say neither yes nor no: {values}",
        "write yes or no",
        "neither yes nor no",
    ),
    "unknown_basis": Repair(
        "{cells} in {column!r} with unknown words for what is paid: {values}",
        "use post, order, commission or hybrid",
        "unknown basis",
    ),
    "empty_cell": Repair("{empty} in {column!r}", "fill in every row", "empty"),
    "negative": Repair(
        "{cells} in {column!r} below zero: {values}",
        "correct them; only revenue may be negative, as a refund",
        "below zero",
    ),
    "duplicate_id": Repair(
        "{rows} with an id that another row has: {values}",
        "keep one row for {row_is}",
        "id used twice",
    ),
    "unknown_influencer": Repair(
        "{ids} not in influencers: {values}; {rows} without a profile",
        "add them to the influencers file, correct the ids, or import them as 'Unknown influencer' "
        "(unknown_influencers='keep'; on the command line --keep-unknown)",
        "no such influencer",
    ),
    "ragged_row": Repair(
        "{rows} with more cells than the header; beyond it: {values}",
        "put text that contains the delimiter in quotation marks",
        "more cells than the header",
    ),
    "broken_quote": Repair(
        "{rows} with a quotation mark that nothing closes",
        "close it, or double it where it belongs to the text",
        "quotation mark not closed",
    ),
    "long_cell": Repair(
        "{rows} with a cell of more characters than is allowed, in {column!r}",
        "shorten it; a quotation mark may be missing before it",
        "cell too long",
    ),
    "overlap": Repair(
        "{rows} already in another of the files, cell by cell",
        "hand in each period once; the copies are left out",
        "already in another file",
    ),
    "updated_row": Repair(
        "{rows} with the id of a row in another of the files, but other numbers: {values}",
        "hand in the newest export only; of a post, the row with the larger reach counts, of a "
        "refund the larger one",
        "in another file with other numbers",
    ),
    "other_version": Repair(
        "{rows} that another of the files has too, with other numbers: influencers {values}",
        "hand in one version only; the rows of the first file are used",
        "in another file with other numbers",
    ),
    "duplicate_row": Repair(
        "{rows} copied from an earlier one, id included",
        "remove the copies",
        "copy of an earlier row",
    ),
    "total_row": Repair(
        "{rows} of totals, left out",
        "",
        "a line of totals",
        "warning",
    ),
    "remark_row": Repair(
        "{rows} below the table with a remark only, left out",
        "",
        "a remark",
        "warning",
    ),
    "header_row": Repair(
        "{rows} with the header again, left out",
        "",
        "the header again",
        "warning",
    ),
    "cancelled_order": Repair(
        "{rows} of cancelled, failed or void orders by {column!r} ({money} of revenue), left out: "
        "{values}",
        "if they count all the same, leave the column out with mapping={{{column!r}: None}}",
        "a cancelled order",
        "warning",
    ),
    "cancelled_elsewhere": Repair(
        "{rows} of orders that another of the files says were cancelled ({money} of revenue), left "
        "out: {values}",
        "",
        "cancelled, says another file",
        "warning",
    ),
}


def grouped(
    problems: pl.DataFrame,
    table: str,
    currency: str,
    headers: Mapping[tuple[str, str], str],
    money: pl.DataFrame,
) -> list[Finding]:
    """Turn the problems of one table to findings: one per file, column and repair.

    Parameters
    ----------
    problems
        file, row, column, value, code.
    table, currency
        For the words.
    headers
        (file, canonical column) → the header in that file.
    money
        file, row, money: what is at stake on each row with a problem.
    """
    import polars as pl

    values = pl.col("value").drop_nulls()
    groups = (
        problems.join(money, on=["file", "row"], how="left", maintain_order="left")
        .group_by("file", "column", "code", maintain_order=True)
        .agg(
            pl.col("row").n_unique().alias("rows"),
            pl.col("row").min().alias("first"),
            pl.col("value").sort_by("row").first(),
            values.n_unique().alias("distinct"),
            values.unique(maintain_order=True).head(4).alias("values"),
            pl.col("money").sum(),
        )
    )
    return [_finding(group, table, currency, headers) for group in groups.iter_rows(named=True)]


def _finding(
    group: dict[str, Any], table: str, currency: str, headers: Mapping[tuple[str, str], str]
) -> Finding:
    repair, count = REPAIRS[group["code"]], group["rows"]
    column = headers.get((group["file"], group["column"]), group["column"])
    words = {
        "rows": counted(count, "row"),
        "cells": counted(count, "cell"),
        "empty": counted(count, "empty cell"),
        "ids": counted(group["distinct"], "influencer id"),
        "column": column,
        "values": _listed(group["values"], group["distinct"]),
        "row_is": TABLES[table].row,
        "currency": currency,
        "money": f"{group['money']:,.2f}",
    }
    return Finding(
        repair.severity, group["code"], repair.message.format(**words), repair.fix.format(**words),
        file=group["file"], table=table, row=group["first"], column=column,
        value=group["value"] or "", count=count, money=group["money"] or None,
    )  # fmt: skip


def _listed(values: Iterable[str], distinct: int) -> str:
    shown = [v if len(v) <= 40 else f"{v[:39]}…" for v in values]
    return ", ".join(repr(v) for v in shown) + (" …" if distinct > len(shown) else "")
