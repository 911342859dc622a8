"""What payouts pay for: the words and rates of their basis, put in the ledger's vocabulary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hk_metrics.ingest.basis import basis_frame
from hk_metrics.ingest.log import Log
from hk_metrics.ingest.problems import problem_frame
from hk_metrics.ingest.raw import FILE, ROW
from hk_metrics.quality import Finding
from hk_metrics.schemas import BASES

if TYPE_CHECKING:
    import polars as pl


def read_bases(payouts: pl.DataFrame, currency: str, log: Log) -> pl.DataFrame:
    """Put the basis of each payout in the vocabulary; take rates that its wording names.

    Wordings that are not understood are problems with the code ``unknown_basis``.
    """
    import polars as pl

    words = basis_frame(payouts["basis"], currency)
    joined = payouts.join(words, left_on="basis", right_on="text", how="left", suffix="_read",
                          maintain_order="left")  # fmt: skip
    unknown = joined.filter(pl.col("basis").is_not_null() & pl.col("basis_read").is_null())
    for (file,), rows in unknown.group_by(FILE, maintain_order=True):
        bad = problem_frame(str(file), "unknown_basis", "basis", rows[ROW], rows["basis"])
        log.add_problems("payouts", bad)
    said = pl.when(pl.col("basis_read") == "commission").then("share").otherwise("amount")
    joined = joined.with_columns(
        pl.col("basis_read").alias("basis"), pl.coalesce("rate", said).alias("rate")
    )
    if (joined["basis"] == "hybrid").any() and joined["share"].is_not_null().any():
        given = pl.col("commission_rate") if "commission_rate" in payouts.columns else pl.lit(None)
        hybrid = pl.when(pl.col("basis") == "hybrid").then("share")
        joined = joined.with_columns(
            pl.coalesce(given, hybrid).cast(pl.Float64).alias("commission_rate")
        )
    log.findings.extend(_notes(words))
    return joined.drop("basis_read", "amount", "share")


def _notes(words: pl.DataFrame) -> list[Finding]:
    return [
        Finding("note", "basis", f"basis {text!r} is read as {basis!r}", table="payouts",
                column="basis", value=text)
        for text, basis, *_ in words.iter_rows()
        if basis and text not in BASES
    ]  # fmt: skip
