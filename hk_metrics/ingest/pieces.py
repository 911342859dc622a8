"""Tracked events a part of the influencers at a time, each understood by the steps of the whole.

Which column is which, and how dates are written, a sample decides; values, copies, outcomes and
references are looked at where the rows are. What payouts are compared with are sums.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hk_metrics.errors import ParameterError
from hk_metrics.ingest.answers import Answers, Question
from hk_metrics.ingest.convert import column_of, read_cells
from hk_metrics.ingest.draft import Draft
from hk_metrics.ingest.headers.recognise import recognise
from hk_metrics.ingest.piece_notes import PieceNotes, identity_of, merged_findings
from hk_metrics.ingest.pipeline import draft
from hk_metrics.ingest.raw import ROW, RawTable
from hk_metrics.ingest.reading.sources import RawTables
from hk_metrics.ingest.sheet import Sheet, dtype
from hk_metrics.ledger.partitions import part_number
from hk_metrics.quality import Finding
from hk_metrics.schemas import TABLES

if TYPE_CHECKING:
    import polars as pl

    from hk_metrics.settings import Settings

TRACKING = "tracking_data"
_NAMED = ("influencer_id", "source", "campaign", "product", "brand")
# What only rows that are not in the sample may have.
_FOUND_LATER = ("returned",)
_MOST_REJECTED = 100_000
# Kinds of findings that are of all rows together.
_OF_ALL = ("no_table", "brand_told")
# Those of no file that pieces have.
_OF_PARTS = ("brand_spelling",)
# Those of columns, not rows: the sample has them as all rows would.
_OF_COLUMNS = ("columns_read", "ignored_column", "missing_description", "second_column")


@dataclass(frozen=True)
class Outline:
    """What a sample of many tracked events showed, by which all of them are read.

    Parameters
    ----------
    files
        What the files or frames of events are called.
    beside
        Raw influencers, to which events refer.
    answers
        All that is decided.
    settings
        Currency, time zone, brands.
    headers
        Canonical column → header.
    like
        Canonical columns and types, without rows.
    asked
        How dates are written, where the sample could not tell; the likelier is assumed.
    findings
        About columns, not rows.
    """

    files: tuple[str, ...]
    beside: tuple[RawTable, ...]
    answers: Answers
    settings: Settings
    headers: Mapping[str, str]
    like: pl.DataFrame
    asked: tuple[Question, ...] = ()
    findings: tuple[Finding, ...] = ()


def are_events(headers: Sequence[str], name: str) -> bool:
    """Return whether columns are those of tracked events."""
    return recognise(tuple(headers), name).table == TRACKING


def outlined(
    sample: RawTable,
    others: RawTables,
    answers: Answers,
    settings: Settings,
    files: Sequence[str] = (),
) -> Outline | None:
    """Return how all rows are to be read; None where a sample cannot tell.

    That is where a file holds several tables at once, where names stand for ids, or where orders
    get their influencers from another file: then rows are not of one influencer by themselves.
    """
    made = draft(replace(others, tables=(*others.tables, sample)), answers, settings)
    sheets = [s for s in made.sheets if s.table == TRACKING]
    if len(sheets) != 1 or sheets[0].raw.file != sample.file or not _is_plain(sheets[0], sample):
        return None
    sheet = sheets[0]
    headers = {column: header for header, column in sheet.columns.chosen.items()}
    shown = {s.date_order for s in made.sheets if s.date_order}
    order = sheet.date_order or (shown.pop() if len(shown) == 1 else None)
    names = tuple(files) or (sample.file,)
    asked = tuple(
        q for q in made.questions
        if q.finding.code == "ambiguous_dates" and q.finding.file == sample.file
    )  # fmt: skip
    for question in asked:
        order = order or ("month_first" if question.default == "month_first" else "day_first")
    orders = dict.fromkeys(names, order) if order else {}
    decided = replace(answers, date_orders={**orders, **answers.date_orders})
    beside = tuple(
        s.raw for s in made.sheets if s.table == "influencers" and s.raw.file != sample.file
    )
    like = _like(made.tables[TRACKING])
    of_columns = tuple(f for f in made.findings if f.file == sample.file and _is_of_columns(f))
    return Outline(names, beside, decided, settings, headers, like, asked, of_columns)


def _is_plain(sheet: Sheet, sample: RawTable) -> bool:
    """Whether rows stand for themselves: every column is the file's own, ids are ids."""
    headers = {column: header for header, column in sheet.columns.chosen.items()}
    owner = headers.get("influencer_id")
    if owner is None or not {*headers.values()} <= {*sample.headers}:
        return False
    given = _ids(sample.frame[owner]).drop_nulls().unique()
    return bool(sheet.frame["influencer_id"].drop_nulls().is_in(given.implode()).all())


def _like(tracking: pl.DataFrame) -> pl.DataFrame:
    """Return the columns of all pieces; a count may have fractions in one of them."""
    import polars as pl

    later = [c for c in _FOUND_LATER if c not in tracking.columns]
    types = {c: dtype(column_of(TRACKING, c)) for c in (*tracking.columns, *later)}
    return pl.DataFrame(schema={c: pl.Float64() if t == pl.Int64 else t for c, t in types.items()})


def part_numbers(rows: pl.DataFrame, outline: Outline, parts: int) -> pl.Series:
    """Return which part of the influencers each raw row belongs to."""
    import polars as pl

    found = {
        column: _ids(rows[outline.headers[column]])
        for column in ("influencer_id", "user_id")
        if column in outline.headers
    }
    ids = pl.DataFrame(found)
    return ids.select(part_number(TRACKING, ids.columns, parts)).to_series()


def _ids(cells: pl.Series) -> pl.Series:
    import polars as pl

    bare = cells.str.strip_chars() if cells.dtype == pl.String else cells
    column = TABLES[TRACKING]["influencer_id"]
    return _parsed(bare, column.name).cast(pl.String)


def _parsed(cells: pl.Series, name: str) -> pl.Series:
    from hk_metrics.settings import default_settings

    return read_cells(cells, column_of(TRACKING, name), default_settings()).parsed.values


def piece_of(
    raws: Sequence[RawTable], outline: Outline, part: int, parts: int, *, placed: bool = True
) -> tuple[pl.DataFrame, PieceNotes]:
    """Return the canonical rows of one part of the influencers, and what was met.

    Parameters
    ----------
    raws
        All its raw rows, a table for each file.
    outline
        How they are read.
    part, parts
        Which part of how many.
    placed
        Whether ``ROW`` is a place in a file.

    Raises
    ------
    ParameterError
        If an influencer goes by several ids, so that its rows are in several parts.
    """
    mine = tuple(replace(raw, table=TRACKING) for raw in raws)
    reading = RawTables((*outline.beside, *mine), (), TRACKING)
    made = draft(reading, outline.answers, outline.settings)
    tracking = made.tables[TRACKING]
    _check_owners(tracking, part, parts)
    found = [f for f in made.findings if _is_of(f, outline) and not _is_of_columns(f)]
    if outline.asked:
        found = [f for f in found if f.code != "date_order"]  # it was no answer of anybody's
    findings = [f if placed else replace(f, row=None) for f in found]
    asked = tuple(q for q in made.questions if q.finding.file in ("", *outline.files))
    rejected = made.rejected.get(TRACKING)
    notes = PieceNotes(
        tuple(findings), asked, rejected if rejected is None else rejected.head(_MOST_REJECTED),
        made.rows_in[TRACKING], tracking.height, _sums(tracking), made.id,
    )  # fmt: skip
    return tracking, notes


def _check_owners(tracking: pl.DataFrame, part: int, parts: int) -> None:
    import polars as pl

    known = tracking.filter(pl.col("influencer_id").is_not_null())
    numbers = known.select(part_number(TRACKING, ["influencer_id"], parts)).to_series()
    if (numbers != part).any():
        one = known.filter(numbers != part)["influencer_id"][0]
        raise ParameterError(
            f"influencer {one!r} goes by several ids or names in {TRACKING}: write one id for each "
            "influencer, the same in all tables"
        )


def _sums(tracking: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    names = [c for c in _NAMED if c in tracking.columns]
    day = pl.col("date").dt.truncate("1d")
    return tracking.group_by(*names, day).agg(pl.col("orders", "revenue").sum())


def gathered(others: RawTables, outline: Outline, notes: Sequence[PieceNotes]) -> Draft:
    """Return what all pieces and the other tables give together.

    Parameters
    ----------
    others
        Everything but tracked events.
    outline
        How those were read.
    notes
        Of all pieces.

    Returns
    -------
    Draft
        Its tracked events are sums by day and names, not rows.
    """
    import polars as pl

    sums = [n.sums for n in notes if n.sums.height]
    days = pl.concat(sums, how="diagonal_relaxed") if sums else outline.like
    cells, same = days.with_row_index(ROW, offset=1), {c: c for c in days.columns}
    stand_in = RawTable(
        outline.files[0], TRACKING, cells, table=TRACKING, undated=True, columns=same
    )
    read = replace(others, tables=(*others.tables, stand_in))
    answered = {**outline.answers.columns, outline.files[0]: same}
    made = draft(read, replace(outline.answers, columns=answered), outline.settings)
    rest = [f for f in made.findings if not _is_of(f, outline)]
    asked = [q for q in made.questions if not _is_of(q.finding, outline)]
    rejected = {n: t for n, t in made.rejected.items() if n != TRACKING}
    left_out = [n.rejected for n in notes if n.rejected is not None]
    if left_out:
        rejected[TRACKING] = pl.concat(left_out, how="diagonal_relaxed").head(_MOST_REJECTED)
    return replace(
        made,
        findings=(*rest, *outline.findings, *merged_findings(f for n in notes for f in n.findings)),
        questions=(
            *asked,
            *outline.asked,
            *{q.key: q for n in notes for q in n.questions}.values(),
        ),
        rejected=rejected,
        rows_in={**made.rows_in, TRACKING: sum(n.rows_in for n in notes)},
        id=identity_of(made.id, notes),
    )


def _is_of(found: Finding, outline: Outline) -> bool:
    mine = found.file in outline.files or found.table == TRACKING or found.code in _OF_PARTS
    return mine and found.code not in _OF_ALL


def _is_of_columns(found: Finding) -> bool:
    return found.code in _OF_COLUMNS
