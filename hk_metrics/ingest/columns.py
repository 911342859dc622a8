"""Which column of the file is which column of the table, how certainly, and what is asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from hk_metrics.errors import UnknownNameError
from hk_metrics.ingest.names import WEAK, known, meant, plain, snake
from hk_metrics.ingest.synonyms import SYNONYMS
from hk_metrics.schemas import TABLES

SURE = 0.9
LIKELY = 0.72
_NAMELESS = re.compile(r"(?i)^(column \d+|unnamed.*|index|level_\d+|\W*)$")


@dataclass(frozen=True)
class Match:
    """One header and what it is taken for.

    ``column`` is None where the header is ignored; ``doubtful`` where the user should say.
    """

    header: str
    column: str | None
    confidence: float
    extra: bool = False

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
    fits: Callable[[str, str], bool] = lambda _header, _column: True,
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
        Exact names first, then synonyms, then the nearest spelling.

    Raises
    ------
    UnknownNameError
        If an answer names a header or a column that does not exist.
    """
    answers = dict(answers or {})
    _check_answers(table, headers, answers)
    taken: dict[str, Match] = {
        h: Match(h, column, 1.0) for h, column in answers.items() if h in headers
    }
    _take_known(table, headers, taken, fits)
    _take_similar(table, headers, taken, fits)
    _take_extra(table, headers, taken)
    used = {m.column for m in taken.values()}
    missing = {c: () for c in TABLES[table].required_names if c not in used}
    free = [h for h in headers if taken[h].column is None or taken[h].extra]
    return ColumnMap(
        table,
        tuple(taken[h] for h in headers),
        {c: _candidates(table, c, free) for c in missing},
    )


def _check_answers(table: str, headers: Sequence[str], answers: Mapping[str, str | None]) -> None:
    names = {*TABLES[table].names, *SYNONYMS[table]}
    for header, column in answers.items():
        if header not in headers:
            raise UnknownNameError.of("column of the file", header, headers)
        if column is not None and column not in names and not TABLES[table].extra_columns:
            raise UnknownNameError.of(f"column of {table}", column, sorted(names))


def _take_known(
    table: str,
    headers: Sequence[str],
    taken: dict[str, Match],
    fits: Callable[[str, str], bool],
) -> None:
    """Take the headers whose meaning is known; of several for a column, one whose cells fit.

    A header that only hints at a column, or words of another kind under "type", is not taken.
    """
    hits = [(h, *hit) for h in headers if h not in taken and (hit := meant(table, h))]
    hits = [
        (h, column, sure) for h, column, sure in hits
        if (sure > WEAK and (sure == 1 or column != "basis")) or fits(h, column)
    ]  # fmt: skip
    columns = [column for _, column, _ in hits]
    used = {m.column for m in taken.values()}

    def rank(hit: tuple[str, str, float]) -> tuple[bool, float]:
        header, column, confidence = hit
        return columns.count(column) > 1 and not fits(header, column), -confidence

    for header, column, confidence in sorted(hits, key=rank):
        if column == "id" in used and "name" not in columns:
            column = "name"  # beside "Creator ID", "Creator" is what it is called
        if column not in used:
            taken[header] = Match(header, column, confidence)
            used.add(column)


def _take_similar(
    table: str,
    headers: Sequence[str],
    taken: dict[str, Match],
    fits: Callable[[str, str], bool],
) -> None:
    used = {m.column for m in taken.values()}
    if all(h in taken for h in headers):
        return
    from rapidfuzz import fuzz

    words = {k: column for k, (column, _) in known(table).items() if column not in used}
    pairs = [
        (fuzz.ratio(plain(h), word) / 100, h, column)
        for h in headers
        if h not in taken and len(plain(h)) > 2
        for word, column in words.items()
        if len(word) > 2
    ]
    for score, header, column in sorted(pairs, key=lambda p: (-p[0], p[1])):
        if score < LIKELY:
            break
        if header not in taken and column not in used and fits(header, column):
            taken[header] = Match(header, column, round(0.85 * score, 2))
            used.add(column)


def _take_extra(table: str, headers: Sequence[str], taken: dict[str, Match]) -> None:
    used = {m.column for m in taken.values()}
    for header in headers:
        name = snake(header)
        if header in taken:
            continue
        keep = TABLES[table].extra_columns and name not in used and not _NAMELESS.match(header)
        taken[header] = Match(header, name if keep else None, 1.0, extra=keep)
        used.add(name)


def _candidates(table: str, column: str, free: Sequence[str]) -> tuple[str, ...]:
    from rapidfuzz import fuzz

    words = [k for k, (name, _) in known(table).items() if name == column]
    score = {h: max(fuzz.partial_ratio(plain(h), w) for w in words) for h in free}
    return tuple(sorted((h for h in free if score[h] >= 100 * LIKELY), key=lambda h: -score[h])[:5])
