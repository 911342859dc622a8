"""Frames of Spark to a dataset: tracked events stay where they are, and only sums come here."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from hk_metrics.errors import ParameterError
from hk_metrics.ingest.answers import Answers
from hk_metrics.ingest.draft import dataset_of
from hk_metrics.ingest.piece_notes import PieceNotes
from hk_metrics.ingest.pieces import (
    TRACKING,
    Outline,
    are_events,
    gathered,
    outlined,
    part_numbers,
    piece_of,
)
from hk_metrics.ingest.raw import from_frame
from hk_metrics.ingest.reading.sources import RawTables, read_sources
from hk_metrics.interchange import LateTables
from hk_metrics.ledger.executors import Piece
from hk_metrics.ledger.spark import (
    as_written,
    built_on_spark,
    divided_on_spark,
    here,
    is_spark,
    notes_of,
    parts_for,
    tracking_of,
)

if TYPE_CHECKING:
    import polars as pl

    from hk_metrics.dataset import Dataset
    from hk_metrics.settings import Settings

_SAMPLE = 20_000


def load_from_spark(
    source: Any,
    answers: Answers,
    settings: Settings,
    accept: bool,
    say: Callable[[str, float], None],
) -> Dataset | None:
    """Load frames of which tracked events lie on Spark; None where nothing does.

    Parameters
    ----------
    source
        Frames by table name.
    answers, settings
        As of `load`.
    accept
        Whether rejected rows and assumed answers are accepted.
    say
        Called with a step in words and the share done.

    Raises
    ------
    SchemaError, ParameterError
        As of `load`; and where the rows of one influencer cannot be told from a row alone.
    """
    if not isinstance(source, Mapping):
        return None
    there = {str(n): f for n, f in source.items() if is_spark(f) and are_events(f.columns, str(n))}
    if len(there) != 1:
        return None
    ((label, frame),) = there.items()
    frame = as_written(frame)
    say("looking at a sample", 0.05)
    beside = {n: here(f) if is_spark(f) else f for n, f in source.items() if n != label}
    others = read_sources(beside, settings)
    others = replace(others, name=", ".join(list(map(str, source))[:4]))
    sample = from_frame(here(frame.limit(_SAMPLE)), label, label)
    outline = outlined(sample, others, answers.resolved((*others.tables, sample)), settings)
    if outline is None:
        raise ParameterError(
            f"{label} cannot be read where it lies on Spark: a row of it does not name its "
            "influencer by the id that the other tables have. Give it such a column "
            "influencer_id, or bring it here with toPandas()"
        )
    say("reading on Spark", 0.1)
    return _loaded(frame, others, outline, accept, say)


def _loaded(
    frame: Any, others: RawTables, outline: Outline, accept: bool, say: Callable[[str, float], None]
) -> Dataset:
    parts = parts_for(frame)
    number = partial(part_numbers, outline=outline, parts=parts)
    read = partial(_piece, outline=outline, parts=parts)
    pieces = divided_on_spark(frame, number, read, outline.like, parts)
    notes: list[PieceNotes] = [pickle.loads(one) for one in notes_of(pieces)]
    say("comparing payouts with posts and orders", 0.6)
    made = gathered(others, outline, notes)
    data = dataset_of(made, outline.settings, others.name, accept)
    say("building the ledger on Spark", 0.7)
    beside = {n: t for n, t in data.tables.items() if n != TRACKING}
    ledger = built_on_spark(pieces, beside, outline.like, outline.settings, parts)
    rows = sum(n.rows for n in notes)
    bring = partial(_brought, pieces, rows, outline.settings)
    return replace(data, tables=LateTables(beside, {TRACKING: (rows, bring)}), built=ledger)


def _piece(rows: pl.DataFrame, part: int, outline: Outline, parts: int) -> Piece:
    raw = from_frame(rows, outline.files[0], TRACKING)
    tracking, notes = piece_of([raw], outline, part, parts, placed=False)
    return Piece(tracking, pickle.dumps(notes))


def _brought(pieces: Any, rows: int, settings: Settings) -> pl.DataFrame:
    if rows > settings.max_rows:
        raise ParameterError(
            f"{rows:,} tracked events lie on Spark, more than the {settings.max_rows:,} that are "
            "brought here: what the ledger tells needs none of them; the setting "
            "HK_METRICS_MAX_ROWS allows more"
        )
    return tracking_of(pieces)
