"""One visitor's session: a change of state → one recompute → the visible page, in place."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import ipywidgets

from hk_metrics.dataset import Dataset
from hk_metrics.errors import HkMetricsError, PluginError
from hk_metrics.ui.parts.components import Component, TableWidget
from hk_metrics.ui.parts.gaps import collected
from hk_metrics.ui.parts.panels import Built, Catalog, Page, Panel, PanelAnswers, built, merged
from hk_metrics.ui.parts.tabs import in_front
from hk_metrics.ui.shell.address import mark
from hk_metrics.ui.state import State
from hk_metrics.view import View
from hk_metrics.view.filters import NONE

if TYPE_CHECKING:
    from hk_metrics.ui.parts.downloads import Download

_logger = logging.getLogger("hk_metrics.ui")
_PAUSE = 0.012
_PUT_AWAY = 5.0
_CHOICES = [
    "dataset",
    "page",
    "filters",
    "followers",
    "preset",
    "first",
    "last",
    "compare",
    "options",
    "spoke",
]
# How a panel looks that has not been drawn at all, or not for the latest change.
_UNSEEN, _PENDING = "hk-unseen", "hk-pending"
# Seconds after which panels that compute no longer wait for the browser to say it has painted.
_PATIENCE = 15.0


class Session:
    """Recomputes and draws the visible page whenever the state changes.

    Parameters
    ----------
    state
        The visitor's choices.
    pages
        Key → page; each is made when first opened.
    say
        Called with a sentence where something failed.
    settled
        Called when what a change touches has been drawn, but for panels that are drawn late.
    hand_out
        Called with a file for the visitor.
    """

    def __init__(
        self,
        state: State,
        pages: Mapping[str, Page],
        say: Callable[[str], None],
        settled: Callable[[], None],
        hand_out: Callable[[Download], None],
    ) -> None:
        self.state = state
        self.pages = pages
        self.say = say
        self.settled = settled
        self.hand_out = hand_out
        self.built: dict[str, Built] = {}
        self.drawn: dict[str, object] = {}
        self.listeners: list[Callable[[PanelAnswers], None]] = []
        self._due: asyncio.TimerHandle | None = None
        self._late: asyncio.TimerHandle | None = None
        self._answers: PanelAnswers | None = None
        self._waiting: tuple[list[Panel], PanelAnswers] | None = None
        self._seen: set[str] = set()
        self._heard = False
        self._unheard: list[Panel] = []
        self._catalog: tuple[Dataset, Catalog] | None = None
        self.wished = 0
        self.mark = ""
        self.last: Panel | None = None
        state.observe(self._changed, _CHOICES)
        state.observe(self._rearranged, "tables")

    # -- when -------------------------------------------------------------------------------

    def _changed(self, _: Any) -> None:
        """Recompute soon: changes that arrive together are one."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self.refresh()
            return
        if self._due:
            self._due.cancel()
        self._due = loop.call_later(_PAUSE, self.refresh)

    def _rearranged(self, _: Any) -> None:
        """Show the tables in sight as they are set now; their numbers are the same."""
        if self._due is None:
            for panel in self.open(self.state.page).panels(self.state):
                if isinstance(panel.widget, TableWidget) and panel.widget.described is not None:
                    described = panel.widget.described
                    panel.widget.describe(described, self.state.arrangement(described.slug))
        self._rest()

    def refresh(self) -> None:
        """Draw the visible page for the state as it is now; what was due soon is done by it."""
        if self._due:
            self._due.cancel()
        self._due = None
        try:
            self._refresh()
        except Exception as error:  # noqa: BLE001 - a visitor must never meet silence
            self.report(error)
        finally:
            self._rest()

    def greet(self) -> None:
        """Show what the visitor may do, who is known now; the numbers are the same.

        The browser is told of what is drawn already when it asks; of what waits, it paints first.
        """
        self._unheard = []
        waiting = self._waiting[0] if self._waiting else []
        if waiting:
            self._await_browser()
        if self._answers is None:
            return
        for panel in self.open(self.state.page).panels(self.state):
            if panel.personal and panel not in waiting:
                self._draw(panel, self._answers)

    def _rest(self) -> None:
        """Say that everything is drawn, unless a newer change waits."""
        if self._due is None:
            self.settled()

    def _refresh(self) -> None:
        self.mark = mark(self.state)
        page = self.open(self.state.page)
        panels = page.panels(self.state)
        answers = self._answers = self.answer(panels)
        for listener in self.listeners:
            listener(answers)
        for panel in panels:
            if not panel.late:
                self._draw(panel, answers)
        last = [self.last] if self.last else []
        self._draw_later([*(p for p in panels if p.late), *last], answers)

    def _draw(self, panel: Panel, answers: PanelAnswers) -> None:
        try:
            with panel.widget.hold_sync():
                panel.draw(answers)
                panel.widget.shown = self.mark
        except PluginError as error:
            _logger.error("a page of an installed package fails", exc_info=error)
            self.say(f"{error}.")
        except Exception as error:  # noqa: BLE001 - one panel must not take the others along
            self.report(error)

    def _draw_later(self, panels: list[Panel], answers: PanelAnswers) -> None:
        """Draw panels that compute once the browser has painted the others.

        A page that opens asks the kernel for its widgets: what computes must not stand before that.
        """
        if self._late:
            self._late.cancel()
        self._late = self._waiting = None
        self._unheard = []
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            for panel in panels:
                self._draw(panel, answers)
            return
        for panel in (p for p in panels if not p.fill and p is not self.last):
            seen = panel.widget.model_id in self._seen
            panel.widget.add_class(_PENDING if seen else _UNSEEN)
        if panels:
            self._waiting = (panels, answers)
            self._await_browser()

    def _await_browser(self) -> None:
        """Give the browser its time to say that it has painted, from now on."""
        if self._late:
            self._late.cancel()
        self._late = asyncio.get_running_loop().call_later(_PATIENCE, self._draw_waiting)

    def painted(self) -> None:
        """Hear that the browser has painted the page: draw what has waited for it.

        What was drawn before its first word may have been sent to nobody, and is sent again: a
        front end that takes long to load listens to a widget only when it has it.
        """
        self._heard = True
        for panel in self._unheard:
            panel.widget.send_state()
        self._unheard = []
        self._draw_waiting()

    def _draw_waiting(self) -> None:
        """Draw what has waited, one at a time, so that a new change goes first.

        Each tells by its looks when it is drawn; "settled" would be taken for the new change's.
        What waits is of the state before, once a newer change is due: that one draws it anew.
        """
        if self._waiting is None or self._due:
            return
        if self._late:
            self._late.cancel()
        self._late = None
        self._draw_next()
        if self._waiting:
            self._late = asyncio.get_running_loop().call_later(_PAUSE, self._draw_waiting)

    def _draw_next(self) -> None:
        assert self._waiting is not None
        (panel, *rest), answers = self._waiting
        self._waiting = (rest, answers) if rest else None
        self._draw(panel, answers)
        self._seen.add(panel.widget.model_id)
        panel.widget.remove_class(_PENDING).remove_class(_UNSEEN)
        if not self._heard:
            self._unheard.append(panel)

    def complete(self) -> None:
        """Draw all that waits: what leaves is whole, and of the state as it is now."""
        if self._due:
            self.refresh()
        while self._waiting:
            self._draw_next()

    def report(self, error: Exception) -> None:
        """Tell the visitor that something failed, with an id under which the log has the rest."""
        mark = secrets.token_hex(3)
        _logger.error("dashboard error %s", mark, exc_info=error)
        self.say(f"A part of this page could not be computed (error {mark}). The rest is right.")

    # -- what -------------------------------------------------------------------------------

    def open(self, key: str) -> Built:
        """Return a page, made at its first opening."""
        page = self.pages.get(key) or next(iter(self.pages.values()))
        if page.key not in self.built:
            self.built[page.key] = built(page, self.state)
            for panel in (p for r in self.built[page.key].rows for p in r.panels):
                self.listen(panel.widget)
                panel.widget.on_msg(self._asked)
        return self.built[page.key]

    def listen(self, widget: Component) -> None:
        """Take note of what the visitor asks through a widget, so that it can be answered."""
        widget.trouble = self.tell
        widget.observe(lambda change: self._wish(change.new), "wish")
        widget.on_msg(lambda _, message, __: self._wish(message.get("wish") or 0))

    def _wish(self, number: int) -> None:
        """Answer a wish with the next drawing; at once where it changes nothing."""
        if number > self.wished:
            self.wished = number
            # What it asks for is heard in this turn, too, and is drawn soon.
            asyncio.get_running_loop().call_soon(self._rest)

    def _asked(self, widget: Any, message: Mapping[str, Any], _: Any) -> None:
        """Do what a panel's mark or button asks for."""
        if message.get("event") == "pick":
            self.attempt(lambda: self.pick(message["dimension"], message["value"]))
        elif message.get("event") == "export":
            self.attempt(lambda: self.export(widget, message["format"]))
        else:
            # The panel's own answer may be a change of the state, which is drawn soon.
            asyncio.get_running_loop().call_soon(self._rest)

    def attempt(self, do: Callable[[], None]) -> None:
        """Do something for the visitor, and say so where it fails."""
        try:
            do()
        except Exception as error:  # noqa: BLE001 - a visitor must never meet silence
            self.tell(error)

    def tell(self, error: Exception) -> None:
        """Tell the visitor why what they asked for was not done."""
        if isinstance(error, HkMetricsError):
            self.say(str(error))
        else:
            self.report(error)
        self.settled()

    def pick(self, dimension: str, value: str) -> None:
        """Narrow the page to what was clicked; a second click widens it again."""
        self.state.toggle(dimension, None if value == NONE else value)

    def export(self, widget: Any, kind: str) -> None:
        """Hand out one table of the page."""
        from hk_metrics.ui.parts.downloads import table_file, table_of

        self.complete()
        described = table_of(widget)
        if described is not None:
            self.hand_out(table_file(described, kind, self.answer(())))
        self.settled()

    def export_page(self, kind: str) -> None:
        """Hand out the page as PDF or workbook, or everything as one workbook."""
        from hk_metrics.ui.parts import downloads

        page = self.pages.get(self.state.page) or next(iter(self.pages.values()))
        self.complete()
        panels = self.open(page.key).panels(self.state)
        answers = self.answer(())
        tab = in_front(panels)
        if kind == "pdf":
            title = f"{page.label}: {tab}" if tab else page.label
            parcel = downloads.page_pdf(title, panels, answers)
        elif kind == "page":
            name = f"{page.key}-{tab.lower()}" if tab else page.key
            parcel = downloads.workbook(name, downloads.tables_of(panels), answers)
        else:
            from hk_metrics.ui.pages import money

            tables = [*downloads.everything(answers), *money.sheets(answers)]
            parcel = downloads.workbook("influencer-return", tables, answers)
        self.hand_out(parcel)
        self.settled()

    def forget(self) -> None:
        """Close the pages made for another dataset, once the browser has put them away."""
        old = [w for page in self.built.values() for w in widgets_within(page.root)]
        self.built = {}
        try:
            asyncio.get_running_loop().call_later(_PUT_AWAY, _close_all, old)
        except RuntimeError:
            _close_all(old)

    def answer(self, panels: tuple[Panel, ...]) -> PanelAnswers:
        """Compute everything that panels ask, in one pass (and one for the comparison)."""
        view = self.state.view()
        before = self._before(view)
        compared = merged(p for p in panels if p.compares) if before else {}
        return PanelAnswers(
            state=self.state,
            view=view,
            before=before,
            frames=collected(view, merged(panels)),
            earlier=collected(before, compared) if before and compared else {},
            catalog=self.catalog(),
        )

    def _before(self, view: View) -> View | None:
        """Return the view compared with; all dates have nothing before them."""
        if self.state.compare == "none" or self.state.period() is None:
            return None
        return view.before(self.state.compare)  # type: ignore[arg-type]

    def catalog(self) -> Catalog:
        """Return the dataset's colours and names, made once per dataset."""
        dataset = self.state.dataset
        assert dataset is not None
        if self._catalog is None or self._catalog[0] is not dataset:
            self._catalog = (dataset, Catalog.of(dataset))
        return self._catalog[1]


def widgets_within(root: ipywidgets.Widget) -> Iterator[ipywidgets.Widget]:
    """Yield a widget and everything in it, innermost first."""
    for child in getattr(root, "children", ()):
        yield from widgets_within(child)
    yield root


def _close_all(widgets: Iterable[ipywidgets.Widget]) -> None:
    """End widgets here and in the browser."""
    for widget in widgets:
        widget.close()
