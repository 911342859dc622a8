"""What payouts pay for: the words and rates of their basis, put in the ledger's vocabulary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hk_metrics.formatting import counted
from hk_metrics.ingest.activity import units_of
from hk_metrics.ingest.basis import basis_frame
from hk_metrics.ingest.log import Log
from hk_metrics.ingest.problems import problem_frame
from hk_metrics.ingest.raw import FILE, ROW
from hk_metrics.quality import Finding
from hk_metrics.schemas import BASES

if TYPE_CHECKING:
    import polars as pl

TOLERANCE = 0.01


def read_bases(payouts: pl.DataFrame, currency: str, log: Log) -> pl.DataFrame:
    """Put the basis of each payout in the vocabulary; take rates that its wording names.

    Wordings that are not understood are problems with the code ``unknown_basis``.
    """
    import polars as pl

    words = basis_frame(payouts["basis"], currency)
    joined = payouts.join(
        words, left_on="basis", right_on="text", how="left", suffix="_read", maintain_order="left"
    )
    unknown = joined.filter(pl.col("basis").is_not_null() & pl.col("basis_read").is_null())
    for (file,), rows in unknown.group_by(FILE, maintain_order=True):
        bad = problem_frame(str(file), "unknown_basis", "basis", rows[ROW], rows["basis"])
        log.add_problems("payouts", bad)
    said = pl.when(pl.col("basis_read") == "commission").then("share").otherwise("amount")
    joined = joined.with_columns(
        pl.col("basis_read").alias("basis"), pl.coalesce("rate", said).alias("rate")
    )
    log.findings.extend(_wordings(payouts, words))
    return _with_shares(joined).drop("basis_read", "amount", "share")


def _with_shares(payouts: pl.DataFrame) -> pl.DataFrame:
    """Keep the share that a hybrid's wording names beside its amount."""
    import polars as pl

    hybrid = (pl.col("basis") == "hybrid") & pl.col("share").is_not_null()
    if payouts.filter(hybrid).is_empty():
        return payouts
    given = [pl.col("commission_rate")] if "commission_rate" in payouts.columns else []
    share = pl.coalesce(*given, pl.when(hybrid).then("share"))
    return payouts.with_columns(share.cast(pl.Float64).alias("commission_rate"))


def _wordings(payouts: pl.DataFrame, words: pl.DataFrame) -> list[Finding]:
    """Say once a wording how it is read, placed at its first row."""
    import polars as pl

    places = payouts.group_by("basis", maintain_order=True).agg(
        pl.col(FILE, ROW).first(), pl.len().alias("count")
    )
    read = words.drop_nulls("basis").filter(~pl.col("text").is_in(BASES))
    read = read.join(places, left_on="text", right_on="basis", maintain_order="left")
    return [
        Finding(
            "note", "basis", f"basis {one['text']!r} is read as {one['basis']!r}", file=one[FILE],
            table="payouts", row=one[ROW], column="basis", value=one["text"], count=one["count"],
        )
        for one in read.iter_rows(named=True)
    ]  # fmt: skip


def settle_commissions(tables: Mapping[str, pl.DataFrame], log: Log) -> pl.DataFrame:
    """Read payouts as commissions where a share of revenue explains what was paid.

    Parameters
    ----------
    tables
        The accepted tables.
    log
        Notes are added to it.

    Returns
    -------
    DataFrame
        The payouts. A basis ``order`` whose rate below 1 times the revenue gives the total within
        1 % becomes ``commission``; a commission's rate of 1 or more is per cent.
    """
    import polars as pl

    payouts = tables["payouts"]
    if payouts.is_empty():
        return payouts
    payouts = _as_share(payouts, log)
    if payouts.filter(_may_be_share()).is_empty():
        return payouts
    events = attributed(tables["tracking_data"])
    paid = pl.col("total_payout")
    within = units_of(payouts, events, "revenue")["revenue"]
    overall = units_of(payouts.select("influencer_id"), events, "revenue")["revenue"]
    explained = pl.any_horizontal(
        _close(pl.col("rate") * pl.lit(revenue), paid) for revenue in (within, overall)
    ) & ~_close(pl.col("rate") * pl.col("orders"), paid).fill_null(False)
    is_share = _may_be_share() & explained.fill_null(False)
    found = payouts.filter(is_share)
    if found.is_empty():
        return payouts
    log.findings.append(_read_as_share(found))
    basis = pl.when(is_share).then(pl.lit("commission")).otherwise("basis")
    return payouts.with_columns(basis.alias("basis"))


def attributed(tracking: pl.DataFrame, sources: pl.Series | None = None) -> pl.DataFrame:
    """Return the tracked events that belong to an influencer; ``sources`` if they are known."""
    import polars as pl

    sources = tracking["source"].unique() if sources is None else sources
    organic = sources.filter(sources.str.to_lowercase() == "organic")
    if organic.is_empty() and not tracking["influencer_id"].null_count():
        return tracking
    named = pl.col("source").is_in(organic.implode()).fill_null(False)
    return tracking.filter(~named & pl.col("influencer_id").is_not_null())


def _may_be_share() -> pl.Expr:
    import polars as pl

    return (pl.col("basis") == "order") & pl.col("rate").is_between(0, 1, closed="none")


def _close(a: pl.Expr, b: pl.Expr) -> pl.Expr:
    return (a - b).abs() <= TOLERANCE * b.abs()


def _as_share(payouts: pl.DataFrame, log: Log) -> pl.DataFrame:
    """A commission of 12 is 12 per cent: a share cannot exceed the whole."""
    import polars as pl

    for basis, column in (("commission", "rate"), ("hybrid", "commission_rate")):
        if column not in payouts.columns:
            continue
        percent = (pl.col("basis") == basis) & (pl.col(column) >= 1)
        found = payouts.filter(percent)
        if found.height:
            rate = found[column][0]
            log.findings.append(
                Finding(
                    "note", "percent_rate",
                    f"commissions of 1 and more are read as per cent: {rate:g} is {rate:g} %",
                    file=found[FILE][0], table="payouts", row=found[ROW][0], column=column,
                    value=f"{rate:g}", count=found.height,
                )
            )  # fmt: skip
        value = pl.when(percent).then(pl.col(column) / 100).otherwise(column)
        payouts = payouts.with_columns(value.alias(column))
    return payouts


def _read_as_share(found: pl.DataFrame) -> Finding:
    first = found.row(0, named=True)
    message = (
        f"{counted(found.height, 'payout')} per order in name, but a share of revenue by its sum: "
        f"influencer {first['influencer_id']} gets {first['rate']:.2%} of revenue, "
        f"{first['total_payout']:,.2f}. Read as commission"
    )
    return Finding(
        "note", "order_rate_is_share", message, file=first[FILE], table="payouts",
        row=first[ROW], column="basis", value=f"{first['rate']:g}", count=found.height,
        money=float(found["total_payout"].sum()),
    )  # fmt: skip
