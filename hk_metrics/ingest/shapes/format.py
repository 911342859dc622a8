"""A declared format: the record that says how an export is known, and what its columns are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hk_metrics.ingest.headers.names import plain

if TYPE_CHECKING:
    from hk_metrics.ingest.values.dates import DateOrder


@dataclass(frozen=True)
class Part:
    """The rows of one table that a row of an export holds.

    Parameters
    ----------
    table
        Canonical table.
    columns
        Header → canonical column; of several headers for a column the first that is there counts,
        and of ``a|b`` in each row the first that is filled; ``a + b`` is their sum.
    fixed
        Canonical column → the value that all rows have, as no column says it.
    code
        Header of the promo code, which names the influencer by the profiles' codes.
    address
        Header of the address of a post, which names who posted it.
    currency
        Header of the currency of its amounts, where it is not just called so.
    negated
        Headers of amounts that are below zero where money was paid.
    named_by_file
        Whether the file's name says whose the rows are, where no column does.
    """

    table: str
    columns: Mapping[str, str]
    fixed: Mapping[str, str | float] = field(default_factory=dict)
    code: str = ""
    address: str = ""
    currency: str = ""
    negated: tuple[str, ...] = ()
    named_by_file: bool = False


@dataclass(frozen=True)
class Format:
    """An export that is known by its headers.

    Parameters
    ----------
    name
        What people call it: "Awin transactions export".
    known_by
        Headers that it has and no other file has together, however they are cased; ``a|b`` where
        either will do.
    parts
        The tables that its rows hold; the first keeps the name of the file.
    words
        Header of a status → its own words → approved, pending, returned or cancelled, where the
        usual reading of the word would be another, or its header is not called a status.
    only
        Header → the words of the rows that are taken; the others are left out, and counted.
    note
        What is to be known of how it is read.
    order_lines
        Whether its rows may be lines of orders, of which one number is one order.
    date_order
        How it writes dates, where that is known.
    keeps
        Whether its other columns are kept, as attributes or to be understood by their headers.
    """

    name: str
    known_by: tuple[str, ...]
    parts: tuple[Part, ...]
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    note: str = ""
    order_lines: bool = False
    date_order: DateOrder | None = None
    keeps: bool = False

    def fits(self, headers: Sequence[str]) -> int:
        """Return how many of the headers tell this format; 0 where one that it has is lacking."""
        there = {plain(h) for h in headers}
        found = [any(plain(h) in there for h in way.split("|")) for way in self.known_by]
        return len(found) if all(found) else 0
