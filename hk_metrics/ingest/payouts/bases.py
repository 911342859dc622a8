"""What payouts pay for: the words and rates of their basis, put in the ledger's vocabulary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hk_metrics.ingest.log import Log
from hk_metrics.ingest.problems import problem_frame
from hk_metrics.ingest.raw import FILE, ROW
from hk_metrics.ingest.values.basis import RATE_SHARE, basis_frame
from hk_metrics.quality import Finding, finding
from hk_metrics.schemas import BASES
from hk_metrics.wording import counted

if TYPE_CHECKING:
    import polars as pl


def read_bases(payouts: pl.DataFrame, currency: str, log: Log) -> pl.DataFrame:
    """Put the basis of each payout in the vocabulary; take rates that its wording names.

    The cell of the rate has a say too: a mere share (6 %) makes a commission of a payout, and an
    amount with a share a hybrid of one per post. Wordings that are not understood are problems
    with the code ``unknown_basis``.
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
    unit = pl.when(pl.col("basis_read") == "commission").then("share").otherwise("amount")
    joined = joined.with_columns(
        pl.col("basis_read").alias("basis"), pl.coalesce("rate", unit).alias("rate")
    )
    log.findings.extend(_wordings(payouts, words))
    if RATE_SHARE in joined.columns:
        joined = _by_rate(joined, log)
    return _with_shares(joined).drop("basis_read", "amount", "share")


def _by_rate(payouts: pl.DataFrame, log: Log) -> pl.DataFrame:
    """Let a share that the rate's own cell names say what is paid for."""
    import polars as pl

    share, rate = pl.col(RATE_SHARE), pl.col("rate")
    no_amount = (rate - share).abs() < 1e-9
    alone = pl.col("basis").is_in(["order", "post"]) & no_amount
    beside = (pl.col("basis") == "post") & ~no_amount
    basis = pl.when(alone).then(pl.lit("commission")).when(beside).then(pl.lit("hybrid"))
    read = payouts.with_columns(__read=basis)
    for (file,), rows in read.filter(pl.col("__read").is_not_null()).group_by(
        FILE, maintain_order=True
    ):
        log.findings.append(_basis_of_rate(str(file), rows))
    amount = pl.when(no_amount).then(None).otherwise(rate)
    return read.with_columns(
        pl.coalesce("__read", "basis").alias("basis"),
        pl.when(pl.col("basis") == "hybrid")
        .then(amount)
        .when(no_amount)
        .then(share)
        .otherwise(rate)
        .alias("rate"),
        pl.coalesce("share", share).alias("share"),
    ).drop("__read", RATE_SHARE)


def _basis_of_rate(file: str, rows: pl.DataFrame) -> Finding:
    one = rows.row(0, named=True)
    return finding(
        "rate_is_share", payouts=counted(rows.height, "payout"), influencer=one["influencer_id"],
        basis=one["basis"], read_as=one["__read"], file=file, table="payouts", row=one[ROW],
        column="rate",        value=_percent(one[RATE_SHARE]), count=rows.height,
        money=float(rows["total_payout"].sum()),
    )  # fmt: skip


def _percent(share: float) -> str:
    return f"{100 * share if share < 1 else share:g} %"


def _with_shares(payouts: pl.DataFrame) -> pl.DataFrame:
    """Keep the share that a hybrid's wording or rate names beside its amount."""
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
        finding(
            "basis", basis=one["basis"], file=one[FILE],
            table="payouts", row=one[ROW], column="basis", value=one["text"], count=one["count"],
        )
        for one in read.iter_rows(named=True)
    ]  # fmt: skip
