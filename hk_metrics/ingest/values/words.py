"""Ids, words and flags: blanks, spaces and spellings; nothing else is touched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from hk_metrics.ingest.spelled import plain
from hk_metrics.ingest.values.parsed import Parsed
from hk_metrics.platforms import SPELLINGS as PLATFORMS
from hk_metrics.quality import Finding, finding

if TYPE_CHECKING:
    import polars as pl

_BLANK_WORDS = ("n/a", "#n/a", "null", "nan", "nil", "#ref!", "#value!", "#div/0!", "#name?",
                "<na>", "(none)")  # fmt: skip
_DASHES = ("-", "--", "—", "–", "na", "none", "?", ".", "nat")


_LONG_COLUMN = 100_000
SAMPLE = 20_000
_FEW = 1_000


def _cased(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(form for w in words for form in (w, w.upper(), w.title(), w.capitalize()))


_BLANKS = _cased(_BLANK_WORDS) | {"NaN", "NaT"}
DASHES = _BLANKS | _cased(_DASHES)

_GENDERS = {
    "male": "Male", "m": "Male", "man": "Male", "female": "Female", "f": "Female",
    "woman": "Female", "nonbinary": "Non-binary", "nb": "Non-binary", "enby": "Non-binary",
    "other": "Other", "others": "Other",
}  # fmt: skip
_SPELLINGS: Mapping[str, Mapping[str, str]] = {"platform": PLATFORMS, "gender": _GENDERS}
FLAGS = {
    "true": True, "t": True, "yes": True, "y": True, "1": True, "returned": True, "refunded": True,
    "false": False, "f": False, "no": False, "n": False, "0": False,
}  # fmt: skip


def few_words(values: pl.Series) -> pl.Series | None:
    """Return the distinct texts of a long column that seems to have few; None else.

    What holds for these holds for the column, at a fraction of the cost.
    """
    if len(values) < _LONG_COLUMN or values.head(SAMPLE).n_unique() > _FEW:
        return None
    return values.unique()


def are_digits(values: pl.Series) -> bool:
    """Whether every text is a whole number: then none has spaces or is a word for "no value"."""
    import polars as pl

    return all(
        part.cast(pl.Int64, strict=False).null_count() == part.null_count()
        for part in (values.head(SAMPLE), values)
    )


def is_bare(values: pl.Series, dashes: bool) -> bool:
    """Whether no text has spaces around it, is empty or means no value: `trim`, `blank` in one."""
    import polars as pl

    given = pl.first()
    bare = given.str.strip_chars().str.len_bytes()
    loose = (bare != given.str.len_bytes()) | (bare == 0) | given.is_in(_blanks(dashes))
    return not values.to_frame().select(loose.any()).item()


def _blanks(dashes: bool) -> list[str]:
    return list(DASHES if dashes else _BLANKS)


def trim(values: pl.Series) -> tuple[pl.Series, int]:
    """Strip spaces around text and turn empty text to null; say how many cells were stripped."""
    import polars as pl

    sizes = values.str.len_bytes()
    bare = values.str.strip_chars()
    left = bare.str.len_bytes()
    stripped = int((left != sizes).sum())
    bare = bare if stripped else values
    if left.min() == 0:
        bare = pl.select(pl.when(bare != "").then(bare)).to_series()
    return bare.alias(values.name) if bare is not values else values, stripped


def blank(values: pl.Series, dashes: bool) -> tuple[pl.Series, Finding | None]:
    """Turn words that mean "no value" (N/A, null, #REF!, and dashes where asked) to null."""
    import polars as pl

    mask = values.is_in(_blanks(dashes))
    count = int(mask.sum())
    if not count:
        return values, None
    words = values.filter(mask).unique().sort().head(4).to_list()
    kept = pl.select(pl.when(~mask).then(values)).to_series().alias(values.name)
    return kept, finding("blank_word", words=", ".join(map(repr, words)), count=count)


_AS_NUMBERS = (
    (".0", r"\.0+$", r"^\d+(\.0+)?$", "ids written as numbers with a fraction lost it"),
    (",", ",", r"^\d+$|^\d{1,3}(,\d{2,3})*,\d{3}$",
     "ids written as numbers with commas lost them"),
)  # fmt: skip


def parse_id(values: pl.Series) -> Parsed:
    """Read ids as text; ``7.0`` and ``1,234``, which spreadsheets make of ids, are ids again."""
    import polars as pl

    if values.dtype.is_float():
        given = values.fill_nan(None)
        whole = bool(((given % 1 == 0) & (given.abs() < 2**53)).all())
        return Parsed((given.cast(pl.Int64) if whole else given).cast(pl.String))
    texts = values.cast(pl.String)
    if not texts.str.contains_any([".", ","]).any():
        return Parsed(texts)
    for mark, ending, shape, written in _AS_NUMBERS:
        marked = texts.str.contains(mark, literal=True)
        if marked.any() and texts.str.contains(shape).all():
            bare = texts.str.replace_all(ending, "")
            first = int(marked.fill_null(False).arg_max() or 0)
            understood = finding(
                "id_number", written=written, text=texts[first], id=bare[first],
                count=int(marked.sum()),
            )  # fmt: skip
            return Parsed(bare, remarks=(understood,))
    return Parsed(texts)


def parse_order_number(values: pl.Series) -> Parsed:
    """Read the numbers of orders: ``#9001`` of a shop is the ``9001`` of a network."""
    import polars as pl

    parsed = parse_id(values)
    texts = parsed.values
    marked = texts.str.contains(r"^#\s*\w").fill_null(False)
    count = int(marked.sum())
    if not count:
        return parsed
    bare = pl.select(pl.when(marked).then(texts.str.replace(r"^#\s*", "")).otherwise(texts))
    understood = finding("id_mark", count=count)
    return replace(parsed, values=bare.to_series(), remarks=(*parsed.remarks, understood))


def parse_text(values: pl.Series) -> Parsed:
    """Read words; platforms and genders take their usual spelling, unknown ones stay."""
    import polars as pl

    texts = values.cast(pl.String)
    spellings = _SPELLINGS.get(values.name)
    if spellings is None:
        return Parsed(texts)
    distinct = texts.drop_nulls().unique().to_list()
    changed = {d: spellings.get(plain(d), d) for d in distinct}
    changed = {d: usual for d, usual in changed.items() if usual != d}
    if not changed:
        return Parsed(texts)
    shown = ", ".join(f"{a!r} is {b}" for a, b in sorted(changed.items())[:4])
    count = int(texts.is_in(list(changed)).sum())
    understood = finding("spelling", spellings=shown, count=count)
    return Parsed(texts.replace(changed), remarks=(understood,))


def parse_flag(values: pl.Series) -> Parsed:
    """Read yes and no in their usual words. Code of failure: ``not_a_flag``."""
    import polars as pl

    if values.dtype == pl.Boolean:
        return Parsed(values)
    texts = values.cast(pl.String).str.to_lowercase().str.replace(r"\.0$", "")
    flags = texts.replace_strict(FLAGS, default=None, return_dtype=pl.Boolean)
    bad = flags.is_null() & texts.is_not_null()
    return Parsed(flags, {"not_a_flag": bad} if bad.any() else {})
