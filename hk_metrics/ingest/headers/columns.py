"""Which column of the file is which column of the table, how certainly, and what is asked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hk_metrics.errors import UnknownNameError
from hk_metrics.ingest.headers.names import WEAK, meant, plain, snake
from hk_metrics.ingest.headers.spelling import Fits, alike, candidates
from hk_metrics.ingest.headers.synonyms import CREATORS, SYNONYMS
from hk_metrics.ingest.headers.unsupported import is_named_for, subject_of
from hk_metrics.schemas import TABLES

SURE = 0.9
# By these the other tables call an influencer: no attribute of one is called so.
_KEYS = frozenset(key for table in TABLES.values() for key in table.references)
_NAMELESS = re.compile(r"(?i)^(column \d+|unnamed.*|index|level_\d+|\W*)$")


@dataclass(frozen=True)
class Match:
    """One header and what it is taken for.

    ``column`` is None where it is ignored; ``maybe`` names the column that an attribute looks like.
    """

    header: str
    column: str | None
    confidence: float
    extra: bool = False
    maybe: str = ""

    @property
    def doubtful(self) -> bool:
        """Whether the match is a guess that the user should confirm."""
        return self.column is not None and not self.extra and self.confidence < SURE


@dataclass(frozen=True)
class ColumnMap:
    """The columns of one file, mapped to one table.

    Parameters
    ----------
    table
        Canonical table.
    matches
        One per header, in the file's order.
    missing
        Required columns that no header gives, each with the headers it might be.
    """

    table: str
    matches: tuple[Match, ...]
    missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def chosen(self) -> dict[str, str]:
        """Header → canonical (or extra) name of the columns that are used."""
        return {m.header: m.column for m in self.matches if m.column is not None}

    @property
    def ignored(self) -> tuple[str, ...]:
        """Headers that are not used."""
        return tuple(m.header for m in self.matches if m.column is None)

    @property
    def doubtful(self) -> tuple[Match, ...]:
        """Matches that should be confirmed."""
        return tuple(m for m in self.matches if m.doubtful)


def map_columns(
    table: str,
    headers: Sequence[str],
    answers: Mapping[str, str | None] | None = None,
    fits: Fits = lambda _header, _column: True,
) -> ColumnMap:
    """Match headers to the columns of one table.

    Parameters
    ----------
    table
        Canonical table name.
    headers
        Headers as the file has them.
    answers
        Header → canonical name, or None to ignore it; taken as said.
    fits
        Whether the cells under a header look like those of a column; asked before a guess.

    Returns
    -------
    ColumnMap
        Exact names first, then synonyms, then the nearest spelling. What only looks like an
        optional text of a table that keeps attributes is kept as one, under its own name.

    Raises
    ------
    UnknownNameError
        If an answer names a header or a column that does not exist.
    """
    answers = dict(answers or {})
    _check_answers(table, headers, answers)
    taken = _answered(answers)
    _take_known(table, headers, taken, fits)
    maybe = _take_similar(table, headers, taken, fits)
    _take_extra(table, headers, taken, maybe)
    used = _used(taken)
    missing = {c: () for c in TABLES[table].required_names if c not in used}
    free = [h for h in headers if taken[h].column is None or taken[h].extra]
    return ColumnMap(
        table,
        tuple(taken[h] for h in headers),
        {c: candidates(table, c, free, fits) for c in missing},
    )


def _check_answers(table: str, headers: Sequence[str], answers: Mapping[str, str | None]) -> None:
    names = {*TABLES[table].names, *SYNONYMS[table]}
    for header, column in answers.items():
        if header not in headers:
            raise UnknownNameError.of("column of the file", header, headers)
        if column is not None and column not in names and not TABLES[table].extra_columns:
            raise UnknownNameError.of(f"column of {table}", column, sorted(names))


def _answered(answers: Mapping[str, str | None]) -> dict[str, Match]:
    """Take what was answered; of two headers for a column the one that was named last."""
    last = {column: h for h, column in answers.items()}
    return {h: Match(h, c if last[c] == h else None, 1.0) for h, c in answers.items()}


def _used(taken: Mapping[str, Match]) -> set[str | None]:
    return {m.column for m in taken.values()}


def _take_known(table: str, headers: Sequence[str], taken: dict[str, Match], fits: Fits) -> None:
    """Take the headers whose meaning is known; of several for a column, one whose cells fit.

    A header that only hints at a column, or words of another kind under "type", is not taken.
    """
    hits = [(h, *hit) for h in headers if h not in taken and (hit := meant(table, h))]
    hits = [
        (h, column, sure) for h, column, sure in hits
        if (sure > WEAK and (sure == 1 or column != "basis")) or fits(h, column)
    ]  # fmt: skip
    subject = subject_of(headers)
    hits = [hit for hit in hits if hit[1] != "influencer_id" or not is_named_for(subject, hit[0])]
    columns = [column for _, column, _ in hits]
    used = _used(taken)

    def rank(hit: tuple[str, str, float]) -> tuple[bool, bool, float]:
        header, column, confidence = hit
        named = column == "id" and plain(header) in CREATORS and fits(header, "name")
        return columns.count(column) > 1 and not fits(header, column), named, -confidence

    for header, column, confidence in sorted(hits, key=rank):
        if column == "id" in used and "name" not in columns and _is_called(header):
            column = "name"  # beside "Creator ID" or "Handle", "Creator" is what it is called
        if column not in used:
            taken[header] = Match(header, column, confidence)
            used.add(column)


def _is_called(header: str) -> bool:
    return plain(header) in CREATORS or plain(header).endswith(("handle", "username"))


def _take_similar(
    table: str, headers: Sequence[str], taken: dict[str, Match], fits: Fits
) -> dict[str, str]:
    """Take headers spelt nearly like a column; return those kept as attributes all the same."""
    maybe: dict[str, str] = {}
    free = [h for h in headers if h not in taken]
    for header, column, certainty in alike(table, free, _used(taken), fits):
        if _is_attribute(table, column):
            maybe[header] = column
        else:
            taken[header] = Match(header, column, certainty)
    return maybe


def _is_attribute(table: str, column: str) -> bool:
    """Whether a column is one of many attributes, of which any may be kept as it is called."""
    texts = {c.name for c in TABLES[table].columns if c.kind == "text" and not c.required}
    return TABLES[table].extra_columns and column in texts


def _take_extra(
    table: str, headers: Sequence[str], taken: dict[str, Match], maybe: Mapping[str, str]
) -> None:
    used = _used(taken)
    for header in headers:
        name = snake(header)
        if header in taken:
            continue
        own = name not in used and name not in _KEYS and not _NAMELESS.match(header)
        keep = TABLES[table].extra_columns and own
        like = maybe.get(header, "") if keep else ""
        taken[header] = Match(header, name if keep else None, 1.0, extra=keep, maybe=like)
        used.add(name)
