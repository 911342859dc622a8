"""Total against incremental ROAS: what the posts caused, how sure that is, and what it assumes."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from hk_metrics.incrementality import LABELS, Best, best, lift
from hk_metrics.present import Table
from hk_metrics.report.letter.drawing import Drawing
from hk_metrics.report.letter.note import Note
from hk_metrics.report.letter.section import section
from hk_metrics.report.letter.story import Story

if TYPE_CHECKING:
    import pandas as pd

_BEST = "best"
_UNITS: dict[str, str] = {
    "tracked": "money",
    "spend": "money",
    "roas": "times",
    "iroas": "times",
    "iroas_lower": "times",
    "iroas_upper": "times",
}
ENDS = {"iroas": "estimate", "iroas_lower": "lower", "iroas_upper": "upper"}
_LABELS = {
    "tracked": "Tracked revenue",
    "spend": "Spend",
    "roas": "Total ROAS",
    "iroas": "Incremental ROAS",
    "iroas_lower": "At least",
    "iroas_upper": "At most",
}


@section
def incremental(story: Story, by: str = "brand", method: str = _BEST) -> Table | Note:
    """Return total and incremental ROAS side by side.

    Parameters
    ----------
    story
        What the letter is about.
    by
        A dimension; without it in the data, one row for all.
    method
        An estimator of lift; by default the best that answers, which the dashboard shows, too.
        What better ones lack is said.
    """
    found = _lift(story, by, method)
    if found["iroas"].isna().all():
        why = _refusal(found) or story.view.gaps(["roas"]) or "There is no spend to set it against."
        return Note("Total and incremental ROAS", why)
    shown = found[list(_LABELS)].dropna(axis="columns", how="all")
    title = "Total and incremental ROAS"
    return Table(title, shown, _UNITS, _labels(found), _words(found), settings=story.settings)


@section
def incremental_chart(story: Story, by: str = "brand", method: str = _BEST) -> Drawing | Note:
    """Return incremental ROAS with 90 % intervals, break-even marked."""
    from hk_metrics import figures

    spans = _lift(story, by, method)[list(ENDS)].rename(columns=ENDS).dropna()
    if spans.empty:
        return Note("")
    chart = figures.intervals(
        spans,
        unit="times",
        settings=story.settings,
        title="Incremental ROAS with 90 % intervals; the line is break-even",
        mark=1.0 / story.settings.kept,
    )
    return Drawing(chart, 70 + 38 * len(spans), story.settings)


@cache
def standing(story: Story) -> Best:
    """Return the method whose incremental ROAS stands everywhere in a letter, and its answer."""
    return best(story.view, sales=story.data.tables.get("daily_sales"))


@cache
def _lift(story: Story, by: str, method: str) -> pd.DataFrame:
    """Lift of each value by a method; what better ones lack as the refusal of all."""
    unit = by if by in story.view.dimensions else None
    chosen = standing(story) if method == _BEST else None
    which = chosen.method if chosen else method
    found = lift(story.view, which, unit, sales=story.data.tables.get("daily_sales"))
    found = found[found["spend"] > 0].copy()
    found["roas"] = found["tracked"] / found["spend"]
    found.index = found.index.rename(unit or "unit")
    if chosen and chosen.passed_over and found["refusal"].isna().all():
        found["refusal"] = next(iter(chosen.passed_over.values()))
    return found


def _labels(found: pd.DataFrame) -> dict[str, str]:
    name = str(found.index.name)
    return {name: name.replace("_", " ").capitalize(), **_LABELS}


def _refusal(found: pd.DataFrame) -> str:
    reasons = [str(r) for r in found["refusal"].dropna().unique()]
    return " ".join(reasons)


def _words(found: pd.DataFrame) -> str:
    first: Any = found.iloc[0]
    method = LABELS[str(first["method"])].lower()
    sentences = [f"Incremental revenue by {method}: {str(first['assumption']).rstrip('.')}."]
    if found["iroas_lower"].notna().any():
        sentences.append("At least and at most hold with 90 % probability.")
    unsure = [str(n) for n, row in found.iterrows() if row["inconclusive"]]
    sentences += [f"Inconclusive: {', '.join(unsure)}."] if unsure else []
    refused = _refusal(found)
    sentences += [f"The estimate from the data itself is missing: {refused}"] if refused else []
    return " ".join(sentences)
