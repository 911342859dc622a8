"""Files that people keep beside the tables: sums without a key, lists of campaigns and of codes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hk_metrics.ingest.headers.names import meant, plain, snake
from hk_metrics.quality import Finding, finding
from hk_metrics.schemas import TABLES

_LISTED = ("campaign", "brand", "product")
_SUBJECTS = (*_LISTED, "order")
# After its subject, what a file says of itself when it is a list: campaign_list, BrandMaster.
_LIST = re.compile(r"(list|master|data|db|database|details|info|table|register|registry)$")
_DERIVED = frozenset(
    {"total", "sum", "count", "num", "avg", "average", "mean", "median", "min", "max", "std",
     "ratio", "rate", "share", "pct", "percent", "percentage", "per", "roas", "roi", "ctr", "cpa",
     "cpc", "cpm", "cpo", "cpe", "aov", "cac", "score", "rank", "index", "efficiency"}
)  # fmt: skip
_CODES = frozenset({"code", "codes", "coupon", "coupons", "promo", "voucher", "utm", "link"})
_EVENT_OR_PROFILE = frozenset(
    {"tracking_id", "user_id", "post_id", "caption", "basis", "name", "category", "gender"}
)
# Of influencers, of what they brought, or of what is left: a list of campaigns has none of it.
_MORE = frozenset(
    {"influencer_id", "follower_count", "gender", "basis", "orders", "revenue", "reach", "likes",
     "comments", "video_views", "margin"}
)  # fmt: skip
_LEAST_DERIVED = 2

_Columns = Mapping[str, frozenset[tuple[str, str]]]


@dataclass(frozen=True)
class Unsupported:
    """What a file is that is none of the tables, as it is said where it is left out."""

    kind: str
    words: str = ""

    def finding(self, file: str, rows: int) -> Finding:
        """Say that a file is left out, and how to use it all the same."""
        return finding(self.kind, file=file, count=rows, why=self.words)


_SUMMARY = Unsupported("keyless_sums")
CODES = Unsupported("not_a_table.list", "a list of codes, no events")


def unsupported_by(headers: Sequence[str], name: str) -> Unsupported | None:
    """Return what a file is that is none of the tables, by its headers; None where it may be one.

    >>> unsupported_by(["brand", "campaigns", "total_revenue", "roas"], "brand_performance").kind
    'keyless_sums'
    >>> unsupported_by(["campaign_id", "name", "start_date", "budget"], "campaigns").words
    'a list of campaigns, without influencers'
    >>> unsupported_by(["influencer_id", "tracking_code", "utm_source"], "codes") is CODES
    True
    """
    columns = {h: _meanings(h) for h in headers}
    if _is_summary(columns):
        return _SUMMARY
    subject = subject_of(headers) or _listed(name)
    if subject in _LISTED and not _has_more(columns):
        return Unsupported("not_a_table.list", f"a list of {subject}s, without influencers")
    return CODES if _is_of_codes(columns) else None


def subject_of(headers: Sequence[str]) -> str | None:
    """Return what each row is of where its key, the first column, says so; None where not.

    >>> subject_of(["campaign_id", "name"]), subject_of(["name", "campaign_id"])
    ('campaign', None)
    """
    key = snake(headers[0]) if headers else ""
    return next((s for s in _SUBJECTS if re.fullmatch(rf"{s}_?(id|code|no|number|key)", key)), None)


def is_named_for(subject: str | None, header: str) -> bool:
    """Whether a header that may name an influencer names the subject of the row instead."""
    return subject is not None and plain(header) == "name"


def _listed(name: str) -> str | None:
    """Return what a file lists by its name."""
    bare = _LIST.sub("", plain(name))
    return next((s for s in _LISTED if bare.endswith((s, f"{s}s"))), None)


def _meanings(header: str) -> frozenset[tuple[str, str]]:
    """Return the columns, with their kinds, that a header may be."""
    hits = [(t, hit[0]) for t in TABLES if (hit := meant(t, header))]
    return frozenset((c, "date" if c == "period" else TABLES[t][c].kind) for t, c in hits)


def _is_summary(columns: _Columns) -> bool:
    """Whether all columns are totals, counts, means or ratios over some labels."""
    derived = {h for h in columns if _DERIVED & _tokens(h)}
    kinds = {kind for found in columns.values() for _, kind in found}
    return (
        len(derived) >= _LEAST_DERIVED
        and not kinds & {"date", "id", "flag"}
        and all(h in derived or columns[h] for h in columns)
    )


def _has_more(columns: _Columns) -> bool:
    """Whether a file names influencers or what they brought: it is more than a list then."""
    return bool(_MORE & {c for h, found in columns.items() for c, _ in found if plain(h) != "name"})


def _is_of_codes(columns: _Columns) -> bool:
    """Whether a file says no more than which codes are whose."""
    names = {name for found in columns.values() for name, _ in found}
    kinds = {kind for found in columns.values() for _, kind in found}
    return (
        "influencer_id" in names
        and not names & _EVENT_OR_PROFILE
        and not kinds & {"date", "count", "money", "number"}
        and any(_CODES & _tokens(h) for h in columns)
    )


def _tokens(header: str) -> set[str]:
    return set(re.findall(r"[a-z]+", snake(header)))
