"""How a letter ends: what the data is worth, and what the numbers mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hk_metrics.metrics import METRICS
from hk_metrics.present import Table, html
from hk_metrics.present.notebook import TABLE, to_json
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
    reasons = (
        f"rejected rows for {counted(errors, 'reason')}" if errors else "",
        f"has {counted(warnings, 'remark')}" if warnings else "",
    )
    text = f"The import {' and '.join(filter(None, reasons))}.{more}"
    return Note("Data quality", text, listed[:_MOST])


@dataclass(frozen=True, eq=False)
class Appendix:
    """A table of words and their meaning: a short list on the page, a sheet in the files.

    Parameters
    ----------
    table
        Its first column is the term, the others what it means.
    """

    table: Table

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        rows = self.table.frame.itertuples(index=False)
        terms = [(str(term), "; ".join(w for w in words if w)) for term, *words in rows]
        return {"text/html": html.terms(self.table.title, terms), TABLE: to_json(self.table)}


@section
def definitions(story: Story) -> Appendix:
    """Return how each number is computed."""
    import pandas as pd

    names = dict.fromkeys((*KEY_FIGURES, *COLUMNS))
    rows = [
        {"Metric": m.label, "How it is computed": m.formula, "What to know": m.note}
        for m in (METRICS[n] for n in names if n in story.view.metrics)
    ]
    return Appendix(Table("Definitions", pd.DataFrame(rows), settings=story.settings))
