"""The dashboard's pages, one file each: a function from the state to its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from importlib import import_module
from typing import Any

from hk_metrics import plugins
from hk_metrics.errors import HkMetricsError
from hk_metrics.ui.parts.panels import Page, PanelAnswers, Row, row
from hk_metrics.ui.parts.words import sentences
from hk_metrics.ui.state import State

_GROUP = "hk_metrics.pages"
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


def _read(given: Any) -> Iterator[tuple[str, Page]]:
    for page in plugins.all_of(Page)(given):
        yield page.key, replace(page, build=partial(_built, page))


def _built(page: Page, state: State) -> list[Row]:
    """Return the rows of an installed package's page, or one that says why there are none."""

    def drawn(draw: Callable[[PanelAnswers], None], answers: PanelAnswers) -> None:
        with plugins.blamed(f"page {page.label!r}"):
            draw(answers)

    try:
        with plugins.blamed(f"page {page.label!r}"):
            return [
                replace(r, panels=tuple(replace(p, draw=partial(drawn, p.draw)) for p in r.panels))
                for r in page.build(state)
            ]
    except HkMetricsError as error:
        problem = f"{error}."
        return [row(sentences(page.label, lambda _: [{"text": problem, "tone": "poor"}]))]


_OURS = {key: Page(key, label, partial(_rows, key)) for key, label in LABELS.items()}
PAGES: Mapping[str, Page] = plugins.Registry(_GROUP, _OURS, _read)
