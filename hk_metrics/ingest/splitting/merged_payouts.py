"""Payouts in a file of orders: paid once to each influencer, or for each order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hk_metrics.ingest.answers import Question
from hk_metrics.ingest.headers.names import plain
from hk_metrics.ingest.log import Log
from hk_metrics.ingest.raw import ROW, RawTable
from hk_metrics.ingest.splitting.parts import first_of_each, kinds, part_of
from hk_metrics.quality import finding

if TYPE_CHECKING:
    import polars as pl

    from hk_metrics.ingest.splitting.merged import Merged


def repeats_payouts(merged: Merged) -> bool:
    """Whether a file repeats what was paid to an influencer on several rows."""
    if "payouts" not in merged.held:
        return False
    names = {column: header for header, column in merged.own("payouts").items()}
    return _grain(merged, merged.raw.frame, names) is not None


def payouts_of(merged: Merged, main: RawTable, log: Log) -> RawTable:
    """Return the payouts that a file of orders or posts names beside them.

    An amount that is the same on all rows of an influencer (or of one campaign of theirs), and not
    of everybody, was paid once and repeated by a join; any other was paid for each row.
    """
    import polars as pl

    own = merged.own("payouts")
    names = {column: header for header, column in own.items()}
    rows = main.frame.select(ROW).join(merged.raw.frame, on=ROW, maintain_order="left")
    rows = rows.filter(pl.col(names["total_payout"]).is_not_null())
    grain = _grain(merged, rows, names)
    if "basis" in names and rows[merged.creator].is_unique().all():
        grain = [merged.creator]
    if grain is None:
        return _for_each_row(merged, rows, names, log)
    if "basis" not in names and "rate" not in names:
        _ask(merged.raw, names["total_payout"], log)
    settled = {h: c for h, c in merged.columns["payouts"].items() if c == "orders"}
    campaign = {h: "campaign" for h in grain if h != merged.creator}
    columns = {merged.creator: "influencer_id", **campaign, **own, **settled}
    rows = first_of_each(rows, grain).select([ROW, *columns])
    if "basis" not in names:
        rows = rows.with_columns(pl.lit("order").alias("basis"))
    return part_of(merged.raw, "payouts", rows, columns)


def _grain(merged: Merged, rows: pl.DataFrame, names: dict[str, str]) -> list[str] | None:
    """Return the headers that settle what was paid, where several rows repeat it; else None."""
    campaigns = merged.words[merged.held[-1]].get("campaign", [])[:1]
    amount = names["total_payout"]
    same = "commission" in plain(amount) or rows[amount].n_unique() == 1
    if "basis" not in names and (same or merged.held[-1] == "posts"):
        return None  # a price of each post, or a share or fee of each order
    for key in ([merged.creator], [merged.creator, *campaigns]):
        groups = kinds(rows.select(key))
        if groups < rows.height and kinds(rows.select([*key, *names.values()])) == groups:
            return key
    return None


def _for_each_row(merged: Merged, rows: pl.DataFrame, names: dict[str, str], log: Log) -> RawTable:
    """Take what stands on each row as the payout for it, on its day and for its campaign."""
    import polars as pl

    words = merged.words[merged.held[-1]]
    place = {words[c][0]: c for c in ("date", "campaign", "brand") if c in words}
    own = {h: c for c, h in names.items() if c in ("basis", "rate", "total_payout")}
    columns = {merged.creator: "influencer_id", **place, **own}
    frame = rows.select([ROW, *columns])
    if "basis" not in names:
        basis = "post" if merged.held[-1] == "posts" else "commission"
        frame = frame.with_columns(pl.lit(basis).alias("basis"))
    amount = names["total_payout"]
    log.findings.append(finding("joined_payouts", amount=amount, file=merged.raw.file))
    return part_of(merged.raw, "payouts", frame, columns)


def _ask(raw: RawTable, amount: str, log: Log) -> None:
    """Ask about an amount that stands again on each row of an influencer, with no word of why."""
    asked = finding("repeated_payout", file=raw.file, table="payouts", row=1, column=amount)
    choices = {"once": "it was paid once to each influencer"}
    log.questions.append(Question(asked, choices, "once"))
