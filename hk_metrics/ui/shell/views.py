"""The team's saved views in the header: shown, saved, renamed, deleted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from hk_metrics import formatting as fmt
from hk_metrics.access import current_visitor
from hk_metrics.errors import StoreError
from hk_metrics.store import kept_in
from hk_metrics.ui.shell.address import to_query

if TYPE_CHECKING:
    from hk_metrics.team import SavedView
    from hk_metrics.ui.parts.components import Header
    from hk_metrics.ui.state import State


def show_views(header: Header, state: State) -> None:
    """Show the views that are saved beside the dataset, and whether the visitor may save some."""
    store = kept_in(state.dataset)
    views = store.team.views() if store else []
    may = store is not None and current_visitor().may("save")
    header.saved = {"may": may, "views": [_line(v) for v in views]}


def _line(view: SavedView) -> dict[str, str]:
    words = [f"by {view.by}" if view.by else "", fmt.day(view.at.date()) if view.at else ""]
    return {"key": view.key, "name": view.name, "query": view.query,
            "by": ", ".join(filter(None, words))}  # fmt: skip


def change_views(message: Mapping[str, Any], state: State, say: Callable[[str], None]) -> None:
    """Do what the visitor asks of the team's views.

    Raises
    ------
    NotAllowedError
        If they only look.
    ParameterError, StoreError
        If the view is gone, its name is taken, or nothing can be written.
    """
    visitor = current_visitor()
    visitor.require("save")
    store = kept_in(state.dataset)
    if store is None:
        raise StoreError("this data is in no store, so there is nothing to save views beside")
    book, key, name = store.team, str(message.get("key", "")), str(message.get("name", ""))
    if message["do"] == "save":
        view = book.save_view(name, to_query(state), visitor.name)
        say(f"Saved as “{view.name}” for everybody who sees this data.")
    elif message["do"] == "rename":
        book.rename_view(key, name, visitor.name)
    elif message["do"] == "delete":
        book.forget_view(key, visitor.name)
