"""How a letter ends: what the data is worth, and what the numbers mean."""

from __future__ import annotations

from hk_metrics.metrics import METRICS
from hk_metrics.present import Table
from hk_metrics.report.letter.breakdowns import COLUMNS
from hk_metrics.report.letter.note import Note
from hk_metrics.report.letter.section import section
from hk_metrics.report.letter.story import KEY_FIGURES, Story
from hk_metrics.wording import counted

_MOST = 8


@section
def data_quality(story: Story) -> Note:
    """Return what the import rejected and doubted."""
    quality = story.data.quality
    errors, warnings = len(quality.errors), len(quality.warnings)
    if not errors and not warnings:
        return Note("Data quality", "The import found nothing to reject or to doubt.")
    listed = [str(f) for f in (*quality.errors, *quality.warnings)]
    more = f" The first {_MOST} of {len(listed)} follow." if len(listed) > _MOST else ""
    text = f"The import rejected rows for {counted(errors, 'reason')} and doubted "
    text += f"{counted(warnings, 'thing')}.{more}"
    return Note("Data quality", text, listed[:_MOST])


@section
def definitions(story: Story) -> Table:
    """Return how each number is computed."""
    import pandas as pd

    names = dict.fromkeys((*KEY_FIGURES, *COLUMNS))
    rows = [
        {"Metric": m.label, "How it is computed": m.formula, "What to know": m.note}
        for m in (METRICS[n] for n in names if n in story.view.metrics)
    ]
    return Table("Definitions", pd.DataFrame(rows), settings=story.settings)
