"""The parts of a written date, and the day that they make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hk_metrics.ingest.values.parsed import through_unique

if TYPE_CHECKING:
    import polars as pl

LONG, SAMPLE = 100_000, 20_000
FIRST_YEAR, LAST_YEAR = 1990, 2100
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[ap]\.?m\.?)?"
_TIME = rf"(?:(?:t|[\s,]+)(?P<time>{_CLOCK}))?"
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


def taken_apart(distinct: pl.DataFrame) -> pl.DataFrame:
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


def with_clocks(texts: pl.Series) -> pl.DataFrame | None:
    """Split a long column of days with times, of which nearly each is another, into both.

    Returns
    -------
    DataFrame or None
        ``day`` as text, of which there are few, and ``clock`` since midnight (null for a time that
        is none); None for a short column, one that names zones, whose hours depend on the day, and
        one with other letters than ASCII, of which bytes cannot be counted as letters.
    """
    import polars as pl

    if len(texts) < LONG or texts.head(SAMPLE).n_unique() < SAMPLE / 2:
        return None
    if texts.str.len_bytes().sum() != texts.str.len_chars().sum():
        return None
    colon = texts.str.find(":", literal=True).cast(pl.Int64)
    tens = texts.str.slice(colon - 2, 1).str.contains(r"\d").fill_null(False) & (colon >= 2)
    cut = (colon - 1 - tens.cast(pl.Int64)).clip(0)  # a cell may begin with its clock
    day, clock = texts.str.slice(0, cut), texts.str.slice(cut).fill_null("")
    days = pl.DataFrame({"text": day.unique().drop_nulls()}).with_columns(
        bare=pl.col("text").str.replace(r"(?i)(\d)t$|[\s,]+$", "$1")
    )
    clocks = pl.DataFrame({"text": clock.unique()}).with_columns(
        time=pl.col("text").str.to_lowercase().str.strip_chars()
    )
    if clocks["time"].str.contains(r"[+\-zug]|ist").any():
        return None
    is_clock = pl.col("time").str.contains(f"^{_CLOCK}$")
    since = pl.when(pl.col("time") == "").then(pl.duration()).when(is_clock).then(_time())
    clocks = clocks.with_columns(since=since)
    return pl.DataFrame(
        {
            "day": through_unique(day, days, "bare", pl.String()),
            "clock": through_unique(clock, clocks, "since", pl.Duration("us")),
        }
    )


def built(order: str, timezone: str) -> pl.Expr:
    """Build the date-time from the parts, on its own clock; null where they name no day.

    Seconds since 1970, which have none, are on that of the time zone.
    """
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
    read = pl.coalesce(date + _time(), _serial(timezone))
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
