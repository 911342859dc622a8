"""What only a person can decide: the questions an import asks, and the answers it was given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from hk_metrics.errors import ParameterError, UnknownNameError
from hk_metrics.ingest.headers.names import plain
from hk_metrics.ingest.headers.synonyms import SYNONYMS
from hk_metrics.ingest.values.dates import DateOrder
from hk_metrics.quality import Finding
from hk_metrics.schemas import TABLES

if TYPE_CHECKING:
    from hk_metrics.ingest.raw import RawTable

UnknownInfluencers = Literal["ask", "keep", "reject"]


@dataclass(frozen=True)
class Question:
    """One decision.

    Parameters
    ----------
    finding
        The question in words, with its place.
    choices
        What may be answered: value → words.
    default
        What is done where rows may be rejected without asking; None where nothing can be assumed.
    """

    finding: Finding
    choices: Mapping[str, str]
    default: str | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """Kind, file and column: what an answer refers to."""
        return self.finding.code, self.finding.file, self.finding.column

    def settled(self, *, agreed: bool = False) -> Finding:
        """The question as a warning that says what was assumed, or agreed to."""
        assumed = self.choices.get(self.default or "", self.default)
        message = f"{self.finding.message} Assumed: {assumed}."
        return replace(self.finding, severity="warning", message=message, doubtful=not agreed)


@dataclass(frozen=True)
class Answers:
    """What the user decided.

    Parameters
    ----------
    tables
        File → table, or None to leave the file out.
    columns
        File or table → header → canonical column, or None to leave it out. The key ``""`` holds
        answers for whichever file has the header; ``file:header`` is that of one file.
    date_order
        For every column whose dates are ambiguous.
    date_orders
        File → date order, where files differ.
    unknown_influencers
        Whether rows whose influencer has no profile are kept under an added profile.
    accepted
        Keys of the questions whose default was agreed to.
    """

    tables: Mapping[str, str | None] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)
    date_order: DateOrder | None = None
    date_orders: Mapping[str, DateOrder] = field(default_factory=dict)
    unknown_influencers: UnknownInfluencers = "ask"
    accepted: frozenset[tuple[str, str, str]] = frozenset()

    def columns_of(self, raw: RawTable, table: str) -> dict[str, str | None]:
        """Return header → column of the answers that concern one file."""
        found: dict[str, str | None] = {}
        for key in ("", table, raw.name, raw.file.split(" › ")[0], raw.file):
            for a, b in self.columns.get(key, {}).items():
                header, column = _directed(a, b, raw.headers, table)
                if key == "" and not _concerns(header, column, raw.headers, table):
                    continue
                if raw.table and column is not None and _is_elsewhere(column, table):
                    continue  # a file of several tables: each part takes what it can have
                found[header] = column
        return found

    def resolved(self, raws: Sequence[RawTable]) -> Answers:
        """Return the answers with file → table taken out of the columns.

        Raises
        ------
        UnknownNameError
            If an answer names a file, table or header that there is not.
        """
        files = {name for raw in raws for name in (raw.file, raw.name, raw.file.split(" › ")[0])}
        columns = _placed(self.columns, {n: r.file for r in raws for n in (r.name, r.file)})
        anywhere = dict(columns.get("", {}))
        tables = {
            f: anywhere.pop(f)
            for f in list(anywhere)
            if (f in files or f.split(" › ")[0] in files) and _is_table(anywhere[f])
        }
        headers = {h for raw in raws for h in raw.headers}
        plains = {plain(h) for h in headers}
        canonical = {name for table in TABLES.values() for name in table.names}
        for a, b in anywhere.items():
            reverse = a in canonical and b is not None and plain(b) in plains
            if plain(a) not in plains and not reverse:
                raise UnknownNameError.of("column of the files", a, sorted(headers))
        for key in (*columns, *self.tables):
            if key and key.split(" › ")[0] not in files and key not in {*files, *TABLES}:
                raise UnknownNameError.of("file or table", key, [*sorted(files), *TABLES])
        by_file = {
            raw.file: tables[name]
            for raw in raws
            for name in (raw.name, raw.file.split(" › ")[0], raw.file)
            if name in tables
        }
        return replace(
            self,
            tables={**tables, **by_file, **self.tables},
            columns={**columns, "": anywhere},
        )


def _placed(
    columns: Mapping[str, Mapping[str, str | None]], files: Mapping[str, str]
) -> dict[str, Mapping[str, str | None]]:
    """Return the answers with ``file:header`` of any file as the header of that file."""
    placed = {key: dict(named) for key, named in columns.items()}
    for text, column in columns.get("", {}).items():
        cuts = [i for i, c in enumerate(text) if c == ":" and text[:i] in files]
        if cuts:
            del placed[""][text]
            placed.setdefault(files[text[: cuts[-1]]], {})[text[cuts[-1] + 1 :]] = column
    return {**placed}


def _is_elsewhere(column: str, table: str) -> bool:
    """Whether a column is one of another table, and none of this."""
    own = {*TABLES[table].names, *SYNONYMS[table]}
    return column not in own and any(column in t.names for t in TABLES.values())


def _is_table(name: str | None) -> bool:
    return name is None or name in TABLES


def _directed(a: str, b: str | None, headers: Sequence[str], table: str) -> tuple[str, str | None]:
    """Return header, column, whichever way round they were given and however they are cased."""
    by_plain = {plain(h): h for h in headers}
    if plain(a) in by_plain:
        return by_plain[plain(a)], b
    if b is not None and plain(b) in by_plain and a in TABLES[table].names:
        return by_plain[plain(b)], a
    return a, b


def _concerns(header: str, column: str | None, headers: Sequence[str], table: str) -> bool:
    names = {*TABLES[table].names, *SYNONYMS[table]}
    return header in headers and (column is None or column in names or TABLES[table].extra_columns)


def answers_from(
    mapping: Mapping[str, Any] | None,
    date_order: DateOrder | None,
    unknown_influencers: UnknownInfluencers,
) -> Answers:
    """Read the ``mapping`` argument of `load`.

    Header → canonical column (or None), the same within file or table names, or file → table.
    """
    if date_order not in (None, "day_first", "month_first"):
        raise ParameterError(
            f"date_order is {date_order!r}: it must be 'day_first', 'month_first' or None"
        )
    if unknown_influencers not in ("ask", "keep", "reject"):
        raise ParameterError(
            f"unknown_influencers is {unknown_influencers!r}: it must be 'ask', 'keep' or 'reject'"
        )
    nested = {k: v for k, v in (mapping or {}).items() if isinstance(v, Mapping)}
    flat = {k: v for k, v in (mapping or {}).items() if not isinstance(v, Mapping)}
    return Answers(
        columns={**nested, **({"": flat} if flat else {})},
        date_order=date_order,
        unknown_influencers=unknown_influencers,
    )
