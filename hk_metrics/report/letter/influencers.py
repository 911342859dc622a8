"""Who is really good: top and bottom influencers, with how sure that is."""

from __future__ import annotations

from functools import cache

import pandas as pd

from hk_metrics.errors import InsufficientDataError
from hk_metrics.present import Table
from hk_metrics.report.letter.drawing import Drawing
from hk_metrics.report.letter.note import Note
from hk_metrics.report.letter.section import section
from hk_metrics.report.letter.story import Story
from hk_metrics.wording import sentence

_GOOD_CHANCE = 0.5

_UNITS: dict[str, str] = {
    "raw": "times",
    "shrunken": "times",
    "lower": "times",
    "upper": "times",
    "above_break_even": "chance",
    "orders": "count",
    "spend": "money",
}
_LABELS = {
    "influencer": "Influencer",
    "segment": "Segment",
    "raw": "Raw ROAS",
    "shrunken": "Likely ROAS",
    "lower": "At least",
    "upper": "At most",
    "above_break_even": "Chance of profit",
    "orders": "Orders",
    "spend": "Spend",
}
_NOTE = (
    "Likely ROAS draws small numbers towards the average of all: two lucky orders do not make a "
    "top influencer. At least and at most hold with 90 % probability."
)


@section
def top_and_bottom(story: Story, each: int = 5) -> Table | Note:
    """Return the influencers who deliver most and least, with 90 % intervals.

    Parameters
    ----------
    story
        What the letter is about.
    each
        How many at either end.
    """
    ranking = _ranking(story)
    if isinstance(ranking, str):
        return Note("Influencers", ranking)
    shown = _ends(ranking, each)[list(_LABELS)].reset_index()
    title = f"Influencers: the best and the weakest {min(each, len(ranking) // 2 or 1)}"
    hidden = ["influencer_id"]
    return Table(title, shown, _UNITS, _LABELS, _NOTE, hidden=hidden, settings=story.settings)


@section
def skill(story: Story, each: int = 5) -> Drawing | Note:
    """Return the same influencers as estimates with intervals, break-even marked."""
    from hk_metrics import figures

    ranking = _ranking(story)
    if isinstance(ranking, str):
        return Note("")
    ends = _ends(ranking, each).set_index("influencer")
    estimates = ends.rename(columns={"shrunken": "estimate"})[["estimate", "lower", "upper"]]
    chart = figures.intervals(
        estimates,
        unit="times",
        settings=story.settings,
        title="Likely ROAS with 90 % intervals; the line is break-even",
        mark=1.0 / story.settings.kept,
    )
    return Drawing(chart, 60 + 28 * len(estimates), story.settings)


def _ends(ranking: pd.DataFrame, each: int) -> pd.DataFrame:
    """The best and the weakest: nobody is called weak for want of orders and with a good chance."""
    half = min(each, max(1, len(ranking) // 2))
    rest = ranking.iloc[half:]
    weak = rest[(rest["orders"] > 0) | (rest["above_break_even"] < _GOOD_CHANCE)]
    return pd.concat([ranking.head(half), weak.tail(half)])


@cache
def _ranking(story: Story) -> pd.DataFrame | str:
    """The ranking of those with spend, names in front; or why there is none."""
    from hk_metrics.ranking import rank

    try:
        table = rank(story.view, "roas").dropna(subset=["shrunken"])
    except InsufficientDataError as missing:
        return sentence(str(missing))
    if len(table) < 2:
        return "There are too few paid influencers in this view to compare."
    table.insert(0, "influencer", [story.names.get(str(i), str(i)) for i in table.index])
    return table
