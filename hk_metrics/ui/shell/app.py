"""The dashboard: state, session and frame put together, as one widget."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ipywidgets

from hk_metrics.formatting import symbol
from hk_metrics.plugins import problems
from hk_metrics.store import DAMAGED, kept_in
from hk_metrics.ui.arrival import wait_for_visitor
from hk_metrics.ui.assets.door import served
from hk_metrics.ui.doubts import doubts
from hk_metrics.ui.pages import PAGES
from hk_metrics.ui.parts.components import Browser, Cards, Chips, Filters, Header
from hk_metrics.ui.parts.panels import Panel, PanelAnswers
from hk_metrics.ui.shell.address import from_query, to_query
from hk_metrics.ui.shell.frame import (
    account,
    badge,
    describe,
    facets,
    link_chips,
    link_filters,
    link_header,
    show_chips,
    show_filters,
)
from hk_metrics.ui.shell.news import SECONDS, News, TeamNews
from hk_metrics.ui.shell.session import Session, widgets_within
from hk_metrics.ui.shell.views import change_views, show_views
from hk_metrics.ui.sources import newer, opened, store_of
from hk_metrics.ui.state import State

if TYPE_CHECKING:
    from hk_metrics.ui.parts.downloads import Download

_PREVIEW = "application/vnd.hk-metrics.preview+json"


@dataclass(frozen=True)
class Preview:
    """The key figures of the page that opens: they stand in the skeleton before any widget does."""

    cards: list[Any]
    locale: dict[str, Any]

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {_PREVIEW: {"cards": self.cards, "locale": self.locale}}


class Dashboard:
    """The dashboard over a dataset.

    Parameters
    ----------
    data
        Folder, file or dataset to open; empty for the server's, the last import, or the sample.
    """

    def __init__(self, data: str = "") -> None:
        self.data = data
        store = store_of(data)
        self.state = State(dataset=opened(store))
        self.news, self.team_news = News(store), TeamNews()
        self._offered = ""  # news of the data that the visitor has not taken up
        self.browser = Browser()
        self.header = Header(pages=[{"key": p.key, "label": p.label} for p in PAGES.values()])
        self.rail, self.chips = Filters(), Chips()
        self.main = ipywidgets.VBox([self.chips]).add_class("hk-main")
        self.session = Session(self.state, PAGES, self.say, self.settle, self.hand_out)
        self._link()
        self._take_dataset()
        self.session.refresh()
        body = ipywidgets.HBox([self.rail, self.main]).add_class("hk-body")
        self.root = ipywidgets.VBox([self.browser, self.header, body]).add_class("hk-app")

    def start(self) -> Preview | None:
        """Take up the visitor's link; in a warm session, wait for the visitor first."""
        query = wait_for_visitor()
        self.header.account = account()
        assert self.state.dataset is not None
        # A warm session may have waited while somebody imported, or said something.
        latest, notice = None if self.data else newer(self.state.dataset), self._hear_team()
        show_views(self.header, self.state)
        if latest:
            self.state.dataset = latest
        elif notice:
            self.state.spoke += 1
        if query:
            self.browser.query = query
            self.state.restore(from_query(query))
        if latest or notice or query:
            self.session.refresh()
        else:
            self.session.greet()
        for damage in (f for f in self.state.dataset.quality.warnings if f.code == DAMAGED):
            self.say(str(damage))
        for problem in problems():
            self.say(f"{problem}.")
        with suppress(RuntimeError):  # without a loop there is no page to tell anything
            self._look_out()
        found = (w for w in widgets_within(self.main.children[-1]) if isinstance(w, Cards))
        cards = next(found, None) if served() else None
        return Preview(cards.cards, self.browser.locale) if cards else None

    def say(self, text: str, **offer: str) -> None:
        """Tell the visitor something; with ``action`` and ``event``, offer to do it."""
        number = self.browser.message.get("number", 0) + 1
        self.browser.message = {"text": text, "number": number, **offer}

    def _look_out(self) -> None:
        """Tell the visitor when others change the dataset or what is said beside it, from now on.

        Their views are in the header at once. There is one banner: what it offers of the data it
        offers until that is taken up, and with it what the team says.
        """
        assert self.state.dataset is not None
        news, notice = self.news.look(self.state.dataset), self._hear_team()
        self._offered = news or self._offered
        if notice:
            show_views(self.header, self.state)
        if news or notice:
            event = "news" if self._offered else "team"
            self.say(f"{self._offered} {notice}".strip(), action="Show it", event=event)
        asyncio.get_running_loop().call_later(SECONDS, self._look_out)

    def _hear_team(self) -> str:
        """Return what others have said beside the data since the last look, as a sentence."""
        assert self.state.dataset is not None
        store = kept_in(self.state.dataset)
        zone = self.state.dataset.settings.timezone
        return self.team_news.look(store.team, zone) if store else ""

    def _take_team(self) -> None:
        """Take up what the team says now; the page is drawn again by its own notice."""
        assert self.state.dataset is not None
        if store := kept_in(self.state.dataset):
            self.team_news.heard(store.team)
        show_views(self.header, self.state)
        self.rail.facets = facets(self.state.dataset, self.session.catalog())

    def _take_up_team(self) -> None:
        self.state.spoke += 1

    def _show_news(self) -> None:
        """Take up what is current now, in the view that the visitor has."""
        latest = self.news.store.current()
        if latest is not None:
            self.state.dataset = latest
        self.settle()

    def settle(self) -> None:
        """Tell the page that everything is drawn, for all that it had asked."""
        with self.browser.hold_sync():
            self.browser.now = self.session.mark
            self.browser.answered = self.session.wished
            self.browser.settled += 1

    def hand_out(self, parcel: Download) -> None:
        """Let the visitor's browser save a file; it comes from memory, not from a path."""
        message = {"event": "download", "name": parcel.name, "type": parcel.type}
        self.browser.send(message, [parcel.content])

    def _link(self) -> None:
        link_header(self.header, self.state)
        link_filters(self.rail, self.state)
        link_chips(self.chips, self.state)
        self.state.observe(lambda _: self._take_dataset(), "dataset")
        self.state.observe(lambda _: self._show_query(), "tables")
        self.state.observe(lambda _: self._take_team(), "spoke")
        for widget in (self.browser, self.header, self.rail, self.chips):
            self.session.listen(widget)
        self.session.listeners.append(self._show_frame)
        self.session.last = Panel(self.header, self._count_doubts, late=True)
        self.browser.on_msg(self._from_browser)
        self.header.on_msg(self._from_header)
        self.state.observe(lambda change: self.hand_out(change.new), "parcel")

    def _take_dataset(self) -> None:
        dataset = self.state.dataset
        assert dataset is not None
        self._offered = ""
        self.session.forget()
        self.main.children = (self.chips,)
        grouping = dataset.settings.grouping
        self.browser.locale = {"grouping": grouping, "symbol": symbol(dataset.settings)}
        describe(self.header, self.state)
        self._take_team()

    def _count_doubts(self, answers: PanelAnswers) -> None:
        """Count what the pages doubt, too, once everything else is drawn."""
        counted = badge(answers.dataset, doubts(answers.dataset))
        self.header.dataset = {**self.header.dataset, **counted}

    def _show_frame(self, answers: PanelAnswers) -> None:
        self.browser.now = self.session.mark
        show_filters(self.rail, self.state)
        show_chips(self.chips, answers)
        self._show_page()
        self._show_query()

    def _show_query(self) -> None:
        self.browser.query = to_query(self.state)

    def _show_page(self) -> None:
        """Put the page in sight; pages opened before stay made, out of sight."""
        current = self.session.open(self.state.page).root
        if current not in self.main.children:
            self.main.children = (*self.main.children, current)
        for page in self.main.children[1:]:
            (page.remove_class if page is current else page.add_class)("hk-hidden")

    def _from_header(self, _: Any, message: dict[str, Any], __: Any) -> None:
        if message.get("event") == "export":
            self.session.attempt(lambda: self.session.export_page(message["kind"]))
        if message.get("event") == "view":
            self.session.attempt(lambda: self._change_views(message))

    def _change_views(self, message: dict[str, Any]) -> None:
        """Do what the visitor asks of the team's views; the page itself stays as it is."""
        change_views(message, self.state, self.say)
        if store := kept_in(self.state.dataset):
            self.team_news.heard(store.team, ["views"])
        show_views(self.header, self.state)
        self.settle()

    def _from_browser(self, _: Any, message: dict[str, Any], __: Any) -> None:
        if message.get("event") == "painted":
            self.session.painted()
        if message.get("event") == "news":
            self.session.attempt(self._show_news)
        if message.get("event") == "team":
            self.session.attempt(self._take_up_team)
        if message.get("event") == "address":
            self.browser.query = message["query"]
            self._go(from_query(message["query"]))

    def _go(self, choices: dict[str, Any]) -> None:
        """Take up choices; what they change is recomputed by their own notice, and once."""
        before = to_query(self.state)
        self.state.restore(choices)
        if to_query(self.state) == before:
            self.browser.query = before
            self.settle()
