"""The middle of a letter: by day, brand, campaign, platform, source and influencer."""

from __future__ import annotations

from collections.abc import Sequence

from hk_metrics.formatting import day
from hk_metrics.metrics import METRICS
from hk_metrics.present import Table
from hk_metrics.report.letter.drawing import Drawing
from hk_metrics.report.letter.note import Note
from hk_metrics.report.letter.section import section
from hk_metrics.report.letter.story import Story

TREND = "Revenue and spend by day"
COLUMNS = ("revenue", "spend", "roas", "orders", "cpo", "reach", "engagement_rate")


@section
def trend(story: Story) -> Drawing:
    """Return revenue and spend by day."""
    from hk_metrics import figures

    frame = story.view.trend("D", ["revenue", "spend"])
    pair = ["revenue", "spend"]
    chart = figures.trend(frame, pair, settings=story.settings, title=TREND)
    return Drawing(figures.pinned(chart, story.view.pinned), 300, story.settings)


@section
def pinned_notes(story: Story) -> Note:
    """Return the team's notes on days of the period, as the chart numbers them."""
    notes = story.view.pinned
    points = [f"{n}. {day(note.day)}: {note.words}" for n, note in enumerate(notes, 1)]
    return Note("Notes on these days" if points else "", points=points)


@section
def by(
    story: Story, dimension: str, metrics: Sequence[str] = COLUMNS, most: int = 15
) -> Table | Note:
    """Return a table of a dimension, the largest revenue first.

    Parameters
    ----------
    story
        What the letter is about.
    dimension
        A dimension; where the data does not have it, a note says so.
    metrics
        Its columns; those without a number other than 0 are left out.
    most
        How many rows are shown; the files have all.
    """
    title = f"By {dimension.replace('_', ' ')}"
    if dimension not in story.view.dimensions:
        return Note("", f"The data names no {dimension.replace('_', ' ')}.")
    frame = story.view.by(dimension, list(metrics))
    counts = frame.fillna(0.0) != 0.0
    frame = frame.loc[counts.any(axis="columns"), counts.any()]
    labels = {dimension: dimension.replace("_", " ").capitalize()}
    labels |= {m: METRICS[m].label for m in frame.columns}
    units = {m: METRICS[m].unit for m in frame.columns}
    note = _notes(story, dimension, metrics)
    return Table(title, frame, units, labels, note, printed=most, settings=story.settings)


@section
def money_by(story: Story, dimension: str, most: int = 8) -> Drawing | Note:
    """Return revenue and spend side by side for each value of a dimension."""
    from hk_metrics import figures

    if dimension not in story.view.dimensions:
        return Note("")
    frame = story.view.by(dimension, ["revenue", "spend"]).head(most)
    title = f"Revenue and spend by {dimension.replace('_', ' ')}"
    pair = ["revenue", "spend"]
    chart = figures.grouped(
        frame, pair, settings=story.settings, limit=most, title=title, lying=True
    )
    return Drawing(chart, 80 + 30 * min(len(frame), most), story.settings)


def _notes(story: Story, dimension: str, metrics: Sequence[str]) -> str:
    guessed = [METRICS[m].label for m in metrics if story.view.is_estimated(m, dimension)]
    missing = story.view.gaps(metrics, [dimension])
    notes = [f"Estimated by {dimension}: {', '.join(guessed)}."] if guessed else []
    return " ".join([*notes, *([missing] if missing else [])])
