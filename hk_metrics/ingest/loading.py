"""Whatever people have, to a dataset, or to a look at what it would give."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from hk_metrics.errors import ParameterError
from hk_metrics.ingest.answers import Answers, UnknownInfluencers, answers_from
from hk_metrics.ingest.draft import dataset_of
from hk_metrics.ingest.drafting import drafted_apart
from hk_metrics.ingest.memory import merged, recalled
from hk_metrics.ingest.pipeline import draft, silent
from hk_metrics.ingest.plan import ImportPlan
from hk_metrics.ingest.reading.batches import large_events
from hk_metrics.ingest.reading.databases import is_streamed
from hk_metrics.ingest.reading.sources import (
    Progress,
    Source,
    name_of,
    read_sources,
    read_visitors,
)
from hk_metrics.ingest.values.dates import DateOrder
from hk_metrics.settings import Settings, default_settings

if TYPE_CHECKING:
    from hk_metrics.dataset import Dataset


def load(
    source: Source,
    mapping: Mapping[str, Any] | None = None,
    on_error: Literal["raise", "reject"] = "raise",
    settings: Settings | None = None,
    date_order: DateOrder | None = None,
    progress: Progress | None = None,
    unknown_influencers: UnknownInfluencers = "ask",
) -> Dataset:
    """Load influencer data as it is, and say what was understood.

    Parameters
    ----------
    source
        A folder (of files, or of a store), a file (CSV, Excel, JSON, Parquet, zip, SQLite, DuckDB),
        a URL (a database or an object store), tables on Spark (``spark:SCHEMA``), a pattern
        (``data/*.csv``), a frame (pandas, Polars), bytes by file name, frames by table name, or a
        list of these. One row per influencer, post, tracked event and payout. Tracked events that
        are a frame of Spark stay there; files of them that the settings' memory has no room for go
        through the disk in pieces.
    mapping
        Header → canonical column where names alone do not tell; None leaves a column out. The
        same within a file or table name where files differ; file → table where that is unclear.
    on_error
        ``raise``: anything that needs a decision raises, all at once; ``reject``: rows that
        cannot be used are left out, and the likelier reading is taken, both reported.
    settings
        Currency, time zone, limits; the process's own where absent.
    date_order
        How to read dates that can be read both ways.
    progress
        Called with a step in words and the share done (0 to 1).
    unknown_influencers
        ``keep`` adds a profile for ids that the influencers file does not have.

    Returns
    -------
    Dataset
        Immutable; ``quality`` holds everything that was understood, doubted and rejected.

    Raises
    ------
    SchemaError
        With every problem at once, each with file, row, column, value and fix.
    ParameterError
        If a parameter is wrong or the source does not exist.

    Notes
    -----
    A row that is rejected never counts; a row that is kept is never changed beyond what the
    report's notes say. Loading does not store anything: see `hk_metrics.store.Store`.

    Examples
    --------
    >>> import hk_metrics as hk
    >>> sold = b"influencer_id,order_id,date,revenue\\n1,A1,2025-03-01,500\\n1,A2,2025-03-02,700\\n"
    >>> data = hk.load({"orders.csv": sold})
    >>> data.view().totals(["revenue"])["revenue"]
    np.float64(1200.0)
    """
    if on_error not in ("raise", "reject"):
        raise ParameterError(f"on_error is {on_error!r}: it must be 'raise' or 'reject'")
    settings = settings or default_settings()
    if (stored := _stored(source, settings)) is not None:
        return stored
    answers = answers_from(mapping, date_order, unknown_influencers)
    accept = on_error == "reject"
    say = progress or silent
    data = _large(source, answers, settings, accept, say)
    if data is None:
        plan = preview(source, settings, answers, progress)
        data = dataset_of(plan.made, settings, plan.reading.name, accept)
    say("done", 1.0)
    return data


def _large(
    source: Source, answers: Answers, settings: Settings, accept: bool, say: Progress
) -> Dataset | None:
    """Load what is never whole in memory; None for all else, which needs none of the modules."""
    if isinstance(source, str) and source.startswith("spark:"):
        from hk_metrics.ingest.spark_tables import tables_at

        source = tables_at(source)
    if "pyspark" in sys.modules and isinstance(source, Mapping):
        from hk_metrics.ingest.on_spark import load_from_spark

        return load_from_spark(source, answers, settings, accept, say)
    with _on_disk(source, settings) as folder:
        if large := large_events(folder or source, settings):
            from hk_metrics.ingest.in_pieces import load_in_pieces

            name = name_of(source)
            return load_in_pieces(large, name, answers, settings, accept, say)
    return None


def _on_disk(source: Source, settings: Settings) -> AbstractContextManager[Path | None]:
    """Return the tables of a database that memory has no room for as files; None for all else."""
    if not is_streamed(source):
        return nullcontext()
    from hk_metrics.ingest.spooled import spooled

    return spooled(source, settings)


def preview(
    source: Source,
    settings: Settings | None = None,
    answers: Answers | None = None,
    progress: Progress | None = None,
    memory: Path | None = None,
    *,
    apart: bool = False,
) -> ImportPlan:
    """Look at an import before it happens.

    Parameters
    ----------
    source
        As of `load`: paths, uploads as bytes by file name, frames …
    settings
        Currency, time zone, limits; the process's own where absent.
    answers
        What is already decided.
    progress
        Called with a step in words and the share done.
    memory
        Folder whose remembered answers are used; the settings' store where absent.
    apart
        Whether the source is files of strangers, as bytes by name: they are read in a process of
        its own, under the settings' limits of memory and time, and so are large ones checked.

    Returns
    -------
    ImportPlan
        Never raises for what is in the files: that is what the plan shows.
    """
    settings = settings or default_settings()
    if progress:
        progress("reading files", 0.0)
    reading = (read_visitors if apart else read_sources)(source, settings, progress)
    before, notes = recalled(reading.tables, memory or settings.store)
    reading = replace(reading, findings=(*reading.findings, *notes))
    given = merged(before, answers or Answers())
    make = drafted_apart if apart else draft
    return ImportPlan(reading, given, settings, make(reading, given, settings, progress), apart)


def _stored(source: Source, settings: Settings) -> Dataset | None:
    """Return the current dataset if the source is the folder of a store."""
    from hk_metrics.store import Store

    if not isinstance(source, (str, Path)) or "://" in str(source):
        return None
    return Store(source).current(settings)
