"""Why a total changed: from the period before to this one, step by step."""

from __future__ import annotations

from hk_metrics.errors import HkMetricsError
from hk_metrics.metrics import METRICS
from hk_metrics.report.letter.drawing import Drawing
from hk_metrics.report.letter.note import Note
from hk_metrics.report.letter.section import section
from hk_metrics.report.letter.story import Story
from hk_metrics.view.chain import FACTORS
from hk_metrics.wording import sentence, uncapped


@section
def why(story: Story, metric: str = "revenue", by: str = "chain") -> Drawing | Note:
    """Return what led from the total of the period before to this one's.

    Parameters
    ----------
    story
        What the letter is about; without a comparison there is nothing to tell.
    metric
        What changed.
    by
        A dimension, or ``chain`` for posts, reach per post, conversion and order value.
    """
    from hk_metrics import figures

    if story.before is None or story.compare is None:
        return Note("")
    try:
        found = story.view.drivers(metric, by, story.compare)
    except HkMetricsError as missing:
        return Note(f"Why {uncapped(METRICS[metric].label)} changed", sentence(str(missing)))
    names = (
        {n: label.capitalize() for n, label in FACTORS.items()} if by == "chain" else story.names
    )
    chart = figures.waterfall(found, settings=story.settings, names=names)
    if chart.empty:
        return Note(chart.title, chart.empty)
    return Drawing(chart, 90 + 34 * min(len(found), 8), story.settings)
