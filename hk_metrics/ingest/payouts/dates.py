"""What the dates of payouts say: the days that are paid for, or when the money went out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from hk_metrics.formatting import period
from hk_metrics.ingest.headers.names import plain
from hk_metrics.ingest.headers.synonyms import WRITTEN
from hk_metrics.ingest.log import Log
from hk_metrics.ingest.payouts.accepted import AcceptedTables
from hk_metrics.ingest.raw import FILE, ROW
from hk_metrics.ingest.sheet import Sheet
from hk_metrics.payouts.activity import attributed, is_active, posts_of, sales_of, with_days
from hk_metrics.payouts.scope import FIRST, LAST, OPEN, TIMES
from hk_metrics.quality import Finding, finding
from hk_metrics.wording import counted

if TYPE_CHECKING:
    import polars as pl

_LEAST_SHARE = 0.5


def report_payment_dates(sheet: Sheet, log: Log) -> None:
    """Say that a column that names the day of payment narrows nothing."""
    headers = {name: header for header, name in sheet.columns.chosen.items()}
    if "payment_date" in headers:
        header = headers["payment_date"]
        written = plain(header) in map(plain, WRITTEN)
        done = "the row was written" if written else "money was paid"
        log.findings.append(
            finding(
                "payment_date", done=done, file=sheet.raw.file, table=sheet.table, column=header,
                count=sheet.frame.height,
            )
        )  # fmt: skip


def settle_dates(tables: Mapping[str, pl.DataFrame], log: Log) -> pl.DataFrame:
    """Take the dates of payouts for days of payment where they are no days that are paid for.

    Parameters
    ----------
    tables
        The accepted tables.
    log
        A warning is added to it for each file whose dates are days of payment.

    Returns
    -------
    DataFrame
        The payouts. ``date`` stays where, in at least half of the file's payouts to influencers
        with activity, there is some on the day itself, as in a file with a payout per order; the
        dates of other files become ``payment_date``. A ``period`` is always what is paid for.
    """
    import polars as pl

    payouts = tables["payouts"]
    if "date" not in payouts.columns or payouts["date"].null_count() == payouts.height:
        return payouts
    days = _active_days(tables["posts"], attributed(tables["tracking_data"]))
    day = pl.col("date").dt.truncate("1d")
    dated = payouts.select("influencer_id", FILE, day).drop_nulls().join(
        days.select("influencer_id").unique(), on="influencer_id", how="semi"
    )  # fmt: skip
    matched = dated.join(days, on=["influencer_id", "date"], how="left")
    share = matched.group_by(FILE).agg(share=pl.col("active").fill_null(value=False).mean())
    files = share.filter(pl.col("share") < _LEAST_SHARE)[FILE]
    if files.is_empty():
        return payouts
    moved = pl.col(FILE).is_in(files.implode()) & pl.col("date").is_not_null()
    log.findings.extend(_read_as_payment(payouts.filter(moved)))
    given = [pl.col("payment_date")] if "payment_date" in payouts.columns else []
    settled = payouts.with_columns(
        pl.coalesce(*given, pl.when(moved).then("date")).alias("payment_date"),
        pl.when(~moved).then("date").alias("date"),
    )
    return settled.drop("date") if settled["date"].null_count() == settled.height else settled


def _active_days(posts: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Return the days on which influencers posted or sold; true in ``active``."""
    import polars as pl

    sold = events.filter((pl.col("orders") > 0) | (pl.col("revenue") > 0))
    day = pl.col("date").dt.truncate("1d")
    days = pl.concat([rows.select("influencer_id", day) for rows in (posts, sold)])
    return days.unique().with_columns(active=pl.lit(value=True))


def _read_as_payment(moved: pl.DataFrame) -> Iterator[Finding]:
    for (file,), rows in moved.group_by(FILE, maintain_order=True):
        money = float(rows["total_payout"].sum())
        yield finding(
            "payment_date.read", payouts=counted(rows.height, "payout"),
            file=str(file), table="payouts", row=rows[ROW][0], column="date",
            value=f"{rows['date'][0]:%Y-%m-%d}", count=rows.height, money=money,
        )  # fmt: skip


def unmatched_periods(accepted: AcceptedTables) -> Iterator[Finding]:
    """Payouts for days on which their influencer did nothing: their spend is of no day."""
    import polars as pl

    payouts = with_days(accepted.tables["payouts"])
    dated = pl.col(FIRST).is_not_null()
    if not payouts.select(dated.any()).item():
        return
    paid = dated & (pl.col("total_payout") != 0)
    idle = payouts.filter(paid & ~is_active(accepted.posted, accepted.sold))
    whole = idle.drop(TIMES, strict=False)
    posts = accepted.tables["posts"]
    rows = idle.filter(is_active(posts_of(whole, posts), sales_of(whole, accepted.credited)))
    if rows.height:
        one, money = rows.row(0, named=True), float(rows["total_payout"].sum())
        first, last = (one[c] if one[c] not in OPEN else None for c in (FIRST, LAST))
        yield finding(
            "unmatched_period", payouts=counted(rows.height, "payout"),
            influencer=one["influencer_id"], paid=one["total_payout"],
            period=period(first, last),
            file=one[FILE], table="payouts", row=one[ROW],
            column=next(c for c in reversed(TIMES) if one.get(c)),
            count=rows.height, money=money,
        )  # fmt: skip
