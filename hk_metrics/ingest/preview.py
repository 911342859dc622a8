"""A look at an import before it happens."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hk_metrics.ingest.answers import Answers
from hk_metrics.ingest.memory import merged, recalled
from hk_metrics.ingest.pipeline import draft
from hk_metrics.ingest.plan import ImportPlan
from hk_metrics.ingest.sources import Progress, Source, read_sources
from hk_metrics.settings import Settings, default_settings


def preview(
    source: Source,
    settings: Settings | None = None,
    answers: Answers | None = None,
    progress: Progress | None = None,
    memory: Path | None = None,
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

    Returns
    -------
    ImportPlan
        Never raises for what is in the files: that is what the plan shows.
    """
    settings = settings or default_settings()
    if progress:
        progress("reading files", 0.0)
    reading = read_sources(source, settings, progress)
    before, notes = recalled(reading.tables, memory or settings.store)
    reading = replace(reading, findings=(*reading.findings, *notes))
    given = merged(before, answers or Answers())
    return ImportPlan(reading, given, settings, draft(reading, given, settings, progress))
