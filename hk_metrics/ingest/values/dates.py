"""Dates as people write them; day-first or month-first is decided on the whole column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from hk_metrics.ingest.values.date_parts import (
    FIRST_YEAR,
    LAST_YEAR,
    built,
    taken_apart,
    with_clocks,
)
from hk_metrics.ingest.values.parsed import Parsed, through_unique
from hk_metrics.ingest.values.zones import on_one_clock, settle_clocks
from hk_metrics.quality import Finding, finding

if TYPE_CHECKING:
    import polars as pl

DateOrder = Literal["day_first", "month_first"]
_ISO = tuple(
    f"%Y-%m-%d{time}"
    for time in ("", " %H:%M:%S", "T%H:%M:%S", " %H:%M:%S%.f", "T%H:%M:%S%.f", " %H:%M", "T%H:%M")
)
SAMPLE = 1_000


@dataclass(frozen=True)
class DateColumn:
    """A parsed date column, and how sure its order is.

    ``order`` is None where nothing needed one; ``asked`` says that every value is ambiguous, and
    ``order`` then is only the likelier one, or None where nothing speaks for either.
    """

    parsed: Parsed
    order: DateOrder | None = None
    asked: bool = False
    example: str = ""


def parse_date(
    values: pl.Series, timezone: str, order: DateOrder | None = None, hint: DateOrder | None = None
) -> DateColumn:
    """Read one column of dates.

    Parameters
    ----------
    values
        Text, dates, date-times or Excel serials, as long as the file.
    timezone
        Where the company is; times in UTC, or of several offsets, are turned to its local time,
        and those of one other offset, which is the shop's own clock, stand.
    order
        What the user said; overrules the column's evidence.
    hint
        What another column of the same import showed; used only where this one shows nothing.

    Returns
    -------
    DateColumn
        Local date-times without a zone. Codes of failure: ``not_a_date``, ``impossible_date``.
    """
    import polars as pl

    if values.dtype in (pl.Date, pl.Datetime):
        dates, remarks = on_one_clock(values, timezone)
        return DateColumn(Parsed(dates.cast(pl.Datetime("us")), remarks=remarks))
    texts = values.cast(pl.String)
    if values.dtype.is_float():
        texts = texts.str.replace(r"\.0+$", "")
    for pattern in _ISO:
        if _reads(texts.head(SAMPLE), pattern) is None:
            continue
        quick = _reads(texts, pattern)
        if quick is not None and _plausible(quick):
            return DateColumn(Parsed(quick))
    return _written(texts, timezone, order, hint)


def _reads(texts: pl.Series, pattern: str) -> pl.Series | None:
    """Return texts that a pattern reads all of as date-times; None else."""
    read = texts.str.to_datetime(pattern, time_unit="us", strict=False)
    return read if read.null_count() == texts.null_count() else None


def _plausible(dates: pl.Series) -> bool:
    """Whether the first and last day lie in years that a file can be about."""
    import polars as pl

    ends = pl.Series([dates.min(), dates.max()], dtype=pl.Datetime("us")).drop_nulls()
    return bool(ends.dt.year().is_between(FIRST_YEAR, LAST_YEAR).all())


def _written(
    texts: pl.Series, timezone: str, order: DateOrder | None, hint: DateOrder | None
) -> DateColumn:
    import polars as pl

    split = with_clocks(texts)
    written = texts if split is None else split["day"]
    parts = taken_apart(written.drop_nulls().unique().sort().to_frame("text"))
    shown, likely = _shown(parts), _likely(parts)
    doubt = parts.filter("ambiguous")
    chosen = order or shown or likely or hint
    answers = parts.with_columns(date=built(chosen or "day_first", timezone))
    answers, clocks = settle_clocks(answers, timezone)
    dates = through_unique(written, answers, "date", pl.Datetime("us"))
    looks = written.is_in(answers.filter(pl.col("looks"))["text"].implode())
    if split is not None:
        dates, looks = dates + split["clock"], looks & split["clock"].is_not_null()
    bad = dates.is_null() & texts.is_not_null()
    failed = {"impossible_date": bad & looks, "not_a_date": bad & ~looks}
    return DateColumn(
        Parsed(
            dates,
            {k: m for k, m in failed.items() if m.any()},
            (*_remarks(answers, chosen), *clocks),
        ),
        chosen if parts["either"].any() else None,
        asked=len(doubt) > 0 and order is None and shown is None,
        example=doubt["text"][0] if len(doubt) else "",
    )


def _shown(parts: pl.DataFrame) -> DateOrder | None:
    """The order that some value proves and none contradicts."""
    day = parts.filter("day_first").height
    month = parts.filter("month_first").height
    if day and not month:
        return "day_first"
    return "month_first" if month and not day else None


def _likely(parts: pl.DataFrame) -> DateOrder | None:
    """The order under which the dates lie close together, where the other scatters them.

    A first of each month looks like twelve days of January, so dates on a constant 1 say nothing.
    """
    import polars as pl

    doubt = parts.filter("ambiguous")
    if doubt.height < 3 or 1 in (doubt["na"].max(), doubt["nb"].max()):
        return None
    spans = {
        order: doubt.select(built(order, "UTC").alias("d")).select(
            pl.col("d").max() - pl.col("d").min()
        ).item()
        for order in ("day_first", "month_first")
    }  # fmt: skip
    day, month = spans["day_first"], spans["month_first"]
    if day is None or month is None or 3 * min(day, month) > max(day, month):
        return None
    return "day_first" if day < month else "month_first"


def _remarks(answers: pl.DataFrame, order: DateOrder | None) -> tuple[Finding, ...]:
    import polars as pl

    remarks = []
    either = answers.filter(pl.col("either") & pl.col("date").is_not_null())
    if len(either):
        text, date = either.select("text", "date").row(0)
        words = (order or "day_first").replace("_", " ")
        remarks.append(finding("date_order", order=words, text=text, date=date, count=len(either)))
    serial = answers.filter(pl.col("serial").is_not_null() & pl.col("date").is_not_null())
    if len(serial):
        text, date = serial.select("text", "date").row(0)
        remarks.append(finding("date_serial", text=text, date=date, count=len(serial)))
    return tuple(remarks)
