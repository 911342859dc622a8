"""What a payout pays for, in people's words: Per Order, rev share, ₹53,375/post + 6.2%."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hk_metrics.ingest.numbers import parse_number
from hk_metrics.ingest.parsed import Parsed, Remark, through_unique

if TYPE_CHECKING:
    import polars as pl

_COMMISSION = r"commission|rev(enue)?[\s_-]*share|share|percent|%|cps|cut|royalt"
_POST = (
    r"post|reel|video|story|stories|content|deliverable|fixed|flat|retainer|upfront|lump|"
    r"collab|shoot|month|campaign"
)
_ORDER = r"order|sale|conversion|cpa|cpo|purchase|transaction|performance|affiliate|acquisition"
_HYBRID = r"hybrid|mixed|combo|combined"
_AMOUNT = r"(?:₹|rs\.?|inr)?\s*\d[\d,]*(?:\.\d+)?(?![\d.,]*\s*%)\s*(?:k|l|lakhs?|lacs?|cr)?\b"

_LONGEST = 200


def read_basis(text: str) -> str | None:
    """Return post, order, commission or hybrid for one wording; None where it says none.

    >>> [read_basis(t) for t in ("per_order", "Flat", "12.3% commission", "₹53,375/post + 6.2%")]
    ['order', 'post', 'commission', 'hybrid']
    """
    low = text.lower().replace("_", " ")
    found = {
        name
        for name, pattern in (("commission", _COMMISSION), ("post", _POST), ("order", _ORDER))
        if re.search(pattern, low)
    }
    if re.search(_HYBRID, low) or len(found - {"order"}) == 2 or found == {"post", "order"}:
        return "hybrid"
    if "commission" in found:
        return "commission"
    return found.pop() if len(found) == 1 else None


def rates_in(text: str, currency: str) -> tuple[float | None, float | None]:
    """Return the amount and the share that a wording names.

    >>> rates_in("₹53,375/post + 6.2%", "INR")
    (53375.0, 0.062)
    """
    low = text.lower()
    share = re.search(r"(\d+(?:\.\d+)?)\s*%", low)
    amount = re.search(_AMOUNT, low)
    return (
        _number(amount[0], currency) if amount else None,
        round(float(share[1]) / 100, 12) if share else None,
    )


def _number(text: str, currency: str) -> float | None:
    import polars as pl

    value: float | None = parse_number(pl.Series([text]), currency).values[0]
    return value


def parse_rate(values: pl.Series, currency: str) -> Parsed:
    """Read one column of rates: amounts, shares (6 %), or words that name one (₹500 per post)."""
    import polars as pl

    parsed = parse_number(values, currency, percent=True)
    bad = parsed.failed.get("not_a_number")
    if bad is None or values.dtype != pl.String:
        return parsed
    words = basis_frame(values.filter(bad), currency).with_columns(
        rate=pl.coalesce("amount", "share")
    )
    read = through_unique(values, words, "rate", pl.Float64())
    numbers = parsed.values.fill_null(read)
    failed = {c: m & numbers.is_null() for c, m in parsed.failed.items()}
    found = words.filter(pl.col("rate").is_not_null())
    said = tuple(
        Remark("number_read", f"the rate in {text!r} is {rate:g}")
        for text, rate in found.select("text", "rate").head(3).iter_rows()
    )
    return Parsed(numbers, {c: m for c, m in failed.items() if m.any()}, (*parsed.remarks, *said))


def basis_frame(texts: pl.Series, currency: str) -> pl.DataFrame:
    """Return one row per distinct wording: text, basis, amount, share."""
    import polars as pl

    distinct = texts.drop_nulls().unique().sort().to_list()
    # A cell of a million digits says nothing, and takes the patterns a minute to find that out.
    said = [(text, text if len(text) <= _LONGEST else "") for text in distinct]
    rows = [(text, read_basis(words), *rates_in(words, currency)) for text, words in said]
    schema = {"text": pl.String, "basis": pl.String, "amount": pl.Float64, "share": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")
