"""Amounts and counts as people write them: ₹1,23,456.50, Rs. 500, 1.234,50, (500), 12.5K, 6 %."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hk_metrics.ingest.values.parsed import Parsed, through_unique
from hk_metrics.ingest.values.units import MULTIPLIERS
from hk_metrics.quality import Finding, finding

if TYPE_CHECKING:
    import polars as pl

CURRENCIES: dict[str, str] = {
    "INR": r"₹|rs\.?|inr|rupees?",
    "USD": r"us\$|\$|usd|dollars?",
    "EUR": r"€|eur|euros?",
    "GBP": r"£|gbp",
    "AED": r"aed|dhs?\.?",
    "JPY": r"¥|jpy",
    "SGD": r"s\$|sgd",
    "AUD": r"a\$|aud",
    "CAD": r"c\$|cad",
}
_NOISE = r"(/[-=]|only|followers?|subscribers?|subs|views?|orders?|posts?)+$"
_LARGEST = 10**15
_ENGLISH = r"^(\d+|\d{1,3}(,\d{2,3})*,\d{3})(\.\d*)?$|^\.\d+$"
_EUROPEAN = r"^(\d+|\d{1,3}(\.\d{3})+)(,\d*)?$|^,\d+$"
_EITHER = r"^\d{1,3}[.,]\d{3}$"


def parse_number(
    values: pl.Series, currency: str, *, percent: bool = False, whole: bool = False
) -> Parsed:
    """Read one column of amounts, counts or rates.

    Parameters
    ----------
    values
        Text or numbers, as long as the file.
    currency
        ISO code of the dataset; amounts that name another one are not read.
    percent
        Whether ``6 %`` is a share (0.06); else it fails.
    whole
        Whether the column counts things, so that ``1.234`` cannot be a fraction.

    Returns
    -------
    Parsed
        Float64. Codes of failure: ``not_a_number``, ``other_currency``.

    Notes
    -----
    Whether ``1.234`` is a thousand or a fraction is decided on the whole column: a thousand where
    some value shows a decimal comma and none a decimal point, or where things are counted.
    """
    import polars as pl

    if values.dtype.is_numeric() or values.dtype == pl.Boolean:
        return _finished(values, values.cast(pl.Float64).fill_nan(None))
    texts = values.cast(pl.String)
    numbers = texts.cast(pl.Float64, strict=False)
    plain = numbers.null_count() == texts.null_count()
    if plain and not (whole and (numbers.fill_nan(0) % 1 != 0).any()):
        return _finished(texts, numbers)
    return _written(texts, currency, percent, whole)


def are_numbers(values: pl.Series) -> bool:
    """Whether most cells that have something in them are plain numbers, which are no words."""
    import polars as pl

    cells = values.drop_nulls()
    numbers = cells.cast(pl.String).cast(pl.Float64, strict=False)
    return len(cells) > 0 and numbers.count() > len(cells) / 2


def is_complete(values: pl.Series, numbers: pl.Series) -> bool:
    """Whether every cell with something in it gave a number that can be meant."""
    filled = numbers.null_count() == values.null_count()
    return filled and bool(numbers.is_between(-_LARGEST, _LARGEST).all())


def _finished(
    values: pl.Series,
    numbers: pl.Series,
    failed: dict[str, pl.Series] | None = None,
    remarks: tuple[Finding, ...] = (),
) -> Parsed:
    """Turn what no count or amount can be to null, and every cell without a number to a failure."""
    if not failed and is_complete(values, numbers):
        return Parsed(numbers, {}, remarks)
    failed = dict(failed or {})
    missing = values.is_null() | (values.is_nan() if values.dtype.is_float() else False)
    usable = numbers.is_finite() & (numbers.abs() <= _LARGEST)
    if not usable.all():
        numbers = numbers.set(~usable, None)
    bad = numbers.is_null() & ~missing
    for mask in failed.values():
        bad = bad & ~mask
    if bad.any():
        failed["not_a_number"] = bad
    return Parsed(numbers, failed, remarks)


def _written(texts: pl.Series, currency: str, percent: bool, whole: bool) -> Parsed:
    import polars as pl

    distinct = texts.drop_nulls().unique().to_frame("text")
    taken = _taken_apart(distinct, currency)
    european = _is_european(taken, whole)
    answers = taken.with_columns(number=_number(european, percent))
    numbers = through_unique(texts, answers, "number", pl.Float64())
    foreign = answers.filter(pl.col("foreign"))["text"]
    failed = {"other_currency": texts.is_in(foreign.implode())} if len(foreign) else {}
    return _finished(texts, numbers, failed, _remarks(texts, answers, european))


def _taken_apart(distinct: pl.DataFrame, currency: str) -> pl.DataFrame:
    """Add to each distinct text: negative, foreign, percent, times (its suffix) and the core."""
    import polars as pl

    own = CURRENCIES.get(currency, currency.lower())
    others = "|".join(p for code, p in CURRENCIES.items() if code != currency)
    text = (
        pl.col("text").str.normalize("NFKC").str.to_lowercase()
        .str.replace_all("[\\s'’`_]", "").str.replace_all("[−–]", "-")
        .str.replace(_NOISE, "")
    )  # fmt: skip
    bare = text.str.replace(rf"^([(+-]?)({own})", "$1").str.replace(rf"({own})(\)?)$", "$2")
    units = "|".join(sorted(MULTIPLIERS, key=len, reverse=True))
    core = pl.col("bare").str.strip_chars("()").str.replace("^[+-]", "").str.replace("[%-]$", "")
    return distinct.with_columns(bare=bare).with_columns(
        negative=pl.col("bare").str.contains(r"^\(.*\)$|^-|-$"),
        foreign=pl.col("bare").str.contains(rf"^[(+-]?({others})[+-]?[\d.,]|\d\)?({others})\)?$"),
        percent=pl.col("bare").str.ends_with("%"),
        # Where decimals have a comma, B is "bin", a thousand in Turkish; billions are Mrd or Md.
        times=pl.when(core.str.contains(r"^\d+,\d{1,2}b$")).then(1e3).otherwise(
            core.str.extract(rf"[\d.,]({units})\.?$")
            .replace_strict(MULTIPLIERS, default=None, return_dtype=pl.Float64)
        ),
        core=core.str.replace(rf"([\d.,])({units})\.?$", "$1"),
    )  # fmt: skip


def _is_european(taken: pl.DataFrame, whole: bool) -> bool:
    """Whether the column writes its decimals after a comma, by the values that leave no doubt."""
    import polars as pl

    # Nobody writes 12,345 thousands as 12.345K: the suffix is there to save the digits.
    amounts = pl.col("times").is_null() & pl.col("core").str.contains("[.,]")
    core = taken.filter(amounts)["core"]
    clear = core.filter(~core.str.contains(_EITHER))
    english = clear.str.contains(_ENGLISH)
    european = clear.str.contains(_EUROPEAN)
    if (english & ~european).any():
        return False
    if (european & ~english).any():
        return True
    dotted = core.filter(core.str.contains(".", literal=True))
    return whole and len(dotted) > 0 and bool(dotted.str.contains(_EITHER).all())


def _number(european: bool, percent: bool) -> pl.Expr:
    import polars as pl

    def read(grouping: str, point: str) -> pl.Expr:
        bare = pl.col("core").str.replace_all(grouping, "", literal=True)
        return bare.str.replace(point, ".", literal=True).cast(pl.Float64, strict=False)

    core = pl.col("core")
    styles = [(core.str.contains(_ENGLISH), read(",", ".")),
              (core.str.contains(_EUROPEAN), read(".", ","))]  # fmt: skip
    first, second = reversed(styles) if european else styles
    short = pl.col("times").is_not_null() & core.str.contains(r"^\d+\.\d+$")
    plain = core.str.contains(r"^\d+(\.\d+)?e[+-]?\d+$") & pl.lit(not european)
    size = (
        pl.when(short).then(core.cast(pl.Float64, strict=False))
        .when(first[0]).then(first[1]).when(second[0]).then(second[1])
        .when(plain).then(core.cast(pl.Float64, strict=False))
    )  # fmt: skip
    sign = pl.when("negative").then(-1.0).otherwise(1.0)
    share = pl.when("percent").then(0.01 if percent else None).otherwise(1.0)
    number = size * sign * share * pl.col("times").fill_null(1.0)
    return pl.when("foreign").then(None).otherwise(number)


def _remarks(texts: pl.Series, answers: pl.DataFrame, european: bool) -> tuple[Finding, ...]:
    """Say how many amounts were not written as plain numbers, with an example."""
    import polars as pl

    unusual = answers.filter(
        pl.col("number").is_not_null()
        & pl.col("text").cast(pl.Float64, strict=False).ne_missing(pl.col("number"))
    )
    if unusual.is_empty():
        return ()
    example = unusual.sort("text").row(0, named=True)
    count = int(texts.is_in(unusual["text"].implode()).sum())
    style = "; a comma is the decimal sign in this column" if european else ""
    read = {"text": example["text"], "number": example["number"], "style": style}
    return (finding("number_read", count=count, **read),)
