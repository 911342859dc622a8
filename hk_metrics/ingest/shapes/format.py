"""A declared format: the record that says how an export is known, and what its columns are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from hk_metrics.ingest.headers.names import plain
from hk_metrics.ingest.log import Log
from hk_metrics.ingest.raw import ROW, RawTable
from hk_metrics.ingest.splitting.codes import creditors
from hk_metrics.ingest.values.addresses import poster_of
from hk_metrics.quality import finding

if TYPE_CHECKING:
    import polars as pl

    from hk_metrics.ingest.values.dates import DateOrder


@dataclass(frozen=True)
class Part:
    """The rows of one table that a row of an export holds.

    Parameters
    ----------
    table
        Canonical table.
    columns
        Header → canonical column; of several headers for a column the first that is there counts.
    fixed
        Canonical column → the value that all rows have, as no column says it.
    code
        Header of the promo code, which names the influencer by the profiles' codes.
    address
        Header of the address of a post, which names who posted it.
    """

    table: str
    columns: Mapping[str, str]
    fixed: Mapping[str, str | float] = field(default_factory=dict)
    code: str = ""
    address: str = ""


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
        usual reading of the word would be another.
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
    order_lines: bool = False
    date_order: DateOrder | None = None
    keeps: bool = False

    def fits(self, headers: Sequence[str]) -> int:
        """Return how many of the headers tell this format; 0 where one that it has is lacking."""
        there = {plain(h) for h in headers}
        told = [any(plain(h) in there for h in way.split("|")) for way in self.known_by]
        return len(told) if all(told) else 0


def shaped(raw: RawTable, form: Format, others: Sequence[RawTable], log: Log) -> list[RawTable]:
    """Return the tables that an export of a known format holds.

    Parameters
    ----------
    raw
        The file.
    form
        Its format.
    others
        The other files of the import, whose profiles say whose a promo code is.
    log
        The name of the format is added to it.
    """
    known = finding("known_format", form=f"{_article(form.name)} {form.name}", file=raw.file)
    log.findings.append(known)
    given = replace(raw, frame=_translated(raw, form.words))
    first, *rest = (_part(given, form, part, others, log) for part in form.parts)
    return [first, *(replace(p, file=f"{raw.file} › {p.name}", part_of=raw.file) for p in rest)]


def _article(name: str) -> str:
    return "an" if name[0].upper() in "AEIOX" else "a"


def _translated(raw: RawTable, words: Mapping[str, Mapping[str, str]]) -> pl.DataFrame:
    """Write the words of statuses that only this format has in those that are known."""
    import polars as pl

    by_plain = {plain(h): h for h in raw.headers}
    said = {by_plain[plain(h)]: w for h, w in words.items() if plain(h) in by_plain}
    return raw.frame.with_columns(pl.col(h).replace(dict(w)) for h, w in said.items())


def _part(
    raw: RawTable, form: Format, part: Part, others: Sequence[RawTable], log: Log
) -> RawTable:
    import polars as pl

    by_plain = {plain(h): h for h in raw.headers}
    columns: dict[str, str] = {}
    for header, column in part.columns.items():
        if plain(header) in by_plain and column not in columns.values():
            columns[by_plain[plain(header)]] = column
    statuses = [h for h in raw.headers if plain(h).endswith(("status", "state"))]
    kept = raw.headers if form.keeps else [*columns, *(h for h in statuses if h not in columns)]
    frame = raw.frame.select(ROW, *kept)
    added = {c: pl.lit(v) for c, v in part.fixed.items() if c not in columns.values()}
    if code := by_plain.get(plain(part.code)):
        ids = creditors(raw.frame[code].cast(pl.String), others, raw.file, code, log)
        added["influencer_id"] = pl.lit(ids)
    if (link := by_plain.get(plain(part.address))) and "influencer_id" not in columns.values():
        added["influencer_id"] = pl.lit(poster_of(raw.frame[link].cast(pl.String)))
    return replace(
        raw,
        name=part.table,
        frame=frame.with_columns(v.alias(c) for c, v in added.items()),
        table=part.table,
        columns=columns | {c: c for c in added},
        order_lines=form.order_lines and part.table == "tracking_data",
        date_order=form.date_order,
    )
