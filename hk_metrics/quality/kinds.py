"""Every kind of finding by name, and findings made of them."""

from __future__ import annotations

from collections.abc import Mapping

from hk_metrics.quality import columns, files, orders, payouts, rows, stores
from hk_metrics.quality.finding import Finding
from hk_metrics.quality.kind import Kind

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for subject in (files, columns, rows, orders, payouts, stores)
    for kind in subject.KINDS
}  # fmt: skip


def finding(
    name: str,
    /,
    *,
    file: str = "",
    table: str = "",
    row: int | None = None,
    column: str = "",
    value: str = "",
    count: int = 1,
    money: float | None = None,
    **words: object,
) -> Finding:
    """Return a finding of a kind, its words filled in.

    Parameters
    ----------
    name
        One of `KINDS`.
    file, table, row, column, value, count, money
        Where it is and what it concerns, see `Finding`; the kind's words may name them too.
    **words
        What else the words of the kind leave open.

    Raises
    ------
    KeyError
        If there is no such kind, or its words are not all filled in.

    Examples
    --------
    >>> print(finding("future_date", file="orders.csv", row=3, rows="2 rows", last="1 May 2040"))
    orders.csv, row 3: 2 rows dated in the future, up to 1 May 2040. \
Fix: check the year, and whether day and month were swapped
    """
    kind = KINDS[name]
    given = {
        "file": file, "table": table, "row": row, "column": column, "value": value,
        "count": count, "money": money, **words,
    }  # fmt: skip
    return Finding(
        kind.severity, kind.code, kind.message.format(**given), kind.fix.format(**given),
        file, table, row, column, value, count, money, kind.doubts_money,
    )  # fmt: skip


def kind_of(found: Finding) -> Kind | None:
    """Return the kind of a finding; None of a code that this version no longer knows."""
    return KINDS.get(found.code)


def on_page(found: Finding) -> str:
    """Return the repair of a finding as the dashboard offers it; empty where nothing is to do.

    >>> on_page(finding("equal_rows", rows="2 rows"))
    'if they are copies, remove them, or give every row an id'
    """
    kind = kind_of(found)
    return (kind.on_page if found.fix and kind else "") or found.fix
