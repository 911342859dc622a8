"""Rows of a table of influencers that are ticked: set side by side, or tagged together."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hk_metrics.ui.pages.tags import change_tag, may_tag
from hk_metrics.ui.parts.panels import Panel, PanelAnswers
from hk_metrics.ui.state import State

# So many fit side by side.
FEWEST, MOST = 2, 4


def choosing(panel: Panel, state: State) -> Panel:
    """Return a table of influencers whose rows can be ticked."""
    widget: Any = panel.widget

    def draw(answers: PanelAnswers) -> None:
        panel.draw(answers)
        tags = list(answers.view.team.tags)
        widget.choosing = {"fewest": FEWEST, "most": MOST, "may": may_tag(answers), "tags": tags}

    def ask(_: Any, message: dict[str, Any], __: Any) -> None:
        if message.get("event") != "chosen":
            return
        keys = [str(k) for k in message["keys"]]
        if message["do"] == "compare":
            state.select("influencer_id", keys)
        elif message["do"] in ("tag", "untag"):
            change_tag(state, message["do"], message["tag"], keys)

    widget.on_msg(ask)
    return replace(panel, draw=draw, personal=True)
