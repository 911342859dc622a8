"""What is said of the status of orders: its words, and the money of those not yet or no more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from hk_metrics.ingest.answers import Question
from hk_metrics.ingest.headers.status_words import (
    CANCELLED,
    PENDING,
    RETURNED,
    SOLD,
    is_of_commission,
    outcomes,
    says_words,
    words_of,
)
from hk_metrics.ingest.raw import ROW
from hk_metrics.quality import Finding, finding
from hk_metrics.wording import counted

if TYPE_CHECKING:
    import polars as pl

    from hk_metrics.ingest.checking.status import Statuses

_SHOWN = 6
_WHAT_IS_DONE = {
    SOLD: "counted", PENDING: "counted and listed", RETURNED: "marked as returned",
    CANCELLED: "left out",
}  # fmt: skip


def taken_back(found: Sequence[Statuses]) -> bool:
    """Whether rows of negative revenue take back all that came back."""
    returned = sum(_revenue(s.rows(RETURNED)) for s in found)
    return returned <= -sum(_below_zero(s.sheet.frame) for s in found)


def findings_of(statuses: Statuses, repaid: bool) -> Iterator[Finding]:
    """Say how the words were understood, which were not, and what is pending or came back."""
    raw, table = statuses.sheet.raw, statuses.sheet.table
    headers = [h for h in statuses.headers if says_words(h) and statuses.bought.any()]
    found = [f for h in headers for f in _words(h, raw.frame[h])]
    if (pending := statuses.rows(PENDING)).height:
        found.append(_pending(pending))
    if (back := statuses.rows(RETURNED)).height:
        found.append(_returned(back, repaid))
    return (replace(f, file=raw.file, table=table) for f in found)


def declined(statuses: Statuses) -> Question:
    """Ask about sales that stand although their commission was declined: do they count?"""
    raw = statuses.sheet.raw
    header = next(h for h in statuses.headers if is_of_commission(h))
    sale = next(h for h in statuses.headers if not is_of_commission(h))
    rows = statuses.sheet.frame.filter(statuses.unpaid)
    money = _revenue(rows)
    asked = finding(
        "declined_commission", orders=counted(rows.height, "order"), revenue=f"{money:,.2f}",
        sale=sale, file=raw.file, table=statuses.sheet.table, row=rows[ROW][0], column=header,
        count=rows.height, money=money,
    )  # fmt: skip
    return Question(asked, {"counted": "the sales count, only nothing is paid"}, "counted")


def _words(header: str, cells: pl.Series) -> Iterator[Finding]:
    known, words = outcomes(cells), words_of(cells)
    readings = [
        f"{done}: {_listed(these)}"
        for outcome, done in _WHAT_IS_DONE.items()
        if (these := [w for w in words if known.get(w) == outcome])
    ]
    if readings:
        yield finding("order_status", column=header, words="; ".join(readings))
    if strange := [w for w in words if w not in known]:
        count = int(cells.is_in(strange).sum())
        yield finding("unknown_status", column=header, words=_listed(strange), count=count)


def _listed(words: Sequence[str]) -> str:
    shown = ", ".join(repr(w[:40]) for w in words[:_SHOWN])
    return shown + (" …" if len(words) > _SHOWN else "")


def _pending(rows: pl.DataFrame) -> Finding:
    money = _revenue(rows)
    return finding(
        "pending_orders", orders=counted(rows.height, "order"), revenue=f"{money:,.2f}",
        row=rows[ROW][0], count=rows.height, money=money,
    )  # fmt: skip


def _returned(rows: pl.DataFrame, repaid: bool) -> Finding:
    money = _revenue(rows)
    return finding(
        "returned_orders" if repaid else "returned_orders.unpaid",
        orders=counted(rows.height, "order"), revenue=f"{money:,.2f}", column="returned",
        row=rows[ROW][0],        count=rows.height, money=money,
    )  # fmt: skip


def _revenue(rows: pl.DataFrame) -> float:
    return float(rows["revenue"].sum()) if "revenue" in rows.columns else 0.0


def _below_zero(rows: pl.DataFrame) -> float:
    return _revenue(rows.filter(rows["revenue"] < 0)) if "revenue" in rows.columns else 0.0
