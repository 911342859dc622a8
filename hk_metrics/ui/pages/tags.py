"""The team's tags of influencers: of one on their page, of several from the table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hk_metrics.access import current_visitor
from hk_metrics.store import kept_in
from hk_metrics.ui.parts.components import TagList
from hk_metrics.ui.parts.panels import Panel, PanelAnswers
from hk_metrics.ui.state import State


def tags(state: State) -> Panel:
    """Return the tags of the one influencer that the filter holds, to be given and taken away."""
    widget = TagList().add_class("hk-span-12")

    def draw(answers: PanelAnswers) -> None:
        team = answers.view.team
        with widget.hold_sync():
            widget.may, widget.known = may_tag(answers), list(team.tags)
            widget.tags = team.tags_of(str(answers.state.filters["influencer_id"][0]))
        (widget.remove_class if widget.may or widget.tags else widget.add_class)("hk-hidden")

    def ask(_: Any, message: dict[str, Any], __: Any) -> None:
        if message.get("event") in ("tag", "untag"):
            chosen = [str(i) for i in state.filters.get("influencer_id", ())]
            change_tag(state, message["event"], message.get("tag"), chosen)

    widget.on_msg(ask)
    return Panel(widget, draw, personal=True)


def may_tag(answers: PanelAnswers) -> bool:
    """Return whether the visitor may tag influencers of this dataset."""
    return kept_in(answers.dataset) is not None and current_visitor().may("save")


def change_tag(state: State, do: str, tag: object, influencers: Sequence[str]) -> None:
    """Give influencers a tag for the team, or take it away: ``do`` is ``tag`` or ``untag``."""
    visitor = current_visitor()
    visitor.require("save")
    store = kept_in(state.dataset)
    if store is None or state.dataset is None:
        return
    change = store.team.tag if do == "tag" else store.team.untag
    known = set(state.dataset.tables["influencers"]["id"])
    change(str(tag or ""), [i for i in influencers if i in known], visitor.name)
    state.spoke += 1
