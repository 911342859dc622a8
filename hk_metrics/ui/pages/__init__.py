"""The dashboard's pages, one file each: a function from the state to its rows."""

from __future__ import annotations

from functools import partial
from importlib import import_module

from hk_metrics.ui.parts.panels import Page, Row
from hk_metrics.ui.state import State

LABELS = {
    "overview": "Overview",
    "campaigns": "Campaigns",
    "influencers": "Influencers",
    "posts": "Posts",
    "payouts": "Payouts",
    "roas": "ROAS and lift",
    "data": "Data",
}


def _rows(key: str, state: State) -> list[Row]:
    """Return a page's rows; its module is imported at the first opening."""
    rows: list[Row] = import_module(f"hk_metrics.ui.pages.{key}").build(state)
    return rows


PAGES: dict[str, Page] = {
    key: Page(key, label, partial(_rows, key)) for key, label in LABELS.items()
}
