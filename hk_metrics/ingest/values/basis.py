"""What a payout pays for, in people's words: Per Order, rev share, ₹53,375/post + 6.2%."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from hk_metrics.ingest.values.numbers import CURRENCIES, parse_number
from hk_metrics.ingest.values.parsed import Parsed, through_unique
from hk_metrics.quality import finding

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

_MONEY = rf"(?<![a-z])(?:{'|'.join(CURRENCIES.values())})(?![a-z])"

_LONGEST = 200
PAID_FOR: Mapping[str, str] = {
    "commission": "each is a share of the influencer's revenue",
    "order": "each pays for the influencer's orders",
    "post": "each pays for the influencer's posts",
}
# A share that the cell of a rate names, until the basis of its payout is read.
RATE_SHARE = "__rate_share"


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


def share_in(text: str, currency: str) -> float | None:
    """Return the share of revenue that the cell of a rate names by its sign or by its words.

    >>> [share_in(t, "INR") for t in ("6.2%", "12 commission", "₹50 commission", "₹500 per post")]
    [0.062, 12.0, None, None]
    """
    amount, share = rates_in(text, currency)
    if share is not None or amount is None or read_basis(text) != "commission":
        return share
    bare = amount <= 100 and not re.search(_MONEY, text.lower())
    return amount if bare else None


def _number(text: str, currency: str) -> float | None:
    import polars as pl

    value: float | None = parse_number(pl.Series([text]), currency).values[0]
    return value


def parse_rate(values: pl.Series, currency: str) -> Parsed:
    """Read one column of rates: amounts, shares (6 %), or words that name one (₹500 per post).

    The shares that cells of the column ``rate`` name stand beside it, as ``RATE_SHARE``.
    """
    import polars as pl

    parsed = parse_number(values, currency, percent=True)
    if values.dtype != pl.String or not (parsed.failed or parsed.remarks):
        return parsed
    bad = parsed.failed.get("not_a_number", pl.repeat(False, len(values), eager=True))
    worded = bad | values.str.contains(f"(?i){_COMMISSION}").fill_null(False)
    if not worded.any():
        return parsed
    words = basis_frame(values.filter(worded), currency).with_columns(
        rate=pl.coalesce("amount", "share")
    )
    numbers = parsed.values.fill_null(through_unique(values, words, "rate", pl.Float64()))
    failed = {c: m & numbers.is_null() for c, m in parsed.failed.items()}
    found = words.filter(pl.col("text").is_in(values.filter(bad).implode()))
    remarks = tuple(
        finding("number_read.rate", text=text, rate=rate)
        for text, rate in found.select("text", "rate").drop_nulls().head(3).iter_rows()
    )
    shares = through_unique(values, words, "share", pl.Float64())
    return Parsed(
        numbers,
        {c: m for c, m in failed.items() if m.any()},
        (*parsed.remarks, *remarks),
        {RATE_SHARE: shares} if values.name == "rate" and shares.count() else {},
    )


def basis_frame(texts: pl.Series, currency: str) -> pl.DataFrame:
    """Return one row per distinct wording: text, basis, amount, share."""
    import polars as pl

    distinct = texts.drop_nulls().unique().sort().to_list()
    # A cell of a million digits says nothing, and takes the patterns a minute to find that out.
    readable = [(text, text if len(text) <= _LONGEST else "") for text in distinct]
    rows = [
        (text, read_basis(words), rates_in(words, currency)[0], share_in(words, currency))
        for text, words in readable
    ]
    schema = {"text": pl.String, "basis": pl.String, "amount": pl.Float64, "share": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")
