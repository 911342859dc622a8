"""Dates as people write them; day-first or month-first is decided on the whole column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from hk_metrics.ingest.parsed import Parsed, Remark, through_unique

if TYPE_CHECKING:
    import polars as pl

DateOrder = Literal["day_first", "month_first"]
ISO = ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S%.f")
FIRST_YEAR, LAST_YEAR = 1990, 2100
_TIME = r"(?:(?:t|[\s,]+)(?P<time>\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[ap]\.?m\.?)?))?"
_ZONE = r"\s*(?P<zone>z|utc|gmt|ist|[+-]\d{2}:?\d{2}|[+-]\d{2})?$"
_NUMERIC = rf"^(?P<a>\d{{1,4}})[-/. ](?P<b>\d{{1,2}})[-/. ](?P<c>\d{{1,4}}){_TIME}{_ZONE}"
_COMPACT = rf"^(?P<a>(?:19|20)\d{{2}})(?P<b>\d{{2}})(?P<c>\d{{2}}){_TIME}{_ZONE}"
_WEEKDAY = r"^(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[,.]?\s+)?"
_WORD = r"(?P<word>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DAY_WORD = (
    rf"{_WEEKDAY}(?P<a>\d{{1,2}})(?:st|nd|rd|th)?[-/,.\s]*{_WORD}[-/,.\s']*(?P<c>\d{{2,4}})"
    rf"{_TIME}{_ZONE}"
)
_WORD_DAY = (
    rf"{_WEEKDAY}{_WORD}[-/.\s]*(?P<a>\d{{1,2}})(?:st|nd|rd|th)?[-/,.\s]+(?P<c>\d{{4}})"
    rf"{_TIME}{_ZONE}"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTHS = {month: i + 1 for i, month in enumerate(_MONTHS)}


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
        Where the company is; times with a zone are turned to its local time.
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

    if values.dtype.is_temporal():
        return DateColumn(Parsed(_local(values, timezone)))
    texts = values.cast(pl.String)
    if values.dtype.is_float():
        texts = texts.str.replace(r"\.0+$", "")
    for pattern in ISO:
        quick = texts.str.to_datetime(pattern, time_unit="us", strict=False)
        if quick.null_count() == texts.null_count() and _plausible(quick).all():
            return DateColumn(Parsed(quick))
    return _written(texts, timezone, order, hint)


def _local(values: pl.Series, timezone: str) -> pl.Series:
    import polars as pl

    if isinstance(values.dtype, pl.Datetime) and values.dtype.time_zone:
        values = values.dt.convert_time_zone(timezone).dt.replace_time_zone(None)
    return values.cast(pl.Datetime("us"))


def _plausible(dates: pl.Series) -> pl.Series:
    return dates.dt.year().is_between(FIRST_YEAR, LAST_YEAR) | dates.is_null()


def _written(
    texts: pl.Series, timezone: str, order: DateOrder | None, hint: DateOrder | None
) -> DateColumn:
    import polars as pl

    distinct = texts.drop_nulls().unique().sort().to_frame("text")
    parts = _parts(distinct)
    shown, likely = _shown(parts), _likely(parts)
    doubt = parts.filter("ambiguous")
    chosen = order or shown or likely or hint
    answers = parts.with_columns(date=_dates(chosen or "day_first", timezone))
    dates = through_unique(texts, answers, "date", pl.Datetime("us"))
    bad = dates.is_null() & texts.is_not_null()
    looks = texts.is_in(answers.filter(pl.col("looks"))["text"].implode())
    failed = {"impossible_date": bad & looks, "not_a_date": bad & ~looks}
    return DateColumn(
        Parsed(dates, {k: m for k, m in failed.items() if m.any()}, _remarks(answers, chosen)),
        chosen if parts["either"].any() else None,
        asked=len(doubt) > 0 and order is None and shown is None,
        example=doubt["text"][0] if len(doubt) else "",
    )


def _parts(distinct: pl.DataFrame) -> pl.DataFrame:
    """Take each distinct text apart: a, b, c (or a month's name), time, zone, serial."""
    import polars as pl

    low = pl.col("text").str.normalize("NFKC").str.to_lowercase().str.strip_chars()
    fields: dict[str, list[pl.Expr]] = {k: [] for k in ("a", "b", "c", "word", "time", "zone")}
    for pattern in (_NUMERIC, _COMPACT, _DAY_WORD, _WORD_DAY):
        found = pl.col("low").str.extract_groups(pattern)
        for name in fields:
            if f"(?P<{name}>" in pattern:
                fields[name].append(found.struct.field(name))
    return (
        distinct.with_columns(low=low)
        .with_columns(
            *(pl.coalesce(f).alias(k) for k, f in fields.items()),
            serial=pl.col("low").str.extract(r"^(\d{5}(?:\.\d+)?|\d{10}|\d{13})$"),
        )
        .with_columns(
            *(pl.col(k).cast(pl.Int32, strict=False).alias(f"n{k}") for k in "abc"),
            looks=pl.col("a").is_not_null() | pl.col("serial").is_not_null(),
            either=pl.col("b").is_not_null() & (pl.col("a").str.len_chars() <= 2),
        )
        .with_columns(
            day_first=pl.col("either") & (pl.col("na") > 12) & (pl.col("nb") <= 12),
            month_first=pl.col("either") & (pl.col("nb") > 12) & (pl.col("na") <= 12),
            ambiguous=pl.col("either")
            & (pl.max_horizontal("na", "nb") <= 12)
            & (pl.col("na") != pl.col("nb")),
        )
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
        order: doubt.select(_dates(order, "UTC").alias("d")).select(
            pl.col("d").max() - pl.col("d").min()
        ).item()
        for order in ("day_first", "month_first")
    }  # fmt: skip
    day, month = spans["day_first"], spans["month_first"]
    if day is None or month is None or 3 * min(day, month) > max(day, month):
        return None
    return "day_first" if day < month else "month_first"


def _dates(order: str, timezone: str) -> pl.Expr:
    """Build the date-time from the parts; null where they name no day."""
    import polars as pl

    first, second = ("nb", "na") if order == "day_first" else ("na", "nb")
    swap = pl.col(first) > 12
    year_first = pl.col("a").str.len_chars() == 4
    named = pl.col("word").is_not_null()
    month = (
        pl.when(named).then(pl.col("word").replace_strict(MONTHS, default=None))
        .when(year_first).then(pl.col("nb"))
        .otherwise(pl.when(swap).then(pl.col(second)).otherwise(pl.col(first)))
    )  # fmt: skip
    day = (
        pl.when(named).then(pl.col("na"))
        .when(year_first).then(pl.col("nc"))
        .otherwise(pl.when(swap).then(pl.col(first)).otherwise(pl.col(second)))
    )  # fmt: skip
    short = pl.col("nc") + pl.when(pl.col("nc") < 70).then(2000).otherwise(1900)
    late = pl.when(pl.col("c").str.len_chars() == 2).then(short).otherwise(pl.col("nc"))
    year = pl.when(year_first & ~named).then(pl.col("na")).otherwise(late)
    text = pl.format("{}-{}-{}", year, month, day)
    date = text.str.to_datetime("%Y-%m-%d", time_unit="us", strict=False)
    read = pl.coalesce(_zoned(date + _time(), timezone), _serial(timezone))
    inside = read.dt.year().is_between(FIRST_YEAR, LAST_YEAR)
    return pl.when(inside).then(read)


def _time() -> pl.Expr:
    import polars as pl

    time = pl.col("time").fill_null("0:00")
    hour = time.str.extract(r"^(\d+)").cast(pl.Int64)
    noon = time.str.contains(r"p\.?m")
    twelve = time.str.contains(r"[ap]\.?m") & (hour == 12)
    hours = pl.when(twelve).then(0).otherwise(hour) + pl.when(noon).then(12).otherwise(0)
    minutes = time.str.extract(r":(\d+)").cast(pl.Int64)
    seconds = time.str.extract(r":\d+:(\d+(?:[.,]\d+)?)").str.replace(",", ".").cast(pl.Float64)
    micros = (seconds.fill_null(0) * 1e6).round().cast(pl.Int64)
    valid = (hours < 24) & (minutes < 60) & (micros < 60_000_000)
    return pl.when(valid).then(pl.duration(hours=hours, minutes=minutes, microseconds=micros))


def _zoned(local: pl.Expr, timezone: str) -> pl.Expr:
    """Turn times that name a zone to the company's local time."""
    import polars as pl

    zone = pl.col("zone").str.replace(":", "").replace({"z": "+00", "utc": "+00", "gmt": "+00",
                                                        "ist": "+0530"})  # fmt: skip
    sign = pl.when(zone.str.starts_with("-")).then(-1).otherwise(1)
    hours = zone.str.slice(1, 2).cast(pl.Int64)
    minutes = zone.str.slice(3, 2).cast(pl.Int64, strict=False).fill_null(0)
    utc = local - pl.duration(minutes=sign * (hours * 60 + minutes))
    there = utc.dt.replace_time_zone("UTC").dt.convert_time_zone(timezone)
    return pl.when(zone.is_null()).then(local).otherwise(there.dt.replace_time_zone(None))


def _serial(timezone: str) -> pl.Expr:
    """Excel's days since 1899-12-30; seconds or milliseconds since 1970 of ten or 13 digits."""
    import polars as pl

    number = pl.col("serial").cast(pl.Float64)
    size = pl.col("serial").str.len_chars()
    is_day = pl.col("serial").str.contains(r"^\d{5}(\.|$)")
    day = pl.datetime(1899, 12, 30) + pl.duration(
        seconds=(number * 86_400).round().cast(pl.Int64, strict=False)
    )
    factor = pl.when(size == 13).then(1_000).otherwise(1_000_000)
    epoch = pl.from_epoch((number * factor).cast(pl.Int64, strict=False), time_unit="us")
    local = (
        epoch.dt.replace_time_zone("UTC").dt.convert_time_zone(timezone).dt.replace_time_zone(None)
    )
    return pl.when(is_day).then(day).otherwise(local).cast(pl.Datetime("us"))


def _remarks(answers: pl.DataFrame, order: DateOrder | None) -> tuple[Remark, ...]:
    import polars as pl

    remarks = []
    either = answers.filter(pl.col("either") & pl.col("date").is_not_null())
    if len(either):
        text, date = either.select("text", "date").row(0)
        words = (order or "day_first").replace("_", " ")
        message = f"dates are read as {words}: {text!r} is {date:%-d %B %Y}"
        remarks.append(Remark("date_order", message, len(either)))
    zoned = answers.filter(pl.col("zone").is_not_null())
    if len(zoned):
        text, date = zoned.select("text", "date").row(0)
        message = f"times with a zone were turned to local time: {text!r} is {date}"
        remarks.append(Remark("time_zone", message, len(zoned)))
    serial = answers.filter(pl.col("serial").is_not_null() & pl.col("date").is_not_null())
    if len(serial):
        text, date = serial.select("text", "date").row(0)
        message = f"numbers were read as dates: {text} is {date:%-d %B %Y}"
        remarks.append(Remark("date_serial", message, len(serial)))
    return tuple(remarks)
