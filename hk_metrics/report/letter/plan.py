"""Are we on plan, and what to do now: the team's targets and actions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hk_metrics.advice import actions, recent
from hk_metrics.planning import pacing
from hk_metrics.present.plan import action_sentence, charge, target_sentence
from hk_metrics.report.letter.links import link
from hk_metrics.report.letter.note import Note
from hk_metrics.report.letter.section import section
from hk_metrics.report.letter.story import Story
from hk_metrics.report.outputs import LISTS
from hk_metrics.store import kept_in
from hk_metrics.store.records import Record
from hk_metrics.wording import sentence

_MOST = 7


@section
def plan(story: Story) -> Note:
    """Return how far the targets of the data's store are whose period touches the letter's."""
    store, days = kept_in(story.data), story.view.period
    if store is None or days is None:
        return Note("")
    wanted = [t for t in store.targets() if t.days[0] <= days[1] and t.days[1] >= days[0]]
    if not wanted:
        return Note("")
    rows = pacing(story.view, wanted, days[1]).to_dict("records")
    points = [target_sentence(r, story.settings) for r in rows]
    return Note(LISTS["plan"], "", points, name="plan")


@section
def what_now(story: Story, most: int = 3) -> Note:
    """Return what to do next, by money and certainty; what the team dismissed is left out."""
    days = story.view.period
    now = recent(story.view, days[1] if days else None)
    found, store = actions(now, story.data), kept_in(story.data)
    known = store.decisions() if store is not None else {}
    gone = [key for key, record in known.items() if record.facts["answer"] == "dismissed"]
    kept = found[~found["key"].isin(gone)].head(min(most, _MOST)).to_dict("records")
    points = [
        " ".join(w for w in (action_sentence(row, story.settings), _charge(row, known)) if w)
        for row in kept
    ]
    links = [link(now, row["page"], row["by"], row["values"]) for row in kept]
    why = "" if points else sentence(str(found.attrs["note"]))
    return Note(LISTS["actions"], why, points, links, name="actions")


def _charge(row: Any, known: Mapping[str, Record]) -> str:
    """Return who does an action that the team accepted, and by when."""
    return charge(known[row["key"]].facts) if row["key"] in known else ""
