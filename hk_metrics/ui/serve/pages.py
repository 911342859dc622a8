"""The dashboard's page: its frame at once, its place in the queue, then the session's outputs."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import tornado.web
from tornado.escape import xhtml_escape as escape
from tornado.iostream import StreamClosedError
from voila.handler import BaseVoilaHandler
from voila.notebook_renderer import NotebookRenderer
from voila.utils import get_page_config

from hk_metrics.errors import HkMetricsError
from hk_metrics.ui.serve.identity import SignedIn
from hk_metrics.ui.serve.pool import CELL_SECONDS, Pool, Turn, Warm
from hk_metrics.ui.serve.visits import Visit, Visits

_logger = logging.getLogger("hk_metrics.serve")
# Seconds between two words to a page that waits.
_WORD_SECONDS = 1.0
_FAILED = '<div class="hk-failure" role="alert">{}</div>'
_SORRY = (
    "The dashboard could not start. Reload the page; if it fails again, tell whoever runs it to "
    "read the server's log."
)


class Renderer(NotebookRenderer):  # type: ignore[misc]
    """Renders a session that is partly run already.

    Parameters
    ----------
    session
        Gives the session, once there is one for this page.
    options
        Voilà's.
    """

    def __init__(self, session: Callable[[], Awaitable[Warm]], **options: Any) -> None:
        super().__init__(**options)
        self.session = session
        self.warm: Warm | None = None

    async def _jinja_kernel_start(self, *_: Any, **__: Any) -> str:
        self.warm = await self.session()
        return self.warm.kernel_id

    async def _jinja_cell_generator(self, *_: Any, **__: Any) -> AsyncIterator[Any]:
        assert self.warm is not None
        for place, cell in enumerate(self.warm.notebook.cells):
            await asyncio.wait_for(self.warm.run(place + 1), CELL_SECONDS)
            yield cell
            if self.warm.failed and self.warm.done == place + 1:
                return


class PageHandler(BaseVoilaHandler):  # type: ignore[misc]
    """The dashboard's page, or a polite one when all sessions are taken.

    Parameters
    ----------
    pool
        Where sessions come from.
    visits
        Whose they are then.
    sessions, each
        Sessions that the machine carries, and those of one visitor.
    arrival
        Makes what a session is told of its visitor.
    options
        Voilà's.
    """

    def initialize(
        self,
        pool: Pool,
        visits: Visits,
        sessions: int,
        each: int,
        arrival: Callable[[SignedIn, str], Awaitable[str]],
        **options: Any,
    ) -> None:
        """Take what the page is made with."""
        self.pool, self.visits = pool, visits
        self.sessions, self.each = sessions, each
        self.arrival = arrival
        self.made_with = options
        self.gone = asyncio.Event()
        self.queued: Turn | None = None
        super().initialize(**options)

    @tornado.web.authenticated
    async def get(self, path: str | None = None) -> None:
        """Send the page; 404 for any other path, as one notebook is served and no files."""
        if path:
            raise tornado.web.HTTPError(404)
        user = self.current_user
        assert isinstance(user, SignedIn)
        full = self.visits.count() >= self.sessions
        if full or self.visits.count(user.owner) >= self.each:
            self._turn_away(own=not full)
            return
        for name, value in _HEADERS.items():
            self.set_header(name, value)
        # Asking for the token sets its cookie, without which a closing page cannot end its session.
        _ = self.xsrf_token
        self.visits.coming[id(self)] = user.owner
        visit = asyncio.ensure_future(self._page(user))
        left = asyncio.ensure_future(self.gone.wait())
        await asyncio.wait({visit, left}, return_when=asyncio.FIRST_COMPLETED)
        left.cancel()
        if not visit.done():
            visit.cancel()
        await asyncio.gather(visit, return_exceptions=True)

    def on_connection_close(self) -> None:
        """Note that the page was closed while it was being sent."""
        self.gone.set()

    def _turn_away(self, *, own: bool) -> None:
        self.set_status(503)
        self.set_header("Retry-After", "30")
        self.finish(self.render_template("busy.html", each=self.each if own else None))

    async def _page(self, user: SignedIn) -> None:
        """Send the page piece by piece; a session whose page did not get through ends."""
        renderer = self._renderer(user)
        whole = False
        try:
            await renderer.initialize()
            async for piece in self._pieces(renderer):
                self.write(piece)
                await self.flush()
            whole = True
        except StreamClosedError:
            self.gone.set()
        except HkMetricsError as error:
            self.write(_FAILED.format(escape(str(error))))
        except Exception as error:
            _logger.error("a page could not be made", exc_info=error)
            self.write(_FAILED.format(_SORRY))
        finally:
            self.visits.coming.pop(id(self), None)
            await self._settle(renderer.warm, whole)

    async def _pieces(self, renderer: Renderer) -> AsyncIterator[str]:
        """Yield the page's pieces, and words on the queue while none comes."""
        pieces = aiter(renderer.generate_content_generator())
        place = 0
        while True:
            piece = asyncio.ensure_future(anext(pieces, None))
            try:
                while not (await asyncio.wait({piece}, timeout=_WORD_SECONDS))[0]:
                    now = self.pool.place(self.queued) if self.queued else 0
                    yield _word(now) if now != place else "\n"
                    place = now
            finally:
                if not piece.done():
                    piece.cancel()
            found = piece.result()
            if found is None:
                return
            yield found[0]

    async def _taken(self, user: SignedIn) -> Warm:
        """Wait for a session, and tell it who has come."""
        turn = self.queued = await self.pool.turn("blank" if user.visitor.scope else "open")
        try:
            line = await self.arrival(user, str(self.request.query))
            warm = await turn.session
        except BaseException:
            self.pool.leave(turn)
            raise
        self.visits.coming.pop(id(self), None)
        self.visit: Visit = self.visits.begin(warm.kernel_id, user.owner, user.visitor)
        try:
            await warm.tell(line)
        except BaseException:
            warm.hang_up()
            await self.visits.end(warm.kernel_id)
            raise
        return warm

    async def _settle(self, warm: Warm | None, whole: bool) -> None:
        if warm is None:
            return
        warm.hang_up()
        if whole and not warm.failed:
            self.visit.sent = time.monotonic()
        else:
            await self.visits.end(warm.kernel_id)

    def _renderer(self, user: SignedIn) -> Renderer:
        shared = {
            "base_url": self.base_url,
            "voila_configuration": self.voila_configuration,
        }
        config = get_page_config(settings=self.settings, log=self.log, **shared)
        return Renderer(
            lambda: self._taken(user),
            request_handler=self,
            traitlet_config=self.made_with["config"],
            notebook_path=self.made_with["notebook_path"],
            template_paths=self.made_with["template_paths"],
            config_manager=self.config_manager,
            contents_manager=self.contents_manager,
            kernel_spec_manager=self.kernel_spec_manager,
            page_config=config,
            mathjax_config=self.settings.get("mathjax_config"),
            mathjax_url=self.settings.get("mathjax_url"),
            **shared,
        )


_HEADERS = {
    "Content-Type": "text/html",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    # A proxy that collects the page would hold back the place in the queue.
    "X-Accel-Buffering": "no",
}


def _word(place: int) -> str:
    return f"<script>hkMetrics.place({json.dumps(place)})</script>\n"
