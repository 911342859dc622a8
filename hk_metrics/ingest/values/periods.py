"""Periods as people write them: 2025-03, March 2025, Q1 2025, 2025-03-01/2025-03-31."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hk_metrics.ingest.raw import FILE, ROW
from hk_metrics.ingest.values.date_parts import MONTHS
from hk_metrics.ingest.values.dates import DateOrder, parse_date
from hk_metrics.payouts.scope import PERIOD
from hk_metrics.quality import Finding, finding
from hk_metrics.wording import counted

if TYPE_CHECKING:
    import polars as pl

_RANGE = r"(?i)^(.{4,}?)\s*(?:\s+(?:to|until|till|through|bis|-|–|—)\s+|/|\.\.+|–|—)\s*(.{4,})$"
_YEAR = r"(20\d{2}|19\d{2})"
_MONTH_WORD = rf"^({'|'.join(MONTHS)})[a-z]*[\s\-/.,']*(\d{{4}}|\d{{2}})$"
_YEAR_WORD = rf"^{_YEAR}[\s\-/.,]*({'|'.join(MONTHS)})[a-z]*$"


def read_periods(
    payouts: pl.DataFrame, timezone: str, order: DateOrder | None, table: str = "payouts"
) -> tuple[pl.DataFrame, tuple[Finding, ...]]:
    """Turn a column ``period`` to ``period_start`` and ``period_end``, both included.

    A wording that names no period leaves its payout without one, which is listed. An end of
    the period in a column of its own counts before the wording.
    """
    import polars as pl

    if "period" not in payouts.columns:
        return payouts, ()
    distinct = payouts["period"].drop_nulls().unique().sort()
    spans = period_spans(distinct, timezone, order)
    joined = payouts.join(spans, left_on="period", right_on="text", how="left",
                          maintain_order="left")  # fmt: skip
    unread = joined.filter(pl.col("period").is_not_null() & pl.col("start").is_null())
    listed: tuple[Finding, ...] = ()
    if unread.height:
        shown = unread["period"].unique(maintain_order=True).head(4).to_list()
        listed = (
            finding(
                "unread_period", payouts=counted(unread.height, table.removesuffix("s")),
                wordings=", ".join(map(repr, shown)),
                file=unread[FILE][0], table=table, row=unread[ROW][0], column="period",
                value=str(unread["period"][0]), count=unread.height,
            ),
        )  # fmt: skip
    ends = [
        pl.coalesce(*([name] if name in payouts.columns else []), read)
        .cast(pl.Datetime("us")).alias(name)
        for name, read in zip(PERIOD, ("start", "end"), strict=True)
    ]  # fmt: skip
    return joined.with_columns(ends).drop("period", "start", "end"), listed


def period_spans(texts: pl.Series, timezone: str, order: DateOrder | None) -> pl.DataFrame:
    """Return text, first day and last day of each wording; null where it names none.

    >>> import polars as pl
    >>> spans = period_spans(pl.Series(["Q1 2025", "March 2025"]), "Asia/Kolkata", None)
    >>> [str(d.date()) for d in spans["end"]]
    ['2025-03-31', '2025-03-31']
    """
    import polars as pl

    low = pl.col("text").str.to_lowercase().str.strip_chars()
    frame = texts.alias("text").to_frame().with_columns(
        year=pl.coalesce(
            low.str.extract(rf"^{_YEAR}$"), low.str.extract(rf"^{_YEAR}[-/. ]?(?:0?[1-9]|1[0-2])$"),
            low.str.extract(rf"^(?:0?[1-9]|1[0-2])[-/. ]{_YEAR}$"),
            low.str.extract(_MONTH_WORD, 2), low.str.extract(_YEAR_WORD, 1),
            low.str.extract(rf"^q[1-4][\s\-/]*{_YEAR}$"),
            low.str.extract(rf"^{_YEAR}[\s\-/]*q[1-4]$"),
        ).cast(pl.Int32),
        month=pl.coalesce(
            low.str.extract(rf"^{_YEAR}[-/. ]?(0?[1-9]|1[0-2])$", 2),
            low.str.extract(rf"^(0?[1-9]|1[0-2])[-/. ]{_YEAR}$", 1),
        ).cast(pl.Int32),
        word=pl.coalesce(low.str.extract(_MONTH_WORD, 1), low.str.extract(_YEAR_WORD, 2))
        .replace_strict(MONTHS, default=None, return_dtype=pl.Int32),
        quarter=low.str.extract(r"\bq([1-4])\b").cast(pl.Int32),
        left=pl.col("text").str.extract(_RANGE, 1), right=pl.col("text").str.extract(_RANGE, 2),
    )  # fmt: skip
    year = pl.when(pl.col("year") < 100).then(pl.col("year") + 2000).otherwise("year")
    month = pl.coalesce("month", "word", pl.col("quarter") * 3 - 2, pl.lit(1))
    months = (
        pl.when(pl.col("quarter").is_not_null()).then(pl.lit("3mo"))
        .when(pl.col("month").is_null() & pl.col("word").is_null()).then(pl.lit("12mo"))
        .otherwise(pl.lit("1mo"))
    )  # fmt: skip
    start = pl.format("{}-{}-1", year, month).str.to_datetime("%Y-%m-%d", strict=False)
    named = frame.select("text", start=start, end=start.dt.offset_by(months).dt.offset_by("-1d"))
    days = _days(frame, timezone, order)
    return named.with_columns(
        pl.coalesce("start", days["start"]).alias("start"),
        pl.coalesce("end", days["end"]).alias("end"),
    )


def _days(frame: pl.DataFrame, timezone: str, order: DateOrder | None) -> pl.DataFrame:
    """Read ranges of dates, and single dates: months where all of them are firsts."""
    import polars as pl

    ends = pl.concat([frame["left"], frame["right"]]).rename("ends")
    both = parse_date(ends, timezone, order).parsed.values.dt.truncate("1d")
    start, end = both.head(frame.height), both.tail(frame.height)
    single = parse_date(frame["text"], timezone, order).parsed.values.dt.truncate("1d")
    firsts = bool((single.drop_nulls().dt.day() == 1).all())
    last = single.dt.month_end() if firsts else single
    whole = start.is_not_null() & end.is_not_null() & (start <= end)
    return pl.DataFrame({"start": start, "end": end, "whole": whole, "single": single, "last": last}
        ).select(
        start=pl.when("whole").then("start").otherwise("single"),
        end=pl.when("whole").then("end").otherwise("last"),
    )  # fmt: skip
